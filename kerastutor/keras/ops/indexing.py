"""Some of a tensor's numbers, chosen by keys and indices.

An index from a tensor is checked each time, before a kernel reads by it: no number comes from beyond an array.
"""

import math

import numpy as np

from ...backends import K, fetch
from ..autodiff import Tensor, record, run, tensor
from .arithmetic import add, less, where
from .core import cast
from .helpers import axes_of, flat
from .shapes import broadcast_to, moveaxis, reshape, transpose


def labels(x, limit, what="label"):
    """x as a flat int32 array, each within 0..limit-1: checked each time, before a kernel reads by it."""
    index = flat(cast(x, "int32").value)
    refuse_outside(index, limit, lambda place, number: _complain(place, number, limit, what))
    return index


def _complain(place, number, limit, what):
    raise (IndexError if what == "index" else ValueError)(
        f"{what} {number} (row {place} of the batch) is outside 0..{limit - 1}: "
        + (f"the axis has {limit} rows." if what == "index" else f"the model's output has {limit} classes. ")
        + ("" if what == "index" else "Widen the last layer, or number the labels from 0.")
    )


def refuse_outside(index, limit, complain):
    """Whenever the step runs: call complain(place, number), which raises, if a number of the index is not below limit.

    On a GPU, where Python would have to wait to know, that may be some steps later; kernels pass over such an index.
    """
    found = np.empty(1, np.int64)
    run(K.outside, index, limit, found)
    run(refuse, index, found, complain)


def refuse(index, found, complain):
    if fetch(found)[0] >= 0:
        complain(int(found[0]), int(index[found[0]]))


refuse.late = True


def places(indices, n):
    """Indices as a flat int32 array of places 0..n-1; -1 is the last place. Checked each time."""
    index = reshape(cast(indices, "int32"), (-1,))
    index = flat(where(less(index, 0), add(index, n), index).value)
    refuse_outside(index, n, lambda place, number: _complain(place, number - n * (number < 0), n, "index"))
    return index


def take(x, indices, axis=None):
    """x[indices] along `axis` (0 here). Gradient: dy added up at the rows it came from.

    Raises
    ------
    IndexError
        If an index is outside the axis.
    """
    x, indices = tensor(x), tensor(indices)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    (axis,) = axes_of(axis, x.ndim)
    if axis != 0:
        moved = take(moveaxis(x, axis, 0), indices, 0)
        k = indices.ndim
        back = [*range(k, k + axis), *range(k), *range(k + axis, moved.ndim)]
        return transpose(moved, back)
    index = places(indices, x.shape[0])
    y = take_rows(reshape(x, (x.shape[0], math.prod(x.shape[1:]))), index)
    return reshape(y, (*indices.shape, *x.shape[1:]))


def take_rows(table, index):
    """table[index]: (m, k), (n,) -> (n, k), for an index that has been checked."""
    y = K.empty((index.size, table.shape[1]), table.value.dtype)
    run(K.take_rows, table.value, index, y)

    def gradient(dy):
        dtable = K.empty(table.shape, dy.dtype)
        run(K.add_at_rows, index, dy, dtable)
        table.add_grad(dtable)

    return record(y, gradient, table)


def add_at_rows(index, rows, m):
    """A table of zeros, (m, k), with rows, (n, k), added at the places `index` says, (n,), which has been checked."""
    table = K.empty((m, rows.shape[1]), rows.value.dtype)
    run(K.add_at_rows, index, rows.value, table)

    def gradient(dtable):
        dy = K.empty(rows.shape, dtable.dtype)
        run(K.take_rows, dtable, index, dy)
        rows.add_grad(dy)

    return record(table, gradient, rows)


def take_along_axis(x, indices, axis=None):
    """y[i, j, ...] = x[i, indices[i, j, ...], ...] along `axis`; all other axes of the two are as long, or 1.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.take_along_axis([[10, 20, 30], [40, 50, 60]], [[2], [0]], axis=1).numpy()
    array([[30],
           [40]], dtype=int32)
    """
    x, indices = tensor(x), tensor(indices)
    if axis is None:
        return take_along_axis(reshape(x, (-1,)), reshape(indices, (-1,)), 0)
    if x.ndim != indices.ndim:
        raise ValueError(f"take_along_axis: x of shape {x.shape} and indices of shape {indices.shape} differ in axes.")
    (axis,) = axes_of(axis, x.ndim)
    x, indices = moveaxis(x, axis, -1), moveaxis(indices, axis, -1)
    lead = np.broadcast_shapes(x.shape[:-1], indices.shape[:-1])
    n, k = x.shape[-1], indices.shape[-1]
    x = x if x.shape[:-1] == lead else broadcast_to(x, (*lead, n))
    indices = indices if indices.shape[:-1] == lead else broadcast_to(indices, (*lead, k))
    rows = math.prod(lead)
    index, whole = places(indices, n).reshape(rows, k), K.empty((rows, k), np.int32)
    run(K.add, index, np.arange(rows, dtype=np.int32)[:, None] * np.int32(n), whole)
    y = take_rows(reshape(x, (rows * n, 1)), flat(whole))
    return moveaxis(reshape(y, (*lead, k)), -1, axis)


def getitem(x, key):
    """x[key] for ints, slices, ..., None and arrays or tensors of ints, as in NumPy.

    Gradient: dy at the places taken, 0 elsewhere. A tensor of bools gives a result whose shape depends on its values:
    not while a step is being recorded.
    """
    if isinstance(key, Tensor) and key.dtype != "bool" and key.ndim:
        return take(x, key, 0)
    listed = isinstance(key, (list, np.ndarray)) and x.ndim
    key, like = _plain_key(key)
    try:
        if listed:
            return _listed_rows(x, np.arange(len(x), dtype=np.int32)[key])
        y = K.empty(np.shape(x.value[like]), x.value.dtype)
    except IndexError as error:
        raise IndexError(f"A tensor of shape {x.shape} has no [{_written(key)}]: {error}.") from None
    run(copy_part, x.value, key, y)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(_only_part, dy, key, dx)
        x.add_grad(dx)

    return record(y, gradient, x) if x.value.dtype.kind == "f" else Tensor(y)


def _listed_rows(x, index):
    """x[index], for places that are known before the step runs."""
    y = take_rows(reshape(x, (len(x), math.prod(x.shape[1:]))), np.ascontiguousarray(index.reshape(-1)))
    return reshape(y, (*index.shape, *x.shape[1:]))


def get_item(x, key):
    """x[key], as an op."""
    return getitem(tensor(x), key)


def _plain_key(key):
    """The key with arrays in place of tensors, and one of the same shape whose values are known already."""
    parts = key if isinstance(key, tuple) else (key,)
    real = tuple(p.numpy() if _is_mask(p) else p.value if isinstance(p, Tensor) else p for p in parts)
    like = tuple(np.zeros_like(r) if isinstance(p, Tensor) and not _is_mask(p) else r for p, r in zip(parts, real))
    return (real, like) if isinstance(key, tuple) else (real[0], like[0])


def _is_mask(part):
    return isinstance(part, Tensor) and part.dtype == "bool"


def _written(key):
    """A key as it is written: (slice(None), 5) -> ":, 5"."""
    def one(part):
        if not isinstance(part, slice):
            return "..." if part is Ellipsis else str(part)
        ends = ["" if n is None else str(n) for n in (part.start, part.stop)]
        return ":".join(ends + ([str(part.step)] if part.step is not None else []))

    return ", ".join(one(part) for part in (key if isinstance(key, tuple) else (key,)))


def copy_part(x, key, y):
    """y = x[key]."""
    y[...] = x[key]


def set_part(x, key, y):
    """y[key] = x."""
    y[key] = x


# what these copy, from where to where: for a backend with memory of its own, if the key is of numbers and slices alone
copy_part.moves = lambda x, key, y: [(_view(x, key), y)]
set_part.moves = lambda x, key, y: [(x, _view(y, key))]


def _view(x, key):
    """x[key], also of a single number a view: not a copy."""
    parts = key if isinstance(key, tuple) else (key,)
    return x[parts if any(part is Ellipsis for part in parts) else (*parts, ...)]


def _only_part(dy, key, dx):
    """dx = 0 but for dx[key], where dy is added."""
    dx[...] = 0  # each time: a replayed step finds the last one's gradient here
    parts = key if isinstance(key, tuple) else (key,)
    if any(isinstance(part, (list, np.ndarray)) for part in parts):
        np.add.at(dx, key, dy)  # a place may be named twice
    else:
        dx[key] = dy


_only_part.moves = lambda dy, key, dx: [(np.zeros((), dy.dtype), dx), (dy, _view(dx, key))]


def parts(x, keys):
    """[x[key] for key in keys], for parts that do not overlap: their gradients meet in one array."""
    whole = record(x.value, x.add_grad, x)

    def part(key):
        y = K.empty(x.value[key].shape, x.value.dtype)
        run(copy_part, x.value, key, y)

        def gradient(dy):
            if whole.grad is None:
                whole.grad = np.zeros(x.shape, dy.dtype)  # where no part writes it stays 0
            run(set_part, dy, key, whole.grad)

        return record(y, gradient, whole)

    return [part(key) for key in keys]
