"""Rows chosen by an index. Numba checks no bounds: `outside` does, and `keras/ops` calls it first."""

import numpy as np

from .compiler import kernel
from .simd import prefetch

f32 = np.float32
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


@kernel
def add_at_rows(index, dy, dtable):
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
