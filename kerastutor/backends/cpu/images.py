"""Images moved, turned and stretched."""

import math

import numpy as np

from .compiler import kernel


@kernel
def line(i, n, fill):
    """The one of n lines that stands for line i; -1 for none."""
    if fill == 0:
        return i if 0 <= i < n else -1
    if fill == 1:
        return min(max(i, 0), n - 1)
    if fill == 2:
        return i % n
    period = max(2 * (n - 1), 1) if fill == 3 else 2 * n
    return min(i % period, (period if fill == 3 else period - 1) - i % period)


@kernel
def neighbours(row, column, shape, bilinear, fill, rows, columns, weights):
    """Find the pixels that a point between them is made of: one, or four; -1 beyond the image. Returns how many."""
    if not bilinear:
        rows[0] = line(int(np.trunc(row + math.copysign(0.5, row))), shape[1], fill)
        columns[0] = line(int(np.trunc(column + math.copysign(0.5, column))), shape[2], fill)
        weights[0] = 1
        return 1
    top, left = math.floor(row), math.floor(column)
    down, right = row - top, column - left
    for k in range(4):
        rows[k], columns[k] = line(top + k // 2, shape[1], fill), line(left + k % 2, shape[2], fill)
        weights[k] = (down if k // 2 else 1 - down) * (right if k % 2 else 1 - right)
    return 4


@kernel
def warp(x, transform, bilinear, fill, fill_value, y):
    rows, columns, weights = np.empty(4, np.int64), np.empty(4, np.int64), np.empty(4, x.dtype)
    for n in range(x.shape[0]):
        a0, a1, a2, b0, b1, b2 = transform[n, :6]
        for i in range(x.shape[1]):
            for j in range(x.shape[2]):
                row, column = i * b1 + j * b0 + b2, i * a1 + j * a0 + a2
                count = neighbours(row, column, x.shape, bilinear, fill, rows, columns, weights)
                pixel = y[n, i, j]
                pixel[:] = 0
                for k in range(count):
                    for c in range(pixel.size):
                        value = x[n, rows[k], columns[k], c] if rows[k] >= 0 and columns[k] >= 0 else fill_value
                        pixel[c] += weights[k] * value


@kernel
def warp_grad(dy, transform, bilinear, fill, dx):
    rows, columns, weights = np.empty(4, np.int64), np.empty(4, np.int64), np.empty(4, dx.dtype)
    dx[:] = 0
    for n in range(dx.shape[0]):
        a0, a1, a2, b0, b1, b2 = transform[n, :6]
        for i in range(dx.shape[1]):
            for j in range(dx.shape[2]):
                row, column = i * b1 + j * b0 + b2, i * a1 + j * a0 + a2
                count = neighbours(row, column, dx.shape, bilinear, fill, rows, columns, weights)
                for k in range(count):
                    if rows[k] >= 0 and columns[k] >= 0:
                        for c in range(dx.shape[3]):
                            dx[n, rows[k], columns[k], c] += weights[k] * dy[n, i, j, c]
