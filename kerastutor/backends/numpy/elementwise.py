"""One number in, one number out."""

import math

import numpy as np


def negative(x, y):
    y[:] = -x


def absolute(x, y):
    y[:] = abs(x)


def sign(x, y):
    y[:] = np.sign(x)


def square(x, y):
    y[:] = x * x


def sqrt(x, y):
    with np.errstate(invalid="ignore"):
        y[:] = np.sqrt(x)


def exp(x, y):
    with np.errstate(over="ignore"):
        y[:] = np.exp(x)


def expm1(x, y):
    with np.errstate(over="ignore"):
        y[:] = np.expm1(x)


def log(x, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        y[:] = np.log(x)


def log1p(x, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        y[:] = np.log1p(x)


def sin(x, y):
    with np.errstate(invalid="ignore"):
        y[:] = np.sin(x)


def cos(x, y):
    with np.errstate(invalid="ignore"):
        y[:] = np.cos(x)


def erf(x, y):
    y[:] = [math.erf(number) for number in x]


def erfc(x, y):
    y[:] = [math.erfc(number) for number in x]


def floor(x, y):
    y[:] = np.floor(x)


def round(x, y):
    y[:] = np.round(x)


def sigmoid(x, y):
    with np.errstate(over="ignore"):
        y[:] = 1 / (1 + np.exp(-x))


def sigmoid_grad(dy, y, dx):
    dx[:] = dy * y * (1 - y)


def tanh(x, y):
    y[:] = np.tanh(x)


def tanh_grad(dy, y, dx):
    dx[:] = dy * (1 - y * y)


def relu(x, y):
    y[:] = np.maximum(x, 0)


def relu_grad(dy, y, dx):
    dx[:] = np.where(y > 0, dy, 0)


def softplus(x, y):
    y[:] = np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))


def scale(x, factor, y):
    y[:] = x * y.dtype.type(factor)


def mean(x, out):
    out[0] = x.mean(dtype=np.float64)


def fill(out, value, factor):
    out[:] = value[0] * out.dtype.type(factor)
