"""Matrix products: by BLAS, or by the convolutions' tile where that is faster.

BLAS has been tuned for every processor for forty years, for large matrices most of all. A batch makes a flat one, and
what BLAS does to get ready for a product costs it a fifth of the time: the tile is faster where registers hold sixteen
numbers, on AVX-512. An eager call asks BLAS in any case; a recorded step has the tile's calls in its place.

The tile reads one factor a few rows at a time, wherever they lie, and the other from a panel: COLUMNS numbers side by
side. What is summed up goes by DEEP at a time, so that the panel stays in the cache, and rounding errors stay small.
"""

import numpy as np
from numba.extending import register_jitable

from . import crew, native
from .compiler import kernel, recorded
from .memory import empty
from .rows import sum_rows
from .simd import LANES, load, store, turn
from .tile import COLUMNS, ROWS, finish, put, tile

LARGE = 16_384  # numbers in the result
DEEP = 288  # numbers that are summed up in one go: a panel of so many rows, and what it meets, fit into the first cache
WIDE = LANES == 16
MANY_ROWS = 512  # each core packs b for rows of its own; of fewer rows all, for columns of its own
STRIPS = 2  # of COLUMNS, for each core, at least
WORTH_A_MEETING = 1_000_000  # multiplications
WORTH_A_PANEL = 50_000  # multiplications
DEPTH = 32  # numbers that are summed up for each one, at least
FILLED = 0.5  # of the panels' columns, at least


def _steps(a, b, out):
    if not _for_tile(a, b, out):
        return _by_depth(a, b, out) or [(matmul, (a, b, out))]
    (rows, depth), columns = a.shape, out.shape[1]
    turned = not b.flags.c_contiguous
    if a.flags.c_contiguous or turned or depth < 4 * rows:
        return [_shared(a, b, np.zeros(columns, out.dtype), -np.inf, out)]
    parts = np.zeros((crew.CORES, rows, columns), out.dtype)
    at = np.zeros(1, np.intp), 1, np.arange(depth) * rows
    return [
        (product_over_rows, (a.T, *at, b, turned, _panels(depth), parts)),
        (sum_rows, (parts.reshape(len(parts), -1), out.reshape(-1))),
    ]


def matmul_and(a, b, bias, floor, out):
    """The calls for a product to which a bias is added, and of which what is below `floor` becomes it; or None."""
    return [_shared(a, b, bias, floor, out)] if _for_tile(a, b, out) and a.flags.c_contiguous else None


def _shared(a, b, bias, floor, out):
    """The tile's product as cores share it: by rows, or by columns if there are few rows for what packing b takes."""
    (rows, depth), columns = a.shape, out.shape[1]
    turned = not b.flags.c_contiguous
    rest = b.T if turned else b, turned, _panels(depth), bias, np.full(1, floor, out.dtype), out
    starts, step, at = np.zeros(rows, np.intp), depth, np.arange(depth)
    if not a.flags.c_contiguous:
        a, starts, step, at = a.T.reshape(1, -1), np.arange(rows), 1, at * rows
    by_columns = rows < MANY_ROWS and columns >= STRIPS * COLUMNS * crew.CORES
    return product_by_columns if by_columns else product, (a, starts, step, at, *rest, all_strips(columns))


def _by_depth(a, b, out):
    """Each core multiplies some of the rows of a.T and b, if these are long, and reads no others; and then the sum."""
    (rows, depth), columns = a.shape, out.shape[1]
    long = depth > 4 * max(rows, columns) and out.size * depth > WORTH_A_MEETING
    fit = a.flags.f_contiguous and b.flags.c_contiguous and _same_floats(a, b, out)
    if crew.CORES == 1 or not long or not fit:
        return None
    parts = np.zeros((crew.CORES, rows, columns), out.dtype)  # a core without rows leaves its part
    return [
        (matmul_over_rows, (a.T, b, parts)),
        (sum_rows, (parts.reshape(len(parts), -1), out.reshape(-1))),
    ]


def matmul_over_rows(a, b, parts):
    """parts[0] = a.T @ b."""
    matmul(a.T, b, parts[0])


matmul_over_rows.native = lambda a, b, parts: native.product(a.T, b, parts[0])


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


def all_strips(columns):
    return np.arange(0, columns, COLUMNS)


@register_jitable
def pieces(depth):
    """How much is summed up in one go: at most DEEP, and so that the last piece is about as large."""
    rounds = max(-(-depth // DEEP), 1)
    return max(-(-depth // rounds), 1)


def _panels(depth):
    return empty((crew.CORES, pieces(depth) * COLUMNS), np.float32)


def _for_tile(a, b, out):
    """Whether the tile is faster, for matrices without gaps, of rows or of columns."""
    filled = out.shape[1] / (-(-out.shape[1] // COLUMNS) * COLUMNS or 1)
    return (
        _same_floats(a, b, out) and all(m.flags.c_contiguous or m.flags.f_contiguous for m in (a, b))
        and a.shape[1] >= DEPTH and a.shape[1] * out.size > WORTH_A_PANEL and filled > FILLED and WIDE
    )


@kernel
def product(a, starts, step, at, b, turned, panels, bias, floor, out, strips):
    """out[i, j] = bias[j] + sum over k of a[starts[0] + i * step + at[k]] * b[k, j]; at least the floor.

    If b is turned, b[j, k] in place of b[k, j]. Of the columns only the strips: COLUMNS from each of these on.
    """
    (rows, columns), start, panel, depth = out.shape, starts[0], panels[0], pieces(at.size)
    flat_a, flat_b, flat = a.reshape(-1), b.reshape(-1), out.reshape(-1)
    t, last, first = np.empty(ROWS * COLUMNS, out.dtype), rows - 1, np.intp(0)
    for deep in range(0, at.size, depth):
        within = at[deep : deep + depth]
        for column in strips:
            n = columns - column
            if turned:
                pack_turned(flat_b, column * at.size + deep, at.size, within.size, n, panel)
            else:
                pack(flat_b, deep * columns + column, columns, within.size, n, panel)
            for p in range(0, rows, ROWS):
                together = min(ROWS, rows - p)
                for i in range(together if deep > 0 else 0):
                    put(flat, (p + i) * columns + column, t, i * COLUMNS, n)
                tile(
                    flat_a, start + p * step, start + min(p + 1, last) * step, start + min(p + 2, last) * step,
                    start + min(p + 3, last) * step, start + min(p + 4, last) * step, start + min(p + 5, last) * step,
                    within, panel, first, t, first, deep > 0,
                )
                for i in range(together):
                    if deep + depth < at.size:
                        put(t, i * COLUMNS, flat, (p + i) * columns + column, n)
                    else:
                        finish(t, i * COLUMNS, bias, column, floor, flat, (p + i) * columns, n)


def product_by_columns(a, starts, step, at, b, turned, panels, bias, floor, out, strips):
    """The same kernel, of which each core does some of the strips, in place of some of the rows."""
    product(a, starts, step, at, b, turned, panels, bias, floor, out, strips)


product_by_columns.kernel = product
product_by_columns.native = lambda *arguments: native.record(product, arguments)


def product_over_rows(a, starts, step, at, b, turned, panels, parts):
    """parts[0] = a.T @ b, by the same kernel; a core without rows leaves its part as it is."""
    product(*_over_rows(a, starts, step, at, b, turned, panels, parts))


def _over_rows(a, starts, step, at, b, turned, panels, parts):
    out = parts[0]
    rest = np.zeros(out.shape[1], out.dtype), np.full(1, -np.inf, out.dtype), out, all_strips(out.shape[1])
    return a, starts, step, at[: len(a)], b, turned, panels, *rest


def _record_over_rows(*arguments):
    given = _over_rows(*arguments)
    record = native.record(product, given)
    record.keep = given
    return record


product_over_rows.native = _record_over_rows


@kernel
def batch_product(a, starts, step, at, b, turned, panels, out):
    """`product`, matrix by matrix."""
    nothing, none = np.zeros(out.shape[2], out.dtype), np.full(1, -np.inf, out.dtype)
    strips = np.arange(0, out.shape[2], COLUMNS)
    for i in range(len(out)):
        product(a[i], starts, step, at, b[i], turned, panels, nothing, none, out[i], strips)


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
