"""Accuracies, running sums and counts."""

import numpy as np


def binary_accuracy(y, p, threshold, out):
    out[:] = ((p > threshold) == y).mean(1)


def categorical_accuracy(y, p, out):
    out[:] = y.argmax(1) == p.argmax(1)


def sparse_accuracy(labels, p, out):
    out[:] = labels == p.argmax(1)


def accumulate(values, weights, total, count):
    weights = np.broadcast_to(weights, values.shape)
    total[0] += (values * weights).sum(dtype=np.float64)
    count[0] += weights.sum(dtype=np.float64)


def count_hits(thresholds, y, p, weights, tp, fp, tn, fn):
    positive, called = y != 0, p > thresholds[:, None, None]  # (n, k), (t, n, k)
    for counted, those in ((tp, positive & called), (fp, ~positive & called), (tn, ~positive & ~called),
                           (fn, positive & ~called)):
        counted += np.where(those, weights, 0).sum(1, dtype=np.float64)


def count_pairs(a, b, weights, table):
    inside = (a >= 0) & (a < len(table)) & (b >= 0) & (b < len(table))
    np.add.at(table, (a[inside], b[inside]), np.broadcast_to(weights, a.shape)[inside])
