"""One case for each kernel: how to make its arguments, and how closely the backends must agree.

`make(rng, shape, dtype)` gives the arguments in the order of `interface.py`; what the kernel writes is marked:

    Out(shape, dtype)   written whole; what it held before must not matter
    InOut(array)        read and written
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

SPECIAL = (np.nan, np.inf, -np.inf, 0.0, -0.0)
LARGE = 65_536 + 5  # from 65,536 elements on, kernels may share their work among the cores


@dataclass
class Out:
    shape: Any
    dtype: Any


@dataclass
class InOut:
    array: np.ndarray


@dataclass
class Shapes:
    """Shapes that were trouble somewhere, and a strategy for more."""

    awkward: list
    any: Any


@dataclass
class Case:
    """How one kernel is tested.

    exact    the backends agree bit for bit: nothing is rounded
    terms    how many numbers a result is the sum of, given the shape: each addition rounds once more
    special  the numbers that come out of every backend as they do in NumPy; fewer where a reason is given
    spoiled_from  the first argument that they are put into
    """

    make: Any
    shapes: Shapes
    exact: bool = False
    terms: Any = field(default=lambda shape: 1)
    special: tuple = SPECIAL
    spoiled_from: int = 0
    dtypes: tuple = ("float32", "float64")


# shapes ----------------------------------------------------------------------------------------

SIDE = st.integers(0, 40)
ELEMENTS = Shapes([0, 1, 2, 7, 8, 9, 1003, LARGE], st.integers(0, 300))
ROWS = Shapes(
    [(0, 3), (1, 1), (1, 10), (9, 1), (7, 17), (64, 8), (33, 100), (6557, 10)], st.tuples(SIDE, st.integers(1, 40))
)
PAIRS = Shapes(
    [((0,), (1,)), ((), ()), ((5,), ()), ((3, 1, 2), (4, 1)), ((2, 3), (2, 3)), ((4, 1), (1, 5)), ((1, 1), (7, 9))],
    mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=6, max_dims=4).map(lambda s: s.input_shapes),
)
TRIPLES = Shapes(
    [((0,), (1,), ()), ((3, 1, 2), (4, 1), (2,)), ((2, 3), (), ()), ((), (2, 3), (2, 3)), ((9,), (9,), (9,))],
    mutually_broadcastable_shapes(num_shapes=3, min_side=0, max_side=6, max_dims=3).map(lambda s: s.input_shapes),
)
PRODUCTS = Shapes(  # n, k, m
    [(1, 1, 1), (0, 3, 2), (3, 2, 0), (1, 17, 1), (9, 1, 7), (8, 16, 8), (33, 65, 7), (130, 70, 129)],
    st.tuples(SIDE, st.integers(1, 40), SIDE),
)
BATCHES = Shapes(  # leading axes of a, of b; n, k, m
    [((2,), (2,), 3, 4, 5), ((1,), (7,), 1, 3, 1), ((3, 1), (2,), 2, 2, 2), ((), (4,), 5, 1, 6), ((0,), (1,), 2, 3, 2)],
    mutually_broadcastable_shapes(num_shapes=2, min_side=1, max_side=4, max_dims=3).flatmap(
        lambda s: st.tuples(st.just(s.input_shapes[0]), st.just(s.input_shapes[1]), *[st.integers(1, 9)] * 3)
    ),
)
AXES = Shapes(  # shape, axes
    [((5,), (0,)), ((1, 1), (0, 1)), ((3, 4, 5), (1,)), ((3, 4, 5), (0, 2)), ((9, 1), (0,)), ((2, 3), ()), ((), ())],
    array_shapes(min_dims=1, max_dims=4, max_side=6).flatmap(
        lambda s: st.tuples(st.just(s), st.sets(st.integers(0, len(s) - 1)).map(lambda a: tuple(sorted(a))))
    ),
)
ORDERS = Shapes(  # shape, order of the axes
    [((), ()), ((4,), (0,)), ((3, 5), (1, 0)), ((2, 3, 4), (2, 0, 1)), ((1, 7, 1, 2), (3, 1, 0, 2)), ((0, 3), (1, 0))],
    array_shapes(min_dims=1, max_dims=4, max_side=6).flatmap(
        lambda s: st.tuples(st.just(s), st.permutations(range(len(s))).map(tuple))
    ),
)
TABLES = Shapes(  # rows of the table, columns, how many are taken
    [(1, 1, 0), (1, 1, 5), (7, 3, 1), (10, 1, 33), (5, 17, 64), (3, 0, 4)],
    st.tuples(st.integers(1, 20), SIDE, SIDE),
)


# numbers ---------------------------------------------------------------------------------------


def normal(rng, shape, dtype):
    """Numbers around 0."""
    return np.asarray(rng.normal(0, 2, shape), dtype)


def positive(rng, shape, dtype):
    """Numbers above 0, for roots and logarithms."""
    return np.asarray(rng.uniform(0.01, 5, shape), dtype)


def share(rng, shape, dtype):
    """Numbers within 0..1, the ends included: probabilities."""
    return np.asarray(np.clip(rng.uniform(-0.05, 1.05, shape), 0, 1), dtype)


def small_ints(rng, shape, dtype):
    """Whole numbers, so that equals occur."""
    return np.asarray(rng.integers(-2, 3, shape), dtype)


def distribution(rng, shape, dtype):
    """Rows of probabilities; they add up to 1 but for rounding, as a softmax's do."""
    p = rng.uniform(0.01, 1, shape)
    return np.asarray(p / p.sum(1, keepdims=True), dtype)


def one_hot_rows(rng, shape, dtype):
    return np.eye(shape[1], dtype=dtype)[rng.integers(0, shape[1], shape[0])].reshape(shape)


def classes(rng, n, k):
    return rng.integers(0, k, n).astype(np.int32)
