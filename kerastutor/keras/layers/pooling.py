"""Pooling layers: fewer places, each with the largest number or the mean of what was there.

Source: https://keras.io/api/layers/pooling_layers/
"""

from .. import arguments, ops
from ..ops.pooling import window_counts
from .input_spec import InputSpec
from .layer import Layer


class _Pooling(Layer):
    """What all pooling over windows shares; a subclass says over how many axes (`rank`) and by which op (`pool`)."""

    rank = pool = None

    def __init__(self, pool_size, strides=None, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        who = type(self).__name__
        self.pool_size = arguments.whole_numbers(who, "pool_size", pool_size, self.rank)
        self.strides = self.pool_size
        if strides is not None:
            self.strides = arguments.whole_numbers(who, "strides", strides, self.rank)
        self.padding = arguments.one_of(who, "padding", padding, "valid", "same")
        self.data_format = arguments.data_format(who, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.built = True

    def call(self, inputs):
        self.compute_output_shape(inputs.shape)  # a window that does not fit is refused in this layer's name
        return type(self).pool(inputs, self.pool_size, self.strides, self.padding, self.data_format)

    def compute_output_shape(self, input_shape):
        batch, channels, sizes = _split(input_shape, self.data_format)
        who = f"Layer {self.name!r} ({type(self).__name__})"
        counts = window_counts(who, sizes, self.pool_size, self.strides, self.padding)
        return _joined(batch, channels, counts, self.data_format)

    def get_config(self):
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "padding": self.padding,
            "strides": self.strides,
            "data_format": self.data_format,
        }


def _split(shape, data_format):
    """The batch's size, the number of channels and the sizes in space."""
    if data_format == "channels_last":
        return shape[0], shape[-1], tuple(shape[1:-1])
    return shape[0], shape[1], tuple(shape[2:])


def _joined(batch, channels, sizes, data_format):
    return (batch, *sizes, channels) if data_format == "channels_last" else (batch, channels, *sizes)


class MaxPooling1D(_Pooling):
    """The largest number of each window of steps, channel by channel.

    Takes what `MaxPooling2D` takes, with one number in place of two.

    Shapes
    ------
    (batch, steps, channels) -> (batch, windows, channels).
    """

    rank, pool = 1, ops.max_pool

    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class MaxPooling2D(_Pooling):
    """The largest number of each window of an image, channel by channel: whether something is there, not just where.

    Parameters
    ----------
    pool_size : int or tuple
        Height and width of a window.
    strides : int or tuple, optional
        From one window to the next; pool_size unless given, so that windows lie side by side.
    padding : {"valid", "same"}
        "valid": whole windows only, the rest of the image is left out; "same": windows may hang over the border.
    data_format : {"channels_last", "channels_first"}, optional

    Shapes
    ------
    (batch, height, width, channels) -> (batch, windows down, windows across, channels).

    Raises
    ------
    ValueError
        If no window fits into the image.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> image = np.arange(16.0).reshape(1, 4, 4, 1)
    >>> keras.layers.MaxPooling2D(2)(image).numpy()[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]], dtype=float32)

    Source: https://keras.io/api/layers/pooling_layers/max_pooling2d/
    """

    rank, pool = 2, ops.max_pool

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class MaxPooling3D(_Pooling):
    """The largest number of each window of a volume, channel by channel; see `MaxPooling2D`."""

    rank, pool = 3, ops.max_pool

    def __init__(self, pool_size=(2, 2, 2), strides=None, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class AveragePooling1D(_Pooling):
    """The mean of each window of steps, channel by channel; see `AveragePooling2D`."""

    rank, pool = 1, ops.average_pool


class AveragePooling2D(_Pooling):
    """The mean of each window of an image, channel by channel. Takes what `MaxPooling2D` takes.

    What of a window hangs over the border (padding="same") does not count.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> image = np.arange(16.0).reshape(1, 4, 4, 1)
    >>> keras.layers.AveragePooling2D(2)(image).numpy()[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]], dtype=float32)

    Source: https://keras.io/api/layers/pooling_layers/average_pooling2d/
    """

    rank, pool = 2, ops.average_pool


class AveragePooling3D(_Pooling):
    """The mean of each window of a volume, channel by channel; see `AveragePooling2D`."""

    rank, pool = 3, ops.average_pool


# one window: everything ------------------------------------------------------------------------


class _GlobalPooling(Layer):
    """What pooling over all of space shares; a subclass says over how many axes (`rank`) and by which op (`pool`)."""

    rank = pool = None

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.data_format = arguments.data_format(type(self).__name__, data_format)
        self.keepdims = keepdims
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.built = True

    @property
    def axes(self):
        """The axes in space."""
        first = 1 if self.data_format == "channels_last" else 2
        return tuple(range(first, first + self.rank))

    def call(self, inputs):
        return type(self).pool(inputs, axis=self.axes, keepdims=self.keepdims)

    def compute_output_shape(self, input_shape):
        batch, channels, sizes = _split(input_shape, self.data_format)
        return _joined(batch, channels, [1] * len(sizes) if self.keepdims else [], self.data_format)

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format, "keepdims": self.keepdims}


class GlobalMaxPooling1D(_GlobalPooling):
    """The largest number over all steps, channel by channel: (batch, steps, channels) -> (batch, channels).

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
    keepdims : bool
        Keep the axis, with size 1.
    """

    rank, pool = 1, ops.max


class GlobalMaxPooling2D(_GlobalPooling):
    """The largest number over an image, channel by channel: (batch, height, width, channels) -> (batch, channels)."""

    rank, pool = 2, ops.max


class GlobalMaxPooling3D(_GlobalPooling):
    """The largest number over a volume, channel by channel: (batch, a, b, c, channels) -> (batch, channels)."""

    rank, pool = 3, ops.max


class GlobalAveragePooling1D(_GlobalPooling):
    """The mean over all steps, channel by channel: (batch, steps, channels) -> (batch, channels).

    Masked steps do not count.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
    keepdims : bool
        Keep the axis, with size 1.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> steps = np.array([[[1.0], [3.0], [100.0]]])
    >>> keras.layers.GlobalAveragePooling1D()(steps, mask=np.array([[True, True, False]])).numpy()
    array([[2.]], dtype=float32)

    Source: https://keras.io/api/layers/pooling_layers/global_average_pooling1d/
    """

    rank, pool = 1, ops.mean
    supports_masking = True

    def call(self, inputs, mask=None):
        if mask is None:
            return super().call(inputs)
        mask = ops.cast(ops.expand_dims(mask, 2 if self.data_format == "channels_last" else 1), "bool")
        total = ops.sum(ops.where(mask, inputs, 0.0), axis=self.axes, keepdims=self.keepdims)
        return total / ops.sum(ops.cast(mask, inputs.dtype), axis=self.axes, keepdims=self.keepdims)

    def compute_mask(self, inputs, mask=None):
        return None


class GlobalAveragePooling2D(_GlobalPooling):
    """The mean over an image, channel by channel: (batch, height, width, channels) -> (batch, channels)."""

    rank, pool = 2, ops.mean


class GlobalAveragePooling3D(_GlobalPooling):
    """The mean over a volume, channel by channel: (batch, a, b, c, channels) -> (batch, channels)."""

    rank, pool = 3, ops.mean


# a given number of windows ---------------------------------------------------------------------


class _AdaptivePooling(Layer):
    """As many windows as `output_size` says, spread evenly over an input of any size."""

    rank = pool = None

    def __init__(self, output_size, data_format=None, **kwargs):
        super().__init__(**kwargs)
        who = type(self).__name__
        self.output_size = arguments.whole_numbers(who, "output_size", output_size, self.rank)
        self.data_format = arguments.data_format(who, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs):
        return type(self).pool(inputs, self.output_size, self.data_format)

    def compute_output_shape(self, input_shape):
        batch, channels, _ = _split(input_shape, self.data_format)
        return _joined(batch, channels, self.output_size, self.data_format)

    def get_config(self):
        return {**super().get_config(), "output_size": self.output_size, "data_format": self.data_format}


class AdaptiveMaxPooling1D(_AdaptivePooling):
    """The largest numbers of `output_size` windows that cover all steps evenly."""

    rank, pool = 1, ops.adaptive_max_pool


class AdaptiveMaxPooling2D(_AdaptivePooling):
    """The largest numbers of `output_size` (an int or two) windows that cover an image of any size evenly."""

    rank, pool = 2, ops.adaptive_max_pool


class AdaptiveMaxPooling3D(_AdaptivePooling):
    """The largest numbers of `output_size` (an int or three) windows that cover a volume of any size evenly."""

    rank, pool = 3, ops.adaptive_max_pool


class AdaptiveAveragePooling1D(_AdaptivePooling):
    """The means of `output_size` windows that cover all steps evenly."""

    rank, pool = 1, ops.adaptive_average_pool


class AdaptiveAveragePooling2D(_AdaptivePooling):
    """The means of `output_size` (an int or two) windows that cover an image of any size evenly."""

    rank, pool = 2, ops.adaptive_average_pool


class AdaptiveAveragePooling3D(_AdaptivePooling):
    """The means of `output_size` (an int or three) windows that cover a volume of any size evenly."""

    rank, pool = 3, ops.adaptive_average_pool


MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D
GlobalMaxPool1D, GlobalMaxPool2D, GlobalMaxPool3D = GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D
GlobalAvgPool1D, GlobalAvgPool2D, GlobalAvgPool3D = (
    GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D
)
