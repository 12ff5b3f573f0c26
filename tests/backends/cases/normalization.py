"""Batch normalization."""

import numpy as np

from .case import ROWS, Case, Out, normal, positive

NOT_INFINITE = (np.nan, 0.0, -0.0)  # with an infinite number in it, a mean is NaN where blocks of rows are merged
E = 1e-3



def _moments(rng, shape, dtype):
    x = normal(rng, shape, dtype) + np.asarray(3, dtype)  # far from 0 beside its spread
    return x, Out(shape[1], dtype), Out(shape[1], dtype)


def _statistics(rng, k, dtype):
    return normal(rng, k, dtype), positive(rng, k, dtype)


def _batch_norm(rng, shape, dtype):
    k = shape[1]
    return (
        normal(rng, shape, dtype), *_statistics(rng, k, dtype), normal(rng, k, dtype), normal(rng, k, dtype), E,
        Out(shape, dtype),
    )


def _sums(rng, shape, dtype):
    k = shape[1]
    return (
        normal(rng, shape, dtype), normal(rng, shape, dtype), *_statistics(rng, k, dtype), E, Out(k, dtype),
        Out(k, dtype),
    )


def _grad(rng, shape, dtype):
    k = shape[1]
    vectors = [normal(rng, k, dtype) for _ in range(3)]
    return (
        normal(rng, shape, dtype), normal(rng, shape, dtype), *_statistics(rng, k, dtype), *vectors, max(shape[0], 1),
        E, Out(shape, dtype),
    )


CASES = {
    "column_moments": Case(_moments, ROWS, terms=lambda shape: 64, special=NOT_INFINITE),
    "batch_norm": Case(_batch_norm, ROWS, terms=lambda shape: 16),
    "batch_norm_sums": Case(_sums, ROWS, terms=lambda shape: 64 + 4 * shape[0]),
    "batch_norm_grad": Case(_grad, ROWS, terms=lambda shape: 100),
}
