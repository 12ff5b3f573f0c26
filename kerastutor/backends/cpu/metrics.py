"""Accuracies, one number a row; running totals and counts."""

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


@kernel
def count_hits(thresholds, y, p, weights, tp, fp, tn, fn):
    t = thresholds.size
    passed = np.zeros((2, t + 1))  # the weight of negatives and of positives, by how many thresholds they pass
    for j in range(p.shape[1]):
        passed[...] = 0
        for i in range(p.shape[0]):
            low, high = 0, t
            while low < high:  # thresholds[:low] are passed, thresholds[high:] are not
                middle = (low + high) // 2
                if p[i, j] > thresholds[middle]:
                    low = middle + 1
                else:
                    high = middle
            passed[1 if y[i, j] != 0 else 0, low] += weights[i, j] if weights.size > 1 else weights[0, 0]
        negatives, positives = 0.0, 0.0
        for m in range(t):
            negatives += passed[0, m]
            positives += passed[1, m]
            tn[m, j] += negatives
            fn[m, j] += positives
        negatives, positives = 0.0, 0.0
        for m in range(t - 1, -1, -1):
            negatives += passed[0, m + 1]
            positives += passed[1, m + 1]
            fp[m, j] += negatives
            tp[m, j] += positives


@kernel
def count_pairs(a, b, weights, table):
    k = table.shape[0]
    for i in range(a.size):
        if 0 <= a[i] < k and 0 <= b[i] < k:
            table[a[i], b[i]] += weights[i if weights.size > 1 else 0]
