"""What the recurrent kernels do at a step for some samples at once.

A workspace is flat and gate by gate: the numbers of m samples for the first gate, then those for the second. So the
activations are single long loops, of which compilers make whole vectors. A sequence in memory is
(samples, time, gates * units), of which the samples first ... first + m - 1 are in the workspace.
"""

import numpy as np

from . import functions as fn
from .compiler import kernel
from .simd import LANES, load, prefetch, store
from .tile import COLUMNS, ROWS, tile

f32 = np.float32
ZERO, ONE = np.intp(0), np.intp(1)  # for a literal number Numba would compile a function once more
TOGETHER = 48  # samples: few enough for the cache, a multiple of ROWS
AHEAD = np.intp(2)  # steps: what is in no cache takes about as long to come
LINE = 64  # bytes that come at once


@kernel
def together(samples):
    """How many samples go through time at once: at most TOGETHER, and so that the last ones are about as many."""
    rounds = max(-(-samples // TOGETHER), 1)
    return max(-(-samples // rounds // ROWS) * ROWS, ROWS)


@kernel
def move(x, i, y, j, n):
    """y[j : j + n] = x[i : i + n]."""
    whole = n - n % LANES
    for k in range(ZERO, whole, LANES):
        store(y, j + k, load(x, i + k))
    for k in range(whole, n):
        y[j + k] = x[i + k]


# between memory and workspace ------------------------------------------------------------------


@kernel
def put(s, units, m, y, first, t, ahead):
    """y[first : first + m, t] = the workspace s. The same place so many steps `ahead` is brought near meanwhile."""
    flat = y.reshape(-1)
    for i in range(m):
        there = ((first + i) * y.shape[1] + t) * y.shape[2]
        _fetch(flat, there + ahead * y.shape[2], y.shape[2])
        for gate in range(y.shape[2] // units):
            move(s, (gate * m + i) * units, flat, there + gate * units, units)


@kernel
def take(y, first, t, ahead, units, m, s):
    """The workspace s = y[first : first + m, t]; `ahead` as in `put`."""
    flat = y.reshape(-1)
    for i in range(m):
        there = ((first + i) * y.shape[1] + t) * y.shape[2]
        _fetch(flat, there + ahead * y.shape[2], y.shape[2])
        for gate in range(y.shape[2] // units):
            move(flat, there + gate * units, s, (gate * m + i) * units, units)


@kernel
def _fetch(x, i, n):
    for j in range(i, i + n, LINE // x.itemsize):
        prefetch(x, j)


@kernel
def workspace(x, first, units, m):
    """A new workspace: x[first : first + m], with all gates; x: (samples, gates * units)."""
    s = np.empty(m * x.shape[1], x.dtype)
    take(x.reshape(len(x), 1, x.shape[1]), first, ZERO, ZERO, units, m, s)
    return s


@kernel
def put_rows(s, units, m, y, first):
    """y[first : first + m] = the workspace s."""
    put(s, units, m, y.reshape(len(y), 1, y.shape[1]), first, ZERO, ZERO)


@kernel
def repeat(b, units, m):
    """A new workspace: the row b, with all gates, for each sample."""
    s = np.empty(m * b.size, b.dtype)
    for gate in range(b.size // units):
        for i in range(m):
            move(b, gate * units, s, (gate * m + i) * units, units)
    return s


@kernel
def arrive(dhs, first, t, ahead, time, m, s, dh):
    """dh += the gradient of step t's output, if there is one: `dhs` holds all steps, or the last alone."""
    if dhs.shape[1] == time or t == time - 1:
        take(dhs, first, t % dhs.shape[1], ahead, dhs.shape[2], m, s)
        add(s, dh)


# masks -----------------------------------------------------------------------------------------


@kernel
def restore(mask, before, first, t, m, h):
    """h = before[:, t] for the masked samples."""
    units = before.shape[2]
    for i in range(m):
        if not mask[first + i, t]:
            move(before.reshape(-1), ((first + i) * before.shape[1] + t) * units, h, i * units, units)


@kernel
def clear(mask, first, t, m, z):
    """z[:, t] = 0 for the masked samples."""
    for i in range(m):
        if not mask[first + i, t]:
            for j in range(z.shape[2]):
                z[first + i, t, j] = f32(0)


@kernel
def set_where(mask, counts, first, t, m, s, value):
    """One gate = value: for the masked samples, or, if `counts`, for the others."""
    units = s.size // m
    for i in range(m):
        if mask[first + i, t] == counts:
            for j in range(units):
                s[i * units + j] = value


# products --------------------------------------------------------------------------------------


@kernel
def by_columns(u):
    """u, (units, gates * units), as the tile reads it for a product with it."""
    return _pack(u.reshape(-1), len(u), len(u), u.shape[1], ONE)


@kernel
def by_rows(u):
    """u as the tile reads it for a product with its transpose."""
    return _pack(u.reshape(-1), u.shape[1], len(u), ONE, u.shape[1])


@kernel
def _pack(w, k, columns, down, across):
    """A matrix of k rows, `down` and `across` numbers apart: COLUMNS of each gate's columns side by side."""
    gates = w.size // (k * columns)
    panels = np.zeros(gates * -(-columns // COLUMNS) * k * COLUMNS, w.dtype)
    spot = 0
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


@kernel
def copy(x, y):
    for j in range(y.size):
        y[j] = x[j]


@kernel
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
