"""Sums and products up to each place, and differences from one place to the next."""

from ...backends import K
from ..autodiff import record, run, tensor
from .core import cast
from .helpers import axes_of, floats, rows
from .shapes import moveaxis, reshape


def cumsum(x, axis=None, dtype=None):
    """The sum up to each place along `axis` (of the flattened tensor if None). Gradient: dy summed back from the end.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.cumsum([1, 2, 3]).numpy()
    array([1, 3, 6], dtype=int32)
    """
    return _along(_cumsum, x, axis, dtype)


def cumprod(x, axis=None, dtype=None):
    """The product up to each place along `axis` (of the flattened tensor if None)."""
    return _along(_cumprod, x, axis, dtype)


def _along(scan, x, axis, dtype):
    x = tensor(x)
    if dtype is not None or x.dtype == "bool":
        x = cast(x, dtype or "int32")
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    (axis,) = axes_of(axis, x.ndim)
    return moveaxis(scan(moveaxis(x, axis, -1)), -1, axis) if x.size else x


def _cumsum(x):
    y = K.empty(x.shape, x.value.dtype)
    run(K.cumsum, rows(x.value), False, rows(y))

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(K.cumsum, rows(dy), True, rows(dx))
        x.add_grad(dx)

    return record(y, gradient, x)


def _cumprod(x):
    y = K.empty(x.shape, x.value.dtype)
    run(K.cumprod, rows(x.value), rows(y))

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(K.cumprod_grad, rows(dy), rows(x.value), rows(y), rows(dx))
        x.add_grad(dx)

    return record(y, gradient, x)


def diff(a, n=1, axis=-1):
    """Each number minus the one before it along `axis`, n times."""
    x = tensor(a)
    if n < 0:
        raise ValueError(f"diff: n must be 0 or more; got {n}.")
    (axis,) = axes_of(axis, x.ndim)
    before = (slice(None),) * axis
    for _ in range(n):
        x = x[(*before, slice(1, None))] - x[(*before, slice(None, -1))] if x.dtype != "bool" else (
            x[(*before, slice(1, None))] != x[(*before, slice(None, -1))]
        )
    return x


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The integral of y along `axis` by trapezoids; at the places x, or dx apart."""
    from .reductions import sum as sum_of

    y = floats(y)
    (axis,) = axes_of(axis, y.ndim)
    y = moveaxis(y, axis, -1)
    if x is not None:
        x = floats(x)
        dx = diff(x) if x.ndim == 1 else diff(moveaxis(x, axis, -1))
    return sum_of((y[..., 1:] + y[..., :-1]) * dx, axis=-1) * 0.5
