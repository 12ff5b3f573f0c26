"""Pooling: the largest number, or the mean, of each window. Source: https://keras.io/api/ops/nn/

The kernels know images, (n, height, width, channels). A sequence is an image of height 1; a volume is pooled as a stack
of images and then along its first axis, which comes to the same.
"""

import math

import numpy as np

from ...backends import K
from .. import arguments
from ..autodiff import record, run
from .helpers import floats
from .indexing import take
from .products import matmul
from .reductions import max as largest
from .shapes import reshape, transpose


def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """The largest number of each window. Gradient: dy to where it was (the first of equals).

    Parameters
    ----------
    inputs : tensor
        (n, *spatial, channels), with 1 to 3 spatial axes; (n, channels, *spatial) if the channels are first.
    pool_size : int or tuple
        The size of a window.
    strides : int or tuple, optional
        From one window to the next; pool_size unless given, so that windows lie side by side.
    padding : {"valid", "same"}
        "valid": only whole windows; "same": as many as fit at all, some hang over the border.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.max_pool([[[1.0], [3.0], [2.0], [0.0]]], 2).numpy()
    array([[[3.],
            [2.]]], dtype=float32)
    """
    return _pool("max_pool", _max_pool, inputs, pool_size, strides, padding, data_format)


def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """The mean of each window; what hangs over the border does not count. Gradient: dy shared equally.

    Takes what `max_pool` takes.
    """
    return _pool("average_pool", _average_pool, inputs, pool_size, strides, padding, data_format)


def _pool(name, pool, inputs, pool_size, strides, padding, data_format):
    x = floats(inputs)
    n = x.ndim - 2
    if n not in (1, 2, 3):
        raise ValueError(
            f"{name}: `inputs` must have 3, 4 or 5 axes (the batch, 1 to 3 axes in space, the channels); got shape "
            f"{x.shape}."
        )
    size = arguments.whole_numbers(name, "pool_size", pool_size, n)
    strides = size if strides is None else arguments.whole_numbers(name, "strides", strides, n)
    if arguments.data_format(name, data_format) == "channels_first":
        last = transpose(x, (0, *range(2, x.ndim), 1))
        return transpose(_pool(name, pool, last, size, strides, padding, "channels_last"), (0, -1, *range(1, n + 1)))
    out = window_counts(name, x.shape[1:-1], size, strides, padding)
    before = [0] * n
    if padding.lower() == "same":
        before = [_outside(*axis) // 2 for axis in zip(x.shape[1:-1], size, strides, out)]
    along = lambda i: tuple(axes[i] for axes in (size, strides, before, out))
    batch, *image, c = x.shape
    if n == 1:
        image, (rows, columns) = (1, *image), ((1, 1, 0, 1), along(0))
    else:
        rows, columns = along(n - 2), along(n - 1)
    images = reshape(x, (math.prod((batch, *image[:-2])), *image[-2:], c))
    y = pool(images, *zip(rows, columns))
    if n == 3:
        y = pool(reshape(y, (batch, image[0], 1, math.prod((*out[1:], c)))), *zip(along(0), (1, 1, 0, 1)))
    return reshape(y, (batch, *out, c))


def _max_pool(x, size, strides, before, out):
    y = K.empty((x.shape[0], *out, x.shape[3]), x.value.dtype)
    place = K.empty(y.shape, np.uint8 if math.prod(size) <= 256 else np.int32)
    run(K.max_pool, x.value, size, strides, before, y, place)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(K.max_pool_grad, dy, place, size, strides, before, dx)
        x.add_grad(dx)

    return record(y, gradient, x)


def _average_pool(x, size, strides, before, out):
    y = K.empty((x.shape[0], *out, x.shape[3]), x.value.dtype)
    run(K.average_pool, x.value, size, strides, before, y)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(K.average_pool_grad, dy, size, strides, before, dx)
        x.add_grad(dx)

    return record(y, gradient, x)


def window_counts(who, sizes, pool_size, strides, padding):
    """How many windows there are along each axis of length `sizes`; None where the length varies."""
    if arguments.one_of(who, "padding", padding, "valid", "same") == "same":
        return tuple(None if n is None else -(-n // s) for n, s in zip(sizes, strides))
    if any(n is not None and n < k for n, k in zip(sizes, pool_size)):
        raise ValueError(
            f"{who}: a window of {pool_size} does not fit into {tuple(sizes)}, the input's size in space: "
            "pool less before this, make `pool_size` smaller, or write padding='same'."
        )
    return tuple(None if n is None else (n - k) // s + 1 for n, k, s in zip(sizes, pool_size, strides))


def _outside(n, size, stride, count):
    """By how much `count` windows are longer than n: half of it, rounded down, lies before the first number."""
    return max((count - 1) * stride + size - n, 0)


# a given number of windows ---------------------------------------------------------------------


def adaptive_average_pool(inputs, output_size, data_format=None):
    """The means of `output_size` windows that cover the input evenly.

    Window i of m reaches from floor(i n / m) to ceil((i + 1) n / m), along each axis in space.
    """

    def shares(x, windows):
        weights = np.zeros((len(windows), x.shape[-1]), x.value.dtype)
        for row, (start, stop) in zip(weights, windows):
            row[start:stop] = 1 / (stop - start)
        return matmul(x, weights.T.copy())

    return _adaptive("adaptive_average_pool", shares, inputs, output_size, data_format)


def adaptive_max_pool(inputs, output_size, data_format=None):
    """The largest numbers of `output_size` windows that cover the input evenly, as in `adaptive_average_pool`."""

    def tops(x, windows):
        longest = max(stop - start for start, stop in windows)
        places = [[min(start + i, stop - 1) for i in range(longest)] for start, stop in windows]
        return largest(take(x, np.array(places, np.int32), -1), -1)

    return _adaptive("adaptive_max_pool", tops, inputs, output_size, data_format)


def _adaptive(name, pool_last_axis, inputs, output_size, data_format):
    x = floats(inputs)
    sizes = arguments.whole_numbers(name, "output_size", output_size, x.ndim - 2)
    first = 2 if arguments.data_format(name, data_format) == "channels_first" else 1
    for axis, m in enumerate(sizes, first):
        order = [i for i in range(x.ndim) if i != axis] + [axis]
        n = x.shape[axis]
        windows = [(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]
        x = transpose(pool_last_axis(transpose(x, order), windows), np.argsort(order).tolist())
    return x
