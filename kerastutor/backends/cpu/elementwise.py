"""One number in, one number out: arrays are one-dimensional, so each loop compiles once and runs in whole vectors.

LLVM goes number by number where a result overlaps with what it is made of, as it does in place. `each` shows it that
the two are one and the same, which is no hindrance.
"""

import math
import operator

import numpy as np
from numba.extending import register_jitable

from . import functions as fn
from .compiler import kernel

f32 = np.float32


@register_jitable
def each(f, x, y):
    """y[i] = f(x[i]); y may be x."""
    if x.ctypes.data == y.ctypes.data:
        for i in range(y.size):
            y[i] = f(y[i])
    else:
        for i in range(y.size):
            y[i] = f(x[i])


@register_jitable
def each_of_two(f, x, z, y):
    """y[i] = f(x[i], z[i]); y may be x."""
    if x.ctypes.data == y.ctypes.data:
        for i in range(y.size):
            y[i] = f(y[i], z[i])
    else:
        for i in range(y.size):
            y[i] = f(x[i], z[i])


@kernel
def negative(x, y):
    each(operator.neg, x, y)


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
    each(fn.exp, x, y)


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


@register_jitable
def _sigmoid(x):
    return f32(1) / (f32(1) + fn.exp(-x))


@kernel
def sigmoid(x, y):
    each(_sigmoid, x, y)


@register_jitable
def _sigmoid_grad(dy, y):
    return dy * y * (f32(1) - y)


@kernel
def sigmoid_grad(dy, y, dx):
    each_of_two(_sigmoid_grad, dy, y, dx)


@kernel
def tanh(x, y):
    each(fn.tanh, x, y)


@register_jitable
def _tanh_grad(dy, y):
    return dy * (f32(1) - y * y)


@kernel
def tanh_grad(dy, y, dx):
    each_of_two(_tanh_grad, dy, y, dx)


@kernel
def relu(x, y):
    for i in range(x.size):
        y[i] = f32(0) if x[i] < 0 else x[i]  # NaN is not below 0, so it stays NaN


@register_jitable
def _relu_grad(dy, y):
    return dy if y > 0 else f32(0)


@kernel
def relu_grad(dy, y, dx):
    each_of_two(_relu_grad, dy, y, dx)


@kernel
def softplus(x, y):
    for i in range(x.size):
        y[i] = max(x[i], f32(0)) + math.log1p(math.exp(-abs(x[i])))


@kernel
def scale(x, factor, y):
    a = y.dtype.type(factor)
    if x.ctypes.data == y.ctypes.data:
        for i in range(y.size):
            y[i] *= a
    else:
        for i in range(y.size):
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
