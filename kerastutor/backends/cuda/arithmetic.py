"""Memory, and arithmetic with NumPy's broadcasting. What one thread does with its two numbers is all that is told."""

import math

import numpy as np
from numba import cuda

from .broadcasting import broadcast, flat, place, walk
from .launch import kernel, launch


def empty(shape, dtype):
    return np.empty(shape, dtype)  # the host's: room on the device is found when the first kernel writes there


@kernel(fills=1)
def cast(x, out):
    launch(_cast, out.size, flat(x), flat(out), *walk(out.shape, x.shape))


@cuda.jit
def _cast(x, out, shape, in_x):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = x[place(i, shape, in_x)]


@kernel(fills=1)
def transpose(x, axes, out):
    steps = tuple(math.prod(x.shape[axis + 1 :]) for axis in axes) or (1,)
    launch(_transpose, out.size, flat(x), tuple(out.shape), steps, flat(out))


@cuda.jit
def _transpose(x, shape, steps, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = x[place(i, shape, steps)]


@kernel(fills=1)
def concatenate(parts, axis, out):
    inner, start = math.prod(out.shape[axis + 1 :]), 0
    for part in parts:
        width = part.shape[axis] * inner
        launch(_put_beside, part.size, flat(part), width, start, out.shape[axis] * inner, flat(out))
        start += width


@cuda.jit
def _put_beside(part, width, start, whole, out):
    """Rows of `width` numbers to where rows of `whole` numbers have them, from `start` on."""
    i = cuda.grid(1)
    if i < part.size:
        out[i // width * whole + start + i % width] = part[i]


@broadcast
def add(a, b):
    return a + b


@broadcast
def subtract(a, b):
    return a - b


@broadcast
def multiply(a, b):
    return a * b


@broadcast
def divide(a, b):
    return a / b


@broadcast
def power(a, b):
    return a**b


@broadcast
def mod(a, b):
    return a % b


@broadcast
def floor_divide(a, b):
    return a // b


@broadcast
def arctan2(a, b):
    return np.arctan2(a, b)


@broadcast
def maximum(a, b):
    return np.maximum(a, b)


@broadcast
def minimum(a, b):
    return np.minimum(a, b)


@broadcast
def equal(a, b):
    return a == b


@broadcast
def not_equal(a, b):
    return a != b


@broadcast
def greater(a, b):
    return a > b


@broadcast
def greater_equal(a, b):
    return a >= b


@broadcast
def less(a, b):
    return a < b


@broadcast
def less_equal(a, b):
    return a <= b


@broadcast
def bitwise_and(a, b):
    return a & b


@broadcast
def bitwise_or(a, b):
    return a | b


@broadcast
def bitwise_xor(a, b):
    return a ^ b


@broadcast
def left_shift(a, b):
    return a << b


@broadcast
def right_shift(a, b):
    return a >> b


@kernel(fills=1)
def where(condition, a, b, out):
    lengths = walk(out.shape, condition.shape, a.shape, b.shape)
    launch(_where, out.size, flat(condition), flat(a), flat(b), flat(out), *lengths)


@cuda.jit
def _where(condition, a, b, out, shape, in_condition, in_a, in_b):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = a[place(i, shape, in_a)] if condition[place(i, shape, in_condition)] else b[place(i, shape, in_b)]
