"""Dot-product attention. Source: https://keras.io/api/ops/nn/#dotproductattention-function"""

import math

import numpy as np

from . import arithmetic as a
from .core import cast
from .helpers import floats, of_one_dtype
from .joining import repeat
from .nn import softmax
from .products import matmul
from .shapes import transpose


def dot_product_attention(
    query, key, value, bias=None, mask=None, scale=None, is_causal=False, flash_attention=None,
    attn_logits_soft_cap=None,
):
    """softmax(query @ key.T * scale + bias) @ value, for each head: each query's own weighted mean of the values.

    Parameters
    ----------
    query : (batch, targets, heads, depth)
    key, value : (batch, sources, heads, depth)
        With fewer heads than the query has, each serves several of its heads in succession.
    bias : (batch, heads, targets, sources), optional
        Or of a shape that is broadcast to that.
    mask : bool, like bias
        Which sources each target may look at.
    scale : float, optional
        1 / sqrt(depth) unless given.
    is_causal : bool
        Whether a target sees no source behind its own place.

    Returns
    -------
    Tensor
        (batch, targets, heads, depth of value)

    Source: Vaswani et al., 2017, https://arxiv.org/abs/1706.03762
    """
    if flash_attention or attn_logits_soft_cap is not None:
        raise ValueError(
            "dot_product_attention: flash_attention and attn_logits_soft_cap need a GPU or TPU: leave them out."
        )
    query, key, value = of_one_dtype([floats(x) for x in (query, key, value)])
    shapes = f"query {query.shape}, key {key.shape}, value {value.shape}"
    if not query.ndim == key.ndim == value.ndim == 4:
        raise ValueError(f"dot_product_attention takes (batch, time, heads, depth); got {shapes}.")
    if query.shape[2] % key.shape[2] or query.shape[-1] != key.shape[-1] or key.shape[:3] != value.shape[:3]:
        raise ValueError(f"dot_product_attention: these shapes do not go together: {shapes}.")
    times = query.shape[2] // key.shape[2]
    if times > 1:
        key, value = repeat(key, times, 2), repeat(value, times, 2)
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = matmul(transpose(query, (0, 2, 1, 3)), transpose(key, (0, 2, 3, 1))) * scale
    if bias is not None:
        scores = scores + bias
    never = float(-0.7 * np.finfo(scores.dtype).max)
    if mask is not None:
        scores = a.where(cast(mask, "bool"), scores, never)
    if is_causal:
        scores = a.where(np.tri(*scores.shape[-2:], dtype=bool), scores, never)
    return transpose(matmul(softmax(scores), transpose(value, (0, 2, 1, 3))), (0, 2, 1, 3))
