"""Softmax and cross-entropy in one kernel, and their gradients in one: a thread for each row.

A recorded step has them as calls of their own. Where one works on what the other has made, they become one; what lies
between the two gradients is then no longer written down at all.
"""

from numba import cuda

from . import losses, rows
from .launch import kernel, launch
from .losses import categorical, categorical_grad, sparse, sparse_grad
from .memory import arrays, holder
from .rows import softmax_grad_of, softmax_of


def fused(calls, results=()):
    """The calls, with softmax and cross-entropy together. The arrays `results` are read afterwards."""
    calls = [*calls, (None, tuple(results))]
    for at, (function, arguments) in enumerate(calls):
        if function in LOSSES:
            _join(calls, at, arguments)
        elif function is rows.softmax_grad:
            _join_gradients(calls, at, arguments)
    return [call for call in calls[:-1] if call is not NONE]


NONE = (None, ())


def _join(calls, at, arguments):
    """Put softmax, which comes before, into the cross-entropy that is the call `at`."""
    target, p, e, out = arguments
    before = _maker(calls[:at], (rows.softmax,), 1, p)
    if before is not None and not _touched(calls[before + 1 : at], calls[before][1]):
        x, y = calls[before][1]
        calls[at] = LOSSES[calls[at][0]], (target, x, e, y, out)
        calls[before] = NONE


def _join_gradients(calls, at, arguments):
    """Put the gradient of the cross-entropy into that of softmax, which is the call `at`, if nobody else needs it."""
    dp, p, dx = arguments
    before = _maker(calls[:at], GRADIENTS, 4, dp)
    if before is None or not _same(calls[before][1][2], p):
        return
    others = [call for i, call in enumerate(calls) if i not in (before, at)]
    if not _touched(others, [dp]) and not _touched(calls[before + 1 : at], calls[before][1]):
        calls[at] = GRADIENTS[calls[before][0]], (*calls[before][1][:4], dx)
        calls[before] = NONE


def _maker(calls, functions, place, array):
    """Where the last call of these functions is that has the array in this place among its arguments, or None."""
    found = [i for i, (function, given) in enumerate(calls) if function in functions and _same(given[place], array)]
    return found[-1] if found else None


def _same(a, b):
    """Whether both are the same numbers in memory, as rows of the same length."""
    return a.ctypes.data == b.ctypes.data and a.shape == b.shape


def _touched(calls, some):
    """Whether the calls have anything to do with some arrays' memory."""
    held = {id(holder(a)) for a in arrays(some)}
    return any(id(holder(a)) in held for _, arguments in calls for a in arrays(arguments))


# kernels ------------------------------------------------------------------------------------------


@kernel(fills=2)
def softmax_sparse(labels, x, e, y, out):
    launch(_softmax_sparse, x.shape[0], labels, x, *losses.limits(e, x), y, out)


@cuda.jit
def _softmax_sparse(labels, x, low, high, y, out):
    row = cuda.grid(1)
    if row < x.shape[0]:
        softmax_of(x, row, y)
        sparse(labels, y, row, low, high, out)


@kernel(fills=2)
def softmax_categorical(t, x, e, y, out):
    launch(_softmax_categorical, x.shape[0], t, x, *losses.limits(e, x), y, out)


@cuda.jit
def _softmax_categorical(t, x, low, high, y, out):
    row = cuda.grid(1)
    if row < x.shape[0]:
        softmax_of(x, row, y)
        categorical(t, y, row, low, high, out)


@kernel(fills=1)
def softmax_sparse_grad(g, labels, y, e, dx):
    launch(_softmax_sparse_grad, y.shape[0], g, labels, y, *losses.limits(e, y), dx)


@cuda.jit
def _softmax_sparse_grad(g, labels, y, low, high, dx):
    row = cuda.grid(1)
    if row < y.shape[0]:
        sparse_grad(g, labels, y, row, low, high, dx)
        softmax_grad_of(dx, y, row, dx)


@kernel(fills=1)
def softmax_categorical_grad(g, t, y, e, dx):
    launch(_softmax_categorical_grad, y.shape[0], g, t, y, *losses.limits(e, y), dx)


@cuda.jit
def _softmax_categorical_grad(g, t, y, low, high, dx):
    row = cuda.grid(1)
    if row < y.shape[0]:
        categorical_grad(g, t, y, row, low, high, dx)
        softmax_grad_of(dx, y, row, dx)


LOSSES = {
    losses.sparse_crossentropy: softmax_sparse,
    losses.categorical_crossentropy: softmax_categorical,
}
GRADIENTS = {
    losses.sparse_crossentropy_grad: softmax_sparse_grad,
    losses.categorical_crossentropy_grad: softmax_categorical_grad,
}
