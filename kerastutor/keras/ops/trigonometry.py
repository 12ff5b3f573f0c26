"""Sines, cosines, their inverses, and the hyperbolic functions: all from sine, cosine, arctan2, exp and log."""

import math

import numpy as np

from ...backends import K
from ..autodiff import record, tensor
from . import arithmetic as a
from .creation import zeros_like
from .elementary import expm1
from .helpers import broadcast, floats, pair, sum_to, unary


def sin(x):
    """The sine. Gradient: dy * cos(x)."""
    x = floats(x)

    def gradient(dy):
        x.add_grad(broadcast(K.multiply, dy, unary(K.cos, x.value)))

    return record(unary(K.sin, x.value), gradient, x)


def cos(x):
    """The cosine. Gradient: -dy * sin(x)."""
    x = floats(x)

    def gradient(dy):
        x.add_grad(unary(K.negative, broadcast(K.multiply, dy, unary(K.sin, x.value))))

    return record(unary(K.cos, x.value), gradient, x)


def tan(x):
    """The tangent, sin(x) / cos(x)."""
    x = floats(x)
    return sin(x) / cos(x)


def arctan2(x1, x2):
    """The angle of the point (x2, x1), from -pi to pi. Gradient: dy * x2 / r ** 2 to x1, -dy * x1 / r ** 2 to x2."""
    x1, x2 = pair(x1, x2)
    x1, x2 = floats(x1), floats(x2)

    def gradient(dy):
        square = broadcast(K.add, unary(K.square, x1.value), unary(K.square, x2.value))
        share = broadcast(K.divide, dy, square)
        if x1.tracked:
            x1.add_grad(sum_to(broadcast(K.multiply, share, x2.value), x1.shape))
        if x2.tracked:
            x2.add_grad(sum_to(unary(K.negative, broadcast(K.multiply, share, x1.value)), x2.shape))

    return record(broadcast(K.arctan2, x1.value, x2.value), gradient, x1, x2)


def arctan(x):
    """The angle whose tangent is x, from -pi / 2 to pi / 2."""
    return arctan2(x, 1.0)


def arcsin(x):
    """The angle whose sine is x, from -pi / 2 to pi / 2."""
    x = floats(x)
    return arctan2(x, a.sqrt((1 - x) * (1 + x)))


def arccos(x):
    """The angle whose cosine is x, from 0 to pi."""
    x = floats(x)
    return arctan2(a.sqrt((1 - x) * (1 + x)), x)


def sinh(x):
    """(e ** x - e ** -x) / 2."""
    x = floats(x)
    return (expm1(x) - expm1(-x)) / 2


def cosh(x):
    """(e ** x + e ** -x) / 2."""
    x = floats(x)
    return (a.exp(x) + a.exp(-x)) / 2


def arcsinh(x):
    """The number whose hyperbolic sine is x: log(x + sqrt(x ** 2 + 1))."""
    x = floats(x)
    size = a.where(x < 0, -x, x)
    square = a.square(a.minimum(size, LARGE))
    y = _log_of_twice(size, a.log1p(a.minimum(size, LARGE) + square / (1 + a.sqrt(square + 1))))
    return a.where(x < 0, -y, y)


def arccosh(x):
    """The number whose hyperbolic cosine is x: log(x + sqrt(x ** 2 - 1))."""
    x = floats(x)
    above = a.minimum(x, LARGE) - 1
    return _log_of_twice(x, a.log1p(above + a.sqrt(above * (above + 2))))


LARGE = 1e8  # from here on x ** 2 + 1 is x ** 2, which might overflow


def _log_of_twice(x, y):
    """y where x is not large, log(2 x) where it is."""
    return a.where(x > LARGE, a.log(a.maximum(x, 1.0)) + math.log(2), y)


def arctanh(x):
    """The number whose hyperbolic tangent is x: log((1 + x) / (1 - x)) / 2."""
    x = floats(x)
    return (a.log1p(x) - a.log1p(-x)) / 2


def sinc(x):
    """sin(pi x) / (pi x), and 1 at 0."""
    x = floats(x)
    none = x == 0
    turned = a.where(none, 1.0, x) * math.pi
    return a.where(none, 1.0, sin(turned) / turned)


# complex numbers -------------------------------------------------------------------------------


def real(x):
    """The real part: x itself, as there are no complex tensors here."""
    return tensor(x)


def imag(x):
    """The imaginary part: 0, as there are no complex tensors here."""
    return zeros_like(x)


def conjugate(x):
    """x itself, as there are no complex tensors here."""
    return tensor(x)


conj = conjugate


def angle(x):
    """The angle of a number seen as a point of the complex plane: 0, or pi where it is negative."""
    x = floats(x)
    return arctan2(np.zeros((), x.value.dtype), x)
