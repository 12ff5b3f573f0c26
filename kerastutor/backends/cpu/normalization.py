"""Batch normalization. Sums over many rows are taken block by block: fast float32 within one, float64 between them.

Cores take some blocks each; what they found is put together afterwards, in the same order each time.
"""

import math

import numpy as np

from . import crew
from .compiler import composed, kernel

BLOCK = 64  # rows that stay in the first cache


@composed
def column_moments(x, mean, variance):
    found = np.empty((crew.CORES, 3, x.shape[1]))
    return [(some_moments, (x, found)), (join_moments, (found, mean, variance))]


@composed
def batch_norm_sums(dy, x, mean, variance, e, dgamma, dbeta):
    found = np.empty((crew.CORES, 2, x.shape[1]))
    return [(some_sums, (dy, x, mean, found)), (join_sums, (found, variance, e, dgamma, dbeta))]


@kernel
def some_moments(x, found):
    """found[0] = how many rows there are, each column's mean, its squared distances from it, added; the others 0."""
    n, k = x.shape
    found[:] = 0
    m, v = found[0, 1], found[0, 2]
    total, squares = np.empty(k, x.dtype), np.empty(k, x.dtype)
    for start in range(0, n, BLOCK):
        some = x[start : start + BLOCK]
        total[:] = 0
        squares[:] = 0
        for i in range(len(some)):
            for j in range(k):
                total[j] += some[i, j]
        for j in range(k):
            total[j] /= len(some)
        for i in range(len(some)):
            for j in range(k):
                squares[j] += (some[i, j] - total[j]) ** 2
        add_moments(start, m, v, len(some), total, squares)
    found[0, 0] = n


@kernel
def add_moments(n, mean, squares, more, its_mean, its_squares):
    """The moments of n rows become those of n + more: Chan, Golub and LeVeque (1983)."""
    if more:
        share = more / (n + more)
        for j in range(mean.size):
            d = its_mean[j] - mean[j]
            mean[j] += d * share
            squares[j] += its_squares[j] + d * d * n * share


@kernel
def join_moments(found, mean, variance):
    n, m, v = 0, np.zeros(mean.size), np.zeros(mean.size)
    for core in range(len(found)):
        more = int(found[core, 0, 0])
        add_moments(n, m, v, more, found[core, 1], found[core, 2])
        n += more
    for j in range(mean.size):
        mean[j] = m[j] if n else math.nan
        variance[j] = v[j] / n


@kernel
def batch_norm(x, mean, variance, gamma, beta, e, y):
    k = x.shape[1]
    factor = np.empty(k, x.dtype)
    for j in range(k):
        factor[j] = gamma[j] / math.sqrt(variance[j] + e)
    for i in range(x.shape[0]):
        for j in range(k):
            y[i, j] = (x[i, j] - mean[j]) * factor[j] + beta[j]


@kernel
def some_sums(dy, x, mean, found):
    """found[0] = each column's sum of dy * (x - mean), and of dy; the others are 0."""
    n, k = x.shape
    found[:] = 0
    part_g, part_b = np.empty(k, x.dtype), np.empty(k, x.dtype)
    for start in range(0, n, BLOCK):
        some, its_dy = x[start : start + BLOCK], dy[start : start + BLOCK]
        part_g[:] = 0
        part_b[:] = 0
        for i in range(len(some)):
            for j in range(k):
                part_g[j] += its_dy[i, j] * (some[i, j] - mean[j])
                part_b[j] += its_dy[i, j]
        for j in range(k):
            found[0, 0, j] += part_g[j]
            found[0, 1, j] += part_b[j]


@kernel
def join_sums(found, variance, e, dgamma, dbeta):
    for j in range(dgamma.size):
        g = b = 0.0
        for core in range(len(found)):
            g += found[core, 0, j]
            b += found[core, 1, j]
        dgamma[j] = g / math.sqrt(variance[j] + e)
        dbeta[j] = b


@kernel
def batch_norm_grad(dy, x, mean, variance, gamma, dgamma, dbeta, rows, e, dx):
    k = x.shape[1]
    factor, a, b = np.empty(k, x.dtype), np.empty(k, x.dtype), np.empty(k, x.dtype)
    for j in range(k):
        inv = 1 / math.sqrt(variance[j] + e)
        factor[j], a[j], b[j] = gamma[j] * inv, inv * dgamma[j] / rows, dbeta[j] / rows
    for i in range(x.shape[0]):
        for j in range(k):
            dx[i, j] = factor[j] * (dy[i, j] - b[j] - (x[i, j] - mean[j]) * a[j])
