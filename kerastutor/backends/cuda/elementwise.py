"""One number in, one number out: a thread for each."""

import math

import numpy as np
from numba import cuda

from . import functions
from .launch import kernel, launch, per_number


@per_number(fills=1)
def negative(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = -x[i]


@per_number(fills=1)
def absolute(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = abs(x[i])


@per_number(fills=1)
def sign(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.sign(x[i])


@per_number(fills=1)
def square(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = x[i] * x[i]


@per_number(fills=1)
def sqrt(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.sqrt(x[i])


@per_number(fills=1)
def exp(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.exp(x[i])


@per_number(fills=1)
def expm1(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.expm1(x[i])


@per_number(fills=1)
def log(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.log(x[i])


@per_number(fills=1)
def log1p(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.log1p(x[i])


@per_number(fills=1)
def sin(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = np.sin(x[i])


@per_number(fills=1)
def cos(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = np.cos(x[i])


@per_number(fills=1)
def erf(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = math.erf(x[i])


@per_number(fills=1)
def erfc(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = math.erfc(x[i])


@per_number(fills=1)
def floor(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.floor(x[i])


@per_number(fills=1)
def round(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.nearest(x[i])


@per_number(fills=1)
def sigmoid(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = 1 / (1 + functions.exp(-x[i]))


@per_number(fills=1)
def sigmoid_grad(dy, y, dx):
    i = cuda.grid(1)
    if i < dy.size:
        dx[i] = dy[i] * y[i] * (1 - y[i])


@per_number(fills=1)
def tanh(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = functions.tanh(x[i])


@per_number(fills=1)
def tanh_grad(dy, y, dx):
    i = cuda.grid(1)
    if i < dy.size:
        dx[i] = dy[i] * (1 - y[i] * y[i])


@per_number(fills=1)
def relu(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = 0 if x[i] < 0 else x[i]  # so that NaN stays NaN


@per_number(fills=1)
def relu_grad(dy, y, dx):
    i = cuda.grid(1)
    if i < dy.size:
        dx[i] = dy[i] if y[i] > 0 else 0


@per_number(fills=1)
def softplus(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = max(x[i], 0) + functions.log1p(functions.exp(-abs(x[i])))


@per_number(fills=1)
def scale(x, factor, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = factor * x[i]


@kernel(fills=0)
def fill(out, value, factor):
    launch(_fill, out.size, value, out.dtype.type(factor), out)


@cuda.jit
def _fill(value, factor, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = value[0] * factor
