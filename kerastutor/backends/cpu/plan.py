"""From a list of kernel calls to the same work, shared among the cores.

Most kernels treat each row (each sample of the batch, each row of a weight) by itself. Such calls in sequence make a
*region*: every core takes some of the rows through all of the region's kernels, while they are in its own cache, and
the cores wait for one another once, at the region's end. A region too small to repay the waiting stays as it was.
"""

import functools

import numpy as np

from . import crew, elementwise, losses, metrics, optimizers, products, rows

# kernel -> which of its arguments are divided by rows; the others every core reads whole
DIVIDED = {
    products.matmul: (0, 2),
    rows.add_bias: (0, 2),
    rows.softmax: (0, 1),
    rows.softmax_grad: (0, 1, 2),
    rows.log_softmax: (0, 1),
    rows.log_softmax_grad: (0, 1, 2),
    losses.binary_crossentropy: (0, 1, 3),
    losses.binary_crossentropy_grad: (0, 1, 2, 4),
    losses.categorical_crossentropy: (0, 1, 3),
    losses.categorical_crossentropy_grad: (0, 1, 2, 4),
    losses.sparse_crossentropy: (0, 1, 3),
    losses.sparse_crossentropy_grad: (0, 1, 2, 4),
    metrics.categorical_accuracy: (0, 1, 2),
    elementwise.relu: (0, 1),
    elementwise.relu_grad: (0, 1, 2),
    elementwise.sigmoid: (0, 1),
    elementwise.sigmoid_grad: (0, 1, 2),
    elementwise.tanh: (0, 1),
    elementwise.tanh_grad: (0, 1, 2),
    optimizers.sgd: (0, 1),
    optimizers.momentum: (0, 1, 2),
    optimizers.rmsprop: (0, 1, 2),
    optimizers.adam: (0, 1, 2, 3),
}
WORTH_DIVIDING = 5_000  # nanoseconds of work in a call: between calls Python's lock is needed, and waited for
WORTH_SHARING = 25_000  # nanoseconds of work; handing a part over and waiting for it costs some ten thousand


def plan(calls):
    """The calls in a list that does the same, large regions shared among the cores."""
    planned, region = [], None
    for kernel, arguments in calls:
        divided = DIVIDED.get(kernel)
        if divided is None or not arguments[divided[0]].size or _work(kernel, arguments) < WORTH_DIVIDING:
            _close(region, planned)
            region = None
            planned.append((_straight(kernel, arguments), arguments))
            continue
        if region is None or not region.takes(arguments, divided):
            _close(region, planned)
            region = Region(arguments[divided[0]])
        region.add(kernel, arguments, divided)
    _close(region, planned)
    return planned


def _close(region, planned):
    if region is None:
        return
    if region.work > WORTH_SHARING and crew.CORES > 1:
        planned.append(region.shared())
    else:
        planned.extend((_straight(kernel, arguments), arguments) for kernel, arguments in region.calls)


def _straight(kernel, arguments):
    """The library's own function where the kernel only passes its arguments on: one function less to go through."""
    return products.blas(arguments[2]) if kernel is products.matmul else kernel


class Region:
    """Calls that all treat the same number of rows, each row by itself."""

    def __init__(self, first):
        self.rows = len(first)
        self.calls, self.divisions, self.work = [], [], 0.0
        self.by_rows, self.whole = {}, set()  # memory read or written by rows: owner -> (place, size); and as a whole

    def takes(self, arguments, divided):
        """Whether a call may join: it has these rows, and no core would touch what another one is still working on."""
        for i, a in enumerate(arguments):
            if not isinstance(a, np.ndarray):
                continue
            if i in divided:
                if (len(a) != self.rows) if a.ndim > 1 else (a.size % self.rows or not a.size):
                    return False
                if _owner(a) in self.whole or self.by_rows.get(_owner(a), _place(a)) != _place(a):
                    return False
            elif _owner(a) in self.by_rows:
                return False
        return True

    def add(self, kernel, arguments, divided):
        self.calls.append((kernel, arguments))
        self.divisions.append(divided)
        for i, a in enumerate(arguments):
            if isinstance(a, np.ndarray):
                if i in divided and a.flags.c_contiguous:
                    self.by_rows[_owner(a)] = _place(a)
                else:
                    self.whole.add(_owner(a))
        self.work += _work(kernel, arguments)

    def shared(self):
        """One call that runs the region on all cores."""
        n = min(crew.CORES, self.rows)
        bounds = [self.rows * i // n for i in range(n + 1)]
        return crew.share, ([functools.partial(_run, self._part(*pair)) for pair in zip(bounds, bounds[1:])],)

    def _part(self, start, stop):
        """The region's calls for the rows from start to stop."""
        calls = []
        for (kernel, arguments), divided in zip(self.calls, self.divisions):
            mine = list(arguments)
            for i in divided:
                a = arguments[i]
                k = 1 if a.ndim > 1 else a.size // self.rows  # a flat array holds k numbers a row
                mine[i] = a[start * k : stop * k]
            calls.append((kernel, mine))
        return calls


def _work(kernel, arguments):
    """About how many nanoseconds a call takes on one core."""
    if kernel is products.matmul:
        return arguments[0].size * arguments[1].shape[1] / 50
    return 0.3 * max(a.size for a in arguments if isinstance(a, np.ndarray))


def _run(calls):
    for kernel, arguments in calls:
        kernel(*arguments)


def _owner(a):
    """What holds a's memory: two views of it have the same."""
    while isinstance(a.base, np.ndarray):
        a = a.base
    return id(a)


def _place(a):
    """Where a lies in memory, and how much of it; a transposed view is at no place that rows could share."""
    return (a.ctypes.data, a.nbytes) if a.flags.c_contiguous else None
