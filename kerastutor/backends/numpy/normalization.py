"""Batch normalization."""

import numpy as np


def column_moments(x, mean, variance):
    with np.errstate(all="ignore"):
        mean[:] = x.sum(0, dtype=np.float64) / len(x)
        variance[:] = np.square(x - mean).sum(0, dtype=np.float64) / len(x)


def batch_norm(x, mean, variance, gamma, beta, e, y):
    with np.errstate(all="ignore"):
        y[...] = (x - mean) * (gamma / np.sqrt(variance + e)) + beta


def batch_norm_sums(dy, x, mean, variance, e, dgamma, dbeta):
    with np.errstate(all="ignore"):
        dgamma[:] = (dy * (x - mean)).sum(0, dtype=np.float64) / np.sqrt(variance + e)
    dbeta[:] = dy.sum(0, dtype=np.float64)


def batch_norm_grad(dy, x, mean, variance, gamma, dgamma, dbeta, rows, e, dx):
    with np.errstate(all="ignore"):
        inv = 1 / np.sqrt(variance + e)
        dx[...] = gamma * inv * (dy - dbeta / rows - (x - mean) * inv * (dgamma / rows))
