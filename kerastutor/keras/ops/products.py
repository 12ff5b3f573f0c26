"""Matrix products."""

import math

import numpy as np

from ...backends import K
from ..autodiff import record, run
from .helpers import pair, rows, sum_to


def matmul(x1, x2):
    """x1 @ x2: (..., n, k) @ (..., k, m) -> (..., n, m).

    Gradient: dy @ x2.T to x1, x1.T @ dy to x2.

    Raises
    ------
    ValueError
        If the inner sizes differ.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.matmul([[1.0, 2.0]], [[3.0], [4.0]]).numpy()
    array([[11.]], dtype=float32)
    """
    a, b = pair(x1, x2)
    if not a.ndim or not b.ndim or a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
        raise ValueError(
            f"matmul can't multiply shapes {a.shape} and {b.shape}: the last axis of the first "
            "must be as long as the last but one of the second."
        )
    if a.ndim == 1 or b.ndim == 1:
        return _with_vector(a, b)
    return _matmul_2d(a, b) if b.ndim == 2 else _batch_matmul(a, b)


def dot(x1, x2):
    """The last axis of x1 times the last but one of x2, as in numpy.dot: (a, k), (b, k, m) -> (a, b, m)."""
    from .arithmetic import multiply
    from .shapes import reshape, transpose

    a, b = pair(x1, x2)
    if not a.ndim or not b.ndim:
        return multiply(a, b)
    if b.ndim <= 2:
        return matmul(a, b)
    *lead, k, m = b.shape
    columns = reshape(transpose(b, (b.ndim - 2, *range(b.ndim - 2), b.ndim - 1)), (k, math.prod(lead) * m))
    return reshape(matmul(a, columns), (*a.shape[:-1], *lead, m))


def _matmul_2d(a, b):
    """(..., n, k) @ (k, m): all leading axes of a are rows of one matrix."""
    x, w = rows(a.value), b.value
    y = K.empty((*a.shape[:-1], b.shape[1]), x.dtype)
    run(K.matmul, x, w, rows(y))

    def gradient(dy):
        if b.tracked:
            dw = K.empty(b.shape, x.dtype)
            run(K.matmul, x.T, rows(dy), dw)
            b.add_grad(dw)
        if a.tracked:
            dx = K.empty(a.shape, x.dtype)
            run(K.matmul, rows(dy), w.T, rows(dx))
            a.add_grad(dx)

    return record(y, gradient, a, b)


def _batch_matmul(a, b):
    shape = (*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), a.shape[-2], b.shape[-1])
    y = K.empty(shape, a.value.dtype)
    run(K.batch_matmul, a.value, b.value, y)

    def gradient(dy):
        if a.tracked:
            da = K.empty((*shape[:-1], a.shape[-1]), dy.dtype)
            run(K.batch_matmul, dy, b.value.swapaxes(-1, -2), da)
            a.add_grad(sum_to(da, a.shape))
        if b.tracked:
            db = K.empty((*shape[:-2], a.shape[-1], shape[-1]), dy.dtype)
            run(K.batch_matmul, a.value.swapaxes(-1, -2), dy, db)
            b.add_grad(sum_to(db, b.shape))

    return record(y, gradient, a, b)


def _with_vector(a, b):
    from .shapes import reshape

    matrix_a = reshape(a, (1, -1)) if a.ndim == 1 else a
    matrix_b = reshape(b, (-1, 1)) if b.ndim == 1 else b
    y = matmul(matrix_a, matrix_b)
    shape = y.shape[: -1 if b.ndim == 1 else None]
    if a.ndim == 1:
        shape = shape[:-1] if b.ndim == 1 else (*y.shape[:-2], y.shape[-1])
    return reshape(y, shape)
