"""Diagonals, triangles, and products of vectors and matrices of special kinds."""

import numpy as np

from ..autodiff import tensor
from . import arithmetic as a
from .helpers import axes_of, pair
from .indexing import take
from .joining import stack
from .placing import scatter
from .reductions import sum as sum_of
from .shapes import moveaxis, reshape


def diagonal(x, offset=0, axis1=0, axis2=1):
    """The numbers x[i, i + offset] of the matrices that lie on two axes; they come on the last axis."""
    x = tensor(x)
    (i,), (j,) = axes_of(axis1, x.ndim), axes_of(axis2, x.ndim)
    if i == j:
        raise ValueError(f"diagonal: axis1={axis1} and axis2={axis2} are one and the same.")
    matrices = moveaxis(x, (i, j), (-2, -1))
    n, m = matrices.shape[-2:]
    k = max(min(n + min(offset, 0), m - max(offset, 0)), 0)
    places = np.arange(k) * (m + 1) + (offset if offset > 0 else -offset * m)
    return take(reshape(matrices, (*matrices.shape[:-2], n * m)), places.astype(np.int32), -1)


def diag(x, k=0):
    """The k-th diagonal of a matrix; of a vector, the matrix that has it there."""
    x = tensor(x)
    if x.ndim not in (1, 2):
        raise ValueError(f"diag takes a vector or a matrix; got shape {x.shape}.")
    if x.ndim == 2:
        return diagonal(x, k)
    n = x.shape[0]
    rows = np.arange(n, dtype=np.int32)
    places = np.stack([rows - min(k, 0), rows + max(k, 0)], 1)
    return scatter(places, x, (n + abs(k),) * 2)


def diagflat(x, k=0):
    """The matrix that has x, flattened, on its k-th diagonal."""
    return diag(reshape(x, (-1,)), k)


def trace(x, offset=0, axis1=0, axis2=1):
    """The sum of a diagonal."""
    return sum_of(diagonal(x, offset, axis1, axis2), -1)


def tril(x, k=0):
    """x with zeros above its k-th diagonal (the last two axes)."""
    return _triangle(x, lambda n, m: np.tri(n, m, k, bool))


def triu(x, k=0):
    """x with zeros below its k-th diagonal (the last two axes)."""
    return _triangle(x, lambda n, m: ~np.tri(n, m, k - 1, bool))


def _triangle(x, inside):
    x = tensor(x)
    if x.ndim < 2:
        raise ValueError(f"tril and triu take matrices, on the last two axes; got shape {x.shape}.")
    return a.where(inside(*x.shape[-2:]), x, np.zeros((), x.dtype))


def vander(x, N=None, increasing=False):
    """The powers of each number in a vector: x ** (N - 1), ..., x, 1, or the other way round: (n,) -> (n, N)."""
    x = tensor(x)
    n = x.shape[0] if N is None else N
    powers = np.arange(n) if increasing else np.arange(n)[::-1]
    return a.power(reshape(x, (-1, 1)), powers.astype(x.dtype))


def kron(x1, x2):
    """Each number of x1 times the whole of x2, laid out as a large matrix."""
    x, y = pair(x1, x2)
    ndim = max(x.ndim, y.ndim)
    p, q = ((1,) * (ndim - t.ndim) + t.shape for t in (x, y))
    product = reshape(x, [n for size in p for n in (size, 1)]) * reshape(y, [n for size in q for n in (1, size)])
    return reshape(product, [n * m for n, m in zip(p, q)])


def cross(x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The vector at right angles to two vectors of three numbers; of two vectors of two numbers its third component."""
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = pair(x1, x2)
    x, y = moveaxis(x, axisa, -1), moveaxis(y, axisb, -1)
    if not {x.shape[-1], y.shape[-1]} <= {2, 3}:
        raise ValueError(f"cross takes vectors of two or three numbers; got shapes {x.shape} and {y.shape}.")
    (p, q, r), (s, t, u) = ([v[..., i] if i < v.shape[-1] else None for i in range(3)] for v in (x, y))
    third = p * t - q * s
    if r is None and u is None:
        return third
    r, u = (p * 0 if r is None else r), (s * 0 if u is None else u)
    return moveaxis(stack([q * u - r * t, r * s - p * u, third], -1), -1, axisc)
