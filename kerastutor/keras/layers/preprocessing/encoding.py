"""Categories as indicators and counts."""

import numpy as np

from ... import ops
from ...utils.data import in_blocks, on_disk


def check_output_mode(mode, allowed, layer):
    """The mode by its name of today."""
    mode = {"binary": "multi_hot", "tf-idf": "tf_idf"}.get(mode, mode)
    if mode not in allowed:
        raise ValueError(f"{layer}: `output_mode` must be one of {', '.join(map(repr, allowed))}; got {mode!r}.")
    return mode


def check_sparse(sparse, layer):
    """There are only dense tensors here."""
    if sparse:
        raise ValueError(f"{layer}: sparse=True gives tensors of TensorFlow's; leave it out for a dense one.")


def encode(indices, mode, depth, dtype, count_weights=None):
    """Indices within 0..depth-1 as "int", "one_hot", "multi_hot" or "count"; others are left out of the last three.

    Shapes
    ------
    one_hot: (..., 1) or (...) -> (..., depth); multi_hot and count: (batch, n) -> (batch, depth), (n,) -> (depth,).
    """
    if mode == "int":
        return ops.cast(indices, dtype)
    indices = ops.reshape(indices, (1,)) if indices.ndim == 0 else indices
    if mode == "one_hot":
        if indices.ndim > 1 and indices.shape[-1] == 1:
            indices = ops.squeeze(indices, -1)
        return ops.one_hot(indices, depth, dtype=dtype)
    each, axis = ops.one_hot(indices, depth, dtype=dtype), 1 if indices.ndim > 1 else 0
    if mode == "multi_hot":
        return ops.max(each, axis=axis) if indices.shape[axis] else ops.sum(each, axis=axis)
    if count_weights is not None:
        each = each * ops.expand_dims(count_weights, -1)
    return ops.sum(each, axis=axis)


def batches(data, steps=None):
    """What `adapt` goes through: an array whole, one on disk in blocks, anything else that gives batches one by one."""
    if on_disk(data) or hasattr(data, "to_numpy"):
        for block in in_blocks(data) if on_disk(data) else [data.to_numpy()]:
            yield block[:, None] if block.ndim == 1 else block
        return
    if isinstance(data, (np.ndarray, list, tuple)) or hasattr(data, "add_grad"):
        yield data
        return
    if not hasattr(data, "__iter__"):
        raise TypeError(f"adapt() takes an array, or batches of arrays to go through; got {type(data).__name__}.")
    for i, batch in enumerate(data):
        if steps is not None and i >= steps:
            return
        yield batch
