"""Counts that metrics keep."""

import numpy as np

from .case import ROWS, TABLES, Case, InOut, positive


def _count_hits(rng, shape, dtype):
    """Thresholds that predictions equal now and then; one weight for all where the number of rows is odd."""
    n, k = shape
    thresholds = np.sort(rng.integers(0, 9, k + 2) / 8).astype(dtype)
    y, p = (np.asarray(rng.integers(0, most, shape) / most, dtype) for most in (2, 8))
    weights = positive(rng, (1, 1) if n % 2 else shape, dtype)
    return thresholds, y, p, weights, *[InOut(positive(rng, (k + 2, k), "float64")) for _ in range(4)]


def _count_pairs(rng, shape, dtype):
    k, _, n = shape
    a, b = (rng.integers(-1, k + 1, n).astype(np.int32) for _ in range(2))
    table = np.ones((k, k), dtype) if n % 2 else np.ones((k, k), np.int64)
    weights = rng.integers(0, 5, 1 if k % 2 else n).astype(table.dtype)
    return a, b, weights, InOut(table)


CASES = {
    "count_hits": Case(_count_hits, ROWS, terms=lambda shape: 4 * shape[0], spoiled_from=1),
    "count_pairs": Case(_count_pairs, TABLES, exact=True),
}
