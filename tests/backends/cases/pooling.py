"""Pooling: windows that overlap, that leave gaps, that hang over the border, that are the whole image."""

import numpy as np
from hypothesis import strategies as st

from .case import Case, Out, Shapes, normal, small_ints

WINDOWS = Shapes(  # n, (height, width), channels, size, strides, whether windows may hang over the border
    [
        (2, (4, 6), 3, (2, 2), (2, 2), False),
        (1, (1, 1), 1, (1, 1), (1, 1), False),
        (0, (4, 4), 2, (2, 2), (2, 2), False),
        (3, (1, 7), 5, (1, 3), (1, 2), True),
        (2, (5, 7), 9, (3, 2), (1, 1), True),
        (2, (5, 7), 4, (2, 3), (2, 2), True),
        (1, (7, 7), 33, (7, 7), (7, 7), False),
        (2, (9, 8), 2, (1, 2), (3, 4), False),
        (2, (3, 3), 2, (5, 5), (2, 2), True),
        (1, (18, 17), 3, (17, 17), (1, 1), True),
        (2, (4, 4), 0, (2, 2), (2, 2), False),
    ],
    st.tuples(
        st.integers(0, 3), st.tuples(st.integers(4, 9), st.integers(4, 9)), st.integers(0, 20),
        st.tuples(st.integers(1, 4), st.integers(1, 4)), st.tuples(st.integers(1, 5), st.integers(1, 5)), st.booleans(),
    ),
)


def outputs(shape):
    """The shape of what comes out, and how far the first window begins outside."""
    n, image, c, size, strides, over = shape
    if not over:
        return (n, *((have - k) // s + 1 for have, k, s in zip(image, size, strides)), c), (0, 0)
    counts = [-(-have // s) for have, s in zip(image, strides)]
    before = tuple(max((m - 1) * s + k - have, 0) // 2 for m, s, k, have in zip(counts, strides, size, image))
    return (n, *counts, c), before


def place_dtype(size):
    return "uint8" if size[0] * size[1] <= 256 else "int32"


def inputs(shape):
    n, image, c, *_ = shape
    return n, *image, c


def _max_pool(rng, shape, dtype):
    _, _, _, size, strides, _ = shape
    out, before = outputs(shape)
    return small_ints(rng, inputs(shape), dtype), size, strides, before, Out(out, dtype), Out(out, place_dtype(size))


def _max_pool_grad(rng, shape, dtype):
    _, _, _, size, strides, _ = shape
    out, before = outputs(shape)
    place = rng.integers(0, size[0] * size[1], out).astype(place_dtype(size))
    return normal(rng, out, dtype), place, size, strides, before, Out(inputs(shape), dtype)


def _average_pool(rng, shape, dtype):
    _, _, _, size, strides, _ = shape
    out, before = outputs(shape)
    return normal(rng, inputs(shape), dtype), size, strides, before, Out(out, dtype)


def _average_pool_grad(rng, shape, dtype):
    _, _, _, size, strides, _ = shape
    out, before = outputs(shape)
    return normal(rng, out, dtype), size, strides, before, Out(inputs(shape), dtype)


window = lambda shape: 2 * int(np.prod(shape[3]))
CASES = {
    "max_pool": Case(_max_pool, WINDOWS, exact=True),
    "max_pool_grad": Case(_max_pool_grad, WINDOWS, terms=window),
    "average_pool": Case(_average_pool, WINDOWS, terms=window),
    "average_pool_grad": Case(_average_pool_grad, WINDOWS, terms=window),
}
