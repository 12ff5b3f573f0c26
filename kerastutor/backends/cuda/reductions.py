"""Many numbers made one: each thread makes one of 64, and the same again with what is left, until one is left.

The order is always the same, so that the same numbers give the same sum to the last bit.
"""

import math

import numpy as np
from numba import cuda

from . import memory
from .broadcasting import flat
from .launch import SIMULATED, kernel, launch

EACH = 4 if SIMULATED else 64  # numbers that one thread reduces


@kernel(fills=1)
def sum(x, axes, out):
    _over_axes(_add_up, x, axes, out, out.dtype.type(0))


@kernel(fills=1)
def max(x, axes, out):
    _over_axes(_largest, x, axes, out)


@kernel(fills=1)
def min(x, axes, out):
    _over_axes(_smallest, x, axes, out)


@kernel(fills=1)
def mean(x, out):
    total = memory.workspace("total", 1, np.float64)
    reduce(_add_up, x, 1, x.size, 1, total, np.float64(0))
    launch(_share, 1, total, np.float64(x.size), out)


@cuda.jit
def _share(total, n, out):
    out[0] = total[0] / n


def _over_axes(loop, x, axes, out, *start):
    """Reduce one run of neighbouring axes after the other, from the last on."""
    shape, left, source = list(x.shape), [a for a in axes if x.shape[a] != 1], x
    if not left:
        return reduce(loop, x, x.size, 1, 1, out, *start)
    while left:
        last = first = left.pop()
        while first - 1 in left:
            first = left.pop()
        outer, n, inner = (math.prod(s) for s in (shape[:first], shape[first : last + 1], shape[last + 1 :]))
        target = memory.workspace(f"axes {len(left)}", outer * inner, out.dtype) if left else out
        reduce(loop, source, outer, n, inner, target, *start)
        shape[first : last + 1] = [1] * (last + 1 - first)
        source = target


def reduce(loop, x, outer, n, inner, out, *start):
    """Reduce the middle axis of x, taken as (outer, n, inner), launch by launch."""
    x, number = flat(x), 0
    while True:
        m = -(-n // EACH) or 1
        target = flat(out) if m == 1 else memory.workspace(f"partial {number % 2}", outer * m * inner, out.dtype)
        launch(loop, outer * m * inner, x, n, m, inner, *start, target)
        if m == 1:
            return
        x, n, number = target, m, number + 1


@cuda.jit(device=True)
def mine(i, n, m, inner):
    """Where thread i finds its numbers in (outer, n, inner), if m threads share n: the first, the end, the step."""
    begin = i // (m * inner) * n * inner
    return begin + i % (m * inner), begin + n * inner, m * inner


@cuda.jit
def _add_up(x, n, m, inner, zero, out):
    i = cuda.grid(1)
    if i < out.size:
        first, end, step = mine(i, n, m, inner)
        total = zero
        for j in range(first, end, step):
            total += x[j]
        out[i] = total


@cuda.jit
def _largest(x, n, m, inner, out):
    i = cuda.grid(1)
    if i < out.size:
        first, end, step = mine(i, n, m, inner)
        found = x[first]
        for j in range(first + step, end, step):
            found = np.maximum(found, x[j])
        out[i] = found


@cuda.jit
def _smallest(x, n, m, inner, out):
    i = cuda.grid(1)
    if i < out.size:
        first, end, step = mine(i, n, m, inner)
        found = x[first]
        for j in range(first + step, end, step):
            found = np.minimum(found, x[j])
        out[i] = found
