"""Tensors joined into one, one cut into several, and one repeated, padded, turned or rolled."""

import numpy as np

from ...backends import K
from ..autodiff import record, run, tensor
from .helpers import axes_of, of_one_dtype
from .indexing import copy_part, getitem, parts, set_part, take
from .shapes import broadcast_to, expand_dims, reshape, squeeze, transpose


def concatenate(xs, axis=0):
    """The tensors xs one behind the other along `axis`. Gradient: to each its part of dy.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.concatenate([[1, 2], [3]]).numpy()
    array([1, 2, 3], dtype=int32)
    """
    xs = of_one_dtype(xs)
    (axis,) = axes_of(axis, xs[0].ndim)
    others = {(*x.shape[:axis], *x.shape[axis + 1 :]) if x.ndim > axis else None for x in xs}
    if len(others) > 1:
        raise ValueError(
            f"concatenate(axis={axis}): shapes {', '.join(str(x.shape) for x in xs)} differ on another axis than "
            f"{axis}: all other sizes must be the same."
        )
    ends = np.cumsum([x.shape[axis] for x in xs]).tolist()
    y = K.empty((*xs[0].shape[:axis], ends[-1], *xs[0].shape[axis + 1 :]), xs[0].value.dtype)
    run(K.concatenate, tuple(x.value for x in xs), axis, y)

    def gradient(dy):
        for x, end in zip(xs, ends):
            if x.tracked:
                dx = K.empty(x.shape, dy.dtype)
                run(copy_part, dy, _along(axis, end - x.shape[axis], end), dx)
                x.add_grad(dx)

    return record(y, gradient, *xs)


def _along(axis, start, stop, step=None):
    """The key of a part: all of the axes before `axis`, start..stop of this one."""
    return (*(slice(None),) * axis, slice(start, stop, step))


def stack(x, axis=0):
    """Tensors of one shape, side by side along a new axis."""
    x = [tensor(part) for part in x]
    if len({part.shape for part in x}) > 1:
        raise ValueError(f"stack: all shapes must be the same; got {', '.join(str(part.shape) for part in x)}.")
    return concatenate([expand_dims(part, axis) for part in x], axis if axis >= 0 else axis + x[0].ndim + 1)


def append(x1, x2, axis=None):
    """x2 behind x1 along `axis`; both flattened if None."""
    if axis is None:
        return concatenate([reshape(x1, (-1,)), reshape(x2, (-1,))])
    return concatenate([x1, x2], axis)


def hstack(xs):
    """Side by side: along the second axis, vectors along their only one."""
    xs = [_at_least(x, 1) for x in xs]
    return concatenate(xs, 0 if xs[0].ndim == 1 else 1)


def vstack(xs):
    """One above the other: along the first axis, vectors as rows."""
    return concatenate([_at_least(x, 2) for x in xs], 0)


def dstack(xs):
    """One behind the other, along the third axis."""
    return concatenate([_at_least(x, 3) for x in xs], 2)


def _at_least(x, ndim):
    """x with axes of size 1 until there are `ndim`: a vector is a row, a matrix has one layer."""
    x = tensor(x)
    if x.ndim >= ndim:
        return x
    row = (1,) if x.ndim == 0 or ndim == 1 else (1, *x.shape) if x.ndim == 1 else x.shape
    return reshape(x, (*row, *(1,) * (ndim - len(row))))


# cutting ---------------------------------------------------------------------------------------


def split(x, indices_or_sections, axis=0):
    """A list of equal parts along `axis`, as many as the int says; or cut at the places that a list names."""
    x = tensor(x)
    (axis,) = axes_of(axis, x.ndim)
    if not isinstance(indices_or_sections, (int, np.integer)):
        return cut(x, indices_or_sections, axis)
    n, many = x.shape[axis], int(indices_or_sections)
    if many < 1 or n % many:
        raise ValueError(
            f"split: axis {axis} of shape {x.shape} can't be cut into {many} equal parts: {n} is no multiple. Name the "
            "places to cut at instead, split(x, [2, 5]), or use array_split."
        )
    return cut(x, range(n // many, n, n // many) if n else [0] * (many - 1), axis)


def array_split(x, indices_or_sections, axis=0):
    """As many parts along `axis`; where it does not come out even the first ones are larger by one."""
    x, many = tensor(x), indices_or_sections
    (axis,) = axes_of(axis, x.ndim)
    if not isinstance(many, int) or many < 1:
        raise TypeError(f"array_split: indices_or_sections must be a whole number from 1 up; got {many!r}.")
    size, larger = divmod(x.shape[axis], many)
    return cut(x, [i * size + min(i, larger) for i in range(1, many)], axis)


def cut(x, places, axis):
    """The parts of x between these places along `axis`."""
    ends = [0, *map(int, places), x.shape[axis]]
    return parts(x, [_along(axis, start, stop) for start, stop in zip(ends, ends[1:])])


def hsplit(x, indices_or_sections):
    """`split` along the second axis, of a vector along its only one."""
    x = tensor(x)
    return split(x, indices_or_sections, 0 if x.ndim == 1 else 1)


def vsplit(x, indices_or_sections):
    """`split` along the first axis."""
    return split(x, indices_or_sections, 0)


def dsplit(x, indices_or_sections):
    """`split` along the third axis."""
    return split(x, indices_or_sections, 2)


def unstack(x, num=None, axis=0):
    """A list of the tensors that lie side by side along `axis`, which goes away."""
    x = tensor(x)
    (axis,) = axes_of(axis, x.ndim)
    if num not in (None, x.shape[axis]):
        raise ValueError(f"unstack: num is {num}, and axis {axis} of shape {x.shape} has size {x.shape[axis]}.")
    return [squeeze(part, axis) for part in array_split(x, max(x.shape[axis], 1), axis)][: x.shape[axis]]


# repeating, padding, turning -------------------------------------------------------------------


def repeat(x, repeats, axis=None):
    """Each number (or row, along `axis`) `repeats` times in succession; repeats may be a list, one for each."""
    x = tensor(x)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    (axis,) = axes_of(axis, x.ndim)
    n = x.shape[axis]
    repeats = np.asarray(repeats.numpy() if hasattr(repeats, "numpy") else repeats)
    if repeats.size > 1:
        return take(x, np.repeat(np.arange(n), repeats), axis)
    times = int(repeats.item())
    wide = broadcast_to(expand_dims(x, axis + 1), (*x.shape[: axis + 1], times, *x.shape[axis + 1 :]))
    return reshape(wide, (*x.shape[:axis], n * times, *x.shape[axis + 1 :]))


def tile(x, repeats):
    """x repeated as a whole, as often along each axis as `repeats` says."""
    x, repeats = tensor(x), tuple(repeats) if np.iterable(repeats) else (repeats,)
    repeats = (1,) * (x.ndim - len(repeats)) + tuple(map(int, repeats))
    shape = (1,) * (len(repeats) - x.ndim) + x.shape
    apart = reshape(x, [size for n in shape for size in (1, n)])
    wide = broadcast_to(apart, [size for n, r in zip(shape, repeats) for size in (r, n)])
    return reshape(wide, [n * r for n, r in zip(shape, repeats)])


def pad(x, pad_width, mode="constant", constant_values=None):
    """x with more numbers around it.

    Parameters
    ----------
    pad_width : int or tuple or list of pairs
        How many before and after, for each axis; one pair or one number serves for all.
    mode : {"constant", "reflect", "symmetric", "edge", "wrap"}
        With reflect the numbers are mirrored at the outermost one, with symmetric beyond it, edge repeats it.
    constant_values : number
        0 unless given.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.pad([1, 2, 3], (2, 1), mode="reflect").numpy()
    array([3, 2, 1, 2, 3, 2], dtype=int32)
    """
    x = tensor(x)
    widths = [tuple(pair) for pair in np.broadcast_to(np.asarray(pad_width), (x.ndim, 2)).tolist()]
    if mode not in ("constant", "reflect", "symmetric", "edge", "wrap"):
        raise ValueError(f"pad: mode must be 'constant', 'reflect', 'symmetric', 'edge' or 'wrap'; got {mode!r}.")
    if mode != "constant":
        if constant_values is not None:
            raise ValueError(f"pad: constant_values goes with mode='constant'; got mode={mode!r}.")
        for axis, width in enumerate(widths):
            if any(width):
                x = take(x, np.pad(np.arange(x.shape[axis]), width, mode), axis)
        return x
    inside = tuple(slice(before, before + n) for n, (before, _) in zip(x.shape, widths))
    y = K.empty(tuple(n + before + after for n, (before, after) in zip(x.shape, widths)), x.value.dtype)
    value = x.value.dtype.type(0 if constant_values is None else constant_values)
    run(y.fill, value)
    run(set_part, x.value, inside, y)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(copy_part, dy, inside, dx)
        x.add_grad(dx)

    return record(y, gradient, x)


def flip(x, axis=None):
    """In reverse order along `axis` (or several); along all axes if None."""
    x = tensor(x)
    axes = axes_of(axis, x.ndim)
    return getitem(x, tuple(slice(None, None, -1 if i in axes else None) for i in range(x.ndim)))


def fliplr(x):
    """In reverse order along the second axis."""
    return flip(x, 1)


def flipud(x):
    """In reverse order along the first axis."""
    return flip(x, 0)


def roll(x, shift, axis=None):
    """Moved on by `shift` places along `axis`, what falls out at the end comes in at the start; flattened if None."""
    x = tensor(x)
    if axis is None:
        return reshape(roll(reshape(x, (-1,)), sum(shift) if np.iterable(shift) else shift, 0), x.shape)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    for step, at in zip(np.broadcast_to(np.asarray(shift), len(axes)).tolist(), axes):
        (at,) = axes_of(at, x.ndim)
        place = -step % x.shape[at] if x.shape[at] else 0
        if place:
            front, back = cut(x, [place], at)
            x = concatenate([back, front], at)
    return x


def rot90(array, k=1, axes=(0, 1)):
    """Turned by k times 90 degrees, from the first of `axes` towards the second."""
    x = tensor(array)
    if x.ndim < 2 or len(axes) != 2:
        raise ValueError(f"rot90 turns two axes of a tensor that has two or more; got axes={axes}, shape {x.shape}.")
    (i,), (j,) = axes_of(axes[0], x.ndim), axes_of(axes[1], x.ndim)
    if i == j:
        raise ValueError(f"rot90: axes={axes} are one and the same.")
    order = list(range(x.ndim))
    order[i], order[j] = j, i
    if k % 4 == 2:
        return flip(x, (i, j))
    if k % 4 == 1:
        return transpose(flip(x, j), order)
    return flip(transpose(x, order), j) if k % 4 == 3 else x
