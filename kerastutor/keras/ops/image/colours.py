"""Colours: red, green and blue; hue, saturation and value; grey."""

import numpy as np

from ...autodiff import tensor
from ...symbolic import takes_placeholders
from ..arithmetic import absolute, clip, maximum, minimum, where
from ..core import cast
from ..helpers import floats
from ..joining import stack, unstack
from ..rounding import mod
from .parts import axes_of, data_format_of, mixed


@takes_placeholders
def rgb_to_grayscale(images, data_format=None):
    """0.2989 red + 0.587 green + 0.114 blue, in one channel."""
    x = tensor(images)
    axes_of(x, data_format)
    channels = -1 if data_format_of(data_format) == "channels_last" else -3
    if x.shape[channels] == 1:
        return x
    weights = np.array([[0.2989, 0.5870, 0.1140]], floats(x).dtype)
    return cast(mixed(floats(x), channels, weights), x.dtype)


@takes_placeholders
def rgb_to_hsv(images, data_format=None):
    """Hue, saturation and value, each from 0 to 1, of red, green and blue.

    Value is the largest of the three, saturation how much of it the smallest lacks, hue the place on the circle
    red 0, green 1/3, blue 2/3.

    Raises
    ------
    ValueError
        If `images` are none, or no floats.
    """
    red, green, blue, axis = _planes("rgb_to_hsv", images, data_format)
    value, least = maximum(maximum(red, green), blue), minimum(minimum(red, green), blue)
    span = value - least
    saturation = where(value > 0, span / where(value > 0, value, 1.0), 0.0)
    sixth = 1 / (6 * where(span > 0, span, 1.0))
    hue = where(value == green, sixth * (blue - red) + 1 / 3, sixth * (red - green) + 2 / 3)
    hue = where(value == red, sixth * (green - blue), hue)
    hue = where(span > 0, hue, 0.0)
    return stack([where(hue < 0, hue + 1, hue), saturation, value], axis)


@takes_placeholders
def hsv_to_rgb(images, data_format=None):
    """Red, green and blue of hue, saturation and value: the reverse of `rgb_to_hsv`.

    Raises
    ------
    ValueError
        If `images` are none, or no floats.
    """
    hue, saturation, value, axis = _planes("hsv_to_rgb", images, data_format)
    sixths = mod(hue, 1.0) * 6
    red = clip(absolute(sixths - 3) - 1, 0, 1)
    green, blue = (clip(2 - absolute(sixths - middle), 0, 1) for middle in (2, 4))
    return stack([value * (1 - saturation + saturation * share) for share in (red, green, blue)], axis)


def _planes(name, images, data_format):
    """The three channels, and the axis they lie along."""
    x = tensor(images)
    axes_of(x, data_format)
    axis = -1 if data_format_of(data_format) == "channels_last" else -3
    if x.value.dtype.kind != "f" or x.shape[axis] != 3:
        raise ValueError(
            f"{name} takes floats, with three channels along axis {axis}; got shape {x.shape} and dtype {x.dtype}."
        )
    return *unstack(x, axis=axis), axis
