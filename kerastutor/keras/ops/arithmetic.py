"""Arithmetic with NumPy's broadcasting, comparisons, and the elementary functions."""

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, run, tensor
from .core import cast
from .helpers import broadcast, broadcast_shape, floats, pair, scaled, sum_to, unary, unary_from_y


def add(x1, x2):
    """x1 + x2. Gradient: dy to both."""
    a, b = pair(x1, x2)
    if a.ndim == 2 and a.shape[1:] == b.shape:
        y = K.empty(a.shape, a.value.dtype)
        run(K.add_bias, a.value, b.value, y)
    else:
        y = broadcast(K.add, a.value, b.value)

    def gradient(dy):
        if a.tracked:
            a.add_grad(sum_to(dy, a.shape))
        if b.tracked:
            b.add_grad(sum_to(dy, b.shape))

    return record(y, gradient, a, b)


def subtract(x1, x2):
    """x1 - x2. Gradient: dy to x1, -dy to x2."""
    a, b = pair(x1, x2)

    def gradient(dy):
        if a.tracked:
            a.add_grad(sum_to(dy, a.shape))
        if b.tracked:
            b.add_grad(unary(K.negative, sum_to(dy, b.shape)))

    return record(broadcast(K.subtract, a.value, b.value), gradient, a, b)


def multiply(x1, x2):
    """x1 * x2. Gradient: dy * x2 to x1, dy * x1 to x2."""
    a, b = pair(x1, x2)

    def gradient(dy):
        if a.tracked:
            a.add_grad(sum_to(broadcast(K.multiply, dy, b.value), a.shape))
        if b.tracked:
            b.add_grad(sum_to(broadcast(K.multiply, dy, a.value), b.shape))

    return record(broadcast(K.multiply, a.value, b.value), gradient, a, b)


def divide(x1, x2):
    """x1 / x2. Gradient: dy / x2 to x1, -dy * y / x2 to x2."""
    a, b = pair(x1, x2)
    a, b = floats(a), floats(b)
    y = broadcast(K.divide, a.value, b.value)

    def gradient(dy):
        da = broadcast(K.divide, dy, b.value)
        if a.tracked:
            a.add_grad(sum_to(da, a.shape))
        if b.tracked:
            b.add_grad(unary(K.negative, sum_to(broadcast(K.multiply, da, y), b.shape)))

    return record(y, gradient, a, b)


true_divide = divide


def power(x1, x2):
    """x1 ** x2. Gradient: dy * x2 * x1 ** (x2 - 1) to x1, dy * y * log(x1) to x2."""
    a, b = pair(x1, x2)
    y = broadcast(K.power, a.value, b.value)

    def gradient(dy):
        if a.tracked:
            less = _where_not_zero(b.value, broadcast(K.subtract, b.value, b.value.dtype.type(1)))
            slope = broadcast(K.multiply, b.value, broadcast(K.power, a.value, less))
            a.add_grad(sum_to(broadcast(K.multiply, dy, slope), a.shape))
        if b.tracked:
            slope = broadcast(K.multiply, y, unary(K.log, _where_not_zero(a.value, a.value)))
            b.add_grad(sum_to(broadcast(K.multiply, dy, slope), b.shape))

    return record(y, gradient, a, b)


def _where_not_zero(x, y):
    """y where x is not 0, else 1: keeps 0 * x ** -1 and 0 * log(0), which are 0 in the limit, from being NaN."""
    out = K.empty(x.shape, x.dtype)
    run(K.where, _compare_arrays(K.not_equal, x, x.dtype.type(0)), y, x.dtype.type(1), out)
    return out


def maximum(x1, x2):
    """The larger of the two. Gradient: dy to the larger one, half of it to each where they are equal."""
    return _choose(K.maximum, K.greater, *pair(x1, x2))


def minimum(x1, x2):
    """The smaller of the two. Gradient: dy to the smaller one, half of it to each where they are equal."""
    return _choose(K.minimum, K.less, *pair(x1, x2))


def _choose(kernel, wins, a, b):
    def gradient(dy):
        for x, other in ((a, b), (b, a)):
            if x.tracked:
                tie = _masked(_compare(K.equal, a, b), scaled(dy, 0.5), dy.dtype.type(0))
                x.add_grad(sum_to(_masked(_compare(wins, x, other), dy, tie), x.shape))

    return record(broadcast(kernel, a.value, b.value), gradient, a, b)


def clip(x, x_min, x_max):
    """x, but x_min where it is below, and x_max where it is above."""
    x = tensor(x)
    return minimum(maximum(cast(x, "int32") if x.dtype == "bool" else x, x_min), x_max)


def where(condition, x1=None, x2=None):
    """x1 where `condition` holds, else x2. Gradient: dy to whichever was taken.

    Without x1 and x2: where `condition` holds, as `nonzero` says it.
    """
    if x1 is None and x2 is None:
        from .search import nonzero

        return nonzero(condition)
    if x1 is None or x2 is None:
        raise ValueError("where takes a condition alone, or both x1 and x2.")
    condition = cast(condition, "bool")
    a, b = pair(x1, x2)
    y = K.empty(broadcast_shape("where", condition, a, b), a.value.dtype)
    run(K.where, condition.value, a.value, b.value, y)

    def gradient(dy):
        zero = dy.dtype.type(0)
        for x, here in ((a, (dy, zero)), (b, (zero, dy))):
            if x.tracked:
                x.add_grad(sum_to(_masked(condition, *here), x.shape))

    return record(y, gradient, a, b)


def _masked(condition, a, b):
    """A new array: a where the tensor `condition` holds, else b."""
    out = K.empty(np.broadcast_shapes(np.shape(a), np.shape(b)), a.dtype)
    run(K.where, condition.value, a, b, out)
    return out


# comparisons have no gradient ------------------------------------------------------------------


def _compare(kernel, x1, x2):
    a, b = pair(x1, x2)
    return Tensor(_compare_arrays(kernel, a.value, b.value))


def _compare_arrays(kernel, a, b):
    out = K.empty(broadcast_shape(kernel.__name__, a, b), "bool")
    run(kernel, a, b, out)
    return out


def equal(x1, x2):
    """x1 == x2, element by element."""
    return _compare(K.equal, x1, x2)


def not_equal(x1, x2):
    """x1 != x2, element by element."""
    return _compare(K.not_equal, x1, x2)


def greater(x1, x2):
    """x1 > x2, element by element."""
    return _compare(K.greater, x1, x2)


def greater_equal(x1, x2):
    """x1 >= x2, element by element."""
    return _compare(K.greater_equal, x1, x2)


def less(x1, x2):
    """x1 < x2, element by element."""
    return _compare(K.less, x1, x2)


def less_equal(x1, x2):
    """x1 <= x2, element by element."""
    return _compare(K.less_equal, x1, x2)


# elementary functions --------------------------------------------------------------------------


def negative(x):
    """-x."""
    x = tensor(x)

    def gradient(dy):
        x.add_grad(unary(K.negative, dy))

    return record(unary(K.negative, x.value), gradient, x)


def absolute(x):
    """|x|. Gradient: dy * sign(x)."""
    x = tensor(x)

    def gradient(dy):
        x.add_grad(broadcast(K.multiply, dy, unary(K.sign, x.value)))

    return record(unary(K.absolute, x.value), gradient, x)


def fabs(x):
    """|x|, as a float."""
    return absolute(floats(x))


def sign(x):
    """-1, 0 or 1. No gradient flows back: it is 0 wherever it exists."""
    return Tensor(unary(K.sign, tensor(x).value))


def square(x):
    """x * x. Gradient: 2 x dy."""
    x = tensor(x)
    x = cast(x, "int32") if x.dtype == "bool" else x

    def gradient(dy):
        x.add_grad(broadcast(K.multiply, dy, scaled(x.value, 2.0)))

    return record(unary(K.square, x.value), gradient, x)


def sqrt(x):
    """The square root. Gradient: dy / (2 y)."""
    x = floats(x)
    y = unary(K.sqrt, x.value)

    def gradient(dy):
        x.add_grad(broadcast(K.divide, dy, scaled(y, 2.0)))

    return record(y, gradient, x)


def rsqrt(x):
    """1 / sqrt(x)."""
    return divide(1.0, sqrt(x))


def exp(x):
    """e ** x. Gradient: dy * y."""
    x = floats(x)
    y = unary(K.exp, x.value)

    def gradient(dy):
        x.add_grad(broadcast(K.multiply, dy, y))

    return record(y, gradient, x)


def log(x):
    """The natural logarithm. Gradient: dy / x."""
    x = floats(x)

    def gradient(dy):
        x.add_grad(broadcast(K.divide, dy, x.value))

    return record(unary(K.log, x.value), gradient, x)


def log1p(x):
    """log(1 + x), right for small x too. Gradient: dy / (1 + x)."""
    x = floats(x)

    def gradient(dy):
        x.add_grad(broadcast(K.divide, dy, broadcast(K.add, x.value, np.ones((), x.value.dtype))))

    return record(unary(K.log1p, x.value), gradient, x)


def tanh(x):
    """The hyperbolic tangent. Gradient: dy * (1 - y * y)."""
    return unary_from_y(K.tanh, K.tanh_grad, x)
