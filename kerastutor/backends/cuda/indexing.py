"""Rows chosen by an index."""

import numpy as np
from numba import cuda

from .launch import kernel, launch


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
    launch(_next_part, out.size, source, place, out)
    launch(_move_on, 1, place, out.size)


@cuda.jit
def _next_part(source, place, out):
    i = cuda.grid(1)
    if i < out.size and place[0] + out.size <= source.size:
        out[i] = source[place[0] + i]


@cuda.jit
def _move_on(place, n):
    place[0] += n


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
