"""Matrix products."""

import math

import numpy as np

from ...backends import K
from ..autodiff import record, run
from . import arithmetic
from .helpers import axes_of, pair, rows, sum_to
from .reductions import sum as sum_of
from .shapes import expand_dims, reshape, transpose


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
    a, b = pair(x1, x2)
    if not a.ndim or not b.ndim:
        return arithmetic.multiply(a, b)
    if b.ndim <= 2:
        return matmul(a, b)
    *lead, k, m = b.shape
    columns = reshape(transpose(b, (b.ndim - 2, *range(b.ndim - 2), b.ndim - 1)), (k, math.prod(lead) * m))
    return reshape(matmul(a, columns), (*a.shape[:-1], *lead, m))


def tensordot(x1, x2, axes=2):
    """The sum of products over axes of both: the last `axes` of x1 and the first of x2, or the pairs named.

    axes=([1, 2], [0, 1]) sums over axis 1 of x1 with axis 0 of x2, and axis 2 of x1 with axis 1 of x2.
    """
    a, b = pair(x1, x2)
    if isinstance(axes, int):
        axes = range(a.ndim - axes, a.ndim), range(axes)
    axes = [own if np.iterable(own) else (own,) for own in axes]
    of_a, of_b = ([axes_of(i, x.ndim)[0] for i in own] for x, own in zip((a, b), axes))
    if [a.shape[i] for i in of_a] != [b.shape[i] for i in of_b]:
        raise ValueError(f"tensordot: axes {of_a} of shape {a.shape} and {of_b} of shape {b.shape} differ in size.")
    free_a, free_b = ([i for i in range(x.ndim) if i not in own] for x, own in ((a, of_a), (b, of_b)))
    k = math.prod(a.shape[i] for i in of_a)
    left, right = transpose(a, free_a + of_a), transpose(b, of_b + free_b)
    shape = left.shape[: len(free_a)] + right.shape[len(of_b) :]
    n, m = math.prod(left.shape[: len(free_a)]), math.prod(right.shape[len(of_b) :])
    return reshape(matmul(reshape(left, (n, k)), reshape(right, (k, m))), shape)


def inner(x1, x2):
    """The sum of products over the last axis of both: (a, k), (b, k) -> (a, b)."""
    a, b = pair(x1, x2)
    return tensordot(a, b, ([-1], [-1])) if a.ndim and b.ndim else arithmetic.multiply(a, b)


def outer(x1, x2):
    """Each number of x1 times each of x2, both flattened: (n,), (m,) -> (n, m)."""
    a, b = pair(x1, x2)
    return arithmetic.multiply(reshape(a, (-1, 1)), reshape(b, (1, -1)))


def vdot(x1, x2):
    """The sum of products of both, flattened: one number."""
    a, b = pair(x1, x2)
    return matmul(reshape(a, (-1,)), reshape(b, (-1,)))


def cdist(x, y):
    """The distance between each two rows: (..., n, k), (..., m, k) -> (..., n, m)."""
    x, y = pair(x, y)
    if x.ndim < 2 or y.ndim < 2 or x.shape[-1] != y.shape[-1]:
        raise ValueError(f"cdist: shapes {x.shape} and {y.shape} are no matrices with rows of one length.")
    apart = arithmetic.subtract(expand_dims(x, -2), expand_dims(y, -3))
    return arithmetic.sqrt(sum_of(arithmetic.square(apart), -1))


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
    matrix_a = reshape(a, (1, -1)) if a.ndim == 1 else a
    matrix_b = reshape(b, (-1, 1)) if b.ndim == 1 else b
    y = matmul(matrix_a, matrix_b)
    shape = y.shape[: -1 if b.ndim == 1 else None]
    if a.ndim == 1:
        shape = shape[:-1] if b.ndim == 1 else (*y.shape[:-2], y.shape[-1])
    return reshape(y, shape)
