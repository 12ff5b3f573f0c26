"""One number in, one number out: arrays are one-dimensional, so each loop compiles once and runs in whole vectors."""

import math

import numpy as np

from . import functions as fn
from .compiler import kernel

f32 = np.float32


@kernel
def negative(x, y):
    for i in range(x.size):
        y[i] = -x[i]


@kernel
def absolute(x, y):
    for i in range(x.size):
        y[i] = abs(x[i])


@kernel
def sign(x, y):
    for i in range(x.size):
        y[i] = x[i] if x[i] != x[i] else f32((x[i] > 0) - (x[i] < 0))


@kernel
def square(x, y):
    for i in range(x.size):
        y[i] = x[i] * x[i]


@kernel
def sqrt(x, y):
    for i in range(x.size):
        y[i] = math.sqrt(x[i])


@kernel
def exp(x, y):
    for i in range(x.size):
        y[i] = fn.exp(x[i])


def expm1(x, y):
    with np.errstate(over="ignore"):
        np.expm1(x, y)


@kernel
def log(x, y):
    for i in range(x.size):
        y[i] = np.log(x[i])


@kernel
def log1p(x, y):
    for i in range(x.size):
        y[i] = np.log1p(x[i])


def sin(x, y):
    with np.errstate(invalid="ignore"):
        np.sin(x, y)


def cos(x, y):
    with np.errstate(invalid="ignore"):
        np.cos(x, y)


@kernel
def erf(x, y):
    for i in range(x.size):
        y[i] = fn.erf(x[i])


@kernel
def erfc(x, y):
    for i in range(x.size):
        y[i] = math.erfc(x[i])


def floor(x, y):
    np.floor(x, y)


def round(x, y):
    np.rint(x, y)


@kernel
def sigmoid(x, y):
    for i in range(x.size):
        y[i] = f32(1) / (f32(1) + fn.exp(-x[i]))


@kernel
def sigmoid_grad(dy, y, dx):
    for i in range(y.size):
        dx[i] = dy[i] * y[i] * (f32(1) - y[i])


@kernel
def tanh(x, y):
    for i in range(x.size):
        y[i] = fn.tanh(x[i])


@kernel
def tanh_grad(dy, y, dx):
    for i in range(y.size):
        dx[i] = dy[i] * (f32(1) - y[i] * y[i])


@kernel
def relu(x, y):
    for i in range(x.size):
        y[i] = f32(0) if x[i] < 0 else x[i]  # NaN is not below 0, so it stays NaN


@kernel
def relu_grad(dy, y, dx):
    for i in range(y.size):
        dx[i] = dy[i] if y[i] > 0 else f32(0)


@kernel
def softplus(x, y):
    for i in range(x.size):
        y[i] = max(x[i], f32(0)) + math.log1p(math.exp(-abs(x[i])))


@kernel
def scale(x, factor, y):
    a = y.dtype.type(factor)
    for i in range(x.size):
        y[i] = x[i] * a


@kernel
def fill(out, value, factor):
    a = value[0] * value.dtype.type(factor)
    for i in range(out.size):
        out[i] = a


@kernel
def mean(x, out):
    s = 0.0
    for i in range(x.size):
        s += x[i]
    out[0] = s / x.size
