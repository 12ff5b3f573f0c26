"""Parts of arrays copied to parts of others, as loops, in steps that are replayed.

Keras's ops say what they copy as pairs of views, `[(x[key], y)]`; so does `concatenate`.
"""

import numpy as np

from .broadcasting import AXES, copied, fewest_axes, with_axes
from .compiler import exact_kernel


def without_python(calls):
    """The calls, with loops in the place of functions that say what they copy, by a key of numbers and slices alone."""
    apart = []
    for function, arguments in calls:
        plain = hasattr(function, "moves") and all(_is_plain(a) for a in arguments if not isinstance(a, np.ndarray))
        apart += (plain and moved(function.moves(*arguments))) or [(function, arguments)]
    return apart


def _is_plain(key):
    parts = key if isinstance(key, tuple) else (key,)
    return all(part is None or part is Ellipsis or type(part) in (slice, int) for part in parts)


def moved(pairs):
    """The calls that copy each of these views to the other one; None if that is left to NumPy."""
    calls = []
    for x, y in pairs:
        call = copied(x, y) or _between(np.asarray(x), y)
        if call is None:
            return None
        calls += call
    return calls


def _between(x, y):
    """The call of `move` for two views; None if they have too many axes."""
    if x.dtype != y.dtype or x.dtype.char not in "fdilqB?" or not y.size:
        return None
    forwards = tuple(slice(None, None, -1 if step < 0 else 1) for step in y.strides)
    x, y = np.broadcast_to(x, y.shape)[forwards], y[forwards]
    sizes, *_ = fewest_axes(y.shape, x.strides, y.strides)
    return [(move, (with_axes(x, sizes), with_axes(y, sizes)))] if len(sizes) <= AXES else None


@exact_kernel
def move(x, y):
    """y = x, wherever their numbers lie."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            for k in range(y.shape[2]):
                for m in range(y.shape[3]):
                    y[i, j, k, m] = x[i, j, k, m]
