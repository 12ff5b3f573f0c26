"""Broadcasting arithmetic as loops, for steps that are replayed: without Python, and shared among the cores.

NumPy's rules allow any number of axes, but hardly ever needs a call more than two: `fold` lays neighbouring axes
together until each operand is whole, one row, one column or one number of (rows, k). A call for which that can't be
done is left to NumPy. So is an eager call, which NumPy begins sooner.
"""

import math
import operator

import numpy as np
from numba.extending import register_jitable

from .compiler import exact_kernel, recorded
from .elementwise import each_of_two, fill
from .simd import LANES, load, spread, store, turn

AXES = 4  # of a view that `copy` takes


def looped(loop):
    """@looped(loop): in a recorded step, this loop is in the place of NumPy's function where that can be."""

    def steps(*arrays):
        folded = fold(*arrays)
        return folded and [(loop, folded)]

    return recorded(steps)


def fold(*arrays):
    """Views with two axes of operands and, the last one, their result; None if there are none.

    Where all is whole or one number, a row is one number long, so that cores may divide it wherever they like.
    """
    *operands, out = arrays = [np.asarray(a) for a in arrays]
    floats = {a.dtype for a in operands if a.dtype.char in "fd"}
    bools = {np.dtype(bool)}
    if len(floats) != 1 or not {a.dtype for a in arrays} <= floats | bools or not out.size or not _without_gaps(arrays):
        return None
    if all(a.size in (1, out.size) for a in operands):
        return [a.reshape(-1, 1) for a in arrays]
    shapes = [(1,) * (out.ndim - a.ndim) + a.shape for a in operands]
    for i in range(1, out.ndim):
        rows, k = math.prod(out.shape[:i]), math.prod(out.shape[i:])
        two = [(math.prod(shape[:i]), math.prod(shape[i:])) for shape in shapes]
        if all(n in (1, rows) and m in (1, k) for n, m in two):
            return [a.reshape(shape) for a, shape in zip(arrays, [*two, (rows, k)])]
    return None


def _without_gaps(arrays):
    return all(a.flags.c_contiguous for a in arrays)


@register_jitable
def pairwise(f, a, b, out):
    """out[i, j] = f(a[i, j], b[i, j]), where a and b may have one row or one column for all; out may be a."""
    x, y, z = a.reshape(-1), b.reshape(-1), out.reshape(-1)
    whole_x, whole_y = x.size == z.size, y.size == z.size
    rows_a, rows_b, columns_a, columns_b = len(a) > 1, len(b) > 1, a.shape[1] > 1, b.shape[1] > 1
    if whole_x and whole_y:
        each_of_two(f, x, y, z)
    elif (whole_x or x.size == 1) and (whole_y or y.size == 1):
        first, second = x[0], y[0]
        if whole_x and x.ctypes.data == z.ctypes.data:
            for i in range(z.size):
                z[i] = f(z[i], second)
        else:
            for i in range(z.size):
                z[i] = f(x[i] if whole_x else first, y[i] if whole_y else second)
    elif whole_x and x.ctypes.data == z.ctypes.data:
        for i in range(len(out)):
            q = b[i if rows_b else 0]
            for j in range(out.shape[1]):
                out[i, j] = f(out[i, j], q[j if columns_b else 0])
    else:
        for i in range(len(out)):
            p, q = a[i if rows_a else 0], b[i if rows_b else 0]
            for j in range(out.shape[1]):
                out[i, j] = f(p[j if columns_a else 0], q[j if columns_b else 0])


@exact_kernel
def add(a, b, out):
    pairwise(operator.add, a, b, out)


@exact_kernel
def subtract(a, b, out):
    pairwise(operator.sub, a, b, out)


@exact_kernel
def multiply(a, b, out):
    pairwise(operator.mul, a, b, out)


@exact_kernel
def divide(a, b, out):
    pairwise(operator.truediv, a, b, out)


@exact_kernel
def maximum(a, b, out):
    pairwise(_larger, a, b, out)


@exact_kernel
def minimum(a, b, out):
    pairwise(_smaller, a, b, out)


@register_jitable
def _larger(x, y):
    return x if x > y or x != x else y  # NaN if one of them is


@register_jitable
def _smaller(x, y):
    return x if x < y or x != x else y


@exact_kernel
def equal(a, b, out):
    pairwise(operator.eq, a, b, out)


@exact_kernel
def not_equal(a, b, out):
    pairwise(operator.ne, a, b, out)


@exact_kernel
def greater(a, b, out):
    pairwise(operator.gt, a, b, out)


@exact_kernel
def greater_equal(a, b, out):
    pairwise(operator.ge, a, b, out)


@exact_kernel
def less(a, b, out):
    pairwise(operator.lt, a, b, out)


@exact_kernel
def less_equal(a, b, out):
    pairwise(operator.le, a, b, out)


@exact_kernel
def where(condition, a, b, out):
    n, c, x, y, z = out.size, condition.reshape(-1), a.reshape(-1), b.reshape(-1), out.reshape(-1)
    whole_x, whole_y = x.size == n, y.size == n
    if c.size == n and (whole_x or x.size == 1) and (whole_y or y.size == 1):
        for i in range(n):
            p, q = x[i if whole_x else 0], y[i if whole_y else 0]
            z[i] = p if c[i] else q
    else:
        rows_c, rows_a, rows_b = len(condition) > 1, len(a) > 1, len(b) > 1
        columns_c, columns_a, columns_b = condition.shape[1] > 1, a.shape[1] > 1, b.shape[1] > 1
        for i in range(len(out)):
            c, x, y = condition[i if rows_c else 0], a[i if rows_a else 0], b[i if rows_b else 0]
            for j in range(out.shape[1]):
                p, q = x[j if columns_a else 0], y[j if columns_b else 0]
                out[i, j] = p if c[j if columns_c else 0] else q


# copies ----------------------------------------------------------------------------------------


def copied(x, out):
    """The call that copies x, broadcast, into out; None if it is left to NumPy."""
    x = np.asarray(x)
    if not out.size or not _without_gaps([out]) or x.dtype.char not in "fdilqB?" or out.dtype.char not in "fdi":
        return None
    if x.size == out.size and _without_gaps([x]):
        return [(move, (x.reshape(-1), out.reshape(-1)))]
    if x.dtype != out.dtype:
        return None
    if x.size == 1 and x.dtype.char in "fd":
        return [(fill, (out.reshape(-1), x.reshape(-1), 1.0))]
    x = np.broadcast_to(x, out.shape)
    sizes, _ = fewest_axes(x.shape, x.strides)
    return [(copy, (with_axes(x, sizes), with_axes(out, sizes)))] if len(sizes) <= AXES else None


def with_axes(x, sizes):
    """A view of x with these sizes and some of 1 behind the first, which cores divide: AXES in all."""
    view = x.view()
    view.shape = sizes[0], *[1] * (AXES - len(sizes)), *sizes[1:]  # an error where `reshape` would copy
    return view


def fewest_axes(shape, *strides):
    """Sizes, and strides of each array, with neighbouring axes laid together where that makes no difference."""
    sizes, steps = [1], [[0] * len(strides)]
    for n, step in zip(shape, map(list, zip(*strides))):
        if n == 1:
            continue
        if sizes[-1] == 1 or steps[-1] == [n * s for s in step]:
            sizes[-1], steps[-1] = sizes[-1] * n, step
        else:
            sizes.append(n)
            steps.append(step)
    return sizes, *map(list, zip(*steps))


@exact_kernel
def move(x, y):
    for i in range(y.size):
        y[i] = x[i]


@exact_kernel
def copy(x, y):
    """y = x, where x may lie in any order, and one number of it may stand for many."""
    (rows, columns), size = y.shape[2:], x.itemsize
    down, across = x.strides[2] // size, x.strides[3] // size
    whole_rows, whole = rows - rows % LANES, columns - columns % LANES
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            here, there = (i * x.strides[0] + j * x.strides[1]) // size, (i * y.shape[1] + j) * rows * columns
            if 0 <= across <= 1:
                for k in range(rows):
                    for m in range(0, whole, LANES):
                        first = here + k * down + m * across
                        store(y, there + k * columns + m, load(x, first) if across else spread(x, first))
                    for m in range(whole, columns):
                        y[i, j, k, m] = x[i, j, k, m]
            else:
                p, q = x[i, j], y[i, j]
                first = whole_rows if down == 1 else 0
                for k in range(0, first, LANES):
                    for m in range(0, whole, LANES):
                        turn(x, here + k + m * across, across, y, there + k * columns + m, columns)
                    for m in range(whole, columns):
                        for r in range(LANES):
                            q[k + r, m] = p[k + r, m]
                for k in range(first, rows):
                    for m in range(columns):
                        q[k, m] = p[k, m]
