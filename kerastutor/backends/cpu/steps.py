"""What the recurrent kernels do at a step for some samples at once.

A workspace is flat and gate by gate: the numbers of m samples for the first gate, then those for the second. So the
activations are single long loops, of which compilers make whole vectors. A sequence in memory is
(samples, time, gates * units), of which the samples first ... first + m - 1 are in the workspace.
"""

import numpy as np

from . import functions as fn
from .compiler import kernel, part
from .simd import LANES, load, prefetch, store
from .tile import COLUMNS, ROWS, tile

f32 = np.float32
ZERO, ONE = np.intp(0), np.intp(1)  # for a literal number Numba would compile a function once more
AS_IT_IS, TURNED = np.bool_(False), np.bool_(True)
TOGETHER = 48  # samples: few enough for the cache, a multiple of ROWS
AHEAD = np.intp(2)  # steps: what is in no cache takes about as long to come
LINE = 64  # bytes that come at once


@kernel
def together(samples):
    """How many samples go through time at once: at most TOGETHER, and so that the last ones are about as many."""
    rounds = max(-(-samples // TOGETHER), 1)
    return max(-(-samples // rounds // ROWS) * ROWS, ROWS)


@part
def move(x, i, y, j, n):
    """y[j : j + n] = x[i : i + n]."""
    whole = n - n % LANES
    for k in range(ZERO, whole, LANES):
        store(y, j + k, load(x, i + k))
    for k in range(whole, n):
        y[j + k] = x[i + k]


@kernel
def order(time, way):
    """The steps in the order in which they are made: from the first on, or, if `way` is below 0, from the last."""
    return range(0, time, 1) if way > 0 else range(time - 1, -1, -1)


# between memory and workspace ------------------------------------------------------------------


@part
def rows(y):
    """A sequence as rows, one for each step of each sample."""
    return y.reshape(len(y) * y.shape[1], y.shape[2])


@part
def put(s, units, m, y, row, apart, ahead):
    """m rows of y, so far `apart` from `row` on, = the workspace s. Meanwhile the rows so far `ahead` are fetched."""
    flat, width = y.reshape(-1), y.shape[1]
    for i in range(m):
        there = (row + i * apart) * width
        _fetch(flat, there + ahead * width, width)
        for gate in range(width // units):
            move(s, (gate * m + i) * units, flat, there + gate * units, units)


@part
def take(y, row, apart, ahead, units, m, s):
    """The workspace s = m rows of y, as in `put`."""
    flat, width = y.reshape(-1), y.shape[1]
    for i in range(m):
        there = (row + i * apart) * width
        _fetch(flat, there + ahead * width, width)
        for gate in range(width // units):
            move(flat, there + gate * units, s, (gate * m + i) * units, units)


@part
def _fetch(x, i, n):
    for j in range(i, i + n, LINE // x.itemsize):
        prefetch(x, j)


@kernel
def workspace(x, first, units, m):
    """A new workspace: m rows of x, with all gates."""
    s = np.empty(m * x.shape[1], x.dtype)
    take(x, first, ONE, ZERO, units, m, s)
    return s


@kernel
def repeat(b, units, m):
    """A new workspace: the row b, with all gates, for each sample."""
    s = np.empty(m * b.size, b.dtype)
    for gate in range(b.size // units):
        for i in range(m):
            move(b, gate * units, s, (gate * m + i) * units, units)
    return s


@part
def arrive(dhs, first, t, ahead, time, m, s, dh):
    """dh += the gradient of step t's output, if there is one: `dhs` holds all steps, or only where the way back begins.
    """
    steps, units = dhs.shape[1], dhs.shape[2]
    if steps == time or t == (0 if ahead > 0 else time - 1):
        take(rows(dhs), first * steps + t % steps, steps, ahead, units, m, s)
        add(s, dh)


# masks: (samples, time) -------------------------------------------------------------------------


@part
def restore(mask, before, first, t, m, h):
    """h = the rows `before` step t, for the masked samples."""
    units, time = before.shape[1], mask.shape[1]
    for i in range(m):
        if not mask[first + i, t]:
            move(before.reshape(-1), ((first + i) * time + t) * units, h, i * units, units)


@part
def clear(mask, first, t, m, z):
    """The rows z at step t = 0, for the masked samples."""
    for i in range(m):
        if not mask[first + i, t]:
            for j in range(z.shape[1]):
                z[(first + i) * mask.shape[1] + t, j] = f32(0)


@part
def set_where(mask, counts, first, t, m, s, value):
    """One gate = value: for the masked samples, or, if `counts`, for the others."""
    units = s.size // m
    for i in range(m):
        if mask[first + i, t] == counts:
            for j in range(units):
                s[i * units + j] = value


# products --------------------------------------------------------------------------------------


@kernel
def packed(u, turned):
    """u, (units, gates * units), or its transpose, as the tile reads it: COLUMNS of a gate's columns side by side."""
    k, columns = u.shape[1] if turned else len(u), len(u)
    down, across = (ONE, u.shape[1]) if turned else (u.shape[1], ONE)
    w, gates, spot = u.reshape(-1), u.size // (k * columns), 0
    panels = np.zeros(gates * -(-columns // COLUMNS) * k * COLUMNS, u.dtype)
    for gate in range(gates):
        for block in range(0, columns, COLUMNS):
            for i in range(k):
                for j in range(min(COLUMNS, columns - block)):
                    panels[spot + j] = w[i * down + (gate * columns + block + j) * across]
                spot += COLUMNS
    return panels


@kernel
def places(n, units, m):
    """Where in a workspace a sample's n numbers lie, counted from its first."""
    at = np.empty(n, np.int64)
    for j in range(n):
        at[j] = j // units * m * units + j % units
    return at


@kernel
def add_product(a, at, panels, units, m, s):
    """The workspace s += a, whose numbers of a sample lie `at` from its first, times a packed matrix."""
    t, spot, last = np.zeros(ROWS * COLUMNS, s.dtype), np.intp(0), m - 1
    for gate in range(s.size // (m * units)):
        for block in range(0, units, COLUMNS):
            n = min(COLUMNS, units - block)
            for p in range(0, m, ROWS):
                here = (gate * m + p) * units + block
                for i in range(min(ROWS, m - p)):
                    move(s, here + i * units, t, i * COLUMNS, n)
                tile(
                    a, p * units, min(p + 1, last) * units, min(p + 2, last) * units, min(p + 3, last) * units,
                    min(p + 4, last) * units, min(p + 5, last) * units, at, panels, spot, t, ZERO, True,
                )
                for i in range(min(ROWS, m - p)):
                    move(t, i * COLUMNS, s, here + i * units, n)
            spot += at.size * COLUMNS


# long loops ------------------------------------------------------------------------------------


@part
def copy(x, y):
    for j in range(y.size):
        y[j] = x[j]


@part
def add(x, y):
    for j in range(y.size):
        y[j] += x[j]


@kernel
def sigmoid(x):
    for j in range(x.size):
        x[j] = f32(1) / (f32(1) + fn.exp(-x[j]))


@kernel
def tanh(x):
    for j in range(x.size):
        x[j] = fn.tanh(x[j])
