"""Exponentials, logarithms, roots and the error function."""

import math

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, tensor
from . import arithmetic as a
from .core import cast
from .helpers import broadcast, by_numpy, floats, pair, scaled, sum_to, unary


def expm1(x):
    """e ** x - 1, right for small x too. Gradient: dy * e ** x."""
    x = floats(x)

    def gradient(dy):
        x.add_grad(broadcast(K.multiply, dy, unary(K.exp, x.value)))

    return record(unary(K.expm1, x.value), gradient, x)


def exp2(x):
    """2 ** x."""
    return a.power(2.0, floats(x))


def log2(x):
    """The logarithm to base 2."""
    return a.log(x) * (1 / math.log(2))


def log10(x):
    """The logarithm to base 10."""
    return a.log(x) * (1 / math.log(10))


def logaddexp(x1, x2):
    """log(e ** x1 + e ** x2), without overflow."""
    x1, x2 = pair(x1, x2)
    x1, x2 = floats(x1), floats(x2)
    same = a.equal(x1, x2)  # infinite ones among them, whose difference is NaN
    apart = a.absolute(x1 - a.where(same, 0.0, x2))
    larger = a.maximum(x1, x2) + a.log1p(a.exp(-a.where(same, 0.0, apart)))
    return a.where(same, 0.5 * x1 + 0.5 * x2 + math.log(2), larger)


def logaddexp2(x1, x2):
    """log2(2 ** x1 + 2 ** x2), without overflow."""
    x1, x2 = pair(x1, x2)
    return logaddexp(floats(x1) * math.log(2), floats(x2) * math.log(2)) * (1 / math.log(2))


def reciprocal(x):
    """1 / x."""
    return a.divide(1.0, x)


def cbrt(x):
    """The third root, of negative numbers too. Gradient: dy / (3 y ** 2)."""
    x = floats(x)
    y = by_numpy(np.cbrt, x, dtype=x.value.dtype).value

    def gradient(dy):
        x.add_grad(broadcast(K.divide, dy, broadcast(K.multiply, unary(K.square, y), y.dtype.type(3))))

    return record(y, gradient, x)


def hypot(x1, x2):
    """sqrt(x1 ** 2 + x2 ** 2), without overflow. Gradient: dy * x1 / y and dy * x2 / y."""
    x1, x2 = pair(x1, x2)
    x1, x2 = floats(x1), floats(x2)
    y = by_numpy(np.hypot, x1, x2, dtype=x1.value.dtype).value

    def gradient(dy):
        for x in (x1, x2):
            if x.tracked:
                x.add_grad(sum_to(broadcast(K.multiply, dy, broadcast(K.divide, x.value, y)), x.shape))

    return record(y, gradient, x1, x2)


def ldexp(x1, x2):
    """x1 * 2 ** x2, for whole x2."""
    x1, x2 = floats(x1), tensor(x2)
    if x2.value.dtype.kind not in "iu":
        raise TypeError(f"ldexp: x2 must be whole numbers; got dtype {x2.dtype}.")
    return x1 * a.power(2.0, cast(x2, x1.dtype))


def deg2rad(x):
    """Degrees in radians: x * pi / 180."""
    return floats(x) * (math.pi / 180)


def rad2deg(x):
    """Radians in degrees: x * 180 / pi."""
    return floats(x) * (180 / math.pi)


# the error function ----------------------------------------------------------------------------


def erf(x):
    """The error function: 2 / sqrt(pi) times the integral of e ** -t ** 2 from 0 to x.

    Gradient: dy * 2 / sqrt(pi) * e ** -x ** 2.
    """
    return _error_function(K.erf, 2 / math.sqrt(math.pi), x)


def erfc(x):
    """1 - erf(x), right for large x too. Gradient: -dy * 2 / sqrt(pi) * e ** -x ** 2."""
    return _error_function(K.erfc, -2 / math.sqrt(math.pi), x)


def _error_function(kernel, factor, x):
    x = floats(x)

    def gradient(dy):
        bell = unary(K.exp, unary(K.negative, unary(K.square, x.value)))
        x.add_grad(broadcast(K.multiply, dy, scaled(bell, factor)))

    return record(unary(kernel, x.value), gradient, x)


def erfinv(x):
    """The number whose error function is x. Gradient: dy * sqrt(pi) / 2 * e ** y ** 2."""
    x = floats(x)
    y = cast(_erfinv(cast(Tensor(x.value), "float64")), x.dtype).value

    def gradient(dy):
        x.add_grad(broadcast(K.multiply, dy, scaled(unary(K.exp, unary(K.square, y)), math.sqrt(math.pi) / 2)))

    return record(y, gradient, x)


def _erfinv(x):
    """A formula right to 0.002 (Winitzki, 2008), then two steps of Halley's method, each of which cubes the error."""
    sign = a.sign(x)
    end = a.absolute(x) == 1
    x = a.where(end, 0.0, x)
    log = a.log1p(-a.square(x))
    half = 2 / (math.pi * 0.147) + log / 2
    y = sign * a.sqrt(a.sqrt(a.square(half) - log / 0.147) - half)
    for _ in range(2):
        step = (erf(y) - x) * a.exp(a.square(y)) * (math.sqrt(math.pi) / 2)
        y = y - step / (1 + y * step)
    return a.where(end, a.where(sign > 0, np.inf, -np.inf), y)
