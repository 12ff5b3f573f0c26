"""The same numbers in another shape or another order of the axes."""

import math

import numpy as np

from ...backends import K
from ..autodiff import record, run, tensor
from .helpers import axes_of, sum_to


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


def ravel(x):
    """The same numbers along one axis."""
    return reshape(x, (-1,))


def expand_dims(x, axis):
    """A new axis of size 1 at `axis`, or several at the axes given."""
    x = tensor(x)
    new = axes_of(axis, x.ndim + (len(axis) if isinstance(axis, (tuple, list)) else 1))
    old = iter(x.shape)
    return reshape(x, tuple(1 if i in new else next(old) for i in range(x.ndim + len(new))))


def squeeze(x, axis=None):
    """Without its axes of size 1, or without the one (or several) at `axis`."""
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
    if axes == tuple(range(x.ndim)):
        return x
    y = K.empty(tuple(x.shape[a] for a in axes), x.value.dtype)
    run(K.transpose, x.value, axes, y)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(K.transpose, dy, tuple(np.argsort(axes).tolist()), dx)
        x.add_grad(dx)

    return record(y, gradient, x)


def moveaxis(x, source, destination):
    """The axis (or axes) `source` at the place `destination`, the others in their order."""
    x = tensor(x)
    places = [[axes_of(i, x.ndim)[0] for i in (axes if np.iterable(axes) else (axes,))]
              for axes in (source, destination)]
    order = [i for i in range(x.ndim) if i not in places[0]]
    for place, axis in sorted(zip(places[1], places[0])):
        order.insert(place, axis)
    return transpose(x, order)


def swapaxes(x, axis1, axis2):
    """Two axes in each other's place."""
    x = tensor(x)
    order = list(range(x.ndim))
    (i,), (j,) = axes_of(axis1, x.ndim), axes_of(axis2, x.ndim)
    order[i], order[j] = j, i
    return transpose(x, order)


def broadcast_to(x, shape):
    """x repeated along axes that it lacks, or that have size 1 in it, to `shape`. Gradient: dy summed over these."""
    x, shape = tensor(x), tuple(shape) if np.iterable(shape) else (shape,)
    try:
        fits = np.broadcast_shapes(x.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"broadcast_to: a tensor of shape {x.shape} can't become {shape}: counted from the last axis, its sizes "
            "must be the same or 1."
        )
    y = K.empty(shape, x.value.dtype)
    run(K.cast, x.value, y)

    def gradient(dy):
        x.add_grad(sum_to(dy, x.shape))

    return record(y, gradient, x)


def rearrange(tensor, pattern, **axes_lengths):
    """The axes split, ordered and joined as a pattern says: "b (h w) c -> b h w c" with h=4.

    Each name stands for an axis; names in brackets are the parts of one. Of the parts of an axis one size may be left
    out.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.rearrange(ops.arange(6), "(rows columns) -> columns rows", rows=2).numpy()
    array([[0, 3],
           [1, 4],
           [2, 5]], dtype=int32)

    Source: https://einops.rocks (Rogozhnikov, 2022)
    """
    before, arrow, after = pattern.partition("->")
    groups, wanted = _groups(before), _groups(after)
    names, sizes = [name for group in groups for name in group], dict(axes_lengths)
    if not arrow or len(groups) != len(tensor.shape) or sorted(names) != sorted(sum(wanted, [])):
        raise ValueError(
            f"rearrange: the pattern {pattern!r} does not fit a tensor of shape {tuple(tensor.shape)}: it needs one "
            "name (or bracket) for each axis before the arrow, and the same names after it."
        )
    for group, n in zip(groups, tensor.shape):
        known = math.prod(sizes[name] for name in group if name in sizes)
        sizes |= {name: n // known for name in group if name not in sizes}
    x = reshape(tensor, tuple(sizes[name] for name in names))
    x = transpose(x, [names.index(name) for group in wanted for name in group])
    return reshape(x, tuple(math.prod(sizes[name] for name in group) for group in wanted))


def _groups(pattern):
    """ "b (h w) c" -> [["b"], ["h", "w"], ["c"]]."""
    groups, inside = [], False
    for word in pattern.replace("(", " ( ").replace(")", " ) ").split():
        if word in "()":
            inside = word == "("
            groups += [[]] if inside else []
        elif inside:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups
