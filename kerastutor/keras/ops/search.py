"""Sorting, ranks, and finding: no number is computed here, only found.

The places are found by a kernel; the numbers are taken from there, so that their gradients flow back.
"""

import numpy as np

from ...backends import K
from ..autodiff import Tensor, run, tensor
from . import arithmetic as a
from .helpers import axes_of, rows
from .indexing import take_along_axis
from .joining import flip
from .reductions import sum as sum_of
from .shapes import expand_dims, moveaxis, reshape


def argsort(x, axis=-1):
    """The places of the numbers along `axis` from the smallest on; equals in their order, NaN last. int32."""
    x = tensor(x)
    if axis is None or not x.ndim:
        x, axis = reshape(x, (-1,)), 0
    (axis,) = axes_of(axis, x.ndim)
    last = moveaxis(x, axis, -1)
    order = K.empty(last.shape, np.int32)
    if last.size:
        run(K.argsort, rows(last.value), rows(order))
    return moveaxis(Tensor(order), -1, axis)


def sort(x, axis=-1):
    """The numbers along `axis` from the smallest on, NaN last. Gradient: dy back to where each number came from.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.sort([3, 1, 2]).numpy()
    array([1, 2, 3], dtype=int32)
    """
    x = tensor(x)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return take_along_axis(x, argsort(x, axis), axis)


def argpartition(x, kth, axis=-1):
    """Places such that the one at `kth` is as in `argsort`, smaller numbers before it, larger ones behind."""
    return argsort(x, axis)


def top_k(x, k, sorted=True):
    """The k largest along the last axis, from the largest on, and their places (int32); of equals the first.

    Returns
    -------
    values, indices : Tensor
        Of shape (..., k).

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> values, indices = ops.top_k([0.1, 0.7, 0.2], 2)
    >>> indices.numpy()
    array([1, 2], dtype=int32)
    """
    x = tensor(x)
    if not x.ndim or not 0 <= k <= x.shape[-1]:
        raise ValueError(f"top_k: k={k} of the last axis of shape {x.shape}; expected k from 0 to its size.")
    from_the_end = flip(argsort(flip(x, -1)), -1)[..., :k]  # so that of equals the first comes first
    places = (x.shape[-1] - 1) - from_the_end
    return take_along_axis(x, places, -1), places


def in_top_k(targets, predictions, k):
    """Whether fewer than k of each row of `predictions` are larger than the one at its target: (n,), (n, m) -> (n,)."""
    x = tensor(predictions)
    at_target = take_along_axis(x, expand_dims(targets, -1), -1)
    at_target = a.where(a.not_equal(at_target, at_target), -np.inf, at_target)
    return sum_of(x > at_target, axis=-1) < k


def searchsorted(sorted_sequence, values, side="left"):
    """Where each value would be put in among sorted numbers: before its equals ("left") or behind them. int32."""
    x, values = a.pair(sorted_sequence, values)
    if x.ndim != 1:
        raise ValueError(f"searchsorted: the sorted sequence must have one axis; got shape {x.shape}.")
    if side not in ("left", "right"):
        raise ValueError(f"searchsorted: side must be 'left' or 'right'; got {side!r}.")
    out = K.empty(values.shape, np.int32)
    run(_searchsorted, x.value, values.value, side, out)
    return Tensor(out)


def _searchsorted(x, values, side, out):
    out[...] = np.searchsorted(x, values, side)


def digitize(x, bins):
    """The number of the bin that each of x falls into: i where bins[i - 1] <= x < bins[i]; bins may descend. int32."""
    x, bins = a.pair(x, bins)
    out = K.empty(x.shape, np.int32)
    run(_digitize, x.value, bins.value, out)
    return Tensor(out)


def _digitize(x, bins, out):
    out[...] = np.digitize(x, bins)


def unravel_index(indices, shape):
    """Places in a flattened tensor as places on each of the axes of `shape`: a tuple of tensors."""
    from .rounding import floor_divide, mod

    place, found = tensor(indices), []
    for n in reversed(tuple(shape)):
        found.append(mod(place, n))
        place = floor_divide(place, n)
    return tuple(reversed(found))


# results whose shape depends on the data -------------------------------------------------------


def nonzero(x):
    """The places where x is not 0: a tuple with one tensor for each axis. Not while a step is being recorded."""
    return tuple(Tensor(places.astype(np.int32)) for places in np.nonzero(tensor(x).numpy()))


def unique(
    x, sorted=True, return_index=False, return_inverse=False, return_counts=False, axis=None, size=None, fill_value=None
):
    """The different numbers in x (or rows, along `axis`), from the smallest on. Not while a step is being recorded.

    Parameters
    ----------
    return_index, return_inverse, return_counts : bool
        Also where each is first, which of them each of x is, how often each occurs: int32.
    size : int, optional
        So many are given: the others left out, or `fill_value` (the smallest unless given) added.
    """
    values = tensor(x).numpy()
    found = np.unique(values, True, True, True, axis, equal_nan=False)
    parts = [found[0], *[part.astype(np.int32) for part in found[1:]]]
    if size is not None:
        parts[0] = _resized(parts[0], size, 0 if axis is None else axis, fill_value)
        parts[1] = _resized(parts[1], size, 0, None)
        parts[3] = _resized(parts[3], size, 0, 0)
    wanted = [True, return_index, return_inverse, return_counts]
    results = [Tensor(np.ascontiguousarray(part)) for part, want in zip(parts, wanted) if want]
    return results[0] if len(results) == 1 else tuple(results)


def _resized(x, size, axis, fill):
    """The first `size` along `axis`, or `fill` (the first of them unless given) behind them."""
    n = x.shape[axis]
    more = np.take(x, [0] * max(size - n, 0), axis)
    if fill is not None:
        more[...] = fill
    return np.concatenate([np.take(x, range(min(n, size)), axis), more], axis)
