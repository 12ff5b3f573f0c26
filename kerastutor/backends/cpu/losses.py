"""Cross-entropies on probabilities, one number a row. Probabilities are kept within e..1-e, where the gradient is 0."""

import math

import numpy as np

from .compiler import kernel

f32 = np.float32


@kernel
def binary_crossentropy(y, p, e, out):
    low, high = p.dtype.type(e), p.dtype.type(1 - e)
    for i in range(p.shape[0]):
        s = 0.0
        for j in range(p.shape[1]):
            q = low if p[i, j] < low else high if p[i, j] > high else p[i, j]
            s -= y[i, j] * math.log(q) + (f32(1) - y[i, j]) * math.log(f32(1) - q)
        out[i] = s / p.shape[1]


@kernel
def binary_crossentropy_grad(g, y, p, e, dp):
    low, high = p.dtype.type(e), p.dtype.type(1 - e)
    for i in range(p.shape[0]):
        s = g[i] / p.shape[1]
        for j in range(p.shape[1]):
            q = p[i, j]
            dp[i, j] = s * (q - y[i, j]) / (q * (f32(1) - q)) if low <= q <= high else f32(0)


@kernel
def categorical_crossentropy(y, p, e, out):
    low, high = p.dtype.type(e), p.dtype.type(1 - e)
    for i in range(p.shape[0]):
        total, mass, squares, picked = f32(0), f32(0), f32(0), f32(0)
        for j in range(p.shape[1]):
            total += p[i, j]
            mass += y[i, j]
            squares += y[i, j] * y[i, j]
            picked += y[i, j] * p[i, j]
        if mass == 1 and squares == 1:  # a single 1 among zeros: one logarithm is enough
            q = picked / total
            out[i] = -math.log(low if q < low else high if q > high else q)
        else:
            s = f32(0)
            for j in range(p.shape[1]):
                q = p[i, j] / total
                s -= y[i, j] * math.log(low if q < low else high if q > high else q)
            out[i] = s


@kernel
def categorical_crossentropy_grad(g, y, p, e, dp):
    low, high = p.dtype.type(e), p.dtype.type(1 - e)
    for i in range(p.shape[0]):
        total, dot = f32(0), f32(0)
        for j in range(p.shape[1]):
            total += p[i, j]
        for j in range(p.shape[1]):
            q = p[i, j] / total
            dp[i, j] = -g[i] * y[i, j] / q if low <= q <= high else f32(0)
            dot += dp[i, j] * q
        for j in range(p.shape[1]):
            dp[i, j] = (dp[i, j] - dot) / total


@kernel
def sparse_crossentropy(labels, p, e, out):
    low, high = p.dtype.type(e), p.dtype.type(1 - e)
    for i in range(p.shape[0]):
        total = f32(0)
        for j in range(p.shape[1]):
            total += p[i, j]
        q = p[i, labels[i]] / total
        q = low if q < low else high if q > high else q
        out[i] = -math.log(q)


@kernel
def sparse_crossentropy_grad(g, labels, p, e, dp):
    low, high = p.dtype.type(e), p.dtype.type(1 - e)
    for i in range(p.shape[0]):
        total = f32(0)
        for j in range(p.shape[1]):
            total += p[i, j]
        q = p[i, labels[i]] / total
        s = f32(0) if q < low or q > high else g[i] / total  # NaN is neither, so it stays
        for j in range(p.shape[1]):
            dp[i, j] = s
        if s != 0:
            dp[i, labels[i]] -= s / q
