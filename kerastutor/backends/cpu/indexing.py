"""Rows chosen by an index. Numba checks no bounds: `outside` does, and `keras/ops` calls it first."""

import numpy as np

from . import crew
from .compiler import kernel, recorded
from .memory import empty
from .rows import sum_rows
from .simd import prefetch

f32 = np.float32
MANY = 200_000  # numbers that are worth sharing
FAR = 1 << 22  # bytes of a table that is not in the cache
LINE = 64  # bytes that come from memory at once
AHEAD = 12  # rows


@kernel
def take_rows(table, index, out):
    k, line = table.shape[1], LINE // table.itemsize
    flat, far = table.reshape(-1), table.size * table.itemsize > FAR
    for i in range(index.size):
        if far and i + AHEAD < index.size:
            first = index[i + AHEAD] * k
            for j in range(first, first + k + line - 1, line):
                prefetch(flat, j)
        row = index[i]
        for j in range(k):
            out[i, j] = table[row, j]


def _by_parts(index, dy, dtable):
    """Each core adds some of the rows to a table of its own."""
    if dy.size < MANY or crew.CORES == 1 or not dtable.size or not dtable.flags.c_contiguous:
        return None
    parts = empty((crew.CORES, *dtable.shape), dtable.dtype)
    return [(add_some_at_rows, (index, dy, parts)), (sum_rows, (parts.reshape(len(parts), -1), dtable.reshape(-1)))]


@kernel
def add_some_at_rows(index, dy, parts):
    """The sums for these rows into parts[0]; the other parts are 0."""
    parts[1:] = 0
    add_rows(index, dy, parts[0])


@recorded(_by_parts)
@kernel
def add_at_rows(index, dy, dtable):
    add_rows(index, dy, dtable)


@kernel
def add_rows(index, dy, dtable):
    for i in range(dtable.shape[0]):
        for j in range(dtable.shape[1]):
            dtable[i, j] = f32(0)
    for i in range(index.size):
        row = index[i]
        for j in range(dtable.shape[1]):
            dtable[row, j] += dy[i, j]


@kernel
def one_hot(index, out):
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = index[i] == j


@kernel
def next_part(source, place, out):
    start = place[0]
    if start + out.size <= source.size:
        for i in range(out.size):
            out[i] = source[start + i]
    place[0] = start + out.size


@kernel
def outside(index, limit, found):
    found[0] = -1
    for i in range(index.size):
        if index[i] < 0 or index[i] >= limit:
            found[0] = i
            break
