"""What is computed row by row: a thread for each row, or for each number that all rows give together."""

import numpy as np
from numba import cuda

from .functions import exp, log
from .launch import kernel, launch
from .reductions import _add_up, reduce


@kernel(fills=1)
def add_bias(x, b, y):
    launch(_add_bias, x.size, x, b, y)


@cuda.jit
def _add_bias(x, b, y):
    i = cuda.grid(1)
    if i < x.size:
        row, column = i // b.size, i % b.size
        y[row, column] = x[row, column] + b[column]


@kernel(fills=1)
def sum_rows(x, out):
    reduce(_add_up, x, 1, x.shape[0], x.shape[1], out, out.dtype.type(0))


@kernel(fills=1)
def softmax(x, y):
    launch(_softmax, x.shape[0], x, y)


@cuda.jit
def _softmax(x, y):
    row = cuda.grid(1)
    if row < x.shape[0] and x.shape[1]:
        softmax_of(x, row, y)


@cuda.jit(device=True)
def softmax_of(x, row, y):
    largest = _largest_of(x, row)
    total = x[row, 0] * 0
    for j in range(x.shape[1]):
        y[row, j] = exp(x[row, j] - largest)
        total += y[row, j]
    for j in range(x.shape[1]):
        y[row, j] /= total


@cuda.jit(device=True)
def _largest_of(x, row):
    found = x[row, 0]
    for j in range(x.shape[1]):
        found = np.maximum(found, x[row, j])
    return found


@kernel(fills=1)
def softmax_grad(dy, y, dx):
    launch(_softmax_grad, y.shape[0], dy, y, dx)


@cuda.jit
def _softmax_grad(dy, y, dx):
    row = cuda.grid(1)
    if row < y.shape[0] and y.shape[1]:
        softmax_grad_of(dy, y, row, dx)


@cuda.jit(device=True)
def softmax_grad_of(dy, y, row, dx):
    """`dx` may be `dy`."""
    total = dy[row, 0] * y[row, 0]
    for j in range(1, y.shape[1]):
        total += dy[row, j] * y[row, j]
    for j in range(y.shape[1]):
        dx[row, j] = y[row, j] * (dy[row, j] - total)


@kernel(fills=1)
def log_softmax(x, y):
    launch(_log_softmax, x.shape[0], x, y)


@cuda.jit
def _log_softmax(x, y):
    row = cuda.grid(1)
    if row < x.shape[0] and x.shape[1]:
        largest = _largest_of(x, row)
        total = exp(x[row, 0] - largest)
        for j in range(1, x.shape[1]):
            total += exp(x[row, j] - largest)
        total = log(total)
        for j in range(x.shape[1]):
            y[row, j] = x[row, j] - largest - total


@kernel(fills=1)
def log_softmax_grad(dy, y, dx):
    launch(_log_softmax_grad, y.shape[0], dy, y, dx)


@cuda.jit
def _log_softmax_grad(dy, y, dx):
    row = cuda.grid(1)
    if row < y.shape[0] and y.shape[1]:
        total = dy[row, 0]
        for j in range(1, y.shape[1]):
            total += dy[row, j]
        for j in range(y.shape[1]):
            dx[row, j] = dy[row, j] - exp(y[row, j]) * total


@kernel(fills=1)
def argmax(x, out):
    launch(_argmax, x.shape[0], x, out)


@cuda.jit(device=True)
def place_of_largest(x, row):
    """Where the row is largest: the first of equals; the first NaN if there is one."""
    found = 0
    for j in range(1, x.shape[1]):
        if x[row, j] > x[row, found] or (x[row, j] != x[row, j] and x[row, found] == x[row, found]):
            found = j
    return found


@cuda.jit
def _argmax(x, out):
    row = cuda.grid(1)
    if row < x.shape[0]:
        out[row] = place_of_largest(x, row)


@kernel(fills=1)
def argsort(x, out):
    launch(_argsort, x.size, x, out)


@cuda.jit
def _argsort(x, out):
    """A thread for each number counts those that come before it: that is its place."""
    i = cuda.grid(1)
    if i < x.size:
        row, column = i // x.shape[1], i % x.shape[1]
        place = 0
        for j in range(x.shape[1]):
            if comes_before(x[row, j], j, x[row, column], column):
                place += 1
        out[row, place] = column


@cuda.jit(device=True)
def comes_before(a, i, b, j):
    """Whether a, at place i, is sorted before b, at place j: NaN last, equals in their order."""
    if a != a or b != b:
        return b != b and (a == a or i < j)
    return a < b or (a == b and i < j)


@kernel(fills=1)
def cumsum(x, backwards, out):
    launch(_cumsum, x.shape[0], x, backwards, out)


@cuda.jit
def _cumsum(x, backwards, out):
    row = cuda.grid(1)
    if row < x.shape[0]:
        n = x.shape[1]
        for i in range(n):
            j = n - 1 - i if backwards else i
            if i == 0:
                out[row, j] = x[row, j]
            else:
                out[row, j] = out[row, j + 1 if backwards else j - 1] + x[row, j]


@kernel(fills=1)
def cumprod(x, out):
    launch(_cumprod, x.shape[0], x, out)


@cuda.jit
def _cumprod(x, out):
    row = cuda.grid(1)
    if row < x.shape[0]:
        for j in range(x.shape[1]):
            out[row, j] = x[row, j] if j == 0 else out[row, j - 1] * x[row, j]


@kernel(fills=1)
def cumprod_grad(dy, x, y, dx):
    launch(_cumprod_grad, x.shape[0], dy, x, y, dx)


@cuda.jit
def _cumprod_grad(dy, x, y, dx):
    row = cuda.grid(1)
    if row < x.shape[0] and x.shape[1]:
        flow = x[row, 0] * 0  # how the sum of dy * y changes with y[j]: by itself, and through those after it
        for i in range(x.shape[1]):
            j = x.shape[1] - 1 - i
            flow = dy[row, j] if i == 0 else flow + dy[row, j]
            dx[row, j] = flow * y[row, j - 1] if j else flow
            flow *= x[row, j]
