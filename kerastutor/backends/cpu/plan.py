"""From a list of kernel calls to the same work, shared among the cores.

Most kernels treat each row (each sample of the batch, each row of a weight) by itself. Such calls in sequence make a
*region*: every core takes some of the rows through all of the region's kernels, while they are in its own cache, and
the cores wait for one another once, at the region's end. A region too small to repay the waiting stays as it was.
"""

import numpy as np

from . import (
    convolution,
    crew,
    elementwise,
    losses,
    metrics,
    native,
    normalization,
    optimizers,
    pooling,
    products,
    recurrent,
    rows,
)
from .windows import Windows

# kernel -> which of its arguments are divided by rows; the others every core reads whole
DIVIDED = {
    products.matmul: (0, 2),
    rows.add_bias: (0, 2),
    rows.softmax: (0, 1),
    rows.softmax_grad: (0, 1, 2),
    rows.log_softmax: (0, 1),
    rows.log_softmax_grad: (0, 1, 2),
    convolution.correlate: (0, 5),
    convolution.correlate_grad: (0, 1),
    convolution.correlate_channels: (0, 4),
    convolution.correlate_channels_grad: (0, 1),
    normalization.batch_norm: (0, 6),
    normalization.batch_norm_grad: (0, 1, 9),
    pooling.max_pool: (0, 4, 5),
    pooling.max_pool_grad: (0, 1, 5),
    pooling.average_pool: (0, 4),
    pooling.average_pool_grad: (0, 4),
    recurrent.simple_rnn: (2, 3, 4, 5, 6),
    recurrent.simple_rnn_grad: (0, 2, 3, 4, 5),
    recurrent.lstm: (2, 3, 4, 5, 6, 7, 8, 9),
    recurrent.lstm_grad: (0, 1, 3, 4, 5, 6, 7, 8),
    recurrent.gru: (2, 3, 4, 5, 6, 7),
    recurrent.gru_grad: (0, 2, 3, 4, 5, 6, 7, 8),
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
    optimizers.nadam: (0, 1, 2, 3),
    optimizers.adamax: (0, 1, 2, 3),
    optimizers.adagrad: (0, 1, 2),
    optimizers.adadelta: (0, 1, 2, 3),
    optimizers.ftrl: (0, 1, 2, 3),
    optimizers.lion: (0, 1, 2),
    optimizers.weight_decay: (0,),
    optimizers.running_mean: (0, 1),
}
# kernel -> which of its arguments have rows for the cores: workspace, and sums that a later call adds up
PER_CORE = {
    convolution.correlate: (3, 4),
    convolution.correlate_grad: (3, 4),
    convolution.correlate_channels: (3,),
    convolution.correlate_channels_grad: (3, 4),
}
WORTH_SHARING = 4_000  # nanoseconds of work in a region; a meeting of the cores costs some hundred
WORTH_A_CREW = 60_000  # nanoseconds of work that can be shared in a whole job, for helpers that may have to be woken


def plan(calls):
    """The calls as a list that does the same: jobs without Python where that is possible, large regions shared."""
    planned, job = [], []
    for kernel, arguments in calls:
        if _is_native(kernel, arguments):
            job.append((kernel, arguments))
        else:
            _finish(job, planned)
            job = []
            planned.append((kernel, arguments))
    _finish(job, planned)
    return planned


def _is_native(kernel, arguments):
    try:
        native.record(kernel, arguments)
    except native.NotNative:
        return False
    return True


def _finish(calls, planned):
    if len(calls) == 1 and not _shared(calls):
        planned.extend(calls)
    elif calls:
        planned.append((crew.Job(_parts(calls)), ()))


def _shared(calls):
    return len(_parts(calls)) > 1


def _parts(calls):
    """The calls of each core, None where the cores meet; of one core alone if there is too little to share."""
    regions = _regions(calls)
    if crew.CORES == 1 or sum(r.work for r in regions if r.worth_sharing) < WORTH_A_CREW:
        return [calls]
    parts = [[] for _ in range(crew.CORES)]
    for before, region in zip([None, *regions], regions):
        if before is not None and (region.worth_sharing or before.worth_sharing):
            for part in parts:
                part.append(None)
        if region.worth_sharing:
            for i, part in enumerate(parts):
                part.extend(region.part(i, len(parts)))
        else:
            parts[0].extend(region.calls)
    return parts


def _regions(calls):
    """The calls in order, those together that one core can do for its rows without knowing of the other rows."""
    regions = []
    for kernel, arguments in calls:
        divided = DIVIDED.get(kernel)
        if divided is not None and not arguments[divided[0]].size:
            divided = None
        if not regions or not regions[-1].takes(arguments, divided):
            regions.append(Region(arguments, divided))
        regions[-1].add(kernel, arguments, divided)
    return regions


class Region:
    """Calls that all treat the same number of rows, each row by itself; or calls for one core."""

    def __init__(self, arguments, divided):
        self.rows = None if divided is None else len(arguments[divided[0]])
        self.calls, self.work = [], 0.0
        self.by_rows, self.whole = {}, set()  # memory read or written by rows: owner -> (place, size); and as a whole

    @property
    def worth_sharing(self):
        return self.rows is not None and self.work > WORTH_SHARING

    def takes(self, arguments, divided):
        """Whether a call may join: it has these rows, and no core would touch what another one is still working on."""
        if divided is None or self.rows is None:
            return divided is self.rows is None
        for i, a in enumerate(arguments):
            if not isinstance(a, np.ndarray):
                continue
            if i in divided:
                if len(a) % self.rows or not a.size:  # a flat array holds some numbers a row, an image some pixels
                    return False
                if _owner(a) in self.whole or self.by_rows.get(_owner(a), _place(a)) != _place(a):
                    return False
            elif _owner(a) in self.by_rows:
                return False
        return True

    def add(self, kernel, arguments, divided):
        self.calls.append((kernel, arguments))
        self.work += _work(kernel, arguments)
        if divided is None:
            return
        mine = divided + PER_CORE.get(kernel, ())
        for i, a in enumerate(arguments):
            if isinstance(a, np.ndarray):
                if i in mine and a.flags.c_contiguous:
                    self.by_rows[_owner(a)] = _place(a)
                else:
                    self.whole.add(_owner(a))

    def part(self, i, n):
        """The region's calls for the i-th core of n, on its share of the rows."""
        start, stop = self.rows * i // n, self.rows * (i + 1) // n
        calls = []
        for kernel, arguments in self.calls:
            if start == stop and kernel is products.matmul:
                continue
            mine = list(arguments)
            for j in DIVIDED[kernel]:
                k = len(arguments[j]) // self.rows
                mine[j] = arguments[j][start * k : stop * k]
            for j in PER_CORE.get(kernel, ()):
                k = len(arguments[j])
                mine[j] = arguments[j][k * i // n : k * (i + 1) // n]
            calls.append((kernel, mine))
        return calls


def _work(kernel, arguments):
    """About how many nanoseconds a call takes on one core."""
    if kernel is products.matmul:
        return arguments[0].size * arguments[1].shape[1] / 50
    size = max(a.size for a in arguments if isinstance(a, np.ndarray))
    return size * max([0.3, *(a.reach / 50 for a in arguments if isinstance(a, Windows))])


def _owner(a):
    """What holds a's memory: two views of it have the same."""
    while isinstance(a.base, np.ndarray):
        a = a.base
    return id(a)


def _place(a):
    """Where a lies in memory, and how much of it; a transposed view is at no place that rows could share."""
    return (a.ctypes.data, a.nbytes) if a.flags.c_contiguous else None
