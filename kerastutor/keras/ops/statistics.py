"""Variance, averages, quantiles, counts."""

import math

import numpy as np

from ..autodiff import tensor
from . import arithmetic as a
from .core import cast, shape
from .creation import linspace, ones, ones_like
from .helpers import axes_of, floats
from .indexing import take, take_along_axis
from .joining import pad, stack
from .logic import any as any_of
from .logic import isnan
from .placing import segment_sum
from .products import matmul
from .reductions import max as max_of
from .reductions import mean
from .reductions import min as min_of
from .reductions import sum as sum_of
from .rounding import ceil, floor, round
from .search import searchsorted, sort
from .shapes import expand_dims, moveaxis, reshape, transpose


def var(x, axis=None, keepdims=False):
    """The mean squared distance from the mean."""
    x = floats(x)
    return mean(a.square(x - mean(x, axis, keepdims=True)), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """The standard deviation: the root of the variance."""
    return a.sqrt(var(x, axis, keepdims))


def average(x, axis=None, weights=None):
    """The mean over `axis`, each number counted as its weight says; a vector of weights lies along `axis`."""
    x = floats(x)
    if weights is None:
        return mean(x, axis)
    x, weights = a.pair(x, floats(weights))
    if weights.shape != x.shape:
        if not isinstance(axis, int) or weights.shape != (x.shape[axis],):
            raise ValueError(f"average: weights {weights.shape} fit neither x, {x.shape}, nor its axis {axis}.")
        weights = reshape(weights, [-1 if i == axis % x.ndim else 1 for i in range(x.ndim)])
    return sum_of(x * weights, axis) / sum_of(weights * ones_like(x), axis)


# quantiles -------------------------------------------------------------------------------------


def quantile(x, q, axis=None, method="linear", keepdims=False):
    """The number below which the share q (0..1) of the numbers along `axis` lies.

    Parameters
    ----------
    q : number or vector
        Of a vector the quantiles come along a new first axis.
    method : {"linear", "lower", "higher", "midpoint", "nearest"}
        What is taken between two numbers.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.quantile([1.0, 2.0, 10.0], 0.5).numpy()
    array(2., dtype=float32)
    """
    x, q = floats(x), floats(q)
    line = in_line(x, axis)
    y = quantiles(line, q, method, line.shape[-1])
    return from_line(a.where(any_of(isnan(line), -1, keepdims=True), math.nan, y), x, q, axis, keepdims)


def in_line(x, axis):
    """x with the numbers of all axes in `axis` along its last one."""
    axes = axes_of(axis, x.ndim)
    line = transpose(x, [*(i for i in range(x.ndim) if i not in axes), *axes])
    return reshape(line, (*line.shape[: x.ndim - len(axes)], math.prod(x.shape[i] for i in axes)))


def from_line(y, x, q, axis, keepdims):
    """The quantiles on the last axis of y in the shape asked for: a vector q's come along a new first axis."""
    axes = axes_of(axis, x.ndim)
    shape = [1 if i in axes else n for i, n in enumerate(x.shape) if keepdims or i not in axes]
    return reshape(moveaxis(y, -1, 0) if q.ndim else y, (*q.shape, *shape))


def quantiles(line, q, method, count):
    """The quantiles q of the first `count` numbers of each row in order: a number, or one for each row."""
    if method not in ("linear", "lower", "higher", "midpoint", "nearest"):
        raise ValueError(f"quantile: method must be linear, lower, higher, midpoint or nearest; got {method!r}.")
    ordered = sort(line)
    at = reshape(cast(q, line.dtype), (*(1,) * (line.ndim - 1), -1)) * (count - 1)
    number = lambda place: take_along_axis(ordered, cast(a.maximum(place, 0), "int32"), -1)
    if method in ("lower", "higher", "nearest"):
        return number({"lower": floor, "higher": ceil, "nearest": round}[method](at))
    share = 0.5 if method == "midpoint" else at - floor(at)
    return number(floor(at)) * (1.0 - share) + number(ceil(at)) * share


def percentile(x, q, axis=None, method="linear", keepdims=False):
    """The number below which q percent of the numbers along `axis` lie: see `quantile`."""
    return quantile(x, floats(q) / 100, axis, method, keepdims)


def median(x, axis=None, keepdims=False):
    """The number in the middle along `axis`, or the mean of the two there."""
    return quantile(x, 0.5, axis, keepdims=keepdims)


# together --------------------------------------------------------------------------------------


def corrcoef(x):
    """How closely each two rows go together, from -1 to 1: (n, samples) -> (n, n)."""
    x = floats(x)
    if x.ndim < 2:
        return x * 0 + 1 if not x.ndim else corrcoef(x[None])[0, 0]
    x = x - mean(x, -1, keepdims=True)
    products = matmul(x, transpose(x))
    size = a.sqrt(sum_of(a.square(x), -1))
    return products / (reshape(size, (-1, 1)) * size)


def correlate(x1, x2, mode="valid"):
    """The sums of products of x1 with x2 moved along it: y[i] = sum of x1[i + j] * x2[j].

    mode "valid" keeps x2 inside x1, with "full" they meet in one number at least, with "same" y is as long as x1.
    """
    x1, x2 = a.pair(floats(x1), floats(x2))
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(f"correlate takes two vectors; got shapes {x1.shape} and {x2.shape}.")
    if mode not in ("valid", "same", "full"):
        raise ValueError(f"correlate: mode must be 'valid', 'same' or 'full'; got {mode!r}.")
    if x1.shape < x2.shape:
        return correlate(x2, x1, mode)[::-1]
    n, m = x1.size, x2.size
    around = {"valid": 0, "full": m - 1, "same": m - 1}[mode]
    x1 = pad(x1, around)
    windows = np.arange(x1.size - m + 1)[:, None] + np.arange(m)
    y = matmul(take(x1, windows.astype(np.int32)), x2)
    return y[(m - 1) // 2 :][:n] if mode == "same" else y


# counts ----------------------------------------------------------------------------------------


def bincount(x, weights=None, minlength=0, sparse=False):
    """How often each of 0, 1, 2, ... occurs in x (or the sum of its weights); in a matrix, row by row.

    The result is as long as the largest number says, so not while a step is being recorded; `one_hot` and `sum` count
    there.
    """
    if sparse:
        raise ValueError("bincount: sparse=True is not offered, as with Keras on NumPy.")
    x = cast(x, "int32")
    n = max(int(x.numpy().max(initial=-1)) + 1, minlength)
    weights = ones(shape(x), "int32") if weights is None else tensor(weights)
    if x.ndim == 2:
        return stack([segment_sum(w, row, n) for w, row in zip(weights, x)])
    return segment_sum(weights, x, n)


def histogram(x, bins=10, range=None):
    """How many of a vector fall into each bin, and the bins' edges: bins + 1, equally far apart over `range`."""
    x = floats(x)
    if not isinstance(bins, int) or bins < 1 or x.ndim != 1:
        raise ValueError(f"histogram takes a vector, and bins, a whole number from 1 up; got {x.shape} and {bins!r}.")
    low, high = (min_of(x), max_of(x)) if range is None else range
    edges = linspace(low, high, bins + 1)
    place = a.where(a.equal(x, edges[-1]), bins - 1, searchsorted(edges, x, "right") - 1)
    numbers = np.arange(bins, dtype=np.int32)[:, None]
    return sum_of(cast(a.equal(expand_dims(place, 0), numbers), x.dtype), -1), edges
