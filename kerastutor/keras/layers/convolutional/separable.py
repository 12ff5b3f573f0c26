"""Convolution layers that treat each channel by itself, and then perhaps mix the channels: far fewer weights.

Source: Chollet, "Xception", CVPR 2017, https://arxiv.org/abs/1610.02357
"""

from ... import arguments, ops
from .base import Convolution, Filtering


class _Depthwise(Convolution):
    def __init__(
        self, kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
        depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer,
        depthwise_constraint, bias_constraint, **kwargs,
    ):
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, bias_initializer,
            bias_regularizer, bias_constraint, activity_regularizer=activity_regularizer, **kwargs,
        )
        (self.depth_multiplier,) = arguments.whole_numbers(type(self).__name__, "depth_multiplier", depth_multiplier, 1)
        self.set_up("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)

    def channels_out(self, channels):
        return None if channels is None else channels * self.depth_multiplier

    def build_kernels(self, channels):
        self.kernel = self.make("kernel", (*self.kernel_size, channels, self.depth_multiplier), like="depthwise")

    def convolve(self, inputs):
        return ops.depthwise_conv(
            inputs, self.kernel, self.strides, self.padding, self.data_format, self.dilation_rate
        )

    def get_config(self):
        return {**super().get_config(), "depth_multiplier": self.depth_multiplier, **self.config_of("depthwise")}


class DepthwiseConv1D(_Depthwise):
    """A convolution over the steps of a sequence, of each channel by itself.

    Takes what `DepthwiseConv2D` takes, with one number in place of two.

    Source: https://keras.io/api/layers/convolution_layers/depthwise_convolution1d/
    """

    rank = 1

    def __init__(
        self, kernel_size, strides=1, padding="valid", depth_multiplier=1, data_format=None, dilation_rate=1,
        activation=None, use_bias=True, depthwise_initializer="glorot_uniform", bias_initializer="zeros",
        depthwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None,
        bias_constraint=None, **kwargs,
    ):
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
            depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, bias_constraint, **kwargs,
        )


class DepthwiseConv2D(_Depthwise):
    """A convolution over images, of each channel by itself: no channel sees another one.

    Parameters
    ----------
    kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias
        As in `Conv2D`.
    depth_multiplier : int
        How many channels are made of each.

    Shapes
    ------
    (batch, height, width, channels) -> (batch, windows down, windows across, channels * depth_multiplier); kernel
    (*kernel_size, channels, depth_multiplier), bias (channels * depth_multiplier,).

    Raises
    ------
    ValueError
        If the window does not fit into the image.

    Source: https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/
    """

    rank = 2

    def __init__(
        self, kernel_size, strides=(1, 1), padding="valid", depth_multiplier=1, data_format=None, dilation_rate=(1, 1),
        activation=None, use_bias=True, depthwise_initializer="glorot_uniform", bias_initializer="zeros",
        depthwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None,
        bias_constraint=None, **kwargs,
    ):
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
            depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, bias_constraint, **kwargs,
        )


class _Separable(Filtering):
    def __init__(
        self, filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation,
        use_bias, depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
        pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
        bias_constraint, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, bias_initializer,
            bias_regularizer, bias_constraint, activity_regularizer=activity_regularizer, **kwargs,
        )
        (self.depth_multiplier,) = arguments.whole_numbers(type(self).__name__, "depth_multiplier", depth_multiplier, 1)
        self.set_up("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self.set_up("pointwise", pointwise_initializer, pointwise_regularizer, pointwise_constraint)

    def build_kernels(self, channels):
        depthwise = (*self.kernel_size, channels, self.depth_multiplier)
        pointwise = (*(1,) * self.rank, channels * self.depth_multiplier, self.filters)
        self.depthwise_kernel = self.make("depthwise_kernel", depthwise, like="depthwise")
        self.pointwise_kernel = self.make("pointwise_kernel", pointwise, like="pointwise")

    def convolve(self, inputs):
        return ops.separable_conv(
            inputs, self.depthwise_kernel, self.pointwise_kernel, self.strides, self.padding, self.data_format,
            self.dilation_rate,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "depth_multiplier": self.depth_multiplier,
            **self.config_of("depthwise"),
            **self.config_of("pointwise"),
        }


class SeparableConv1D(_Separable):
    """A convolution of each channel of a sequence by itself, then one that mixes the channels.

    Takes what `SeparableConv2D` takes, with one number in place of two.

    Source: https://keras.io/api/layers/convolution_layers/separable_convolution1d/
    """

    rank = 1

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, depth_multiplier=1,
        activation=None, use_bias=True, depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None,
        pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None,
        pointwise_constraint=None, bias_constraint=None, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
            pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, **kwargs,
        )


class SeparableConv2D(_Separable):
    """A convolution of each channel of an image by itself, then one of windows of one place, which mixes them.

    Parameters
    ----------
    filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias
        As in `Conv2D`.
    depth_multiplier : int
        How many channels the first convolution makes of each.

    Shapes
    ------
    (batch, height, width, channels) -> (batch, windows down, windows across, filters); depthwise_kernel (*kernel_size,
    channels, depth_multiplier), pointwise_kernel (1, 1, channels * depth_multiplier, filters), bias (filters,).

    Raises
    ------
    ValueError
        If the window does not fit into the image.

    Source: https://keras.io/api/layers/convolution_layers/separable_convolution2d/
    """

    rank = 2

    def __init__(
        self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1),
        depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None,
        pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None,
        pointwise_constraint=None, bias_constraint=None, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
            pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, **kwargs,
        )
