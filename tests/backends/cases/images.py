"""Images moved, turned and stretched."""

import numpy as np
from hypothesis import strategies as st

from .case import Case, Out, Shapes, normal

PICTURES = Shapes(
    [(0, 3, 2, 1), (1, 1, 1, 1), (2, 1, 5, 3), (3, 4, 7, 2), (2, 33, 20, 3)],
    st.tuples(st.integers(0, 4), st.integers(1, 12), st.integers(1, 12), st.integers(1, 4)),
)
FINITE = (0.0, -0.0)  # a place that is not a number is none: random transforms are finite, and so must all be


def _transform(rng, batch, dtype):
    """Somewhere near the identity, some pixels beyond the image."""
    t = np.array([1, 0, 0, 0, 1, 0, 0, 0]) + rng.uniform(-0.7, 0.7, (batch, 8))
    return t.astype(dtype)


def _forward(bilinear, fill):
    return lambda rng, shape, dtype: (
        normal(rng, shape, dtype), _transform(rng, shape[0], dtype), bilinear, fill, 0.3, Out(shape, dtype)
    )


def _backward(bilinear, fill):
    return lambda rng, shape, dtype: (
        normal(rng, shape, dtype), _transform(rng, shape[0], dtype), bilinear, fill, Out(shape, dtype)
    )


OPTIONS = [(True, 0), (True, 1), (True, 2), (True, 3), (True, 4), (False, 0), (False, 4)]
MANY = {"terms": lambda shape: 200, "special": FINITE}
CASES = {
    "warp": Case(_forward(*OPTIONS[0]), PICTURES, **MANY),
    "warp_grad": Case(_backward(*OPTIONS[0]), PICTURES, **MANY),
}
CASES_OF_OPTIONS = {
    "warp": [Case(_forward(*option), PICTURES, **MANY) for option in OPTIONS[1:]],
    "warp_grad": [Case(_backward(*option), PICTURES, **MANY) for option in OPTIONS[1:]],
}
