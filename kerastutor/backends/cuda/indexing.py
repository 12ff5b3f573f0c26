"""Rows chosen by an index."""

import numpy as np
from numba import cuda

from .launch import IN_A_BLOCK, kernel, launch, launch_blocks


@kernel(fills=1)
def take_rows(table, index, out):
    launch(_take_rows, out.size, table, index, out)


@cuda.jit
def _take_rows(table, index, out):
    i = cuda.grid(1)
    if i < out.size:
        row, column = i // out.shape[1], i % out.shape[1]
        if 0 <= index[row] < table.shape[0]:  # else the host will complain, later
            out[row, column] = table[index[row], column]


@kernel(fills=1)
def add_at_rows(index, dy, dtable):
    launch(_clear, dtable.size, dtable)
    launch(_add_at_rows, dy.size, index, dy, dtable)


@cuda.jit
def _clear(table):
    i = cuda.grid(1)
    if i < table.size:
        table[i // table.shape[1], i % table.shape[1]] = 0


@cuda.jit
def _add_at_rows(index, dy, dtable):
    """Several threads may add to the same number: each addition is atomic, their order is not fixed."""
    i = cuda.grid(1)
    if i < dy.size:
        row, column = i // dy.shape[1], i % dy.shape[1]
        if 0 <= index[row] < dtable.shape[0]:
            cuda.atomic.add(dtable, (index[row], column), dy[row, column])


@kernel(fills=1)
def one_hot(index, out):
    launch(_one_hot, out.size, index, out)


@cuda.jit
def _one_hot(index, out):
    i = cuda.grid(1)
    if i < out.size:
        row, column = i // out.shape[1], i % out.shape[1]
        out[row, column] = index[row] == column


@kernel(fills=0)
def next_part(source, place, out):
    launch_blocks(_next_part, 1, IN_A_BLOCK, source, place, out)


@cuda.jit
def _next_part(source, place, out):
    """In one block, whose threads can wait for one another: `place` moves on when all have read it."""
    first = place[0]
    cuda.syncthreads()
    if first + out.size <= source.size:
        for i in range(cuda.threadIdx.x, out.size, cuda.blockDim.x):
            out[i] = source[first + i]
    if cuda.threadIdx.x == 0:
        place[0] = first + out.size


NOWHERE = np.int64(2**62)


@kernel(fills=1)
def outside(index, limit, found):
    launch(_start_looking, 1, found)
    launch(_look, index.size, index, limit, found)
    launch(_stop_looking, 1, found)


@cuda.jit
def _start_looking(found):
    found[0] = NOWHERE


@cuda.jit
def _look(index, limit, found):
    i = cuda.grid(1)
    if i < index.size and (index[i] < 0 or index[i] >= limit):
        cuda.atomic.min(found, 0, i)


@cuda.jit
def _stop_looking(found):
    if found[0] == NOWHERE:
        found[0] = -1
