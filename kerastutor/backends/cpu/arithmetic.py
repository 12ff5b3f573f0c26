"""Broadcasting arithmetic, reductions and copies: NumPy's loops use the processor's vectors already.

In a recorded step, loops of ours are in the place of those that are worth it: `@looped`, `@recorded`.
"""

import numpy as np

from . import broadcasting
from .broadcasting import copied, looped
from .compiler import recorded
from .moves import moved
from .rows import summed


@recorded(copied)
def cast(x, out):
    np.copyto(out, x, "unsafe")


recorded(lambda out, x, casting="same_kind": copied(x, out))(np.copyto)  # a variable is assigned


@recorded(lambda x, axes, out: copied(x.transpose(axes), out))
def transpose(x, axes, out):
    np.copyto(out, x.transpose(axes))


def _joined(parts, axis, out):
    ends = np.cumsum([part.shape[axis] for part in parts])
    return moved(zip(parts, np.split(out, ends[:-1], axis)))


@recorded(_joined)
def concatenate(parts, axis, out):
    np.concatenate(parts, axis, out)


@looped(broadcasting.add)
def add(a, b, out):
    np.add(a, b, out)


@looped(broadcasting.subtract)
def subtract(a, b, out):
    np.subtract(a, b, out)


@looped(broadcasting.multiply)
def multiply(a, b, out):
    np.multiply(a, b, out)


@looped(broadcasting.divide)
def divide(a, b, out):
    with np.errstate(all="ignore"):
        np.divide(a, b, out)


def power(a, b, out):
    with np.errstate(all="ignore"):
        np.power(a, b, out)


def mod(a, b, out):
    with np.errstate(all="ignore"):
        np.mod(a, b, out)


def floor_divide(a, b, out):
    with np.errstate(all="ignore"):
        np.floor_divide(a, b, out)


def arctan2(a, b, out):
    np.arctan2(a, b, out)


@looped(broadcasting.maximum)
def maximum(a, b, out):
    np.maximum(a, b, out=out)  # `out` by name: NumPy wants it so here


@looped(broadcasting.minimum)
def minimum(a, b, out):
    np.minimum(a, b, out=out)


@looped(broadcasting.equal)
def equal(a, b, out):
    np.equal(a, b, out)


@looped(broadcasting.not_equal)
def not_equal(a, b, out):
    np.not_equal(a, b, out)


@looped(broadcasting.greater)
def greater(a, b, out):
    np.greater(a, b, out)


@looped(broadcasting.greater_equal)
def greater_equal(a, b, out):
    np.greater_equal(a, b, out)


@looped(broadcasting.less)
def less(a, b, out):
    np.less(a, b, out)


@looped(broadcasting.less_equal)
def less_equal(a, b, out):
    np.less_equal(a, b, out)


@looped(broadcasting.where)
def where(condition, a, b, out):
    np.copyto(out, b)
    np.copyto(out, a, where=condition)


def bitwise_and(a, b, out):
    np.bitwise_and(a, b, out)


def bitwise_or(a, b, out):
    np.bitwise_or(a, b, out)


def bitwise_xor(a, b, out):
    np.bitwise_xor(a, b, out)


def left_shift(a, b, out):
    np.left_shift(a, b, out)


def right_shift(a, b, out):
    np.right_shift(a, b, out)


def _summed(x, axes, out):
    nothing_to_add = all(x.shape[i] == 1 for i in axes)
    return copied(x.reshape(out.shape), out) if nothing_to_add else summed(x, axes, out)


@recorded(_summed)
def sum(x, axes, out):
    np.add.reduce(x, axes, None, out, True)


def max(x, axes, out):
    np.maximum.reduce(x, axes, None, out, True)


def min(x, axes, out):
    np.minimum.reduce(x, axes, None, out, True)
