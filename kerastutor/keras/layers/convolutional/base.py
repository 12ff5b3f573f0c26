"""What all convolution layers share."""

from ... import activations, arguments, constraints, initializers, regularizers
from ...ops.convolution import add_to_channels, output_sizes
from ..input_spec import InputSpec
from ..layer import Layer


class Convolution(Layer):
    """A layer whose windows slide over `rank` axes in space; then the bias is added, and the activation applied.

    A subclass makes its kernels in `build_kernels(channels)`, computes in `convolve(inputs)`, and says in
    `channels_out(channels)` how many come out.
    """

    rank = None

    def __init__(
        self, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, bias_initializer,
        bias_regularizer, bias_constraint, paddings=("valid", "same"), **kwargs,
    ):
        super().__init__(**kwargs)
        who = type(self).__name__
        self.kernel_size = arguments.whole_numbers(who, "kernel_size", kernel_size, self.rank)
        self.strides = arguments.whole_numbers(who, "strides", strides, self.rank)
        self.dilation_rate = arguments.whole_numbers(who, "dilation_rate", dilation_rate, self.rank)
        self.padding = arguments.one_of(who, "padding", padding, *paddings)
        self.data_format = arguments.data_format(who, data_format)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.set_up("bias", bias_initializer, bias_regularizer, bias_constraint)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def set_up(self, name, initializer, regularizer, constraint):
        """Keep how a weight is made: `kernel_initializer`, `kernel_regularizer`, `kernel_constraint`."""
        setattr(self, f"{name}_initializer", initializers.get(initializer))
        setattr(self, f"{name}_regularizer", regularizers.get(regularizer))
        setattr(self, f"{name}_constraint", constraints.get(constraint))

    def make(self, name, shape, like=None):
        """A weight, made as `set_up` was told for `like`, its own name unless given."""
        kind = like or name
        return self.add_weight(
            shape, getattr(self, f"{kind}_initializer"), name=name,
            regularizer=getattr(self, f"{kind}_regularizer"), constraint=getattr(self, f"{kind}_constraint"),
        )

    def config_of(self, name):
        """What `set_up` was told, for `get_config`."""
        return {
            f"{name}_initializer": initializers.serialize(getattr(self, f"{name}_initializer")),
            f"{name}_regularizer": regularizers.serialize(getattr(self, f"{name}_regularizer")),
            f"{name}_constraint": constraints.serialize(getattr(self, f"{name}_constraint")),
        }

    @property
    def title(self):
        return f"Layer {self.name!r} ({type(self).__name__})"

    def refuse_strides_with_dilation(self):
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"{type(self).__name__}: only one of `strides` and `dilation_rate` may be greater than 1; got strides "
                f"{self.strides} and dilation_rate {self.dilation_rate}."
            )

    # building and calling ----------------------------------------------------------------------

    def build(self, input_shape):
        axis = -1 if self.data_format == "channels_last" else 1
        channels = input_shape[axis]
        if channels is None:
            raise ValueError(
                f"{self.title}: the number of channels (axis {axis}, {self.data_format}) must be fixed; got an input "
                f"of shape {tuple(input_shape)}."
            )
        self.compute_output_shape(input_shape)  # a window that does not fit is refused before there are weights
        self.build_kernels(channels)
        self.bias = self.make("bias", (self.channels_out(channels),)) if self.use_bias else None
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: channels})

    def call(self, inputs):
        self.compute_output_shape(inputs.shape)  # here too, in this layer's name
        x = self.convolve(inputs)
        if self.use_bias:
            x = add_to_channels(x, self.bias, self.data_format)
        return self.activation(x)

    def compute_output_shape(self, input_shape):
        if self.data_format == "channels_last":
            batch, *sizes, channels = input_shape
            return (batch, *self.sizes_out(sizes), self.channels_out(channels))
        batch, channels, *sizes = input_shape
        return (batch, self.channels_out(channels), *self.sizes_out(sizes))

    def sizes_out(self, sizes):
        return output_sizes(self.title, sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)

    def get_config(self):
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "dilation_rate": self.dilation_rate,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            **self.config_of("bias"),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
        }


class Filtering(Convolution):
    """A convolution layer with `filters`: as many channels come out."""

    def __init__(self, filters, *args, **kwargs):
        super().__init__(*args, **kwargs)
        (self.filters,) = arguments.whole_numbers(type(self).__name__, "filters", filters, 1)

    def channels_out(self, channels):
        return self.filters

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}
