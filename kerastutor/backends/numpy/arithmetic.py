"""Memory, arithmetic with broadcasting, comparisons and reductions."""

import numpy as np


def empty(shape, dtype):
    return np.empty(shape, dtype)


def cast(x, out):
    out[...] = x


def transpose(x, axes, out):
    out[...] = x.transpose(axes)


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


def sum(x, axes, out):
    out[...] = x.sum(axes, keepdims=True)


def max(x, axes, out):
    out[...] = x.max(axes, keepdims=True)


def min(x, axes, out):
    out[...] = x.min(axes, keepdims=True)
