"""Whole numbers: rounding, dividing with a remainder, common divisors, bits. No gradient but through remainders."""

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, tensor
from . import arithmetic as a
from .core import cast
from .helpers import broadcast, by_numpy, floats, pair, sum_to, unary


def floor(x):
    """The largest whole number not above x."""
    return Tensor(unary(K.floor, floats(x).value))


def ceil(x):
    """The smallest whole number not below x."""
    return a.negative(floor(a.negative(Tensor(floats(x).value))))


def round(x, decimals=0):
    """The nearest number with `decimals` digits after the point; where two are equally near, the even one.

    decimals=-2 rounds to hundreds.
    """
    x = tensor(x)
    if x.value.dtype.kind != "f":
        return x if decimals >= 0 else cast(round(floats(x), decimals), x.dtype)
    x = Tensor(x.value)
    if decimals == 0:
        return Tensor(unary(K.round, x.value))
    factor = 10.0**decimals
    return Tensor(unary(K.round, (x * factor).value)) / factor


def trunc(x):
    """The whole number next to x on the way to 0."""
    x = tensor(x)
    if x.value.dtype.kind != "f":
        return x
    size = a.absolute(Tensor(x.value))
    return a.sign(Tensor(x.value)) * floor(size)


def mod(x1, x2):
    """What remains of x1 divided by x2, with x2's sign. Gradient: dy to x1, -dy * floor(x1 / x2) to x2."""
    x1, x2 = pair(x1, x2)
    y = broadcast(K.mod, x1.value, x2.value)
    return _remainder(x1, x2, y, floor)


def fmod(x1, x2):
    """What remains of x1 divided by x2, with x1's sign. Gradient: dy to x1, -dy * trunc(x1 / x2) to x2."""
    x1, x2 = pair(x1, x2)
    return _remainder(x1, x2, by_numpy(np.fmod, x1, x2, dtype=x1.value.dtype).value, trunc)


def _remainder(x1, x2, y, rounded):
    def gradient(dy):
        if x1.tracked:
            x1.add_grad(sum_to(dy, x1.shape))
        if x2.tracked:
            times = rounded(Tensor(broadcast(K.divide, x1.value, x2.value))).value
            x2.add_grad(sum_to(unary(K.negative, broadcast(K.multiply, dy, times)), x2.shape))

    return record(y, gradient, x1, x2) if y.dtype.kind == "f" else Tensor(y)


def floor_divide(x1, x2):
    """The largest whole number not above x1 / x2."""
    x1, x2 = pair(x1, x2)
    return Tensor(broadcast(K.floor_divide, x1.value, x2.value))


def gcd(x1, x2):
    """The greatest common divisor of whole numbers."""
    return _of_whole_numbers(np.gcd, x1, x2)


def lcm(x1, x2):
    """The least common multiple of whole numbers."""
    return _of_whole_numbers(np.lcm, x1, x2)


def _of_whole_numbers(function, x1, x2):
    x1, x2 = pair(x1, x2)
    if x1.value.dtype.kind not in "iu":
        raise TypeError(f"{function.__name__} takes whole numbers; got dtype {x1.dtype}.")
    return by_numpy(function, x1, x2, dtype=x1.value.dtype)


def nextafter(x1, x2):
    """The float next to x1 on the way to x2."""
    x1, x2 = pair(x1, x2)
    x1, x2 = floats(x1), floats(x2)
    return by_numpy(np.nextafter, x1, x2, dtype=x1.value.dtype)


# bits ------------------------------------------------------------------------------------------


def bitwise_and(x, y):
    """The bits that both have; of bools, whether both are true."""
    return _bits(K.bitwise_and, x, y)


def bitwise_or(x, y):
    """The bits that one of the two has, or both."""
    return _bits(K.bitwise_or, x, y)


def bitwise_xor(x, y):
    """The bits that one of the two has and not the other."""
    return _bits(K.bitwise_xor, x, y)


def bitwise_invert(x):
    """The bits that x has not: -x - 1 of a whole number; of a bool, whether it is false."""
    x = tensor(x)
    return _bits(K.bitwise_xor, x, np.ones((), "bool") if x.dtype == "bool" else np.array(-1).astype(x.dtype))


bitwise_not = bitwise_invert


def bitwise_left_shift(x, y):
    """x's bits moved y places to the left: x * 2 ** y."""
    return _bits(K.left_shift, x, y)


def bitwise_right_shift(x, y):
    """x's bits moved y places to the right: x / 2 ** y, rounded down."""
    return _bits(K.right_shift, x, y)


left_shift, right_shift = bitwise_left_shift, bitwise_right_shift


def _bits(kernel, x, y):
    x, y = pair(x, y)
    if x.value.dtype.kind not in "iub":
        raise TypeError(f"{kernel.__name__} takes whole numbers or bools; got dtype {x.dtype}: cast them first.")
    return Tensor(broadcast(kernel, x.value, y.value))


def view(x, dtype=None):
    """The same bytes read as numbers of another dtype; the last axis grows or shrinks where their sizes differ."""
    x = tensor(x)
    return Tensor(x.value.view(dtype or x.value.dtype))
