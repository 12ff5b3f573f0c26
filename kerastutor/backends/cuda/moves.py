"""Parts of arrays copied to parts of others: a thread for each number.

Keras's ops say what they copy as pairs of the host's views, `[(x[key], y)]`; where these lie in memory is all that is
taken from them here.
"""

import numpy as np
from numba import cuda

from . import memory
from .broadcasting import place
from .launch import kernel, launch


def kernels(function, arguments):
    """The calls of `move` that do the same as a function with `moves`; None if it has none, or a key of indices."""
    if not hasattr(function, "moves") or not all(_is_plain(a) for a in arguments if not isinstance(a, np.ndarray)):
        return None
    return [(move, _between(np.asarray(source), target)) for source, target in function.moves(*arguments)]


def _is_plain(key):
    parts = key if isinstance(key, tuple) else (key,)
    return all(part is None or part is Ellipsis or isinstance(part, (slice, int, np.integer)) for part in parts) \
        and not any(isinstance(part, (bool, np.bool_)) for part in parts)


def _between(source, target):
    """`move`'s arguments for two views of arrays, the source broadcast."""
    source = np.broadcast_to(source, target.shape)
    return memory.holder(source), target.shape, *_walk(source), *_walk(target), memory.holder(target)


def _walk(view):
    """Where a view begins in the array that holds it, and how far it moves along each axis: in numbers."""
    size = view.itemsize
    return memory.offset(view) // size, tuple(step // size for step in view.strides)


@kernel(fills=0, changes=1)
def move(x, shape, first, steps, out_first, out_steps, out):
    shape, steps, out_steps = (tuple(axes) or (one,) for axes, one in ((shape, 1), (steps, 0), (out_steps, 0)))
    launch(_move, int(np.prod(shape)), x.reshape(x.size), shape, first, steps, out_first, out_steps,
           out.reshape(out.size))


@cuda.jit
def _move(x, shape, first, steps, out_first, out_steps, out):
    i, n = cuda.grid(1), 1
    for length in shape:
        n *= length
    if i < n:
        out[out_first + place(i, shape, out_steps)] = x[first + place(i, shape, steps)]
