"""Products with data that is mostly zeros, as letters are when each is a row of zeros with a single one: the zeros are
left out.

Zero times a number is nothing, but zero times inf or NaN is NaN, which a training has to show: so before anything is
left out, the other factor's numbers are looked at.
"""

import numpy as np

from . import crew, indexing, products
from .compiler import kernel
from .memory import arrays, empty, owner
from .rows import sum_rows

FEW = 1 / 16  # of the numbers are not zero, at most
ROWS = 64  # of the data are looked at, to know how many
WORTH_IT = 32  # columns of the result, at least: there is a look at each number of the data


def without_zeros(calls):
    """The calls; what is taken from data that is mostly zeros is multiplied by other kernels."""
    takes = [given for function, given in calls if function is indexing.take_rows]
    others = {id(owner(a)) for function, given in calls if function is not indexing.take_rows for a in arrays(given)}
    sparse = {id(owner(out)) for data, _, out in takes if id(owner(data)) not in others and mostly_zeros(data)}
    without = []
    for function, given in calls:
        fits = function is products.matmul and id(owner(given[0])) in sparse and _fit(*given)
        without += _products(*given) if fits else [(function, given)]
    return without


def mostly_zeros(table):
    """Whether few numbers of the data are not zero, as far as some of its rows tell."""
    some = table[:: -(-len(table) // ROWS) or 1]
    return some.size > 0 and np.count_nonzero(some) <= FEW * some.size


def _fit(a, b, out):
    return (
        a.dtype == b.dtype == out.dtype and a.dtype.kind == "f" and out.shape[1] >= WORTH_IT
        and (a.flags.c_contiguous or a.flags.f_contiguous) and b.flags.c_contiguous and out.flags.c_contiguous
    )


def _products(a, b, out):
    if a.flags.c_contiguous:
        return [(product, (a, b, out))]
    parts = empty((crew.CORES, *out.shape), out.dtype)
    return [
        (product_over_rows, (a.T, b, parts)),
        (sum_rows, (parts.reshape(len(parts), -1), out.reshape(-1))),
    ]


@kernel
def product(a, b, out):
    """out = a @ b."""
    finite = all_finite(b.reshape(-1))
    for i in range(len(a)):
        out[i] = 0
        for k in range(a.shape[1]):
            if a[i, k] != 0 or not finite:
                add_times(a[i, k], b[k], out[i])


@kernel
def product_over_rows(a, b, parts):
    """parts[0] = a.T @ b; the other parts are 0."""
    parts[:] = 0
    for i in range(len(a)):
        finite = all_finite(b[i])
        for k in range(a.shape[1]):
            if a[i, k] != 0 or not finite:
                add_times(a[i, k], b[i], parts[0, k])


@kernel
def all_finite(x):
    total = x.dtype.type(0)
    for j in range(x.size):
        total += x[j] * x.dtype.type(0)
    return total == 0


@kernel
def add_times(factor, x, y):
    for j in range(y.size):
        y[j] += factor * x[j]
