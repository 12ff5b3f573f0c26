"""What layers with several heads have in common: projections of query, key and value, and attention between them."""

import math

import numpy as np

from ... import constraints, initializers, ops, regularizers
from ...autodiff import Tensor
from ...symbolic import trace
from ..einsum_dense import EinsumDense
from ..layer import Layer
from ..regularization import Dropout

OPTIONS = {  # of the projections
    "kernel_initializer": initializers, "bias_initializer": initializers, "kernel_regularizer": regularizers,
    "bias_regularizer": regularizers, "activity_regularizer": regularizers, "kernel_constraint": constraints,
    "bias_constraint": constraints,
}


class Heads(Layer):
    """Projects query, key and value once for each head, lets each head attend by itself, and projects the results back.

    A subclass makes the projections in `build`, calls `build_attention`, and says with `shared` what its heads share.
    """

    supports_masking = True

    def __init__(self, size, dropout, use_bias, use_gate, sliding_window, flash_attention, seed, options, **kwargs):
        super().__init__(**kwargs)
        if sliding_window is not None and (not isinstance(sliding_window, int) or sliding_window < 1):
            raise ValueError(
                f"{type(self).__name__}: `sliding_window` must be a positive whole number or None; got "
                f"{sliding_window!r}."
            )
        if flash_attention:
            raise ValueError(
                f"{type(self).__name__}: flash attention is a fused kernel of GPUs and TPUs. Leave `flash_attention` "
                "out: the results are the same."
            )
        self._size, self._dropout, self._use_bias, self._use_gate = size, dropout, use_bias, use_gate
        self._sliding_window, self.seed = sliding_window, seed
        for name, module in OPTIONS.items():
            setattr(self, f"_{name}", module.get(options[name]))

    def project(self, name, equation, output_shape, input_shape, activation=None):
        """A projection, built for inputs of `input_shape`."""
        kernel, result = equation.split(",")[1].split("->")
        options = {option: getattr(self, f"_{option}") for option in OPTIONS}
        for option in ("kernel_initializer", "bias_initializer"):  # each with a seed of its own
            options[option] = getattr(options[option], "clone", lambda same=options[option]: same)()
        made = EinsumDense(
            equation, output_shape, activation, "".join(c for c in result if c in kernel) if self._use_bias else None,
            name=name, dtype=self.dtype, **options,
        )
        made.build(input_shape)
        return made

    def build_attention(self, scores, result, axes):
        """The equations of the scores (from key and query) and of the result (from weights and value)."""
        self._scores_equation, self._result_equation, self._attended_axes = scores, result, axes
        self._dropout_layer = Dropout(self._dropout, seed=self.seed, dtype=self.dtype)

    def call(
        self,
        query,
        value,
        key=None,
        query_mask=None,
        value_mask=None,
        key_mask=None,
        attention_mask=None,
        return_attention_scores=False,
        training=None,
        use_causal_mask=False,
    ):
        key = value if key is None else key
        masks = self.mask_of_query(query, query_mask), value_mask, key_mask, attention_mask
        mask = _visible(query.shape[1], value.shape[1], *masks, use_causal_mask, self._sliding_window)
        query, key, value = _without_mask(query), _without_mask(key), _without_mask(value)  # projections take none
        gate = self._gate_dense(query) if self._use_gate else None
        query, key, value = self._query_dense(query), self._key_dense(key), self._value_dense(value)
        key, value = self.shared(key), self.shared(value)
        zero_if_blind = self._dropout > 0 or return_attention_scores or query.ndim != 4  # Keras has two ways to go

        scores = ops.einsum(self._scores_equation, key, query * (1 / math.sqrt(self._size)))
        weights = _softmax(scores, mask, self._attended_axes, zero_if_blind)
        y = ops.einsum(self._result_equation, self._dropout_layer(weights, training=training), value)
        y = self._output_dense(y if gate is None else y * gate)
        return (y, weights) if return_attention_scores else y

    def mask_of_query(self, query, given):
        """The mask of the query that counts."""
        return given

    def shared(self, x):
        """Keys or values (batch, s, heads, size) as the heads of the query see them."""
        return x

    def compute_output_shape(self, query_shape, value_shape, key_shape=None):
        self.check_shapes(value_shape, key_shape)
        return tuple(query_shape)

    def compute_output_spec(self, *args, **kwargs):
        both = kwargs.get("return_attention_scores")
        return trace(self._traced, args, kwargs) if both else super().compute_output_spec(*args, **kwargs)

    def check_shapes(self, value_shape, key_shape):
        """Each value needs a key."""
        if key_shape is not None and tuple(value_shape[1:-1]) != tuple(key_shape[1:-1]):
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}): value and key must have the same shape but for their "
                f"last axes: there is a key for each value. Got {tuple(value_shape)} and {tuple(key_shape)}."
            )

    def get_config(self):
        options = {name: module.serialize(getattr(self, f"_{name}")) for name, module in OPTIONS.items()}
        return {
            **super().get_config(),
            "dropout": self._dropout,
            "use_bias": self._use_bias,
            "use_gate": self._use_gate,
            "sliding_window": self._sliding_window,
            "seed": self.seed,
            **options,
        }


def _without_mask(x):
    return x if x._keras_mask is None else ops.reshape(x, x.shape)


def _visible(t, s, query_mask, value_mask, key_mask, attention_mask, causal, sliding_window):
    """Which of the s positions of the value each of the t positions of the query sees: (batch, t, s), or None for all.

    Every mask must allow it: those of the sequences, `attention_mask`, the causal one (nothing later), and the window
    (nothing as far away as `sliding_window`).
    """
    masks = [] if query_mask is None else [ops.expand_dims(query_mask, -1)]
    masks += [ops.expand_dims(mask, -2) for mask in (value_mask, key_mask) if mask is not None]
    distance = (np.arange(t)[:, None] - np.arange(s))[None]
    if causal:
        masks.append(Tensor(distance >= 0))
    if sliding_window is not None:
        masks.append(Tensor(abs(distance) < sliding_window))
    if attention_mask is not None:
        masks.append(attention_mask)
    together = None
    for mask in masks:
        mask = ops.cast(mask, "bool")
        together = mask if together is None else ops.logical_and(together, mask)
    return together


def _softmax(scores, mask, axes, zero_if_blind):
    """softmax over the last `axes` axes, hidden positions left out; the mask has no axis for the heads yet.

    The weights of a query that sees nothing are all equal, or all 0 with `zero_if_blind`.
    """
    whole = scores.shape
    if mask is not None:
        while mask.ndim < scores.ndim:
            mask = ops.expand_dims(mask, -2 * axes - 1)
        hidden = -1e9 if zero_if_blind else -0.7 * float(np.finfo(np.float32).max)
        scores = ops.where(mask, scores, hidden)
    weights = ops.softmax(ops.reshape(scores, (*whole[:-axes], math.prod(whole[-axes:]))), axis=-1)
    weights = ops.reshape(weights, whole)
    return ops.where(mask, weights, 0.0) if mask is not None and zero_if_blind else weights
