"""Matrix products: by cuBLAS where it is installed, else by a kernel that shows how it is done.

The kernel's idea: each number of a matrix is needed by a whole row or column of results. So a block of threads computes
a tile of results together; it fetches a tile of each factor into the memory that its threads share, once, and each
thread then takes from there what it needs.
"""

import functools
import math

import numpy as np
from numba import cuda, float32, float64

from . import blas, memory
from .broadcasting import flat
from .launch import SIMULATED, call, kernel, launch_blocks

TILE = 2 if SIMULATED else 16  # rows and columns of a tile; a block has a thread for each of its numbers


@kernel(fills=1)
def matmul(a, b, out):
    multiply([Matrices(a, 0)], [Matrices(b, 0)], [Matrices(out, 0)])


@kernel(fills=1)
def batch_matmul(a, b, out):
    lead, leads = tuple(out.shape)[:-2], [tuple(getattr(m, "array", m).shape)[:-2] for m in (a, b, out)]
    even = all(own == lead or math.prod(own) == 1 for own in leads)
    multiply(*(_evenly(m, own, lead) if even else _one_by_one(m, own, lead) for m, own in zip((a, b, out), leads)))


class Matrices:
    """One matrix or several: where they begin in a flat array, and how far apart are rows, columns and matrices."""

    def __init__(self, a, apart, first=0, count=1):
        turned, a = isinstance(a, memory.Turned), getattr(a, "array", a)
        n, m = tuple(a.shape)[-2:]
        self.flat, self.first, self.apart, self.count, self.turned = flat(a), first, apart, count, turned
        self.shape, self.steps = ((m, n), (1, m)) if turned else ((n, m), (m, 1))
        self.line = m  # from one line in memory to the next


def multiply(a, b, out):
    """Each of `a` times the one of `b` beside it."""
    for x, y, z in zip(a, b, out):
        (n, k), m = x.shape, y.shape[1]
        if not z.count * n * m:
            continue
        if k and blas.usable(z.flat.dtype):
            call(*blas.gemm(x, y, z))
            continue
        grid = (-(-m // TILE), -(-n // TILE), z.count)
        parts = (argument for matrices in (x, y, z) for argument in (
            matrices.flat, matrices.first, matrices.apart, *matrices.steps))
        launch_blocks(_tiled(z.flat.dtype.name), grid, (TILE, TILE), n, k, m, *parts)


def _evenly(m, own, lead):
    """A stack of matrices that lie equally far apart, or of one again and again: for a single launch."""
    return [Matrices(m, _size(m) if own == lead else 0, count=math.prod(lead))]


def _one_by_one(m, own, lead):
    """The matrices of a stack that belong to each one of the result."""
    places = np.broadcast_to(np.arange(math.prod(own)).reshape(own), lead).reshape(-1)
    return [Matrices(m, 0, int(p) * _size(m)) for p in places]


def _size(m):
    return math.prod(tuple(getattr(m, "array", m).shape)[-2:])


@functools.cache
def _tiled(dtype):
    """The kernel for a dtype: the memory that threads share has to know it."""
    number = float32 if dtype == "float32" else float64

    @cuda.jit
    def tiled(n, k, m, a, a_first, a_apart, a_row, a_column, b, b_first, b_apart, b_row, b_column,
              out, out_first, out_apart, out_row, out_column):
        """out = a @ b, for (n, k) @ (k, m): each block a tile of one product, each thread a number of the tile."""
        of_a = cuda.shared.array((TILE, TILE), number)
        of_b = cuda.shared.array((TILE, TILE), number)
        i, j, which = cuda.threadIdx.y, cuda.threadIdx.x, cuda.blockIdx.z
        row, column = cuda.blockIdx.y * TILE + i, cuda.blockIdx.x * TILE + j
        a_first, b_first = a_first + which * a_apart, b_first + which * b_apart
        total = number(0)
        for start in range(0, k, TILE):
            inside = row < n and start + j < k
            of_a[i, j] = a[a_first + row * a_row + (start + j) * a_column] if inside else number(0)
            inside = start + i < k and column < m
            of_b[i, j] = b[b_first + (start + i) * b_row + column * b_column] if inside else number(0)
            cuda.syncthreads()  # both tiles are there
            for t in range(TILE):
                total += of_a[i, t] * of_b[t, j]
            cuda.syncthreads()  # nobody needs them any more
        if row < n and column < m:
            out[out_first + which * out_apart + row * out_row + column * out_column] = total

    return tiled
