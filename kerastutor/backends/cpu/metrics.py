"""Accuracies, one number a row, and running totals."""

import numpy as np

from .compiler import kernel

f32 = np.float32


@kernel
def binary_accuracy(y, p, threshold, out):
    limit = p.dtype.type(threshold)
    for i in range(p.shape[0]):
        hits = 0
        for j in range(p.shape[1]):
            hits += f32(p[i, j] > limit) == y[i, j]
        out[i] = hits / p.shape[1]


@kernel
def categorical_accuracy(y, p, out):
    for i in range(p.shape[0]):
        at_y, at_p, top_y, top_p = 0, 0, y[i, 0], p[i, 0]
        for j in range(1, p.shape[1]):  # choices instead of branches: which one is taken can't be predicted
            more_y, more_p = y[i, j] > top_y, p[i, j] > top_p
            at_y, top_y = (j if more_y else at_y), (y[i, j] if more_y else top_y)
            at_p, top_p = (j if more_p else at_p), (p[i, j] if more_p else top_p)
        out[i] = at_y == at_p


@kernel
def sparse_accuracy(labels, p, out):
    for i in range(p.shape[0]):
        best, top = 0, p[i, 0]
        for j in range(1, p.shape[1]):
            more = p[i, j] > top
            best, top = (j if more else best), (p[i, j] if more else top)
        out[i] = best == labels[i]


@kernel
def accumulate(values, weights, total, count):
    t = c = 0.0
    for i in range(values.size):
        w = weights[i if weights.size > 1 else 0]
        t += values[i] * w
        c += w
    total[0] += t
    count[0] += c
