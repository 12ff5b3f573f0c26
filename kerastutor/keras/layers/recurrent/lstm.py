"""Long short-term memory. Source: https://keras.io/api/layers/recurrent_layers/lstm/"""

from ... import activations, initializers, ops, random
from ...ops import recurrent
from .built_in import BuiltIn, of_cell
from .cell import RecurrentCell


class LSTMCell(RecurrentCell):
    """One step of an LSTM, with z = x @ kernel + h @ recurrent_kernel + bias in four parts:

    i, f, o = recurrent_activation(z_i), recurrent_activation(z_f), recurrent_activation(z_o)
    c = f * c + i * activation(z_c)
    h = o * activation(c)

    The columns of the kernels are in the order i, f, c, o.

    Shapes
    ------
    inputs (batch, n), states [h, c], each (batch, units) -> h, [h, c].
    """

    gates = 4

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(
            units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
            bias_constraint, dropout, recurrent_dropout, seed, **kwargs,
        )
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [units, units]
        self.seed_generator = random.SeedGenerator(seed)

    @property
    def first_bias(self):
        """The forget gate's part is 1: a new LSTM remembers."""

        def initializer(shape, dtype=None):
            i, f, c_o = (self.units,), (self.units,), (2 * self.units,)
            parts = [self.bias_initializer(i, dtype), initializers.Ones()(f, dtype), self.bias_initializer(c_o, dtype)]
            return ops.concatenate(parts)

        return initializer if self.unit_forget_bias else self.bias_initializer

    def call(self, inputs, states, training=False):
        h, c = states
        z = self.from_x(inputs, training) + self.from_h(h, training)
        if self.use_bias:
            z = z + self.bias
        i, f, g, o = ops.split(z, 4, axis=-1)
        i, f, o = map(self.recurrent_activation, (i, f, o))
        c = f * c + i * self.activation(g)
        h = o * self.activation(c)
        return h, [h, c]

    def _all_steps(self, x, states, mask, return_sequences, way):
        h, c = recurrent.lstm(x, *states, self.kernel, self.recurrent_kernel, self.bias, mask, return_sequences, way)
        return h, [c]

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "unit_forget_bias": self.unit_forget_bias,
        }


class LSTM(BuiltIn):
    """Long short-term memory: a recurrent layer with a cell c that gates write to, keep and read.

    i, f, o = sigmoid(x_t @ kernel + h @ recurrent_kernel + bias), each with columns of its own, and so g with tanh;
    c = f * c + i * g; h = o * tanh(c).

    Parameters
    ----------
    units : int
        The size of h and c.
    activation, recurrent_activation : str or callable
        tanh and sigmoid above.
    unit_forget_bias : bool
        Whether the forget gate's bias starts at 1.
    dropout, recurrent_dropout : float
        The share of the inputs, and of h, that is dropped; the same for all steps of a sequence.
    return_sequences : bool
        Whether to give h at every step rather than the last one.
    return_state : bool
        Whether to give the last h and c too.
    go_backwards, stateful, unroll : bool
        As in `RNN`.
    use_cudnn : "auto" or bool
        For Keras's sake: there is nothing to choose here.

    Shapes
    ------
    (batch, time, n) -> (batch, units), or (batch, time, units); with `return_state` also h and c, (batch, units).

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> x = np.zeros((2, 5, 4))
    >>> keras.layers.LSTM(3)(x).shape
    (2, 3)
    >>> h_all, h, c = keras.layers.LSTM(3, return_sequences=True, return_state=True)(x)
    >>> h_all.shape, h.shape, c.shape
    ((2, 5, 3), (2, 3), (2, 3))

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9 (1997);
    https://keras.io/api/layers/recurrent_layers/lstm/
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
        unit_forget_bias=True,
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
        use_cudnn="auto",
        **kwargs,
    ):
        cell = LSTMCell(
            units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed,
            name="lstm_cell", **self.for_cell(kwargs),
        )
        super().__init__(
            cell, return_sequences, return_state, go_backwards, stateful, unroll,
            activity_regularizer=activity_regularizer, **kwargs,
        )
        self.use_cudnn = use_cudnn

    recurrent_activation = of_cell("recurrent_activation")
    unit_forget_bias = of_cell("unit_forget_bias")
