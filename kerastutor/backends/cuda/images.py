"""Images moved, turned and stretched: a thread for each number of the result."""

import math

import numpy as np
from numba import cuda

from .functions import floor
from .launch import kernel, launch
from .pooling import pixel


@kernel(fills=1)
def warp(x, transform, bilinear, fill, fill_value, y):
    launch(_warp, y.size, x, transform, bilinear, fill, x.dtype.type(fill_value), x.dtype.type(0), y)


@cuda.jit
def _warp(x, transform, bilinear, fill, fill_value, zero, y):
    at = cuda.grid(1)
    if at < y.size:
        image, i, j, c = pixel(at, y)
        row, column = origin(transform, image, i, j)
        total = zero
        for k in range(4 if bilinear else 1):
            line, place, weight = neighbour(row, column, k, bilinear)
            line, place = stand_in(line, x.shape[1], fill), stand_in(place, x.shape[2], fill)
            if line >= 0 and place >= 0:
                total += weight * x[image, line, place, c]
            else:
                total += weight * fill_value
        y[image, i, j, c] = total


@kernel(fills=1)
def warp_grad(dy, transform, bilinear, fill, dx):
    launch(_clear, dx.size, dx.reshape(dx.size))
    launch(_warp_grad, dy.size, dy, transform, bilinear, fill, dx)


@cuda.jit
def _clear(x):
    i = cuda.grid(1)
    if i < x.size:
        x[i] = 0


@cuda.jit
def _warp_grad(dy, transform, bilinear, fill, dx):
    at = cuda.grid(1)
    if at < dy.size:
        image, i, j, c = pixel(at, dy)
        row, column = origin(transform, image, i, j)
        for k in range(4 if bilinear else 1):
            line, place, weight = neighbour(row, column, k, bilinear)
            line, place = stand_in(line, dx.shape[1], fill), stand_in(place, dx.shape[2], fill)
            if line >= 0 and place >= 0:
                cuda.atomic.add(dx, (image, line, place, c), weight * dy[image, i, j, c])


@cuda.jit(device=True)
def origin(transform, image, i, j):
    """Where in the image pixel (i, j) of the result comes from: row and column."""
    row = i * transform[image, 4] + j * transform[image, 3] + transform[image, 5]
    column = i * transform[image, 1] + j * transform[image, 0] + transform[image, 2]
    return row, column


@cuda.jit(device=True)
def neighbour(row, column, k, bilinear):
    """The k-th of the pixels that are mixed there: its row, its column, and how much it counts."""
    top, left = floor(row), floor(column)
    down, right = row - top, column - left
    weight = (down if k >= 2 else 1 - down) * (right if k % 2 else 1 - right)
    if not bilinear:
        return half_away(row), half_away(column), weight * 0 + 1
    return int(top) + k // 2, int(left) + k % 2, weight


@cuda.jit(device=True)
def half_away(v):
    """The nearest whole number; of two equally near the one further from 0."""
    return int(math.trunc(v + np.float64(0.5 if v >= 0 else -0.5)))


@cuda.jit(device=True)
def stand_in(i, n, fill):
    """The one of n lines that stands for line i; -1 for none."""
    if fill == 0:
        return i if 0 <= i < n else -1
    if fill == 1:
        return min(max(i, 0), n - 1)
    if fill == 2:
        return i % n
    period = max(2 * (n - 1), 1) if fill == 3 else 2 * n
    back = (period if fill == 3 else period - 1) - i % period
    return min(i % period, back)
