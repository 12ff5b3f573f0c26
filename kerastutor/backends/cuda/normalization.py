"""Batch normalization: sums over the rows in double precision, then a thread for each number."""

import numpy as np
from numba import cuda

from . import memory
from .functions import sqrt
from .launch import kernel, launch
from .reductions import EACH, _add_up, mine, reduce

ZERO = np.float64(0)


@kernel(fills=2)
def column_moments(x, mean, variance):
    (n, k), total = x.shape, memory.workspace("columns", mean.size, np.float64)
    reduce(_add_up, x, 1, n, k, total, ZERO)
    launch(_share, k, total, np.float64(n), mean)
    partial, m = _partial(x)
    launch(_add_squares, partial.size, x.reshape(x.size), mean, n, m, k, ZERO, partial)
    reduce(_add_up, partial, 1, m, k, total, ZERO)
    launch(_share, k, total, np.float64(n), variance)


def _partial(x):
    """Memory for sums of some rows each, and how many sums there are for a column."""
    m = -(-x.shape[0] // EACH) or 1
    return memory.workspace("rows", m * x.shape[1], np.float64), m


@cuda.jit
def _share(total, n, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = total[i] / n


@cuda.jit
def _add_squares(x, mean, n, m, k, zero, out):
    i = cuda.grid(1)
    if i < out.size:
        first, end, step = mine(i, n, m, k)
        total = zero
        for j in range(first, end, step):
            distance = x[j] - mean[i % k]
            total += distance * distance
        out[i] = total


@kernel(fills=1)
def batch_norm(x, mean, variance, gamma, beta, e, y):
    launch(_batch_norm, x.size, x, mean, variance, gamma, beta, x.dtype.type(e), y)


@cuda.jit
def _batch_norm(x, mean, variance, gamma, beta, e, y):
    i = cuda.grid(1)
    if i < x.size:
        row, j = i // x.shape[1], i % x.shape[1]
        y[row, j] = (x[row, j] - mean[j]) * (gamma[j] / sqrt(variance[j] + e)) + beta[j]


@kernel(fills=2)
def batch_norm_sums(dy, x, mean, variance, e, dgamma, dbeta):
    (n, k), total = x.shape, memory.workspace("columns", mean.size, np.float64)
    partial, m = _partial(x)
    launch(_add_products, partial.size, dy.reshape(x.size), x.reshape(x.size), mean, n, m, k, ZERO, partial)
    reduce(_add_up, partial, 1, m, k, total, ZERO)
    launch(_by_deviation, k, total, variance, x.dtype.type(e), dgamma)
    reduce(_add_up, dy, 1, n, k, total, ZERO)
    launch(_share, k, total, np.float64(1), dbeta)


@cuda.jit
def _add_products(dy, x, mean, n, m, k, zero, out):
    i = cuda.grid(1)
    if i < out.size:
        first, end, step = mine(i, n, m, k)
        total = zero
        for j in range(first, end, step):
            total += dy[j] * (x[j] - mean[i % k])
        out[i] = total


@cuda.jit
def _by_deviation(total, variance, e, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = total[i] / sqrt(variance[i] + e)


@kernel(fills=1)
def batch_norm_grad(dy, x, mean, variance, gamma, dgamma, dbeta, rows, e, dx):
    number = x.dtype.type
    launch(_batch_norm_grad, x.size, dy, x, mean, variance, gamma, dgamma, dbeta, number(rows), number(e), dx)


@cuda.jit
def _batch_norm_grad(dy, x, mean, variance, gamma, dgamma, dbeta, rows, e, dx):
    i = cuda.grid(1)
    if i < x.size:
        row, j = i // x.shape[1], i % x.shape[1]
        inv = 1 / sqrt(variance[j] + e)
        through = dbeta[j] / rows + (x[row, j] - mean[j]) * inv * (dgamma[j] / rows)
        dx[row, j] = gamma[j] * inv * (dy[row, j] - through)
