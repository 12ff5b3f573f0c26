"""The largest number, or the mean, of each window of an image."""

import numpy as np


def max_pool(x, size, strides, before, y, place):
    taps = np.stack(list(_taps(_bordered(x, size, strides, before, y, -np.inf), size, strides, y)))
    place[...] = taps.argmax(0)
    y[...] = taps.max(0)


def max_pool_grad(dy, place, size, strides, before, dx):
    found = _bordered(np.zeros_like(dx), size, strides, before, dy, 0)
    for k, tap in enumerate(_taps(found, size, strides, dy)):
        tap += np.where(place == k, dy, 0)
    dx[...] = _inside(found, before, dx)


def average_pool(x, size, strides, before, y):
    total = sum(_taps(_bordered(x, size, strides, before, y, 0), size, strides, y))
    y[...] = total / _count(x, size, strides, before, y)


def average_pool_grad(dy, size, strides, before, dx):
    found = _bordered(np.zeros_like(dx), size, strides, before, dy, 0)
    share = dy / _count(dx, size, strides, before, dy)
    for tap in _taps(found, size, strides, dy):
        tap += share
    dx[...] = _inside(found, before, dx)


def _count(x, size, strides, before, y):
    """How many numbers of x lie in each window: the border is left out."""
    ones = np.ones((1, *x.shape[1:3], 1), x.dtype)
    return sum(_taps(_bordered(ones, size, strides, before, y, 0), size, strides, y))


def _bordered(x, size, strides, before, y, value):
    """x with a border of `value`, so wide that all of y's windows lie within."""
    n, height, width, c = x.shape
    bottom, right = ((y.shape[i + 1] - 1) * strides[i] + size[i] for i in (0, 1))
    out = np.full((n, max(before[0] + height, bottom), max(before[1] + width, right), c), value, x.dtype)
    _inside(out, before, x)[...] = x
    return out


def _inside(bordered, before, x):
    return bordered[:, before[0] : before[0] + x.shape[1], before[1] : before[1] + x.shape[2]]


def _taps(bordered, size, strides, y):
    """For each place in a window, in order: the numbers that y's windows have there."""
    for a in range(size[0]):
        for b in range(size[1]):
            rows = slice(a, a + strides[0] * y.shape[1], strides[0])
            columns = slice(b, b + strides[1] * y.shape[2], strides[1])
            yield bordered[:, rows, columns]
