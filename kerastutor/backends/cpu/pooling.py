"""The largest number, or the mean, of each window of an image.

For each window in turn the places in it, and innermost the channels: they lie side by side in memory, so that the
processor takes eight at once.
"""

import numpy as np

from .compiler import kernel


@kernel
def max_pool(x, size, strides, before, y, place):
    lowest, nowhere = x.dtype.type(-np.inf), place.dtype.type(0)
    for n in range(y.shape[0]):
        for i in range(y.shape[1]):
            top = i * strides[0] - before[0]
            for j in range(y.shape[2]):
                left = j * strides[1] - before[1]
                best, where = y[n, i, j], place[n, i, j]
                for c in range(best.size):
                    best[c], where[c] = lowest, nowhere
                for a in range(max(-top, 0), min(size[0], x.shape[1] - top)):
                    for b in range(max(-left, 0), min(size[1], x.shape[2] - left)):
                        pixel, k = x[n, top + a, left + b], place.dtype.type(a * size[1] + b)
                        for c in range(best.size):
                            new, old, at = pixel[c], best[c], where[c]  # loads first, or nothing is vectorised
                            wins = (new > old) | ((new != new) & (old == old))  # NaN wins, and stays
                            best[c] = new if wins else old
                            where[c] = k if wins else at


@kernel
def max_pool_grad(dy, place, size, strides, before, dx):
    none = dx.dtype.type(0)
    dx[:] = none
    for n in range(dy.shape[0]):
        for i in range(dy.shape[1]):
            top = i * strides[0] - before[0]
            for j in range(dy.shape[2]):
                left = j * strides[1] - before[1]
                g, where = dy[n, i, j], place[n, i, j]
                for a in range(max(-top, 0), min(size[0], dx.shape[1] - top)):
                    for b in range(max(-left, 0), min(size[1], dx.shape[2] - left)):
                        pixel, k = dx[n, top + a, left + b], a * size[1] + b
                        for c in range(g.size):
                            pixel[c] += g[c] if where[c] == k else none


@kernel
def average_pool(x, size, strides, before, y):
    none = x.dtype.type(0)
    for n in range(y.shape[0]):
        for i in range(y.shape[1]):
            top = i * strides[0] - before[0]
            rows = range(max(-top, 0), min(size[0], x.shape[1] - top))
            for j in range(y.shape[2]):
                left = j * strides[1] - before[1]
                columns = range(max(-left, 0), min(size[1], x.shape[2] - left))
                mean, count = y[n, i, j], x.dtype.type(len(rows) * len(columns))
                for c in range(mean.size):
                    mean[c] = none
                for a in rows:
                    for b in columns:
                        pixel = x[n, top + a, left + b]
                        for c in range(mean.size):
                            mean[c] += pixel[c]
                for c in range(mean.size):
                    mean[c] /= count


@kernel
def average_pool_grad(dy, size, strides, before, dx):
    dx[:] = dx.dtype.type(0)
    for n in range(dy.shape[0]):
        for i in range(dy.shape[1]):
            top = i * strides[0] - before[0]
            rows = range(max(-top, 0), min(size[0], dx.shape[1] - top))
            for j in range(dy.shape[2]):
                left = j * strides[1] - before[1]
                columns = range(max(-left, 0), min(size[1], dx.shape[2] - left))
                g, share = dy[n, i, j], dy.dtype.type(1) / dy.dtype.type(len(rows) * len(columns))
                for a in rows:
                    for b in columns:
                        pixel = dx[n, top + a, left + b]
                        for c in range(g.size):
                            pixel[c] += g[c] * share
