"""The same numbers with less arithmetic: what is known of a step's calls as formulas, before it is planned.

An embedding gives E[i], rows of a table, and the layer after it multiplies them by its kernel. Of the table there are
some thousand rows, of i often ten times as many: so the table is multiplied, once for each word instead of each token,

    E[i] @ W      =  (E @ W)[i]
    E[i].T @ dz   =  E.T @ D         D[word] = the sum of dz over the tokens that are this word
    add dz @ W.T at i  =  D @ W.T
    add a + b at i     =  (add a at i) + (add b at i)      where two layers look at one embedding

which is exact but for the order in which sums are rounded.

The largest of a window is positive where the number that it was is. So on the way back relu may look at the fewer
numbers that came out of a pooling in place of those that went in: nothing at all changes by that.
"""

import numpy as np

from . import arithmetic, elementwise, indexing, pooling, products, rows
from .memory import arrays, empty, owner

# kernel -> those of its arguments that it only reads: what may happen to an array that is to stay as it is
READS = {
    products.matmul: (0, 1),
    indexing.take_rows: (0, 1),
    indexing.add_at_rows: (0, 1),
    indexing.outside: (0,),
    arithmetic.add: (0, 1),
    arithmetic.cast: (0,),
    arithmetic.equal: (0, 1),
    arithmetic.not_equal: (0, 1),
    arithmetic.transpose: (0,),
    arithmetic.multiply: (0, 1),
    elementwise.relu_grad: (0, 1),
    pooling.max_pool: (0,),
    pooling.max_pool_grad: (0, 1),
    rows.add_bias: (0, 1),
}
FEWER = 0.5  # rows of the table, for each row that is taken from it, at most


def simplified(calls, results=()):
    """The calls, with rows of a table multiplied before they are taken. The arrays `results` are read afterwards."""
    calls = [*calls, (_read, tuple(r for r in results if isinstance(r, np.ndarray)))]
    _add_at_rows_before_adding(calls)
    for at in [i for i, (kernel, _) in enumerate(calls) if kernel is indexing.take_rows]:
        table, index, _ = calls[at][1]
        if table.dtype.kind == "f" and len(table) < FEWER * len(index):
            _multiply_before_taking(calls, at)
    for at in [i for i, call in enumerate(calls) if isinstance(call, tuple) and call[0] is elementwise.relu_grad]:
        _relu_before_pooling(calls, at)
    return [call for some in calls[:-1] for call in (some if isinstance(some, list) else [some]) if call is not None]


def _read(*arrays):
    """The last of all calls: what comes after the step."""


def _add_at_rows_before_adding(calls):
    """Put a sum of two tables in the place of a table that sums of two are added to, if one of these is a product."""
    at = 0
    while at < len(calls):
        kernel, arguments = calls[at]
        adding = _added_first(calls, at, *arguments) if kernel is indexing.add_at_rows else None
        if adding is None:
            at += 1
            continue
        index, dy, dtable = arguments
        parts = [(index, term.reshape(dy.shape), empty(dtable.shape, dtable.dtype)) for term in calls[adding][1][:2]]
        one_by_one = [(indexing.add_at_rows, part) for part in parts]
        calls[at : at + 1] = [*one_by_one, (arithmetic.add, (parts[0][2], parts[1][2], dtable))]
        del calls[adding]
        at -= 1  # a term may be a sum itself


def _added_first(calls, at, index, dy, dtable):
    """Where the rows dy, which the call `at` alone uses, are the sum of two of which at least one is a product."""
    adding = _last(calls, at, arithmetic.add, 2, dy)
    if adding is None or len(dtable) >= FEWER * len(index):
        return None
    *terms, total = calls[adding][1]
    alike = _same(total, dy) and all(a.shape == total.shape and a.flags.c_contiguous for a in terms)
    alone = [i for i, call in enumerate(calls) if _touches(call, total)] == [adding, at]
    product = any(_last(calls, adding, products.matmul, 2, a) is not None for a in terms)
    return adding if alike and alone and product and _untouched(calls, adding, at, *terms) else None


def _multiply_before_taking(calls, at):
    """Put other calls in the place of those that multiply what the call `at` takes."""
    table, index, taken = calls[at][1]
    forward = [i for i in _products(calls, at) if _same(calls[i][1][0], taken)]
    for i in forward:
        _, w, out = calls[i][1]
        if not _untouched(calls, at, i, table, index, taken) or out.ndim != 2 or not out.flags.c_contiguous:
            continue
        small = empty((len(table), out.shape[1]), out.dtype)
        calls[i] = [(products.matmul, (table, w, small)), (indexing.take_rows, (small, index, out))]
    for i in [i for i in _products(calls, at) if _same(calls[i][1][0].T, taken)]:
        if _untouched(calls, at, i, table, index, taken):
            _add_up_before_multiplying(calls, i, table, index)
    if not any(_touches(call, taken) for call in calls[at + 1 :]):
        calls[at] = None


def _add_up_before_multiplying(calls, by_w, table, index):
    """The gradients of E[i] @ W by W and by E, where both come from one dz."""
    dz, dw = calls[by_w][1][1:]
    if dz.ndim != 2 or not dz.flags.c_contiguous:
        return
    sums = empty((len(table), dz.shape[1]), dz.dtype)
    add_up, first = (indexing.add_at_rows, (index, dz, sums)), by_w
    by_table = _by_table(calls, dz, index)
    calls[by_w] = [(products.matmul, (table.T, sums, dw))]
    if by_table and _untouched(calls, *sorted((by_w, by_table[0])), dz):
        product, adding = by_table
        w_turned, dtable = calls[product][1][1], calls[adding][1][2]
        calls[product], calls[adding] = [], [(products.matmul, (sums, w_turned, dtable))]
        first = min(by_w, product)
    calls[first] = [add_up, *calls[first]]


def _by_table(calls, dz, index):
    """Where dz @ W.T is computed, and where it is added to the table's gradient, if it is used for nothing else."""
    for i in _products(calls, 0):
        a, w_turned, dx = calls[i][1]
        if _same(a, dz):
            users = [j for j, call in enumerate(calls) if j != i and _touches(call, dx)]
            if len(users) == 1 and users[0] > i:
                kernel, arguments = calls[users[0]]
                if kernel is indexing.add_at_rows and _same(arguments[0], index) and _same(arguments[1], dx):
                    return (i, users[0]) if _untouched(calls, i, users[0], w_turned, index) else None
    return None


def _relu_before_pooling(calls, at):
    """Put relu's gradient before that of the pooling behind it."""
    dx, y, dz = calls[at][1]
    back = _last(calls, at, pooling.max_pool_grad, 5, dx)
    if back is None or [i for i, call in enumerate(calls) if _touches(call, dx)] != [back, at]:
        return
    dy, place, *window, shaped = calls[back][1]
    forward = _last(calls, back, pooling.max_pool, 5, place)
    if forward is None or not _same(calls[forward][1][0].reshape(-1), y) or not dy.flags.c_contiguous:
        return
    largest = calls[forward][1][4]
    if _untouched(calls, forward, at, y, largest, place) and _untouched(calls, back, at, dy):
        fewer = empty(dy.shape, dy.dtype)
        relu = elementwise.relu_grad, (dy.reshape(-1), largest.reshape(-1), fewer.reshape(-1))
        calls[back] = [relu, (pooling.max_pool_grad, (fewer, place, *window, dz.reshape(shaped.shape)))]
        calls[at] = None


def _last(calls, before, kernel, argument, array):
    """The call of this kernel that made the array, as this argument."""
    for i in range(before - 1, -1, -1):
        if isinstance(calls[i], tuple) and calls[i][0] is kernel and owner(calls[i][1][argument]) is owner(array):
            return i
    return None


def _products(calls, after):
    return [i for i, call in enumerate(calls) if i > after and isinstance(call, tuple) and call[0] is products.matmul]


def _same(a, b):
    """Whether both are the same numbers in memory, folded into rows of the same length."""
    return a.ctypes.data == b.ctypes.data and a.size == b.size and a.shape[-1] == b.shape[-1] \
        and a.strides[-1] == b.strides[-1] and a.dtype == b.dtype


def _untouched(calls, first, last, *kept):
    """Whether the calls between these two only read the arrays, in ways that are known."""
    owners = {id(owner(a)) for a in kept}
    for call in calls[first + 1 : last]:
        for kernel, arguments in call if isinstance(call, list) else [call] if call else []:
            reads = READS.get(kernel, ())
            for i, a in enumerate(arguments):
                if isinstance(a, np.ndarray) and id(owner(a)) in owners and i not in reads:
                    return False
    return True


def _touches(call, array):
    """Whether a call has anything to do with the memory of an array."""
    some = call if isinstance(call, list) else [call] if call else []
    return any(owner(a) is owner(array) for _, given in some for a in arrays(given))
