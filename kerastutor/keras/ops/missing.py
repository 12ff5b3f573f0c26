"""Reductions that leave NaN out: `nansum`, `nanmean`, ..."""

import math

import numpy as np

from ..autodiff import tensor
from . import arithmetic as a
from . import reductions as r
from . import scans
from .core import cast
from .logic import all as all_of
from .logic import isnan
from .statistics import from_line, in_line, quantiles


def _filled(x, value):
    """x with `value` in place of NaN."""
    x = tensor(x)
    return a.where(isnan(x), value, x) if x.value.dtype.kind == "f" else x


def _count(x, axis, keepdims):
    """How many are no NaN."""
    return r.sum(cast(a.equal(x, x), x.dtype), axis, keepdims)


def _none(x, axis, keepdims):
    """Whether there is nothing but NaN."""
    return all_of(isnan(x), axis, keepdims)


def nansum(x, axis=None, keepdims=False):
    """The sum over `axis`, NaN left out."""
    return r.sum(_filled(x, 0.0), axis, keepdims)


def nanprod(x, axis=None, keepdims=False):
    """The product over `axis`, NaN left out."""
    return r.prod(_filled(x, 1.0), axis, keepdims)


def nanmean(x, axis=None, keepdims=False):
    """The mean over `axis`, NaN left out; NaN where there is nothing else."""
    x = a.floats(x)
    return nansum(x, axis, keepdims) / _count(x, axis, keepdims)


def nanvar(x, axis=None, keepdims=False):
    """The variance over `axis`, NaN left out."""
    x = a.floats(x)
    apart = a.where(isnan(x), 0.0, _filled(x, 0.0) - nanmean(x, axis, keepdims=True))
    return r.sum(a.square(apart), axis, keepdims) / _count(x, axis, keepdims)


def nanstd(x, axis=None, keepdims=False):
    """The standard deviation over `axis`, NaN left out."""
    return a.sqrt(nanvar(x, axis, keepdims))


def nanmax(x, axis=None, keepdims=False):
    """The largest over `axis`, NaN left out."""
    return _extreme(r.max, -np.inf, x, axis, keepdims)


def nanmin(x, axis=None, keepdims=False):
    """The smallest over `axis`, NaN left out."""
    return _extreme(r.min, np.inf, x, axis, keepdims)


def _extreme(reduce, beyond, x, axis, keepdims):
    x = tensor(x)
    if x.value.dtype.kind != "f":
        return reduce(x, axis, keepdims)
    return a.where(_none(x, axis, keepdims), math.nan, reduce(_filled(x, beyond), axis, keepdims))


def nanargmax(x, axis=None, keepdims=False):
    """Where x is largest along `axis`, NaN left out; -1 where there is nothing else. int32."""
    return a.where(_none(x, axis, keepdims), -1, r.argmax(_filled(x, -np.inf), axis, keepdims))


def nanargmin(x, axis=None, keepdims=False):
    """Where x is smallest along `axis`, NaN left out; -1 where there is nothing else. int32."""
    return a.where(_none(x, axis, keepdims), -1, r.argmin(_filled(x, np.inf), axis, keepdims))


def nancumsum(x, axis=None, dtype=None):
    """The sum up to each place, NaN left out."""
    return scans.cumsum(_filled(x, 0.0), axis, dtype)


def nancumprod(x, axis=None, dtype=None):
    """The product up to each place, NaN left out."""
    return scans.cumprod(_filled(x, 1.0), axis, dtype)


def nanquantile(x, q, axis=None, method="linear", keepdims=False):
    """As `quantile`, NaN left out."""
    x, q = a.floats(x), a.floats(q)
    line = in_line(x, axis)
    return from_line(quantiles(line, q, method, _count(line, -1, True)), x, q, axis, keepdims)


def nanpercentile(x, q, axis=None, method="linear", keepdims=False):
    """As `percentile`, NaN left out."""
    return nanquantile(x, a.floats(q) / 100, axis, method, keepdims)


def nanmedian(x, axis=None, keepdims=False):
    """As `median`, NaN left out."""
    return nanquantile(x, 0.5, axis, keepdims=keepdims)
