"""The same numbers in another shape, or some of them."""

import math

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, run, tensor
from .helpers import axes_of, flat, rows


def reshape(x, newshape):
    """The same numbers in `newshape`, where one size may be -1. No number moves."""
    x = tensor(x)
    newshape = tuple(newshape) if np.iterable(newshape) else (newshape,)
    try:
        y = x.value.reshape(newshape)
    except ValueError:
        raise ValueError(
            f"A tensor of shape {x.shape} ({x.size} numbers) can't be reshaped to {newshape} "
            f"({abs(math.prod(newshape))} numbers{' or a multiple' if -1 in newshape else ''})."
        ) from None

    def gradient(dy):
        x.add_grad(dy.reshape(x.shape))

    return record(y, gradient, x)


def expand_dims(x, axis):
    """A new axis of size 1 at `axis`."""
    x = tensor(x)
    (at,) = axes_of(axis, x.ndim + 1)
    return reshape(x, (*x.shape[:at], 1, *x.shape[at:]))


def squeeze(x, axis=None):
    """Without its axes of size 1, or without the one at `axis`."""
    x = tensor(x)
    axes = [i for i, n in enumerate(x.shape) if n == 1] if axis is None else axes_of(axis, x.ndim)
    if any(x.shape[i] != 1 for i in axes):
        raise ValueError(f"squeeze(axis={axis}): that axis of shape {x.shape} has not size 1.")
    return reshape(x, tuple(n for i, n in enumerate(x.shape) if i not in axes))


def transpose(x, axes=None):
    """The axes in another order; reversed if `axes` is None."""
    x = tensor(x)
    axes = tuple(reversed(range(x.ndim)) if axes is None else (a + x.ndim if a < 0 else a for a in axes))
    if sorted(axes) != list(range(x.ndim)):
        raise ValueError(f"transpose: axes {axes} must name each of the {x.ndim} axes of shape {x.shape} once.")
    y = K.empty(tuple(x.shape[a] for a in axes), x.value.dtype)
    run(K.transpose, x.value, axes, y)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(K.transpose, dy, tuple(np.argsort(axes).tolist()), dx)
        x.add_grad(dx)

    return record(y, gradient, x)


def take(x, indices, axis=None):
    """x[indices] along `axis` (0 here). Gradient: dy added up at the rows it came from.

    Raises
    ------
    IndexError
        If an index is outside the axis: no number is read from beyond an array.
    """
    x, indices = tensor(x), tensor(indices)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    (axis,) = axes_of(axis, x.ndim)
    if axis != 0:
        moved = take(transpose(x, (axis, *(i for i in range(x.ndim) if i != axis))), indices, 0)
        k = indices.ndim
        back = [*range(k, k + axis), *range(k), *range(k + axis, moved.ndim)]
        return transpose(moved, back)
    index = labels(indices, x.shape[0], "index")
    width = math.prod(x.shape[1:])
    table = x.value.reshape(x.shape[0], width)
    y = K.empty((*indices.shape, *x.shape[1:]), x.value.dtype)
    run(K.take_rows, table, index, y.reshape(index.size, width))

    def gradient(dy):
        dtable = K.empty(table.shape, dy.dtype)
        run(K.add_at_rows, index, dy.reshape(index.size, width), dtable)
        x.add_grad(dtable.reshape(x.shape))

    return record(y, gradient, x)


def labels(x, limit, what="label"):
    """x as a flat int32 array, each within 0..limit-1: checked each time, before a kernel reads by it."""
    from .core import cast

    index = flat(cast(x, "int32").value)
    found = np.empty(1, np.int64)
    run(_check_labels, index, limit, found, what)
    return index


def _check_labels(index, limit, found, what):
    K.outside(index, limit, found)
    if found[0] >= 0:
        place = int(found[0])
        raise (IndexError if what == "index" else ValueError)(
            f"{what} {index[place]} (row {place} of the batch) is outside 0..{limit - 1}: "
            + (f"the axis has {limit} rows." if what == "index" else f"the model's output has {limit} classes. ")
            + ("" if what == "index" else "Widen the last layer, or number the labels from 0.")
        )


def getitem(x, key):
    """x[key] for ints, slices, ... and None, as in NumPy. Gradient: dy at the places taken, 0 elsewhere."""
    y = np.ascontiguousarray(x.value[key]).reshape(np.shape(x.value[key]))
    run(_copy_part, x.value, key, y)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(_write_part, dy, key, dx)
        x.add_grad(dx)

    if isinstance(x, Tensor) and x.value.dtype.kind != "f":
        return Tensor(y)
    return record(y, gradient, x)


def _copy_part(x, key, y):
    y[...] = x[key]


def _write_part(dy, key, dx):
    dx[...] = 0  # each time: a replayed step finds the last one's gradient here
    np.add.at(dx, key, dy)


__all__ = ["expand_dims", "getitem", "labels", "reshape", "rows", "squeeze", "take", "transpose"]
