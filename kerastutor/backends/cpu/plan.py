"""From a list of kernel calls to the same work, shared among the cores.

Most kernels treat each row (each sample of the batch, each row of a weight) by itself. Such calls in sequence make a
*region*: every core takes some of the rows through all of the region's kernels, while they are in its own cache, and
the cores wait for one another once, at the region's end. A region too small to repay the waiting stays as it was.
"""

import numpy as np

from . import crew, native, products
from .memory import owner
from .shares import PER_CORE, PREPARE, WRITTEN_TOGETHER, divided_arguments, work

FINE = 4  # rows for each core, at least, if a region's rows become fewer to let another call in
CACHE = 1 << 20  # bytes that a core has for itself, more or less
LARGE = 4 * CACHE  # bytes that it is worth taking piece by piece through a chain of calls
WORTH_SHARING = 1_000  # nanoseconds of work in a region; a meeting of the cores costs some hundred
WORTH_A_CREW = 6_000  # nanoseconds of work that can be shared in a whole job, which is done many times in one go

BLAS = products.matmul, products.matmul_over_rows


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
        native.check(kernel, arguments)
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
    if crew.CORES == 1 or sum(work(*call) for call in calls) < WORTH_A_CREW:
        return [calls]
    regions = _regions(calls)
    if sum(r.work for r in regions if r.worth_sharing) < WORTH_A_CREW:
        return [calls]
    parts, since = [[] for _ in range(crew.CORES)], Memory()
    for region in regions:
        if since.has_to_be_done_before(region):
            for part in parts:
                part.append(None)
            since = Memory()
        since.add(region)
        if region.worth_sharing:
            for i, part in enumerate(parts):
                part.extend(region.part(i, len(parts)))
        else:
            parts[0].extend((kernel, arguments) for kernel, arguments, _ in region.calls)
    return parts


class Memory:
    """What the cores may be working on since they met: what each core has for itself, and what the first one has."""

    def __init__(self):
        self.written = {True: set(), False: set()}  # by whether all cores do; what is only read is apart
        self.read = {True: set(), False: set()}

    def add(self, region):
        self.written[region.worth_sharing].update(region.by_rows)
        self.read[region.worth_sharing].update(region.whole)

    def has_to_be_done_before(self, region):
        """Whether a core that goes on with `region` could disturb another one, or read what is not yet there."""
        for shared in (True, False) if region.worth_sharing else (True,):  # one core does its own in order
            written, read = self.written[shared], self.read[shared]
            if not (written.isdisjoint(region.by_rows) and written.isdisjoint(region.whole)
                    and read.isdisjoint(region.by_rows)):
                return True
        return False


def _regions(calls):
    """The calls in order, those together that one core can do for its rows without knowing of the other rows."""
    regions = []
    for kernel, arguments in calls:
        divided = divided_arguments(kernel, arguments)
        held = [(i, a, _owner(a), _place(a)) for i, a in enumerate(arguments) if isinstance(a, np.ndarray)]
        if not regions or not regions[-1].takes(kernel, arguments, divided, held):
            regions.append(Region(arguments, divided))
        regions[-1].add(kernel, arguments, divided, held)
    return regions


class Region:
    """Calls that all treat the same rows, each row by itself; or calls for one core.

    Of its memory `by_rows` is what each core writes or reads for its own rows, or for itself: what holds it, with its
    place and size. `whole` is what all cores only read.
    """

    def __init__(self, arguments, divided):
        self.rows = None if divided is None else len(arguments[divided[0]])
        self.calls, self.work = [], 0.0
        self.by_rows, self.whole = {}, set()

    @property
    def worth_sharing(self):
        return self.rows is not None and self.work > WORTH_SHARING

    def takes(self, kernel, arguments, divided, held):
        """Whether a call may join: its rows go with these, and no core would touch what another is still working on.

        `held`: its arrays, as (place among the arguments, array, what holds it, place in memory).
        """
        if divided is None or self.rows is None:
            return divided is self.rows is None
        mixed = WRITTEN_TOGETHER.get(kernel, ())
        rows = self._rows_with(len(arguments[divided[0]]))
        for i, a, holder, place in held:
            if i in divided:
                if len(a) % rows or not a.size:  # a flat array holds some numbers a row, an image some pixels
                    return False
                if holder in self.whole or self.by_rows.get(holder, place) != place:
                    return False
            elif holder in self.by_rows or i in mixed and holder in self.whole:
                return False
        return True

    def _rows_with(self, rows):
        """The region's rows if a call with so many joins: several rows together may be one."""
        return rows if self.rows % rows == 0 and rows >= FINE * crew.CORES else self.rows

    def add(self, kernel, arguments, divided, held):
        self.calls.append((kernel, arguments, divided))
        self.work += work(kernel, arguments)
        if divided is None:
            self.by_rows.update((holder, None) for _, _, holder, _ in held)
            return
        self.rows = self._rows_with(len(arguments[divided[0]]))
        mine = divided + PER_CORE.get(kernel, ())
        mixed = WRITTEN_TOGETHER.get(kernel, ())
        for i, _, holder, place in held:
            if i in mixed:
                self.by_rows[holder] = None
            elif i in mine and place is not None:
                self.by_rows[holder] = place
            else:
                self.whole.add(holder)

    def part(self, i, n):
        """The region's calls for the i-th core of n, on its share of the rows."""
        start, stop = self.rows * i // n, self.rows * (i + 1) // n
        calls = []
        for chain in self._chains():
            step = self._rows_in_cache(chain, n)
            for first in range(start, max(stop, start + 1), step):
                calls += [self._share(call, first, min(first + step, stop), i, n) for call in chain]
        return [call for call in calls if call[0] not in BLAS or call[1][0].size]

    def _chains(self):
        """The calls, those together that go on with what the one before has just left in the cache."""
        chains, touched = [], set()
        for call in self.calls:
            kernel, arguments, divided = call
            owners = {_owner(arguments[j]) for j in divided}
            if kernel in PREPARE or touched.isdisjoint(owners):
                chains.append([])
            chains[-1].append(call)
            touched = set() if kernel in PREPARE else owners
        return chains

    def _rows_in_cache(self, chain, n):
        """How many rows the calls do at a time: all of a core's, or so many that their memory stays in its cache."""
        sizes = {_owner(arguments[j]): arguments[j].nbytes for _, arguments, divided in chain for j in divided}
        size = sum(sizes.values())
        return self.rows if len(chain) == 1 or size < n * LARGE else max(self.rows * CACHE // size, 1)

    def _share(self, call, start, stop, i, n):
        """A call for some rows on the i-th core of n."""
        kernel, arguments, divided = call
        mine = list(arguments)
        for j in divided:
            k = len(arguments[j]) // self.rows
            mine[j] = arguments[j][start * k : stop * k]
        for j in PER_CORE.get(kernel, ()):
            k = len(arguments[j])
            mine[j] = arguments[j][k * i // n : k * (i + 1) // n]
        return kernel, mine


def _owner(a):
    """What tells whose memory an array has."""
    return id(owner(a))


def _place(a):
    """Where in memory a's rows lie one behind the other, and how much of it; None if they are mixed up."""
    if a.flags.c_contiguous:
        return a.ctypes.data, a.nbytes
    step = a.strides[0]
    inside = sum((n - 1) * stride for n, stride in zip(a.shape[1:], a.strides[1:])) + a.itemsize
    mixed = inside > step or min(a.strides[1:], default=0) < 0
    return None if mixed else (a.ctypes.data, len(a) * step)
