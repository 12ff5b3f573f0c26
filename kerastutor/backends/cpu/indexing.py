"""Rows chosen by an index. Numba checks no bounds: `outside` does, and `keras/ops` calls it first."""

import numpy as np

from .compiler import kernel

f32 = np.float32


@kernel
def take_rows(table, index, out):
    for i in range(index.size):
        row = index[i]
        for j in range(table.shape[1]):
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
def outside(index, limit, found):
    found[0] = -1
    for i in range(index.size):
        if index[i] < 0 or index[i] >= limit:
            found[0] = i
            break
