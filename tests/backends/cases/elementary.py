"""Sines and error functions, rounding, remainders, bits, joining, order and running sums."""

import numpy as np

from .basic import binary, unary
from .case import ELEMENTS, PAIRS, ROWS, Case, Out, normal, positive, share, small_ints


def bits(rng, shape, dtype):
    return np.asarray(rng.random(shape) < 0.5 if dtype == "bool" else rng.integers(0, 99, shape), dtype)


def places(rng, shape, dtype):
    """How far bits may be moved."""
    return np.asarray(rng.integers(0, 5, shape), dtype)


def halves(rng, shape, dtype):
    """Multiples of 1/2: of two whole numbers equally near."""
    return np.asarray(rng.integers(-9, 9, shape) / 2, dtype)


def _concatenate(rng, shape, dtype):
    parts = tuple(normal(rng, (shape[0], k), dtype) for k in (shape[1], 0, 2))
    return parts, 1, Out((shape[0], shape[1] + 2), dtype)


def _argsort(rng, shape, dtype):
    return small_ints(rng, shape, dtype), Out(shape, np.int32)


def _cumsum(rng, shape, dtype):
    return normal(rng, shape, dtype), bool(shape[0] % 2), Out(shape, dtype)


def _cumprod_grad(rng, shape, dtype):
    x = share(rng, shape, dtype)
    return normal(rng, shape, dtype), x, np.cumprod(x, 1, dtype), Out(shape, dtype)


columns = lambda shape: 8 * shape[1]
WHOLE = {"exact": True, "dtypes": ("int32", "bool")}

CASES = {
    "sin": Case(unary(normal), ELEMENTS),
    "cos": Case(unary(normal), ELEMENTS),
    "expm1": Case(unary(normal), ELEMENTS),
    "erf": Case(unary(normal), ELEMENTS),
    "erfc": Case(unary(normal), ELEMENTS),
    "floor": Case(unary(halves), ELEMENTS, exact=True),
    "round": Case(unary(halves), ELEMENTS, exact=True),
    "mod": Case(binary(normal, positive), PAIRS, exact=True),
    "floor_divide": Case(binary(normal, positive), PAIRS, exact=True),
    "arctan2": Case(binary(normal), PAIRS),
    "bitwise_and": Case(binary(bits), PAIRS, **WHOLE),
    "bitwise_or": Case(binary(bits), PAIRS, **WHOLE),
    "bitwise_xor": Case(binary(bits), PAIRS, **WHOLE),
    "left_shift": Case(binary(bits, places), PAIRS, exact=True, dtypes=("int32", "uint8")),
    "right_shift": Case(binary(bits, places), PAIRS, exact=True, dtypes=("int32", "uint8")),
    "concatenate": Case(_concatenate, ROWS, exact=True),
    "argsort": Case(_argsort, ROWS, exact=True),
    "cumsum": Case(_cumsum, ROWS, terms=columns),
    "cumprod": Case(lambda rng, s, dtype: (share(rng, s, dtype), Out(s, dtype)), ROWS, terms=columns),
    "cumprod_grad": Case(_cumprod_grad, ROWS, terms=columns),
}
