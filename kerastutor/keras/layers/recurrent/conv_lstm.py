"""LSTMs over images: convolutions in place of products. Source: https://keras.io/api/layers/recurrent_layers/"""

from ... import arguments, ops, random
from ...ops.convolution import add_to_channels, output_sizes
from ..input_spec import InputSpec
from .built_in import BuiltIn, of_cell
from .lstm import LSTMCell


class ConvLSTMCell(LSTMCell):
    """One step of an LSTM whose states are images, with z = conv(x, kernel) + conv(h, recurrent_kernel) + bias:

    i, f, o = recurrent_activation(z_i), recurrent_activation(z_f), recurrent_activation(z_o)
    c = f * c + i * activation(z_c)
    h = o * activation(c)

    The channels of z are in the order i, f, c, o. The states keep their size: h is convolved with padding "same".
    """

    def __init__(self, rank, filters, kernel_size, strides, padding, data_format, dilation_rate, *args, **kwargs):
        (filters,) = arguments.whole_numbers("ConvLSTM", "filters", filters, 1)
        super().__init__(filters, *args, **kwargs)
        who = f"ConvLSTM{rank}D"
        self.rank, self.filters = rank, filters
        self.kernel_size = arguments.whole_numbers(who, "kernel_size", kernel_size, rank)
        self.strides = arguments.whole_numbers(who, "strides", strides, rank)
        self.dilation_rate = arguments.whole_numbers(who, "dilation_rate", dilation_rate, rank)
        self.padding = arguments.one_of(who, "padding", padding, "valid", "same")
        self.data_format = arguments.data_format(who, data_format)
        self.channel_axis = -1 if self.data_format == "channels_last" else 1
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"{who}: only one of `strides` and `dilation_rate` may be greater than 1; got strides {self.strides} "
                f"and dilation_rate {self.dilation_rate}."
            )

    def build(self, input_shape):
        if None in input_shape[1:]:
            raise ValueError(
                f"ConvLSTM{self.rank}D: the sizes and channels of its images must be fixed; got a step of shape "
                f"{tuple(input_shape)}."
            )
        self._state_shape = self.compute_output_shape(input_shape)[1:]
        for name, channels in (("kernel", input_shape[self.channel_axis]), ("recurrent_kernel", self.filters)):
            kind = "recurrent" if name == "recurrent_kernel" else "kernel"
            made = self.add_weight(
                (*self.kernel_size, channels, 4 * self.filters), getattr(self, f"{kind}_initializer"), name=name,
                regularizer=getattr(self, f"{kind}_regularizer"), constraint=getattr(self, f"{kind}_constraint"),
            )
            setattr(self, name, made)
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                self.bias_shape, self.first_bias, name="bias",
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )

    def call(self, inputs, states, training=False):
        h, c = states
        z = self.from_x(inputs, training) + self.from_h(h, training)
        if self.use_bias:
            z = add_to_channels(z, self.bias, self.data_format)
        i, f, g, o = ops.split(z, 4, axis=self.channel_axis)
        i, f, o = map(self.recurrent_activation, (i, f, o))
        c = f * c + i * self.activation(g)
        h = o * self.activation(c)
        return h, [h, c]

    def _product(self, x, masks, name):
        """x, or for each gate x with its own mask, convolved with a kernel."""
        if name == "kernel":
            options = dict(strides=self.strides, padding=self.padding, dilation_rate=self.dilation_rate)
        else:
            options = dict(padding="same")
        convolved = lambda x, kernel: ops.conv(x, kernel, data_format=self.data_format, **options)
        if masks is None:
            return convolved(x, getattr(self, name))
        parts = [convolved(x * mask, part) for mask, part in zip(masks, self.kernel_parts(name), strict=True)]
        return ops.concatenate(parts, axis=self.channel_axis)

    def kernel_parts(self, name):
        return ops.split(getattr(self, name), 4, axis=-1)

    def _draw_masks(self, x, rate):
        if not rate:
            return None
        return [random.dropout(ops.ones_like(x), rate, seed=self.seed_generator) for _ in range(4)]

    def get_initial_state(self, batch_size=None):
        """Zeros for h and c."""
        return [ops.zeros((batch_size, *self._state_shape), dtype=self.compute_dtype) for _ in range(2)]

    def compute_output_shape(self, input_shape, states_shape=None):
        batch, *sizes = input_shape
        del sizes[self.channel_axis if self.channel_axis < 0 else 0]
        who = f"Layer {self.name!r} (ConvLSTM{self.rank}D)"
        sizes = output_sizes(who, sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        return (batch, *sizes, self.filters) if self.channel_axis == -1 else (batch, self.filters, *sizes)

    def get_config(self):
        config = super().get_config()
        del config["units"]
        own = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate")
        return config | {name: getattr(self, name) for name in own}


class ConvLSTM(BuiltIn):
    """What ConvLSTM1D, ConvLSTM2D and ConvLSTM3D share."""

    rank = None

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, activation="tanh",
        recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal", bias_initializer="zeros", unit_forget_bias=True, kernel_regularizer=None,
        recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, seed=None,
        return_sequences=False, return_state=False, go_backwards=False, stateful=False, **kwargs,
    ):
        cell = ConvLSTMCell(
            self.rank, filters, kernel_size, strides, padding, data_format, dilation_rate, activation,
            recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed,
            name="conv_lstm_cell", **self.for_cell(kwargs),
        )
        super().__init__(
            cell, return_sequences, return_state, go_backwards, stateful,
            activity_regularizer=activity_regularizer, **kwargs,
        )
        self.input_spec = InputSpec(ndim=self.rank + 3)

    def build(self, sequences_shape, initial_state_shape=None):
        super().build(sequences_shape, initial_state_shape)
        axis = self.cell.channel_axis if self.cell.channel_axis < 0 else 2
        self.input_spec = InputSpec(ndim=self.rank + 3, axes={axis: sequences_shape[axis]})

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        batch, time, *step = sequences_shape
        _, *state = self.cell.compute_output_shape((batch, *step))
        output = (batch, time, *state) if self.return_sequences else (batch, *state)
        return (output, (batch, *state), (batch, *state)) if self.return_state else output

    filters = of_cell("filters")
    kernel_size = of_cell("kernel_size")
    strides = of_cell("strides")
    padding = of_cell("padding")
    data_format = of_cell("data_format")
    dilation_rate = of_cell("dilation_rate")
    recurrent_activation = of_cell("recurrent_activation")
    unit_forget_bias = of_cell("unit_forget_bias")


class ConvLSTM1D(ConvLSTM):
    """ConvLSTM2D along one axis: (batch, time, steps, channels) -> (batch, new_steps, filters).

    Source: https://keras.io/api/layers/recurrent_layers/conv_lstm1d/
    """

    rank = 1


class ConvLSTM2D(ConvLSTM):
    """An LSTM over a film: what its gates see of the picture and of its states, they see through convolutions.

    Parameters
    ----------
    filters : int
        The channels of h and c.
    kernel_size, strides, padding, data_format, dilation_rate
        As of Conv2D, for the pictures; h is convolved with strides 1 and padding "same".
    activation, recurrent_activation, unit_forget_bias, dropout, recurrent_dropout, return_sequences, return_state
        As of LSTM.

    Shapes
    ------
    (batch, time, rows, columns, channels) -> (batch, new_rows, new_columns, filters), or with `return_sequences`
    (batch, time, new_rows, new_columns, filters); with `return_state` also h and c.

    Raises
    ------
    ValueError
        If the pictures' size is not fixed, or the kernel does not fit them.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> film = np.zeros((2, 5, 8, 8, 1))
    >>> keras.layers.ConvLSTM2D(3, kernel_size=3, padding="same", return_sequences=True)(film).shape
    (2, 5, 8, 8, 3)

    Source: Shi et al., "Convolutional LSTM Network", https://arxiv.org/abs/1506.04214;
    https://keras.io/api/layers/recurrent_layers/conv_lstm2d/
    """

    rank = 2


class ConvLSTM3D(ConvLSTM):
    """ConvLSTM2D in three dimensions: (batch, time, depth, rows, columns, channels) -> (batch, ..., filters).

    Source: https://keras.io/api/layers/recurrent_layers/conv_lstm3d/
    """

    rank = 3
