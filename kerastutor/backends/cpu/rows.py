"""Kernels that go row by row over (rows, k); a row is short enough to stay in the first cache."""

import math

import numpy as np

from . import crew
from . import functions as fn
from .compiler import kernel, recorded
from .memory import empty

f32 = np.float32
MANY = 32_768  # numbers whose sum is worth sharing
TOGETHER = 4_096  # numbers


@kernel
def add_bias(x, b, y):
    if x.ctypes.data == y.ctypes.data:  # see `each`
        for i in range(y.shape[0]):
            for j in range(y.shape[1]):
                y[i, j] += b[j]
    else:
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                y[i, j] = x[i, j] + b[j]


# sums ------------------------------------------------------------------------------------------


def summed(x, axes, out):
    """The calls for a sum over neighbouring axes; None if they aren't."""
    axes = [i for i in axes if x.shape[i] != 1]
    if not out.size or not x.size or not x.flags.c_contiguous or x.dtype != out.dtype or x.dtype.char not in "fd":
        return None
    if not axes or axes != list(range(axes[0], axes[-1] + 1)):
        return None
    before, many = math.prod(x.shape[: axes[0]]), math.prod(x.shape[axes[0] : axes[-1] + 1])
    if before == 1:
        x, out = x.reshape(many, -1), out.reshape(-1)
        return _by_parts(x, out) or [(sum_rows, (x, out))]
    if before == out.size:
        return [(sum_each_row, (x.reshape(before, many), out.reshape(-1)))]
    return [(sum_middle, (x.reshape(before, many, -1), out.reshape(before, -1)))]


def _by_parts(x, out):
    """Each core sums up some of the rows, if there are enough of them."""
    if x.size < MANY or crew.CORES == 1:
        return None
    parts = empty((crew.CORES, out.size), out.dtype)
    return [(sum_some_rows, (x, parts)), (sum_rows, (parts, out))]


@recorded(_by_parts)
@kernel
def sum_rows(x, out):
    n, k = x.shape
    out[:] = 0
    if k == 1:
        sum_each_row(x.reshape(1, n), out)
        return
    for i in range(0, n - 3, 4):  # four at a time, so that out is read and written less often
        for j in range(k):
            out[j] += (x[i, j] + x[i + 1, j]) + (x[i + 2, j] + x[i + 3, j])
    for i in range(n - n % 4, n):
        for j in range(k):
            out[j] += x[i, j]


@kernel
def sum_some_rows(x, parts):
    """parts[0] = the sum of x's rows; the other parts are 0."""
    parts[1:] = 0
    sum_rows(x, parts[0])


@kernel
def sum_middle(x, out):
    """out[i, j] = the sum over x[i, :, j]."""
    for i in range(len(out)):
        sum_rows(x[i], out[i])


@kernel
def sum_each_row(x, out):
    for i in range(len(x)):
        s = f32(0)
        for start in range(0, x.shape[1], TOGETHER):  # the longer a sum, the more a number loses that is added to it
            part, some = f32(0), x[i, start : start + TOGETHER]
            for j in range(some.size):
                part += some[j]
            s += part
        out[i] = s


# -----------------------------------------------------------------------------------------------


@kernel
def softmax(x, y):
    for i in range(x.shape[0]):
        top = x[i, 0]
        for j in range(1, x.shape[1]):
            top = max(top, x[i, j])
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] - top
    e = y.reshape(-1)
    for i in range(e.size):  # one long loop: rows may be shorter than the processor's vectors
        e[i] = fn.exp(e[i])
    for i in range(x.shape[0]):
        total = f32(0)
        for j in range(x.shape[1]):
            total += y[i, j]
        for j in range(x.shape[1]):
            y[i, j] /= total


@kernel
def softmax_grad(dy, y, dx):
    for i in range(y.shape[0]):
        dot = f32(0)
        for j in range(y.shape[1]):
            dot += dy[i, j] * y[i, j]
        for j in range(y.shape[1]):
            dx[i, j] = y[i, j] * (dy[i, j] - dot)


@kernel
def log_softmax(x, y):
    for i in range(x.shape[0]):
        top = x[i, 0]
        for j in range(1, x.shape[1]):
            top = max(top, x[i, j])
        total = f32(0)
        for j in range(x.shape[1]):
            total += fn.exp(x[i, j] - top)
        shift = top + math.log(total)
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] - shift


@kernel
def log_softmax_grad(dy, y, dx):
    for i in range(y.shape[0]):
        total = f32(0)
        for j in range(y.shape[1]):
            total += dy[i, j]
        for j in range(y.shape[1]):
            dx[i, j] = dy[i, j] - fn.exp(y[i, j]) * total


@kernel
def argmax(x, out):
    for i in range(x.shape[0]):
        best = 0
        for j in range(1, x.shape[1]):
            if x[i, j] > x[i, best]:
                best = j
        out[i] = best


def argsort(x, out):
    out[...] = x.argsort(1, kind="stable")


def cumsum(x, backwards, out):
    step = -1 if backwards else 1
    np.add.accumulate(x[:, ::step], 1, out=out[:, ::step])


def cumprod(x, out):
    np.multiply.accumulate(x, 1, out=out)


@kernel
def cumprod_grad(dy, x, y, dx):
    for i in range(x.shape[0]):
        flow = x.dtype.type(0)
        for j in range(x.shape[1] - 1, 0, -1):
            flow += dy[i, j]
            dx[i, j] = flow * y[i, j - 1]
            flow *= x[i, j]
        dx[i, 0] = flow + dy[i, 0]
