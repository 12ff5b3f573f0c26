"""Attention without projections: the scores straight from query and key."""

import numpy as np

from ... import ops, random
from ...autodiff import Tensor
from ...symbolic import trace
from ..layer import Layer

FAR_BELOW = 1e9  # taken off the score of a position that is not to be seen: softmax makes it 0


class Attention(Layer):
    """Dot-product attention: y = softmax(query @ key.T) @ value.

    Parameters
    ----------
    use_scale : bool
        Multiply the scores by a weight.
    score_mode : {"dot", "concat"}
        "concat" scores by w * sum(tanh(query + key)) (Luong et al., 2015), with a weight w.
    dropout : float
        The share of the attention weights that is dropped in training.
    seed : int, optional

    Call with
    ---------
    inputs : [query, value] or [query, value, key]
        The key is the value unless given.
    mask : [query_mask, value_mask], optional
        Values where value_mask is False are not seen; the result is 0 where query_mask is False.
    return_attention_scores : bool
        Give (result, weights) instead of the result.
    use_causal_mask : bool
        No position sees those after it.

    Shapes
    ------
    query (batch, t, dim), value and key (batch, s, dim) -> (batch, t, dim); weights (batch, t, s).

    Raises
    ------
    ValueError
        If the inputs are not a list of two or three.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> query, value = np.array([[[100.0, 0.0]]]), np.array([[[1.0, 0.0], [0.0, 1.0]]])
    >>> keras.layers.Attention()([query, value]).numpy()
    array([[[1., 0.]]], dtype=float32)

    Source: https://keras.io/api/layers/attention_layers/attention/
    """

    supports_masking = True

    def __init__(self, use_scale=False, score_mode="dot", dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        if score_mode not in ("dot", "concat"):
            raise ValueError(f"{type(self).__name__}: `score_mode` must be 'dot' or 'concat'; got {score_mode!r}.")
        self.use_scale, self.score_mode, self.dropout, self.seed = use_scale, score_mode, dropout, seed
        if dropout > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def build(self, input_shape):
        self._check(input_shape)
        self.scale = self.add_weight((), "ones", name="scale") if self.use_scale else None
        self.concat_score_weight = None
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight((), "ones", name="concat_score_weight")

    def call(self, inputs, mask=None, training=False, return_attention_scores=False, use_causal_mask=False):
        self._check(inputs, mask)
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) > 2 else value
        query_mask, value_mask = mask[:2] if mask else (None, None)
        scores = self._scores(query, key)
        visible = _visible(scores, value_mask, use_causal_mask)
        if visible is not None:
            scores = ops.where(visible, scores, scores - FAR_BELOW)
        weights = ops.softmax(scores, axis=-1)
        if training and self.dropout > 0:
            weights = random.dropout(weights, self.dropout, seed=self.seed_generator)
        y = ops.matmul(weights, value)
        if query_mask is not None:
            y = ops.where(ops.expand_dims(query_mask, -1), y, 0.0)
        return (y, weights) if return_attention_scores else y

    def _scores(self, query, key):
        if self.score_mode == "dot":
            scores = ops.matmul(query, ops.swapaxes(key, -2, -1))
            return scores if self.scale is None else scores * self.scale
        pairs = ops.expand_dims(query, -2) + ops.expand_dims(key, -3)
        return self.concat_score_weight * ops.sum(ops.tanh(pairs if self.scale is None else self.scale * pairs), -1)

    def compute_mask(self, inputs, mask=None):
        self._check(inputs, mask)
        return None if mask is None or mask[0] is None else ops.convert_to_tensor(mask[0])

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], input_shape[1][-1])

    def compute_output_spec(self, inputs, **options):
        both = options.get("return_attention_scores")
        return trace(self._traced, (inputs,), options) if both else super().compute_output_spec(inputs, **options)

    def _check(self, inputs, mask=None):
        layer = f"Layer {self.name!r} ({type(self).__name__})"
        if not isinstance(inputs, (list, tuple)) or len(inputs) not in (2, 3):
            raise ValueError(
                f"{layer} takes a list of two or three inputs, [query, value] or [query, value, key]; got {inputs}. "
                "For self-attention give the same tensor twice: layer([x, x])."
            )
        if mask is not None and (not isinstance(mask, (list, tuple)) or len(mask) not in (2, 3)):
            raise ValueError(f"{layer}: `mask` must be a list, [query_mask, value_mask]; got {mask}.")

    def get_config(self):
        return {
            **super().get_config(),
            "use_scale": self.use_scale,
            "score_mode": self.score_mode,
            "dropout": self.dropout,
            "seed": self.seed,
        }


class AdditiveAttention(Attention):
    """Bahdanau's attention: y = softmax(sum of scale * tanh(query + key)) @ value.

    Parameters
    ----------
    use_scale : bool
        Whether `scale` is a weight of shape (dim,); 1 otherwise.
    dropout : float

    Called as `Attention` is.

    Source: Bahdanau, Cho, Bengio (2015), https://arxiv.org/abs/1409.0473;
    https://keras.io/api/layers/attention_layers/additive_attention/
    """

    def __init__(self, use_scale=True, dropout=0.0, **kwargs):
        super().__init__(use_scale=use_scale, dropout=dropout, **kwargs)

    def build(self, input_shape):
        self._check(input_shape)
        self.scale = self.add_weight((input_shape[0][-1],), "glorot_uniform", name="scale") if self.use_scale else None

    def _scores(self, query, key):
        pairs = ops.tanh(ops.expand_dims(query, -2) + ops.expand_dims(key, -3))
        return ops.sum(pairs if self.scale is None else self.scale * pairs, axis=-1)

    def get_config(self):
        config = super().get_config()
        del config["score_mode"]
        return config


def _visible(scores, value_mask, causal):
    """Where a query may see a value, of a shape that broadcasts with the scores; None for everywhere."""
    visible = None if value_mask is None else ops.cast(ops.expand_dims(value_mask, -2), "bool")
    if causal:
        earlier = Tensor(np.tril(np.ones((1, *scores.shape[-2:]), bool)))
        visible = earlier if visible is None else ops.logical_and(visible, earlier)
    return visible
