"""Activations and what else networks are made of."""

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, run, tensor
from . import arithmetic as a
from .helpers import axes_of, flat, floats, rows, unary_from_y
from .shapes import transpose


def relu(x):
    """max(x, 0). Gradient: dy where y > 0."""
    return unary_from_y(K.relu, K.relu_grad, x)


def sigmoid(x):
    """1 / (1 + e ** -x). Gradient: dy * y * (1 - y)."""
    return unary_from_y(K.sigmoid, K.sigmoid_grad, x)


def softplus(x):
    """log(1 + e ** x). Gradient: dy * sigmoid(x)."""
    x = floats(x)
    y = K.empty(x.shape, x.value.dtype)
    run(K.softplus, flat(x.value), flat(y))

    def gradient(dy):
        slope, dx = K.empty(x.shape, dy.dtype), K.empty(x.shape, dy.dtype)
        run(K.sigmoid, flat(x.value), flat(slope))
        run(K.multiply, dy, slope, dx)
        x.add_grad(dx)

    return record(y, gradient, x)


def softmax(x, axis=-1):
    """e ** x / sum of e ** x along `axis`. Gradient: y * (dy - sum of dy * y)."""
    return _along_rows(K.softmax, K.softmax_grad, x, axis)


def log_softmax(x, axis=-1):
    """log(softmax(x)), without overflow. Gradient: dy - softmax(x) * sum of dy."""
    return _along_rows(K.log_softmax, K.log_softmax_grad, x, axis)


def _along_rows(kernel, gradient_kernel, x, axis):
    x = floats(x)
    if not x.ndim:
        raise ValueError("softmax needs a tensor with at least one axis; got a single number.")
    (axis,) = axes_of(axis, x.ndim)
    if axis != x.ndim - 1:
        order = [i for i in range(x.ndim) if i != axis] + [axis]
        return transpose(_along_rows(kernel, gradient_kernel, transpose(x, order), -1), np.argsort(order).tolist())
    y = K.empty(x.shape, x.value.dtype)
    run(kernel, rows(x.value), rows(y))

    def gradient(dy):
        dx = K.empty(y.shape, y.dtype)
        run(gradient_kernel, rows(dy), rows(y), rows(dx))
        x.add_grad(dx)

    return record(y, gradient, x)


def log_sigmoid(x):
    """log(sigmoid(x)) = -softplus(-x), without overflow."""
    return a.negative(softplus(a.negative(x)))


def softsign(x):
    """x / (1 + |x|)."""
    return x / (a.absolute(x) + 1.0)


def silu(x):
    """x * sigmoid(x)."""
    return x * sigmoid(x)


def elu(x, alpha=1.0):
    """x where x > 0, else alpha * (e ** x - 1)."""
    x = floats(x)
    return a.where(x > 0, x, alpha * (a.exp(a.minimum(x, 0.0)) - 1.0))


def leaky_relu(x, negative_slope=0.2):
    """x where x > 0, else negative_slope * x."""
    x = floats(x)
    return a.where(x > 0, x, negative_slope * x)


def one_hot(x, num_classes, axis=-1, dtype=None):
    """1 at the place that each label names, else 0. A label outside 0..num_classes-1 gives a row of zeros.

    Shapes: (...) -> (..., num_classes); `axis` must be -1.
    """
    from .. import config
    from .core import cast

    x = tensor(x)
    if axis not in (-1, x.ndim):
        raise ValueError(f"one_hot: only axis=-1 is offered; got axis={axis}.")
    out = K.empty((*x.shape, num_classes), np.dtype(dtype or config.floatx()))
    run(K.one_hot, flat(cast(x, "int32").value), rows(out))
    return Tensor(out)
