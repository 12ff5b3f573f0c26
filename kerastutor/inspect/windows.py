"""Where a window of a convolution or pooling layer lies, and which windows see a given place."""

import itertools

import numpy as np


class Geometry:
    """Window p covers the places p * strides + t * dilation - before, for each tap t of a window of this `size`."""

    def __init__(self, layer, shape, size):
        """`shape`: of the input in space."""
        self.size, self.shape = tuple(size), tuple(shape)
        self.strides = tuple(layer.strides)
        self.dilation = tuple(getattr(layer, "dilation_rate", (1,) * len(size)))
        along = zip(shape, size, self.strides, self.dilation)
        self.before = tuple(self._before(layer.padding, *axis) for axis in along)

    @staticmethod
    def _before(padding, n, k, stride, dilation):
        reach = (k - 1) * dilation + 1
        if padding == "causal":
            return reach - 1
        if padding == "valid":
            return 0
        return max((-(-n // stride) - 1) * stride + reach - n, 0) // 2

    def taps(self):
        return itertools.product(*map(range, self.size))

    def places(self, p):
        """(tap, the place it sees, or None outside of the input) for each tap of window p."""
        for t in self.taps():
            place = tuple(i * s + j * d - b for i, j, s, d, b in zip(p, t, self.strides, self.dilation, self.before))
            yield t, place if all(0 <= i < n for i, n in zip(place, self.shape)) else None

    def windows(self, place, counts):
        """(tap, window) for each window, of so many, that sees this place."""
        for t in self.taps():
            shifted = [i - j * d + b for i, j, d, b in zip(place, t, self.dilation, self.before)]
            if any(i % s for i, s in zip(shifted, self.strides)):
                continue
            p = tuple(i // s for i, s in zip(shifted, self.strides))
            if all(0 <= i < n for i, n in zip(p, counts)):
                yield t, p


def channels_last(layer, array):
    """The array with its channels at the end, whatever the layer's data_format; a view."""
    return array if array is None or layer.data_format == "channels_last" else np.moveaxis(array, 1, -1)


def split(layer, index):
    """(place in space, channel) of an index into a sample."""
    index = tuple(index)
    return (index[:-1], index[-1]) if layer.data_format == "channels_last" else (index[1:], index[0])


def join(layer, space, channel):
    """The index into a sample: the reverse of `split`."""
    return (*space, channel) if layer.data_format == "channels_last" else (channel, *space)
