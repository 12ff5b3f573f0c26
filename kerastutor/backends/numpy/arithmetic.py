"""Memory, arithmetic with broadcasting, comparisons and reductions."""

import numpy as np


def empty(shape, dtype):
    return np.empty(shape, dtype)


def cast(x, out):
    out[...] = x


def transpose(x, axes, out):
    out[...] = x.transpose(axes)


def concatenate(parts, axis, out):
    np.concatenate(parts, axis, out)


def add(a, b, out):
    np.add(a, b, out=out)


def subtract(a, b, out):
    np.subtract(a, b, out=out)


def multiply(a, b, out):
    np.multiply(a, b, out=out)


def divide(a, b, out):
    with np.errstate(all="ignore"):
        np.divide(a, b, out=out)


def power(a, b, out):
    with np.errstate(all="ignore"):
        np.power(a, b, out=out)


def mod(a, b, out):
    with np.errstate(all="ignore"):
        np.mod(a, b, out=out)


def floor_divide(a, b, out):
    with np.errstate(all="ignore"):
        np.floor_divide(a, b, out=out)


def arctan2(a, b, out):
    np.arctan2(a, b, out=out)


def maximum(a, b, out):
    np.maximum(a, b, out=out)


def minimum(a, b, out):
    np.minimum(a, b, out=out)


def equal(a, b, out):
    np.equal(a, b, out=out)


def not_equal(a, b, out):
    np.not_equal(a, b, out=out)


def greater(a, b, out):
    np.greater(a, b, out=out)


def greater_equal(a, b, out):
    np.greater_equal(a, b, out=out)


def less(a, b, out):
    np.less(a, b, out=out)


def less_equal(a, b, out):
    np.less_equal(a, b, out=out)


def where(condition, a, b, out):
    out[...] = np.where(condition, a, b)


def bitwise_and(a, b, out):
    np.bitwise_and(a, b, out=out)


def bitwise_or(a, b, out):
    np.bitwise_or(a, b, out=out)


def bitwise_xor(a, b, out):
    np.bitwise_xor(a, b, out=out)


def left_shift(a, b, out):
    np.left_shift(a, b, out=out)


def right_shift(a, b, out):
    np.right_shift(a, b, out=out)


def sum(x, axes, out):
    out[...] = x.sum(axes, keepdims=True)


def max(x, axes, out):
    out[...] = x.max(axes, keepdims=True)


def min(x, axes, out):
    out[...] = x.min(axes, keepdims=True)
