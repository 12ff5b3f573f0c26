"""Batch normalization. Sums over many rows are taken block by block: fast float32 within one, float64 between them."""

import math

import numpy as np

from .compiler import kernel

BLOCK = 64  # rows that stay in the first cache


@kernel
def column_moments(x, mean, variance):
    n, k = x.shape
    m, v = np.zeros(k), np.zeros(k)  # the mean so far, and the squared distances from it
    total, squares = np.empty(k, x.dtype), np.empty(k, x.dtype)
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        total[:] = 0
        squares[:] = 0
        for i in range(start, stop):
            for j in range(k):
                total[j] += x[i, j]
        for j in range(k):
            total[j] /= stop - start
        for i in range(start, stop):
            for j in range(k):
                squares[j] += (x[i, j] - total[j]) ** 2
        share = (stop - start) / stop
        for j in range(k):  # Chan, Golub and LeVeque (1983): two sets of rows become one
            d = total[j] - m[j]
            m[j] += d * share
            v[j] += squares[j] + d * d * start * share
    for j in range(k):
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
def batch_norm_sums(dy, x, mean, variance, e, dgamma, dbeta):
    n, k = x.shape
    g, b = np.zeros(k), np.zeros(k)
    part_g, part_b = np.empty(k, x.dtype), np.empty(k, x.dtype)
    for start in range(0, n, BLOCK):
        part_g[:] = 0
        part_b[:] = 0
        for i in range(start, min(start + BLOCK, n)):
            for j in range(k):
                part_g[j] += dy[i, j] * (x[i, j] - mean[j])
                part_b[j] += dy[i, j]
        for j in range(k):
            g[j] += part_g[j]
            b[j] += part_b[j]
    for j in range(k):
        dgamma[j] = g[j] / math.sqrt(variance[j] + e)
        dbeta[j] = b[j]


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
