"""Kernels that go row by row over (rows, k); a row is short enough to stay in the first cache."""

import math

import numpy as np

from . import functions as fn
from .compiler import kernel

f32 = np.float32


@kernel
def add_bias(x, b, y):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] + b[j]


@kernel
def sum_rows(x, out):
    for j in range(out.size):
        out[j] = f32(0)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[j] += x[i, j]


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
