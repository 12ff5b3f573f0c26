"""The axes in space of a sequence, an image or a volume: borders added and cut, and each place repeated.

Source: https://keras.io/api/layers/reshaping_layers/
"""

import math

import numpy as np

from .. import arguments, ops
from .input_spec import InputSpec
from .layer import Layer


class _Spatial(Layer):
    """A layer that changes the axes in space, `rank` of them; a subclass says how long each one becomes."""

    rank = None
    data_format = "channels_last"

    @property
    def axes(self):
        """The axes in space."""
        first = 1 if self.data_format == "channels_last" else 2
        return range(first, first + self.rank)

    def compute_output_shape(self, input_shape):
        shape = list(input_shape)
        for i, axis in enumerate(self.axes):
            if shape[axis] is not None:
                shape[axis] = self.new_size(i, shape[axis])
        return tuple(shape)

    def for_each_axis(self, in_space, other):
        """in_space's items at the axes in space, `other` at the batch's and the channels'."""
        return [in_space[axis - self.axes[0]] if axis in self.axes else other for axis in range(self.rank + 2)]


# borders ---------------------------------------------------------------------------------------


class _ZeroPadding(_Spatial):
    def __init__(self, padding, data_format=None, **kwargs):
        super().__init__(**kwargs)
        who = type(self).__name__
        self.data_format = arguments.data_format(who, data_format)
        self.padding = arguments.pairs(who, "padding", padding, self.rank)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def new_size(self, i, size):
        return size + sum(self.padding[i])

    def call(self, inputs):
        return ops.pad(inputs, self.for_each_axis(self.padding, (0, 0)))

    def get_config(self):
        return {**super().get_config(), "padding": self.padding, "data_format": self.data_format}


class ZeroPadding1D(_ZeroPadding):
    """Zeros before and after the steps: (batch, steps, channels) -> (batch, before + steps + after, channels).

    Parameters
    ----------
    padding : int or tuple
        How many on each side, or (before, after).
    data_format : {"channels_last", "channels_first"}, optional
    """

    rank = 1

    def __init__(self, padding=1, data_format=None, **kwargs):
        one = arguments.whole_numbers("ZeroPadding1D", "padding", padding, 2, least=0)
        super().__init__((one,), data_format, **kwargs)

    def get_config(self):
        return {**super().get_config(), "padding": self.padding[0]}


class ZeroPadding2D(_ZeroPadding):
    """Rows and columns of zeros around an image.

    Parameters
    ----------
    padding : int or tuple
        How many on every side; (rows, columns); or ((above, below), (left, right)).
    data_format : {"channels_last", "channels_first"}, optional

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.ZeroPadding2D(((1, 0), (0, 2)))(np.ones((1, 1, 1, 1))).numpy()[0, :, :, 0]
    array([[0., 0., 0.],
           [1., 0., 0.]], dtype=float32)

    Source: https://keras.io/api/layers/reshaping_layers/zero_padding2d/
    """

    rank = 2

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


class ZeroPadding3D(_ZeroPadding):
    """Zeros around a volume; see `ZeroPadding2D`."""

    rank = 3

    def __init__(self, padding=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


class _Cropping(_Spatial):
    def __init__(self, cropping, data_format=None, **kwargs):
        super().__init__(**kwargs)
        who = type(self).__name__
        self.data_format = arguments.data_format(who, data_format)
        self.cropping = arguments.pairs(who, "cropping", cropping, self.rank)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def new_size(self, i, size):
        if sum(self.cropping[i]) >= size:
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}): nothing is left when {self.cropping[i]} is cut from "
                f"axis {self.axes[i]}, which has size {size}."
            )
        return size - sum(self.cropping[i])

    def call(self, inputs):
        shape = self.compute_output_shape(inputs.shape)
        parts = [slice(before, before + shape[axis]) for (before, _), axis in zip(self.cropping, self.axes)]
        return inputs[tuple(self.for_each_axis(parts, slice(None)))]

    def get_config(self):
        return {**super().get_config(), "cropping": self.cropping, "data_format": self.data_format}


class Cropping1D(_Cropping):
    """Without the first and last steps: (batch, steps, channels) -> (batch, fewer, channels).

    Parameters
    ----------
    cropping : int or tuple
        How many to cut from each end, or (from the start, from the end).
    """

    rank = 1

    def __init__(self, cropping=(1, 1), **kwargs):
        one = arguments.whole_numbers("Cropping1D", "cropping", cropping, 2, least=0)
        super().__init__((one,), "channels_last", **kwargs)

    def get_config(self):
        config = {**super().get_config(), "cropping": self.cropping[0]}
        del config["data_format"]
        return config


class Cropping2D(_Cropping):
    """An image without its outer rows and columns.

    Parameters
    ----------
    cropping : int or tuple
        How many to cut from every side; (rows, columns); or ((above, below), (left, right)).
    data_format : {"channels_last", "channels_first"}, optional

    Raises
    ------
    ValueError
        If nothing is left of the image.
    """

    rank = 2

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(_Cropping):
    """A volume without its outer layers; see `Cropping2D`."""

    rank = 3

    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


# repeats ---------------------------------------------------------------------------------------


class _UpSampling(_Spatial):
    def __init__(self, size, data_format=None, **kwargs):
        super().__init__(**kwargs)
        who = type(self).__name__
        self.data_format = arguments.data_format(who, data_format)
        self.size = arguments.whole_numbers(who, "size", size, self.rank)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def new_size(self, i, size):
        return size * self.size[i]

    def call(self, inputs):
        for axis, times in zip(self.axes, self.size):
            inputs = ops.repeat(inputs, times, axis=axis)
        return inputs

    def get_config(self):
        return {**super().get_config(), "size": self.size, "data_format": self.data_format}


class UpSampling1D(_UpSampling):
    """Each step `size` times in a row: (batch, steps, channels) -> (batch, steps * size, channels)."""

    rank = 1

    def __init__(self, size=2, **kwargs):
        super().__init__(arguments.whole_numbers("UpSampling1D", "size", size, 1), "channels_last", **kwargs)

    def get_config(self):
        config = {**super().get_config(), "size": self.size[0]}
        del config["data_format"]
        return config


class UpSampling2D(_UpSampling):
    """An image, larger: each pixel becomes a block of equal ones, or new ones are interpolated.

    Parameters
    ----------
    size : int or tuple
        How many times as high and as wide.
    data_format : {"channels_last", "channels_first"}, optional
    interpolation : {"nearest", "bilinear"}
        "bilinear": between the centres of neighbouring pixels the numbers change evenly.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> row = np.array([[[[0.0], [4.0]]]])
    >>> keras.layers.UpSampling2D((1, 2))(row).numpy().ravel()
    array([0., 0., 4., 4.], dtype=float32)
    >>> keras.layers.UpSampling2D((1, 2), interpolation="bilinear")(row).numpy().ravel()
    array([0., 1., 3., 4.], dtype=float32)

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling2d/
    """

    rank = 2

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(size, data_format, **kwargs)
        if str(interpolation).lower() in ("bicubic", "lanczos3", "lanczos5"):
            raise NotImplementedError(
                f"UpSampling2D: interpolation={interpolation!r} is not offered; 'nearest' and 'bilinear' are."
            )
        self.interpolation = arguments.one_of("UpSampling2D", "interpolation", interpolation, "nearest", "bilinear")

    def call(self, inputs):
        if self.interpolation == "nearest":
            return super().call(inputs)
        for axis, times in zip(self.axes, self.size):
            inputs = _interpolate(inputs, axis, times)
        return inputs

    def get_config(self):
        return {**super().get_config(), "interpolation": self.interpolation}


def _interpolate(x, axis, times):
    """x with `times` as many places along `axis`, each a mean of the two whose centres are nearest."""
    n = x.shape[axis]
    centres = np.clip((np.arange(n * times) + 0.5) / times - 0.5, 0, max(n - 1, 0))
    weights = np.maximum(0, 1 - abs(centres[:, None] - np.arange(n))).astype(x.dtype)
    lead, rest = x.shape[:axis], x.shape[axis + 1 :]
    y = ops.matmul(weights, ops.reshape(x, (math.prod(lead), n, math.prod(rest))))
    return ops.reshape(y, (*lead, n * times, *rest))


class UpSampling3D(_UpSampling):
    """A volume, larger: each number becomes a block of equal ones, `size` (an int or three) on each side."""

    rank = 3

    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(size, data_format, **kwargs)
