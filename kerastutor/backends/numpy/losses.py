"""Cross-entropies, row by row, and their gradients."""

import numpy as np


def binary_crossentropy(y, p, e, out):
    p = np.clip(p, p.dtype.type(e), p.dtype.type(1 - e))
    out[:] = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(1)


def binary_crossentropy_grad(g, y, p, e, dp):
    inside = (p >= p.dtype.type(e)) & (p <= p.dtype.type(1 - e))
    p = np.where(inside, p, 0.5)
    dp[...] = np.where(inside, g[:, None] * (p - y) / (p * (1 - p) * p.shape[1]), 0)


def categorical_crossentropy(y, p, e, out):
    q = p / p.sum(1, keepdims=True)
    out[:] = -(y * np.log(np.clip(q, p.dtype.type(e), p.dtype.type(1 - e)))).sum(1)


def categorical_crossentropy_grad(g, y, p, e, dp):
    total = p.sum(1, keepdims=True)
    q = p / total
    inside = (q >= p.dtype.type(e)) & (q <= p.dtype.type(1 - e))
    dq = np.where(inside, -g[:, None] * y / np.where(inside, q, 1), 0)
    dp[...] = (dq - (dq * q).sum(1, keepdims=True)) / total


def sparse_crossentropy(labels, p, e, out):
    q = p[np.arange(len(p)), labels] / p.sum(1)
    out[:] = -np.log(np.clip(q, p.dtype.type(e), p.dtype.type(1 - e)))


def sparse_crossentropy_grad(g, labels, p, e, dp):
    y = np.zeros_like(p)
    y[np.arange(len(p)), labels] = 1
    categorical_crossentropy_grad(g, y, p, e, dp)
