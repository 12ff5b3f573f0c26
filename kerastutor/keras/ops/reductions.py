"""Sums, means, products and extremes over axes."""

import math

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, run, tensor
from . import arithmetic as a
from .core import cast, stop_gradient
from .helpers import axes_of, broadcast, flat, floats, rows
from .shapes import reshape, transpose

_SUM_OF = {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32"}  # as in Keras


def _shapes(x, axis, keepdims):
    """The axes, the result's shape with 1 in their place, and the shape asked for."""
    axes = axes_of(axis, x.ndim)
    kept = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
    return axes, kept, kept if keepdims else tuple(n for i, n in enumerate(x.shape) if i not in axes)


def sum(x, axis=None, keepdims=False):
    """The sum over `axis` (all axes if None). Gradient: dy to every element."""
    x = tensor(x)
    axes, kept, shape = _shapes(x, axis, keepdims)
    y = K.empty(kept, _SUM_OF.get(x.dtype, x.value.dtype))
    run(K.sum, x.value, axes, y)

    def gradient(dy):
        dx = K.empty(x.shape, x.value.dtype)
        run(K.cast, dy.reshape(kept), dx)  # a copy, broadcast
        x.add_grad(dx)

    return record(y.reshape(shape), gradient, x)


def mean(x, axis=None, keepdims=False):
    """The mean over `axis` (all axes if None). Gradient: dy / n to every element."""
    x = floats(x)
    axes, kept, shape = _shapes(x, axis, keepdims)
    n = math.prod(x.shape[i] for i in axes)
    share = 1 / n if n else math.nan  # the mean of nothing, as in NumPy
    if len(axes) == x.ndim:
        y = K.empty(shape, x.value.dtype)
        run(K.mean, flat(x.value), flat(y))

        def gradient(dy):
            dx = K.empty(x.shape, x.value.dtype)
            run(K.fill, flat(dx), flat(dy), share)
            x.add_grad(dx)

        return record(y, gradient, x)
    return sum(x, axis, keepdims) * share


def prod(x, axis=None, keepdims=False, dtype=None):
    """The product over `axis` (all axes if None)."""
    from .scans import cumprod

    x = tensor(x)
    x = cast(x, dtype or _SUM_OF.get(x.dtype, x.dtype))
    axes, kept, shape = _shapes(x, axis, keepdims)
    n = math.prod(x.shape[i] for i in axes)
    if not n:
        return Tensor(np.ones(shape, x.dtype))
    line = transpose(x, [*(i for i in range(x.ndim) if i not in axes), *axes])
    line = reshape(line, (x.size // n, n))
    return reshape(cumprod(line, axis=1)[:, -1], shape)


def max(x, axis=None, keepdims=False, initial=None):
    """The largest over `axis`, at least `initial`. Gradient: dy to the largest (shared equally among equals)."""
    return _extreme(K.max, a.maximum, x, axis, keepdims, initial)


def min(x, axis=None, keepdims=False, initial=None):
    """The smallest over `axis`, at most `initial`. Gradient: dy to the smallest (shared equally among equals)."""
    return _extreme(K.min, a.minimum, x, axis, keepdims, initial)


def amax(x, axis=None, keepdims=False):
    """As `max`."""
    return max(x, axis, keepdims)


def amin(x, axis=None, keepdims=False):
    """As `min`."""
    return min(x, axis, keepdims)


def _extreme(kernel, compare, x, axis, keepdims, initial):
    x = tensor(x)
    axes, kept, shape = _shapes(x, axis, keepdims)
    if not math.prod(x.shape[i] for i in axes):
        if initial is None:
            raise ValueError(f"{kernel.__name__} of no numbers: axis {axis} of shape {x.shape}; give `initial`.")
        return Tensor(np.full(shape, initial, x.dtype))
    y = K.empty(kept, x.value.dtype)
    run(kernel, x.value, axes, y)

    def gradient(dy):
        here = K.empty(x.shape, np.bool_)
        run(K.equal, x.value, y, here)
        share = K.empty(x.shape, dy.dtype)
        run(K.cast, here, share)
        count = K.empty(kept, dy.dtype)
        run(K.sum, share, axes, count)
        x.add_grad(broadcast(K.multiply, share, broadcast(K.divide, dy.reshape(kept), count)))

    found = record(y.reshape(shape), gradient, x)
    return found if initial is None else compare(found, initial)


def ptp(x, axis=None, keepdims=False):
    """The largest minus the smallest over `axis`."""
    return max(x, axis, keepdims) - min(x, axis, keepdims)


def logsumexp(x, axis=None, keepdims=False):
    """log of the sum of e ** x over `axis`, without overflow."""
    x = floats(x)
    top = stop_gradient(max(x, axis, keepdims=True))
    top = a.where(a.absolute(top) < np.inf, top, 0.0)
    y = a.log(sum(a.exp(x - top), axis, keepdims=True)) + top
    return reshape(y, _shapes(x, axis, keepdims)[2])


# where -----------------------------------------------------------------------------------------


def argmax(x, axis=None, keepdims=False):
    """Where x is largest along `axis` (in the flattened tensor if None); the first of equals. int32, no gradient."""
    x = tensor(x)
    if axis is None:
        if keepdims:
            return reshape(argmax(x), (1,) * x.ndim)
        x, axis = reshape(x, (1, -1)), None
        out = K.empty((1,), np.int32)
        run(K.argmax, x.value, out)
        return Tensor(out.reshape(()))
    (axis,) = axes_of(axis, x.ndim)
    last = x if axis == x.ndim - 1 else transpose(x, [*(i for i in range(x.ndim) if i != axis), axis])
    out = K.empty(last.shape[:-1], np.int32)
    run(K.argmax, rows(last.value), flat(out))
    return Tensor(out.reshape(*x.shape[:axis], 1, *x.shape[axis + 1 :]) if keepdims else out)


def argmin(x, axis=None, keepdims=False):
    """Where x is smallest along `axis` (in the flattened tensor if None); the first of equals. int32, no gradient."""
    from .rounding import bitwise_invert

    x = tensor(x)  # turned round: whole numbers bit by bit, as the smallest of them has no negative
    return argmax(a.negative(x) if x.value.dtype.kind == "f" else bitwise_invert(x), axis, keepdims)
