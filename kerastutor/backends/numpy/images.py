"""Images moved, turned and stretched."""

import numpy as np


def warp(x, transform, bilinear, fill, fill_value, y):
    y[...] = 0
    for i, j, weight in _neighbours(x.shape, transform, bilinear):
        i, j, inside = _line(i, x.shape[1], fill), _line(j, x.shape[2], fill), True
        if fill == 0:
            inside = ((i >= 0) & (j >= 0))[..., None]
        y += weight[..., None] * np.where(inside, x[_image(x), i, j], x.dtype.type(fill_value))


def warp_grad(dy, transform, bilinear, fill, dx):
    dx[...] = 0
    for i, j, weight in _neighbours(dy.shape, transform, bilinear):
        i, j = _line(i, dx.shape[1], fill), _line(j, dx.shape[2], fill)
        np.add.at(dx, (_image(dx), i, j), (weight * ((i >= 0) & (j >= 0)))[..., None] * dy)


def _image(x):
    return np.arange(len(x))[:, None, None]


def _neighbours(shape, transform, bilinear):
    """Rows, columns and weights of the pixels that each pixel of the result is made of: one, or four."""
    a0, a1, a2, b0, b1, b2 = (transform[:, k, None, None] for k in range(6))
    i, j = np.arange(shape[1], dtype=transform.dtype)[:, None], np.arange(shape[2], dtype=transform.dtype)
    row, column = i * b1 + j * b0 + b2, i * a1 + j * a0 + a2
    if not bilinear:
        half_away = lambda v: np.trunc(v + np.copysign(0.5, v, dtype=np.float64)).astype(np.int64)
        yield half_away(row), half_away(column), np.ones(row.shape, row.dtype)
        return
    top, left = np.floor(row), np.floor(column)
    down, right = row - top, column - left
    top, left = top.astype(np.int64), left.astype(np.int64)
    yield top, left, (1 - down) * (1 - right)
    yield top, left + 1, (1 - down) * right
    yield top + 1, left, down * (1 - right)
    yield top + 1, left + 1, down * right


def _line(i, n, fill):
    """The one of n lines that stands for line i; -1 for none."""
    if fill == 0:
        return np.where((i >= 0) & (i < n), i, -1)
    if fill == 1:
        return np.clip(i, 0, n - 1)
    if fill == 2:
        return i % n
    period = max(2 * (n - 1), 1) if fill == 3 else 2 * n
    return np.minimum(i % period, (period if fill == 3 else period - 1) - i % period)
