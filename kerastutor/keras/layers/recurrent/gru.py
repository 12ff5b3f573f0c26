"""Gated recurrent units. Source: https://keras.io/api/layers/recurrent_layers/gru/"""

from ... import activations, ops, random
from ...ops import recurrent
from .built_in import BuiltIn, of_cell
from .cell import RecurrentCell


class GRUCell(RecurrentCell):
    """One step of a GRU: h = z * h + (1 - z) * g, with the gates

    z = recurrent_activation(x @ kernel_z + h @ recurrent_kernel_z + bias_z), r likewise, and the candidate
    g = activation(x @ kernel_h + r * (h @ recurrent_kernel_h + recurrent_bias_h) + bias_h), or, with
    reset_after=False, g = activation(x @ kernel_h + (r * h) @ recurrent_kernel_h + bias_h).

    The columns of the kernels are in the order z, r, h. With reset_after the bias has two rows, x's and h's.

    Shapes
    ------
    inputs (batch, n), states [(batch, units)] -> output (batch, units), [the same].
    """

    gates = 3

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        reset_after=True,
        seed=None,
        **kwargs,
    ):
        super().__init__(
            units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
            bias_constraint, dropout, recurrent_dropout, seed, **kwargs,
        )
        self.recurrent_activation = activations.get(recurrent_activation)
        self.reset_after = reset_after
        self.seed_generator = random.SeedGenerator(seed)

    @property
    def bias_shape(self):
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def call(self, inputs, states, training=False):
        h = states[0] if isinstance(states, (list, tuple)) else states
        x = self.from_x(inputs, training)
        if self.use_bias:
            x = x + (self.bias[0] if self.reset_after else self.bias)
        z, g = (self._reset_after if self.reset_after else self._reset_before)(ops.split(x, 3, axis=-1), h, training)
        h = z * h + (1.0 - z) * g
        return h, [h] if isinstance(states, (list, tuple)) else h

    def _reset_after(self, x, h, training):
        """z and g, with r times what h gives."""
        s = self.from_h(h, training)
        if self.use_bias:
            s = s + self.bias[1]
        s = ops.split(s, 3, axis=-1)
        z, r = (self.recurrent_activation(a + b) for a, b in zip(x[:2], s[:2], strict=True))
        return z, self.activation(x[2] + r * s[2])

    def _reset_before(self, x, h, training):
        """z and g, with what r times h gives."""
        masks = self.get_recurrent_dropout_mask(h) if training else None
        h_z, h_r, h_g = (h, h, h) if masks is None else (h * mask for mask in masks)
        u_z, u_r, u_g = self.kernel_parts("recurrent_kernel")
        z = self.recurrent_activation(x[0] + ops.matmul(h_z, u_z))
        r = self.recurrent_activation(x[1] + ops.matmul(h_r, u_r))
        return z, self.activation(x[2] + ops.matmul(r * h_g, u_g))

    def can_fuse(self, training):
        return self.reset_after and super().can_fuse(training)

    def _all_steps(self, x, states, mask, return_sequences, way):
        (h,) = states
        return recurrent.gru(x, h, self.kernel, self.recurrent_kernel, self.bias, mask, return_sequences, way), []

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "reset_after": self.reset_after,
        }


class GRU(BuiltIn):
    """Gated recurrent unit: a recurrent layer with two gates, between SimpleRNN and LSTM.

    z and r are gates of their own columns, sigmoid(x_t @ kernel + h @ recurrent_kernel + bias);
    g = tanh(x_t @ kernel + bias + r * (h @ recurrent_kernel + bias)); h = z * h + (1 - z) * g.

    Parameters
    ----------
    units : int
    activation, recurrent_activation : str or callable
        tanh and sigmoid above.
    reset_after : bool
        False for r * h before the product, as in the paper's first version.
    dropout, recurrent_dropout : float
        The share of the inputs, and of the state, that is dropped; the same for all steps of a sequence.
    return_sequences, return_state, go_backwards, stateful, unroll : bool
        As in `RNN`.
    use_cudnn : "auto" or bool
        For Keras's sake: there is nothing to choose here.

    Shapes
    ------
    (batch, time, n) -> (batch, units), or (batch, time, units).

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", arXiv 1406.1078 (2014);
    https://keras.io/api/layers/recurrent_layers/gru/
    """

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        reset_after=True,
        use_cudnn="auto",
        **kwargs,
    ):
        cell = GRUCell(
            units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, reset_after, seed,
            name="gru_cell", **self.for_cell(kwargs),
        )
        super().__init__(
            cell, return_sequences, return_state, go_backwards, stateful, unroll,
            activity_regularizer=activity_regularizer, **kwargs,
        )
        self.use_cudnn = use_cudnn

    recurrent_activation = of_cell("recurrent_activation")
    reset_after = of_cell("reset_after")
