"""Tensors made from nothing."""

import functools

import numpy as np

from .. import config
from ..autodiff import Tensor, tensor
from . import arithmetic as a
from .core import cast, shape
from .helpers import common_dtype


def zeros(shape, dtype=None):
    """A tensor of zeros."""
    return Tensor(np.zeros(shape, dtype or config.floatx()))


def ones(shape, dtype=None):
    """A tensor of ones."""
    return Tensor(np.ones(shape, dtype or config.floatx()))


def empty(shape, dtype=None):
    """A tensor that is to be filled: zeros here, as in JAX."""
    return zeros(shape, dtype)


def full(shape, fill_value, dtype=None):
    """A tensor of one value everywhere; an array or a tensor of values is broadcast."""
    from .shapes import broadcast_to

    return broadcast_to(cast(fill_value, dtype or config.floatx()), shape)


def zeros_like(x, dtype=None):
    """Zeros in the shape of x."""
    return zeros(shape(x), dtype or tensor(x).dtype)


def ones_like(x, dtype=None):
    """Ones in the shape of x."""
    return ones(shape(x), dtype or tensor(x).dtype)


def empty_like(x, dtype=None):
    """A tensor in the shape of x that is to be filled."""
    return zeros_like(x, dtype)


def full_like(x, fill_value, dtype=None):
    """One value everywhere, in the shape of x."""
    return full(shape(x), fill_value, dtype or tensor(x).dtype)


def eye(N, M=None, k=0, dtype=None):
    """1 on the k-th diagonal of an (N, M) matrix, 0 elsewhere; M is N unless given."""
    return Tensor(np.eye(N, M, k, dtype or config.floatx()))


def identity(n, dtype=None):
    """1 on the diagonal of an (n, n) matrix, 0 elsewhere."""
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=None):
    """1 on and below the k-th diagonal of an (N, M) matrix, 0 above."""
    return Tensor(np.tri(N, M, k, dtype or config.floatx()))


def arange(start, stop=None, step=None, dtype=None):
    """The numbers from start (0 if only one is given) up to, but not including, stop.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.arange(1, 8, 3).numpy()
    array([1, 4, 7], dtype=int32)
    """
    ends = [x.numpy() if isinstance(x, Tensor) else x for x in (start, stop, step)]
    if dtype is None:
        dtype = functools.reduce(common_dtype, [tensor(x).value.dtype for x in ends if x is not None])
    start, stop, step = ends
    return Tensor(np.arange(*((0, start) if stop is None else (start, stop)), 1 if step is None else step, dtype))


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """`num` numbers from start to stop, equally far apart; stop is the last of them if `endpoint`.

    With retstep=True also the distance between two of them.
    """
    from .shapes import expand_dims, moveaxis

    start, stop = a.pair(start, stop)
    start, stop = a.floats(start), a.floats(stop)
    steps = num - 1 if endpoint else num
    share = np.arange(num).astype(start.dtype) / np.asarray(max(steps, 1), start.dtype)
    last = (share == 1).reshape(-1, *(1,) * max(start.ndim, stop.ndim))
    share = share.reshape(last.shape)
    y = a.where(last, expand_dims(stop, 0), expand_dims(start, 0) * (1 - share) + expand_dims(stop, 0) * share)
    if dtype is not None:
        from .rounding import floor

        y = cast(y if np.dtype(dtype).kind == "f" else floor(y), dtype)
    y = moveaxis(y, 0, axis)
    return (y, (stop - start) / (steps or np.nan)) if retstep else y


def logspace(start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0):
    """base ** each of linspace(start, stop, num)."""
    y = a.power(float(base), linspace(start, stop, num, endpoint, axis=axis))
    return y if dtype is None else cast(y, dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """`num` numbers from start to stop, each the same multiple of the one before. Both ends have one sign."""
    start, stop = a.floats(start), a.floats(stop)
    y = a.exp(linspace(a.log(a.absolute(start)), a.log(a.absolute(stop)), num, endpoint, axis=axis)) * a.sign(start)
    return y if dtype is None else cast(y, dtype)


def meshgrid(*x, indexing="xy"):
    """Each of the vectors x along an axis of its own, repeated along the others: the coordinates of a grid's points.

    With indexing "xy" the first two vectors lie along the second and the first axis, with "ij" in order.
    """
    from .shapes import broadcast_to, reshape

    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing must be 'xy' or 'ij'; got {indexing!r}.")
    x = [reshape(v, (-1,)) for v in x]
    places = list(range(len(x)))
    if indexing == "xy" and len(x) > 1:
        places[:2] = 1, 0
    whole = [0] * len(x)
    for v, place in zip(x, places):
        whole[place] = v.shape[0]
    along = lambda v, place: reshape(v, tuple(-1 if i == place else 1 for i in range(len(x))))
    return [broadcast_to(along(v, place), whole) for v, place in zip(x, places)]
