"""Branches and loops.

Run eagerly these are Python's own. While a step is being recorded no value is known: then `cond` and `switch` compute
every branch and choose among the results, loops over a tensor's rows are written out row by row, and a loop whose end
depends on a value can't be recorded.
"""

import functools
import re

import numpy as np

from .. import tree
from ..autodiff import Tensor, TracingError, state, tensor
from . import arithmetic as a
from .joining import array_split, flip, stack
from .shapes import broadcast_to, reshape


def cond(pred, true_fn, false_fn):
    """true_fn() if `pred` holds, else false_fn().

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> x = ops.convert_to_tensor(-2.0)
    >>> ops.cond(x > 0, lambda: x, lambda: -x).numpy()
    array(2., dtype=float32)
    """
    if state.calls is None or not isinstance(pred, Tensor):
        return true_fn() if pred else false_fn()
    return tree.map_structure(functools.partial(a.where, pred), _branch(true_fn), _branch(false_fn))


def switch(index, branches, *operands):
    """branches[index](*operands); an index beyond the ends means the first or the last branch."""
    if state.calls is None or not isinstance(index, Tensor):
        return branches[min(max(int(index), 0), len(branches) - 1)](*operands)
    results = [_branch(branch, *operands) for branch in branches]
    chosen = results[-1]
    for i in reversed(range(len(results) - 1)):
        chosen = tree.map_structure(functools.partial(a.where, index <= i), results[i], chosen)
    return chosen


def _branch(function, *operands):
    """What one of several branches gives, of which all are recorded and one counts: so it may assign to nothing."""
    before = len(state.calls)
    result = function(*operands)
    if any(kernel is np.copyto for kernel, _ in state.calls[before:]):
        raise TracingError(
            "A branch of cond or switch assigns to a variable. While a step is being recorded every branch is "
            "computed: assign the result of cond instead, or compile the model with run_eagerly=True."
        )
    return result


# loops -----------------------------------------------------------------------------------------


def while_loop(cond, body, loop_vars, maximum_iterations=None):
    """loop_vars = body(*loop_vars) as long as cond(*loop_vars) holds, at most `maximum_iterations` times.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * 2), (0, 1.0))[1].numpy()
    array(8., dtype=float32)
    """
    several = isinstance(loop_vars, (tuple, list))
    now = tree.map_structure(tensor, tuple(loop_vars) if several else (loop_vars,))
    rounds = 0
    while (maximum_iterations is None or rounds < maximum_iterations) and cond(*now):
        now = body(*now)
        now = tuple(now) if several else (now,)
        rounds += 1
    return now if several else now[0]


def fori_loop(lower, upper, body_fun, init_val):
    """value = body_fun(i, value) for i from lower to upper - 1, from init_val on."""
    value = tree.map_structure(tensor, init_val)
    for i in range(int(lower), int(upper)):
        value = body_fun(tensor(i), value)
    return value


def scan(f, init, xs=None, length=None, reverse=False, unroll=1):
    """carry, y = f(carry, x) for each row x of xs, from init on; the last carry, and all y stacked.

    Parameters
    ----------
    xs : tensor or structure of tensors, optional
        None is given to f instead, `length` times.
    reverse : bool
        From the last row to the first.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> total, sums = ops.scan(lambda total, x: (total + x, total + x), 0, ops.arange(1, 5))
    >>> sums.numpy()
    array([ 1,  3,  6, 10], dtype=int32)
    """
    if not isinstance(unroll, bool) and (not isinstance(unroll, int) or unroll < 1):
        raise ValueError(f"scan: unroll must be a whole number from 1 up, or a bool; got {unroll!r}.")
    rows = [None] * (length or 0) if xs is None else _rows_of("scan", xs)
    if length not in (None, len(rows)):
        raise ValueError(f"scan: length is {length}, and xs has {len(rows)} rows.")
    carry, found = tree.map_structure(tensor, init), []
    for x in reversed(rows) if reverse else rows:
        carry, y = f(carry, x)
        found.append(y)
    if not found:
        raise ValueError("scan over no rows: there is nothing from which to tell the shape of the result.")
    return carry, _stacked(found[::-1] if reverse else found)


def map(f, xs):
    """f of each row of xs (a tensor, or a structure of tensors with as many rows), stacked."""
    return _stacked([f(x) for x in _rows_of("map", xs)])


def vectorized_map(function, elements):
    """As `map`."""
    return map(function, elements)


def _rows_of(name, xs):
    """The structure of each row."""
    leaves = [tensor(x) for x in tree.flatten(xs)]
    if len({x.shape[:1] for x in leaves}) != 1 or not leaves[0].ndim:
        shapes = ", ".join(str(x.shape) for x in leaves)
        raise ValueError(f"{name}: all tensors need the same number of rows; got shapes {shapes}.")
    n = leaves[0].shape[0]
    cut = [[reshape(row, x.shape[1:]) for row in array_split(x, n)] if n else [] for x in leaves]
    return [tree.pack_sequence_as(xs, rows) for rows in zip(*cut)]


def _stacked(results):
    """A list of structures as one structure of stacked tensors; None stays."""
    if not results:
        raise ValueError("There are no rows: nothing from which to tell the shape of the result.")
    return tree.map_structure(lambda *ys: None if ys[0] is None else stack(ys), *results)


def associative_scan(f, elems, reverse=False, axis=0):
    """y[0] = x[0], y[i] = f(y[i - 1], x[i]) along `axis`, for an f that may be applied in any grouping, such as a sum.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.associative_scan(lambda x, y: x * y, ops.arange(1, 5)).numpy()
    array([ 1,  2,  6, 24], dtype=int32)
    """
    from .joining import concatenate

    leaves = [tensor(x) for x in tree.flatten(elems)]
    turned = [flip(x, axis) for x in leaves] if reverse else leaves
    steps = [tree.pack_sequence_as(elems, part) for part in zip(*[array_split(x, x.shape[axis], axis) for x in turned])]
    found = steps[:1]
    for x in steps[1:]:
        found.append(f(found[-1], x))
    join = lambda *parts: concatenate(parts, axis)
    joined = tree.map_structure(join, *found)
    return tree.map_structure(lambda y: flip(y, axis), joined) if reverse else joined


def vectorize(pyfunc, *, excluded=None, signature=None):
    """A function of single numbers as one of tensors of any shapes, which are broadcast.

    Parameters
    ----------
    pyfunc : callable
    excluded : set of int or str, optional
        Arguments that are handed on as they are.
    signature : str, optional
        "(n),(n)->()" for a function of two vectors that gives a number: it is called for the vectors on the last axis.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.vectorize(lambda x, y: ops.maximum(x, y))([1, 5], 3).numpy()
    array([3, 5], dtype=int32)
    """
    excluded = set(excluded or ())

    @functools.wraps(pyfunc)
    def function(*args, **kwargs):
        places = [i for i in range(len(args)) if i not in excluded]
        xs = [tensor(args[i]) for i in places]
        core = [0] * len(xs)
        if signature is not None:
            core = [len(re.findall(r"\w+", part)) for part in re.findall(r"\(([^)]*)\)", signature.partition("->")[0])]
        if len(core) != len(xs):
            raise ValueError(f"vectorize: the signature {signature!r} has {len(core)} arguments; {len(xs)} came.")
        own = [x.shape[x.ndim - k :] for x, k in zip(xs, core)]
        lead = np.broadcast_shapes(*[x.shape[: x.ndim - k] for x, k in zip(xs, core)])
        spread = [reshape(broadcast_to(x, lead + s), (-1, *s)) for x, s in zip(xs, own)]

        def call(row):
            given = list(args)
            for i, x in zip(places, row):
                given[i] = x
            return pyfunc(*given, **kwargs)

        found = map(call, spread)
        return tree.map_structure(lambda y: reshape(y, lead + y.shape[1:]), found)

    return function
