"""Transposed convolution layers: from the size of a convolution's output back to that of its input."""

from ... import ops
from ...ops.convolution import transposed_padding, transposed_sizes
from .base import Filtering


class _Transpose(Filtering):
    def __init__(
        self, filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
        kernel_constraint, bias_constraint, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, bias_initializer,
            bias_regularizer, bias_constraint, activity_regularizer=activity_regularizer, **kwargs,
        )
        self.set_up("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        extra = transposed_padding(type(self).__name__, output_padding, self.strides)
        self.output_padding = None if output_padding is None else extra
        self.refuse_strides_with_dilation()

    def build_kernels(self, channels):
        self.kernel = self.make("kernel", (*self.kernel_size, self.filters, channels))

    def sizes_out(self, sizes):
        extra = transposed_padding(self.title, self.output_padding, self.strides)
        return transposed_sizes(
            self.title, sizes, self.kernel_size, self.strides, self.padding, extra, self.dilation_rate
        )

    def convolve(self, inputs):
        return ops.conv_transpose(
            inputs, self.kernel, self.strides, self.padding, self.output_padding, self.data_format, self.dilation_rate
        )

    def get_config(self):
        return {**super().get_config(), "output_padding": self.output_padding, **self.config_of("kernel")}


class Conv1DTranspose(_Transpose):
    """A transposed convolution over the steps of a sequence.

    Takes what `Conv2DTranspose` takes, with one number in place of two.

    Source: https://keras.io/api/layers/convolution_layers/convolution1d_transpose/
    """

    rank = 1

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", output_padding=None, data_format=None, dilation_rate=1,
        activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        bias_constraint=None, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **kwargs,
        )


class Conv2DTranspose(_Transpose):
    """A transposed convolution over images: each pixel paints the kernel, times its value, into a larger image.

    With strides it enlarges images, as decoders and generators do.

    Parameters
    ----------
    filters, kernel_size, data_format, dilation_rate, activation, use_bias
        As in `Conv2D`.
    strides : int or tuple
        How far apart neighbours paint.
    padding : {"valid", "same"}
        "valid": all that is painted; "same": the image becomes `strides` times as large.
    output_padding : int or tuple, optional
        How many more places there are at the end: less than `strides`.

    Shapes
    ------
    (batch, height, width, channels) -> (batch, higher, wider, filters); kernel (*kernel_size, filters, channels), bias
    (filters,).

    Raises
    ------
    ValueError
        If output_padding is not less than strides, or strides and dilation_rate are both greater than 1.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.Conv2DTranspose(8, 3, strides=2, padding="same")(np.ones((1, 7, 7, 4))).shape
    (1, 14, 14, 8)

    Source: Zeiler et al., "Deconvolutional networks", CVPR 2010;
    https://keras.io/api/layers/convolution_layers/convolution2d_transpose/
    """

    rank = 2

    def __init__(
        self, filters, kernel_size, strides=(1, 1), padding="valid", output_padding=None, data_format=None,
        dilation_rate=(1, 1), activation=None, use_bias=True, kernel_initializer="glorot_uniform",
        bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **kwargs,
        )


class Conv3DTranspose(_Transpose):
    """A transposed convolution over volumes.

    Takes what `Conv2DTranspose` takes, with three numbers in place of two.

    Source: https://keras.io/api/layers/convolution_layers/convolution3d_transpose/
    """

    rank = 3

    def __init__(
        self, filters, kernel_size, strides=(1, 1, 1), padding="valid", data_format=None, output_padding=None,
        dilation_rate=(1, 1, 1), activation=None, use_bias=True, kernel_initializer="glorot_uniform",
        bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **kwargs,
        )
