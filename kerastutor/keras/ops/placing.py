"""Numbers put into their places: blocks, scattered rows, segments."""

import math

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, run, tensor
from ..naming import look_up
from . import arithmetic as a
from .core import cast
from .helpers import broadcast
from .indexing import add_at_rows, labels, places
from .shapes import reshape


def slice(inputs, start_indices, shape):
    """The block of `shape` that begins at `start_indices`, ints or a tensor of them; -1 in shape: up to the end.

    Raises
    ------
    IndexError
        If the block reaches out of the tensor. (Keras on JAX moves it inside without a word.)
    """
    x = tensor(inputs)
    starts = _starts(start_indices, x)
    if isinstance(starts, Tensor) and -1 in shape:
        raise ValueError("slice: -1 in `shape` needs start_indices that are plain ints: the size depends on them.")
    sizes = tuple(x.shape[i] - starts[i] if n == -1 else int(n) for i, n in enumerate(shape))
    key = _block(starts, sizes, x)
    y = K.empty(sizes, x.value.dtype)
    run(_copy_block, x.value, key, sizes, y)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(dx.fill, 0)
        run(_set_block, dy, key, sizes, dx)
        x.add_grad(dx)

    return record(y, gradient, x)


def slice_update(inputs, start_indices, updates):
    """`inputs` with the block that begins at `start_indices` replaced by `updates`."""
    x, new = a.pair(inputs, updates)
    key = _block(_starts(start_indices, x), new.shape, x)
    y = K.empty(x.shape, x.value.dtype)
    run(K.cast, x.value, y)
    run(_set_block, new.value, key, new.shape, y)

    def gradient(dy):
        if x.tracked:
            dx = K.empty(x.shape, dy.dtype)
            run(K.cast, dy, dx)
            run(_set_block, np.zeros((), dy.dtype), key, new.shape, dx)
            x.add_grad(dx)
        if new.tracked:
            dnew = K.empty(new.shape, dy.dtype)
            run(_copy_block, dy, key, new.shape, dnew)
            new.add_grad(dnew)

    return record(y, gradient, x, new)


def _starts(start_indices, x):
    """Plain ints if that is what was given, else a tensor."""
    if isinstance(start_indices, (list, tuple)) and any(isinstance(i, Tensor) for i in start_indices):
        from .joining import stack

        start_indices = stack([cast(i, "int32") for i in start_indices])
    starts = start_indices if isinstance(start_indices, Tensor) else tuple(int(i) for i in start_indices)
    if len(starts) != x.ndim:
        raise ValueError(f"start_indices must name a place on each axis of shape {x.shape}; got {starts}.")
    return starts


def _block(starts, sizes, x):
    """The array of starts (in a tensor: the one that each run fills); plain ints are checked here."""
    if len(sizes) != x.ndim or any(n > m for n, m in zip(sizes, x.shape)):
        raise ValueError(f"A block of shape {tuple(sizes)} does not fit into a tensor of shape {x.shape}.")
    if isinstance(starts, Tensor):
        return starts.value
    _slices(np.array(starts), sizes, x.shape)
    return np.array(starts)


def _slices(starts, sizes, shape):
    for i, (start, n, m) in enumerate(zip(starts.tolist(), sizes, shape)):
        if not 0 <= start <= m - n:
            raise IndexError(f"A block of size {n} that begins at {start} reaches out of axis {i}, which has size {m}.")
    return tuple(np.s_[start : start + n] for start, n in zip(starts.tolist(), sizes))


def _copy_block(x, starts, sizes, y):
    y[...] = x[_slices(starts, sizes, x.shape)]


def _set_block(x, starts, sizes, y):
    y[_slices(starts, sizes, y.shape)] = x


def scatter(indices, values, shape):
    """Zeros of `shape` with `values` added at `indices`, whose last axis names a place on the first axes of `shape`.

    Shapes: indices (..., k), values (..., *shape[k:]).

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.scatter([[0], [2], [0]], [1.0, 2.0, 3.0], (4,)).numpy()
    array([4., 0., 2., 0.], dtype=float32)
    """
    values, shape = tensor(values), tuple(shape)
    index, m, width = _flat_places("scatter", indices, values, shape)
    return reshape(add_at_rows(index, reshape(values, (index.size, width)), m), shape)


def _flat_places(name, indices, values, shape):
    """Indices into the first k axes of `shape` as places in one, its length, and how many numbers each place has."""
    indices = tensor(indices)
    k = indices.shape[-1] if indices.ndim else 0
    if not 0 < k <= len(shape) or values.shape != (*indices.shape[:-1], *shape[k:]):
        raise ValueError(
            f"{name}: indices of shape {indices.shape} and values of shape {values.shape} do not fit a tensor of shape "
            f"{shape}: expected indices (..., k) and values (..., *shape[k:])."
        )
    whole = places(indices[..., 0], shape[0])
    for i in range(1, k):
        whole = broadcast(K.multiply, whole, np.int32(shape[i]))
        whole = broadcast(K.add, whole, places(indices[..., i], shape[i]))
    return whole, math.prod(shape[:k]), math.prod(shape[k:])


def scatter_update(inputs, indices, updates, reduction=None):
    """`inputs` with `updates` at `indices`, whose last axis names a place on the first axes of `inputs`.

    Parameters
    ----------
    reduction : {None, "add", "max", "min", "mul"}
        What becomes of the number that was there: replaced, or combined with the update. The gradient is known for
        None and "add".

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.scatter_update([1.0, 2.0, 3.0], [[1]], [9.0]).numpy()
    array([1., 9., 3.], dtype=float32)
    """
    x, new = a.pair(inputs, updates)
    reduction = reduction and look_up(str(reduction).lower(), _COMBINE, "reduction")
    index, m, width = _flat_places("scatter_update", indices, new, x.shape)
    if reduction is np.add:
        return x + reshape(add_at_rows(index, reshape(new, (index.size, width)), m), x.shape)
    table = (m, width)
    y = K.empty(x.shape, x.value.dtype)
    run(K.cast, x.value, y)
    run(_put_rows, reduction, index, new.value.reshape(index.size, width), y.reshape(table))

    def gradient(dy):
        if reduction is not None:
            raise NotImplementedError(
                f"scatter_update by {reduction.__name__} has no gradient here: write the update with take and where, "
                "or use reduction=None or 'add'."
            )
        if x.tracked:
            dx = K.empty(x.shape, dy.dtype)
            run(K.cast, dy, dx)
            run(_put_rows, None, index, np.zeros((1, width), dy.dtype), dx.reshape(table))
            x.add_grad(dx)
        if new.tracked:
            dnew = K.empty(new.shape, dy.dtype)
            run(K.take_rows, dy.reshape(table), index, dnew.reshape(index.size, width))
            new.add_grad(dnew)

    return record(y, gradient, x, new)


_COMBINE = {"add": np.add, "max": np.maximum, "min": np.minimum, "mul": np.multiply}


def _put_rows(combine, index, rows, table):
    if combine is None:
        table[index] = rows
    else:
        combine.at(table, index, rows)


# segments --------------------------------------------------------------------------------------


def segment_sum(data, segment_ids, num_segments=None, sorted=False):
    """The sum of the rows of each segment: y[s] = the sum of data[i] where segment_ids[i] is s; 0 where there is none.

    Parameters
    ----------
    data : (n, ...)
    segment_ids : (n,)
        Each row's segment, 0..num_segments-1.
    num_segments : int
    sorted : bool
        Whether segment_ids are in order: nothing is gained by knowing it here.
    """
    data, index = _segments("segment_sum", data, segment_ids, num_segments)
    rows = reshape(data, (data.shape[0], math.prod(data.shape[1:])))
    return reshape(add_at_rows(index, rows, num_segments), (num_segments, *data.shape[1:]))


def segment_max(data, segment_ids, num_segments=None, sorted=False):
    """The largest of each segment's rows; -inf where there is none. Equals share the gradient."""
    return _segment_extreme("segment_max", np.maximum, data, segment_ids, num_segments)


def segment_min(data, segment_ids, num_segments=None, sorted=False):
    """The smallest of each segment's rows; inf where there is none. Equals share the gradient."""
    return _segment_extreme("segment_min", np.minimum, data, segment_ids, num_segments)


def segment_prod(data, segment_ids, num_segments=None, sorted=False):
    """The product of each segment's rows; 1 where there is none. Gradient: dy * y / data, so no zeros in data."""
    data, index = _segments("segment_prod", data, segment_ids, num_segments)
    y = K.empty((num_segments, *data.shape[1:]), data.value.dtype)
    run(_combine_segments, np.multiply, 1, index, data.value, y)

    def gradient(dy):
        data.add_grad(broadcast(K.divide, _rows_of(broadcast(K.multiply, dy, y), index, data.shape), data.value))

    return record(y, gradient, data)


def _segment_extreme(name, combine, data, segment_ids, num_segments):
    data, index = _segments(name, data, segment_ids, num_segments)
    dtype = data.value.dtype
    end = np.inf if dtype.kind == "f" else np.iinfo(dtype).max if dtype.kind in "iu" else True
    start = end if combine is np.minimum else -np.inf if dtype.kind == "f" else (
        np.iinfo(dtype).min if dtype.kind in "iu" else False
    )
    y = K.empty((num_segments, *data.shape[1:]), dtype)
    run(_combine_segments, combine, start, index, data.value, y)

    def gradient(dy):
        here = cast(Tensor(data.value) == Tensor(_rows_of(y, index, data.shape)), dtype).value
        rows = here.reshape(len(here), -1)
        count = K.empty((num_segments, rows.shape[1]), dtype)
        run(K.add_at_rows, index, rows, count)
        share = broadcast(K.divide, dy, count.reshape(dy.shape))
        data.add_grad(broadcast(K.multiply, here, _rows_of(share, index, data.shape)))

    return record(y, gradient, data)


def _segments(name, data, segment_ids, num_segments):
    data, ids = tensor(data), tensor(segment_ids)
    if num_segments is None:
        raise ValueError(f"{name} needs num_segments, as in Keras on JAX: the shape must not depend on data.")
    if ids.ndim != 1 or data.shape[:1] != ids.shape:
        raise ValueError(f"{name}: segment_ids {ids.shape} do not name a segment for each row of {data.shape}.")
    return data, labels(ids, num_segments, "index")


def _combine_segments(combine, start, index, data, y):
    y[...] = start
    combine.at(y, index, data)


def _rows_of(y, index, shape):
    """y[index], an array of `shape`."""
    out = K.empty(shape, y.dtype)
    run(K.take_rows, y.reshape(len(y), -1), index, out.reshape(index.size, -1))
    return out
