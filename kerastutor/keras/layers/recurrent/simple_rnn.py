"""The simplest recurrent layer: the output is the state. Source: https://keras.io/api/layers/recurrent_layers/simple_rnn/"""

from ... import random
from ...ops import recurrent
from .built_in import BuiltIn
from .cell import RecurrentCell


class SimpleRNNCell(RecurrentCell):
    """One step of a SimpleRNN: h = activation(x @ kernel + h @ recurrent_kernel + bias).

    Shapes
    ------
    inputs (batch, n), states [(batch, units)] -> output (batch, units), [the same].
    """

    def __init__(
        self,
        units,
        activation="tanh",
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
        seed=None,
        **kwargs,
    ):
        generator = random.SeedGenerator(seed)  # before the initializers, as in Keras: unseeded, each draws a seed
        super().__init__(
            units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
            bias_constraint, dropout, recurrent_dropout, seed, **kwargs,
        )
        self.seed_generator = generator

    def call(self, sequence, states, training=False):
        h = states[0] if isinstance(states, (list, tuple)) else states
        z = self.from_x(sequence, training) + self.from_h(h, training)
        if self.use_bias:
            z = z + self.bias
        h = self.activation(z)
        return h, [h] if isinstance(states, (list, tuple)) else h

    def _all_steps(self, x, states, mask, return_sequences, way):
        (h,) = states
        weights = self.kernel, self.recurrent_kernel, self.bias
        return recurrent.simple_rnn(x, h, *weights, mask, return_sequences, way), []


class SimpleRNN(BuiltIn):
    """A recurrent layer whose output is fed back: h = tanh(x_t @ kernel + h @ recurrent_kernel + bias).

    Parameters
    ----------
    units : int
    activation : str or callable
    dropout, recurrent_dropout : float
        The share of the inputs, and of the state, that is dropped; the same for all steps of a sequence.
    return_sequences : bool
        Whether to give the output of every step rather than the last one's.
    return_state : bool
        Whether to give the last state too.
    go_backwards, stateful, unroll : bool
        As in `RNN`.

    Shapes
    ------
    (batch, time, n) -> (batch, units), or (batch, time, units).

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.SimpleRNN(3)(np.zeros((2, 5, 4))).shape
    (2, 3)

    Source: https://keras.io/api/layers/recurrent_layers/simple_rnn/
    """

    def __init__(
        self,
        units,
        activation="tanh",
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
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        seed=None,
        **kwargs,
    ):
        cell = SimpleRNNCell(
            units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
            bias_constraint, dropout, recurrent_dropout, seed, name="simple_rnn_cell", **self.for_cell(kwargs),
        )
        super().__init__(
            cell, return_sequences, return_state, go_backwards, stateful, unroll,
            activity_regularizer=activity_regularizer, **kwargs,
        )
