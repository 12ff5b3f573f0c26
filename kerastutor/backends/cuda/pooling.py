"""The largest number, or the mean, of each window of an image: a thread for each number of the result.

On the way back too: each thread asks which windows its number was in, so that no two threads write to the same place.
"""

import numpy as np
from numba import cuda

from .launch import kernel, launch


@cuda.jit(device=True)
def pixel(i, x):
    """Image, row, column and channel of number i."""
    c = i % x.shape[3]
    i //= x.shape[3]
    column = i % x.shape[2]
    i //= x.shape[2]
    return i // x.shape[1], i % x.shape[1], column, c


@kernel(fills=2)
def max_pool(x, size, strides, before, y, place):
    launch(_max_pool, y.size, x, size, strides, before, y.dtype.type(-np.inf), y, place)


@cuda.jit
def _max_pool(x, size, strides, before, outside, y, place):
    i = cuda.grid(1)
    if i < y.size:
        image, p, q, c = pixel(i, y)
        found, at = outside, 0
        for a in range(size[0]):
            for b in range(size[1]):
                row, column = p * strides[0] - before[0] + a, q * strides[1] - before[1] + b
                if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
                    here = x[image, row, column, c]
                    if here > found or (here != here and found == found):
                        found, at = here, a * size[1] + b
        y[image, p, q, c] = found
        place[image, p, q, c] = at


@kernel(fills=1)
def max_pool_grad(dy, place, size, strides, before, dx):
    launch(_max_pool_grad, dx.size, dy, place, size, strides, before, dx.dtype.type(0), dx)


@cuda.jit
def _max_pool_grad(dy, place, size, strides, before, zero, dx):
    i = cuda.grid(1)
    if i < dx.size:
        image, row, column, c = pixel(i, dx)
        total = zero
        for a in range(size[0]):
            for b in range(size[1]):
                p, q = row + before[0] - a, column + before[1] - b
                if p >= 0 and q >= 0 and p % strides[0] == 0 and q % strides[1] == 0:
                    p, q = p // strides[0], q // strides[1]
                    if p < dy.shape[1] and q < dy.shape[2] and place[image, p, q, c] == a * size[1] + b:
                        total += dy[image, p, q, c]
        dx[image, row, column, c] = total


@cuda.jit(device=True)
def inside(p, n, size, stride, before):
    """How many lines of a window lie in the image."""
    first = p * stride - before
    return min(first + size, n) - max(first, 0)


@kernel(fills=1)
def average_pool(x, size, strides, before, y):
    launch(_average_pool, y.size, x, size, strides, before, y.dtype.type(0), y)


@cuda.jit
def _average_pool(x, size, strides, before, zero, y):
    i = cuda.grid(1)
    if i < y.size:
        image, p, q, c = pixel(i, y)
        total, count = zero, 0
        for a in range(size[0]):
            for b in range(size[1]):
                row, column = p * strides[0] - before[0] + a, q * strides[1] - before[1] + b
                if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
                    total += x[image, row, column, c]
                    count += 1
        y[image, p, q, c] = total / count


@kernel(fills=1)
def average_pool_grad(dy, size, strides, before, dx):
    launch(_average_pool_grad, dx.size, dy, size, strides, before, dx.dtype.type(0), dx)


@cuda.jit
def _average_pool_grad(dy, size, strides, before, zero, dx):
    i = cuda.grid(1)
    if i < dx.size:
        image, row, column, c = pixel(i, dx)
        total = zero
        for a in range(size[0]):
            for b in range(size[1]):
                p, q = row + before[0] - a, column + before[1] - b
                if p >= 0 and q >= 0 and p % strides[0] == 0 and q % strides[1] == 0:
                    p, q = p // strides[0], q // strides[1]
                    if p < dy.shape[1] and q < dy.shape[2]:
                        count = inside(p, dx.shape[1], size[0], strides[0], before[0]) \
                            * inside(q, dx.shape[2], size[1], strides[1], before[1])
                        total += dy[image, p, q, c] / count
        dx[image, row, column, c] = total
