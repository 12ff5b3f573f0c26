"""Convolution layers: each filter sees all channels of its window."""

from ... import arguments, ops
from .base import Filtering


class _Conv(Filtering):
    def __init__(
        self, filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
        kernel_constraint, bias_constraint, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, bias_initializer,
            bias_regularizer, bias_constraint, ("valid", "same", "causal") if self.rank == 1 else ("valid", "same"),
            activity_regularizer=activity_regularizer, **kwargs,
        )
        self.set_up("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        (self.groups,) = arguments.whole_numbers(type(self).__name__, "groups", groups, 1)
        self.refuse_strides_with_dilation()
        if self.filters % self.groups:
            raise ValueError(
                f"{type(self).__name__}: `filters` must be a multiple of `groups`; got {self.filters} filters and "
                f"{self.groups} groups."
            )

    def build_kernels(self, channels):
        if channels % self.groups:
            raise ValueError(
                f"{self.title}: the input has {channels} channels, which do not fall into {self.groups} groups."
            )
        self.kernel = self.make("kernel", (*self.kernel_size, channels // self.groups, self.filters))

    def convolve(self, inputs):
        return self.convolution_op(inputs, self.kernel)

    def convolution_op(self, inputs, kernel):
        """The convolution alone; a subclass may change the kernel before."""
        padding = self.padding
        if padding == "causal":
            before = self.dilation_rate[0] * (self.kernel_size[0] - 1)
            steps = 1 if self.data_format == "channels_last" else 2
            inputs, padding = ops.pad(inputs, [(before, 0) if axis == steps else (0, 0) for axis in range(3)]), "valid"
        return ops.conv(inputs, kernel, self.strides, padding, self.data_format, self.dilation_rate)

    def get_config(self):
        return {**super().get_config(), "groups": self.groups, **self.config_of("kernel")}


class Conv1D(_Conv):
    """A convolution over the steps of a sequence: y = activation(sum over the window of x * kernel + bias).

    Takes what `Conv2D` takes, with one number in place of two, and

    Parameters
    ----------
    padding : {"valid", "same", "causal"}
        "causal": zeros before the first step only, so that no output depends on a later input.

    Shapes
    ------
    (batch, steps, channels) -> (batch, windows, filters); kernel (kernel_size, channels / groups, filters).

    Source: https://keras.io/api/layers/convolution_layers/convolution1d/
    """

    rank = 1

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, groups=1,
        activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        bias_constraint=None, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **kwargs,
        )


class Conv2D(_Conv):
    """A convolution over images: y = activation(sum over the window of x * kernel + bias).

    Each filter is a small picture of weights, looked for at every place of the image.

    Parameters
    ----------
    filters : int
        How many: the channels that come out.
    kernel_size : int or tuple
        Height and width of the window.
    strides : int or tuple
        From one window to the next.
    padding : {"valid", "same"}
        "valid": only whole windows; "same": zeros around the image, so that with strides 1 it keeps its size.
    data_format : {"channels_last", "channels_first"}, optional
    dilation_rate : int or tuple
        From one tap of the kernel to the next; not together with strides.
    groups : int
        Channels and filters fall into so many groups, and each filter sees the channels of its own group.
    activation : str or callable, optional
    use_bias : bool

    Shapes
    ------
    (batch, height, width, channels) -> (batch, windows down, windows across, filters); kernel (*kernel_size,
    channels / groups, filters), bias (filters,).

    Raises
    ------
    ValueError
        If the window does not fit into the image, or channels or filters do not fall into groups.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> images = np.ones((2, 28, 28, 1))
    >>> keras.layers.Conv2D(32, 3, activation="relu")(images).shape
    (2, 26, 26, 32)
    >>> edge = keras.layers.Conv2D(1, (1, 2), kernel_initializer=lambda shape, dtype: np.reshape([-1.0, 1.0], shape))
    >>> edge(np.array([0.0, 0.0, 5.0, 5.0]).reshape(1, 1, 4, 1)).numpy().ravel()
    array([0., 5., 0.], dtype=float32)

    Source: LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998);
    https://keras.io/api/layers/convolution_layers/convolution2d/
    """

    rank = 2

    def __init__(
        self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1), groups=1,
        activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        bias_constraint=None, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **kwargs,
        )


class Conv3D(_Conv):
    """A convolution over volumes, (batch, depth, height, width, channels).

    Takes what `Conv2D` takes, with three numbers in place of two.

    Source: https://keras.io/api/layers/convolution_layers/convolution3d/
    """

    rank = 3

    def __init__(
        self, filters, kernel_size, strides=(1, 1, 1), padding="valid", data_format=None, dilation_rate=(1, 1, 1),
        groups=1, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        bias_constraint=None, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **kwargs,
        )
