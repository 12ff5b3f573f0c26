"""Matrix products: by BLAS, or by the convolutions' tile where BLAS does not use the whole processor.

BLAS has been tuned for every processor for forty years, but it has to know them: OpenBLAS takes AMD's newest ones for
their forebears, whose registers hold half as many numbers, and the tile is nearly twice as fast there. An eager call
asks BLAS in any case; a recorded step has the tile's calls in its place where these are faster.

The tile reads one factor a few rows at a time, wherever they lie, and the other from a panel: COLUMNS numbers side by
side. What is summed up goes by DEEP at a time, so that the panel stays in the cache, and rounding errors stay small.
"""

import functools

import numpy as np

from . import crew, native
from .compiler import kernel, recorded
from .memory import empty
from .rows import sum_rows
from .simd import LANES, add, load, store, turn
from .tile import COLUMNS, ROWS, tile

LARGE = 16_384  # numbers in the result
DEEP = 256
WORTH_A_PANEL = 50_000  # multiplications
FILLED = 0.5  # of the panels' columns, at least


def _steps(a, b, out):
    if not _for_tile(a, b, out):
        return [(matmul, (a, b, out))]
    turned = not b.flags.c_contiguous
    b = b.T if turned else b
    (rows, depth), columns = a.shape, out.shape[1]
    panels = _panels(depth)
    if a.flags.c_contiguous:
        return [(product, (a, np.zeros(rows, np.intp), depth, np.arange(depth), b, turned, panels, out))]
    a = a.T
    if turned or depth < 4 * rows:
        one = a.reshape(1, -1)
        return [(product, (one, np.arange(rows), 1, np.arange(depth) * rows, b, turned, panels, out))]
    parts = empty((crew.CORES, rows, columns), out.dtype)
    return [
        (product_over_rows, (a, np.zeros(1, np.intp), 1, np.arange(depth) * rows, b, turned, panels, parts)),
        (sum_rows, (parts.reshape(len(parts), -1), out.reshape(-1))),
    ]


@recorded(_steps)
def matmul(a, b, out):
    blas(out)(a, b, out)


matmul.native = native.product


def blas(out):
    """np.dot fills the result with zeros first, holding Python's lock; np.matmul does not, but starts later."""
    return np.matmul if out.size > LARGE else np.dot


def _batch_steps(a, b, out):
    if not a.shape[:-2] == b.shape[:-2] == out.shape[:-2] or not _same_floats(a, b, out) or not a.size or not b.size:
        return None
    a_turned, b_turned = not a.flags.c_contiguous, not b.flags.c_contiguous
    rows, depth = a.shape[-2:]
    a, b = (m.swapaxes(-1, -2) if turned else m for m, turned in ((a, a_turned), (b, b_turned)))
    if not a.flags.c_contiguous or not b.flags.c_contiguous:
        return None
    step, at = (1, np.arange(depth) * rows) if a_turned else (depth, np.arange(depth))
    a, b, out = (m.reshape(-1, *m.shape[-2:]) for m in (a, b, out))
    return [(batch_product, (a, np.zeros(1, np.intp), step, at, b, b_turned, _panels(depth), out))]


@recorded(_batch_steps)
def batch_matmul(a, b, out):
    np.matmul(a, b, out)


def _same_floats(a, b, out):
    return a.dtype == b.dtype == out.dtype == np.float32 and out.flags.c_contiguous and out.size > 0


def _panels(depth):
    return empty((crew.CORES, min(depth, DEEP) * COLUMNS), np.float32)


def _for_tile(a, b, out):
    """Whether the tile is faster, for matrices without gaps, of rows or of columns."""
    filled = out.shape[1] / (-(-out.shape[1] // COLUMNS) * COLUMNS or 1)
    return (
        _same_floats(a, b, out) and all(m.flags.c_contiguous or m.flags.f_contiguous for m in (a, b))
        and a.shape[1] * out.size > WORTH_A_PANEL and filled > FILLED and blas_is_behind()
    )


@functools.cache
def blas_is_behind():
    """Whether this processor's registers hold twice as many numbers as those that BLAS thinks it has."""
    return LANES == 16 and any(library.get("architecture") in ("Haswell", "Zen") for library in crew.blas_libraries())


@kernel
def product(a, starts, step, at, b, turned, panels, out):
    """out[i, j] = sum over k of a[starts[0] + i * step + at[k]] * b[k, j], or b[j, k] if b is turned."""
    rows, columns = out.shape
    flat_a, flat_b, flat, panel = a.reshape(-1), b.reshape(-1), out.reshape(-1), panels[0]
    t, last, first = np.empty(ROWS * COLUMNS, out.dtype), rows - 1, np.intp(0)
    start = starts[0]
    for deep in range(0, at.size, DEEP):
        within = at[deep : deep + DEEP]
        for column in range(0, columns, COLUMNS):
            n = columns - column
            if turned:
                pack_turned(flat_b, column * at.size + deep, at.size, within.size, n, panel)
            else:
                pack(flat_b, deep * columns + column, columns, within.size, n, panel)
            for p in range(0, rows, ROWS):
                tile(
                    flat_a, start + p * step, start + min(p + 1, last) * step, start + min(p + 2, last) * step,
                    start + min(p + 3, last) * step, start + min(p + 4, last) * step, start + min(p + 5, last) * step,
                    within, panel, first, t, 0, False,
                )
                for i in range(min(ROWS, rows - p)):
                    put(t, i * COLUMNS, flat, (p + i) * columns + column, n, deep > 0)


@kernel
def product_over_rows(a, starts, step, at, b, turned, panels, parts):
    """parts[0] = a.T @ b; the other parts are 0."""
    parts[1:] = 0
    if len(a):
        product(a, starts, step, at[: len(a)], b, turned, panels, parts[0])
    else:
        parts[0] = 0


@kernel
def batch_product(a, starts, step, at, b, turned, panels, out):
    """`product`, matrix by matrix."""
    for i in range(len(out)):
        product(a[i], starts, step, at, b[i], turned, panels, out[i])


@kernel
def pack(b, here, step, depth, n, panel):
    """panel[k, j] = b[here + k * step + j]; what it holds beyond the n-th column does not matter."""
    for k in range(depth):
        first, there = here + k * step, k * COLUMNS
        if first + COLUMNS <= b.size:
            store(panel, there, load(b, first))
            store(panel, there + LANES, load(b, first + LANES))
        else:
            for j in range(min(n, COLUMNS)):
                panel[there + j] = b[first + j]


@kernel
def pack_turned(b, here, step, depth, n, panel):
    """panel[k, j] = b[here + j * step + k]; what it holds beyond the n-th column does not matter."""
    for j in range(0, min(n, COLUMNS), LANES):
        whole = depth - depth % LANES if here + (j + LANES) * step <= b.size else 0
        for k in range(0, whole, LANES):
            turn(b, here + j * step + k, step, panel, k * COLUMNS + j, COLUMNS)
        for m in range(j, min(j + LANES, n)):
            for k in range(whole, depth):
                panel[k * COLUMNS + m] = b[here + m * step + k]


@kernel
def put(t, spot, out, there, n, more):
    """out[there : there + n] = t[spot : spot + n], of COLUMNS at most; more: it is added."""
    n = min(n, COLUMNS)
    whole = n - n % LANES
    for j in range(0, whole, LANES):
        v = load(t, spot + j)
        store(out, there + j, add(v, load(out, there + j)) if more else v)
    for j in range(whole, n):
        out[there + j] = out[there + j] + t[spot + j] if more else t[spot + j]
