"""Multi-head attention."""

import string

from .heads import Heads


class MultiHeadAttention(Heads):
    """Each head projects query, key and value, and attends: softmax(q @ k.T / sqrt(key_dim)) @ v; then back together.

    Parameters
    ----------
    num_heads : int
    key_dim : int
        The size of a head's query and key.
    value_dim : int, optional
        The size of a head's value; key_dim unless given.
    dropout : float
        The share of the attention weights that is dropped in training.
    output_shape : int or tuple, optional
        What the result is projected to; the query's last axis unless given.
    attention_axes : int or tuple of int, optional
        The axes that are attended over; all but the first and the last unless given.
    sliding_window : int, optional
        Positions this far away or further are not seen.
    use_gate : bool
        Multiply each head's result by a sigmoid of a projection of the query.

    Call with
    ---------
    query, value, key=None
        The key is the value unless given; self-attention is layer(x, x).
    attention_mask : (batch, t, s), optional
        True where a position of the query may see one of the value.
    use_causal_mask : bool
        No position sees those after it.
    return_attention_scores : bool
        Give (result, weights) instead of the result.

    Shapes
    ------
    query (batch, t, dim), value (batch, s, dim_v), key (batch, s, dim_k) -> (batch, t, dim);
    weights (batch, heads, t, s).

    Raises
    ------
    ValueError
        If value and key don't belong together, or an argument is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> x = np.ones((2, 5, 8), "float32")
    >>> layer = keras.layers.MultiHeadAttention(num_heads=2, key_dim=3)
    >>> y, weights = layer(x, x, return_attention_scores=True, use_causal_mask=True)
    >>> y.shape, weights.shape
    ((2, 5, 8), (2, 2, 5, 5))
    >>> weights.numpy()[0, 0, 1]
    array([0.5, 0.5, 0. , 0. , 0. ], dtype=float32)

    Source: Vaswani et al., "Attention Is All You Need", 2017, https://arxiv.org/abs/1706.03762;
    https://keras.io/api/layers/attention_layers/multi_head_attention/
    """

    def __init__(
        self,
        num_heads,
        key_dim,
        value_dim=None,
        dropout=0.0,
        use_bias=True,
        output_shape=None,
        attention_axes=None,
        sliding_window=None,
        flash_attention=None,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        use_gate=False,
        seed=None,
        **kwargs,
    ):
        options = {
            "kernel_initializer": kernel_initializer, "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer, "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer, "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
        }
        for name, n in (("num_heads", num_heads), ("key_dim", key_dim), ("value_dim", value_dim)):
            if (n is not None or name != "value_dim") and (not isinstance(n, int) or n < 1):
                raise ValueError(f"MultiHeadAttention: `{name}` must be a positive whole number; got {n!r}.")
        super().__init__(
            key_dim, dropout, use_bias, use_gate, sliding_window, flash_attention, seed, options, **kwargs
        )
        self._num_heads, self._key_dim, self._value_dim = num_heads, key_dim, value_dim or key_dim
        self._output_shape = (output_shape,) if isinstance(output_shape, int) else output_shape and tuple(output_shape)
        self._attention_axes = (attention_axes,) if isinstance(attention_axes, int) else attention_axes
        if attention_axes is not None and not isinstance(self._attention_axes, (list, tuple)):
            raise ValueError(
                f"MultiHeadAttention: `attention_axes` must be a whole number or several; got {attention_axes!r}."
            )

    num_heads = property(lambda self: self._num_heads)
    key_dim = property(lambda self: self._key_dim)
    value_dim = property(lambda self: self._value_dim)
    dropout = property(lambda self: self._dropout)
    use_bias = property(lambda self: self._use_bias)
    attention_axes = property(lambda self: self._attention_axes)
    query_dense = property(lambda self: self._query_dense)
    key_dense = property(lambda self: self._key_dense)
    value_dense = property(lambda self: self._value_dense)
    output_dense = property(lambda self: self._output_dense)

    def build(self, query_shape, value_shape, key_shape=None):
        self.check_shapes(value_shape, key_shape)
        key_shape = value_shape if key_shape is None else key_shape
        heads, rank = self._num_heads, len(value_shape) + 1
        self._query_dense = self._projection("query", query_shape, 1, (heads, self._key_dim))
        self._key_dense = self._projection("key", key_shape, 1, (heads, self._key_dim))
        if self._use_gate:
            self._gate_dense = self._projection("gate", query_shape, 1, (heads, self._value_dim), "sigmoid")
        self._value_dense = self._projection("value", value_shape, 1, (heads, self._value_dim))
        axes = range(1, rank - 2) if self._attention_axes is None else self._attention_axes
        self._attention_axes = tuple(axis if axis >= 0 else rank - 1 + axis for axis in axes)
        self.build_attention(*_attention_equations(rank, self._attention_axes), len(self._attention_axes))
        attended = (*query_shape[:-1], heads, self._value_dim)
        output_shape = self._output_shape or (query_shape[-1],)
        self._output_dense = self._projection("attention_output", attended, 2, output_shape)

    def _projection(self, name, input_shape, bound, sizes, activation=None):
        """From the last `bound` axes of the input to axes of `sizes`; the others stay."""
        free, c = len(input_shape) - bound, string.ascii_lowercase
        inputs, bound, made = c[: free + bound], c[free : free + bound], c[free + bound : free + bound + len(sizes)]
        equation = f"{inputs},{bound}{made}->{c[:free]}{made}"
        return self.project(name, equation, [None] * (free - 1) + list(sizes), input_shape, activation)

    def mask_of_query(self, query, given):
        return query._keras_mask  # as in Keras, which overlooks the argument

    def compute_output_shape(self, query_shape, value_shape, key_shape=None):
        shape = super().compute_output_shape(query_shape, value_shape, key_shape)
        return (*shape[:-1], *self._output_shape) if self._output_shape else shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self._num_heads,
            "key_dim": self._key_dim,
            "value_dim": self._value_dim,
            "output_shape": self._output_shape,
            "attention_axes": self._attention_axes,
        }


def _attention_equations(rank, axes):
    """The products for tensors (batch, ..., heads, size) of `rank` axes, attended over `axes`.

    For (batch, t, heads, size): "aecd,abcd->acbe", key and query to scores; "acbe,aecd->abcd", weights and value.
    """
    query = string.ascii_lowercase[:rank]
    others = iter(string.ascii_lowercase[rank:])
    value = "".join(next(others) if i in axes else c for i, c in enumerate(query))
    batch = "".join(c for i, c in enumerate(query[:-1]) if i not in axes)
    scores = batch + "".join(query[i] for i in axes) + "".join(value[i] for i in axes)
    return f"{value},{query}->{scores}", f"{scores},{value}->{query}"
