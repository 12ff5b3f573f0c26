"""A step that is run again and again: its kernel calls as launches on device arrays, in a list made once.

Between two kernels a step may have a function of the host's (NumPy's, or a check): that one waits for the device, gets
the numbers it needs, and what it wrote is sent back. Kernels alone never wait.
"""

import itertools

import numpy as np
from numba import cuda

from . import errors, memory, moves
from .arithmetic import cast
from .launch import Kernel, kernel, launch
from .optimizers import count_on

ROOMS = 2  # that what the host writes passes through: it may be a step ahead of the device


def prepare(calls, written=()):
    """The calls as one, which first sends what the host has `written`."""
    return [(Program(calls, written), ())]


def call(function, arguments):
    """Call, now, a kernel or a function of the host's."""
    for each, given in _as_kernels(function, arguments):
        if isinstance(each, Kernel):
            each(*given)
        else:
            on_host(each, given)


def on_host(function, arguments):
    """Call a function of the host's: it finds the numbers that the device has now, and the device what it writes."""
    held = [memory.holder(a) for a in _arrays((getattr(function, "__self__", None), arguments)) if memory.has(a)]
    for a in held:
        memory.fetch(a)
    try:
        function(*arguments)
    finally:
        for a in held:
            memory.wrote(a)


class Program:
    """What `prepare` makes of a list of calls."""

    def __init__(self, calls, written):
        self.calls, self.changed, self.checks = [], {}, []
        self.repeats = True  # whether the host is needed between two runs
        self.keep = []  # the host's arrays: while they live, so do their rooms on the device
        for function, arguments in (call for each in calls for call in _as_kernels(*each)):
            if isinstance(function, Kernel):
                arguments = memory.as_arrays(arguments)
                self.keep.append(arguments)
                with errors.told():
                    self.calls += function.launches(arguments)
                self.changed |= {id(m): m for m in map(memory.of, function.changes(arguments)) if m is not None}
            elif getattr(function, "late", False):
                self._check_later(*arguments)
            else:
                self.calls.append((on_host, (function, arguments)))
                self.repeats = self.repeats and function is count_on
        self.upload = Upload([a for a in written if memory.has(a)])

    def _check_later(self, index, found, complain):
        """Where an index is outside is kept on the device, until the host waits for it anyway."""
        kept = np.array([-1, 0])
        self.keep += [index, found]
        with errors.told():
            self.calls += keep_first.launches((index, found, kept))
        self.checks.append((kept, complain))

    def check(self):
        """Complain of the first index outside since the last check."""
        for kept, complain in self.checks:
            memory.changed([kept])
            place, number = memory.fetch(kept).tolist()
            if place >= 0:
                kept[0] = -1
                memory.wrote(kept)
                complain(place, number)

    def __call__(self, times=1):
        if errors.lost():
            raise errors.gone()
        with errors.told():
            self.upload()
            for mirror in self.changed.values():
                mirror.stale = True
            for _ in range(times):
                for function, arguments in self.calls:
                    function(*arguments)
        if self.checks:
            memory.later[id(self)] = self.check


@kernel(fills=0)
def keep_first(index, found, kept):
    launch(_keep_first, 1, index, found, kept)


@cuda.jit
def _keep_first(index, found, kept):
    if kept[0] < 0 and found[0] >= 0:
        kept[0] = found[0]
        kept[1] = index[found[0]]


class Upload:
    """The way of some arrays to the device, before each step.

    They are copied into one of two rooms of pinned memory, from where the device fetches them by itself; the host waits
    only if it is two steps ahead.
    """

    def __init__(self, arrays):
        ends = list(itertools.accumulate(a.nbytes for a in arrays))
        self.parts = [(memory.bytes_of(a), memory.room_of(a), end - a.nbytes, end) for a, end in zip(arrays, ends)]
        n = ROOMS if arrays else 0
        self.rooms = itertools.cycle([(cuda.pinned_array(ends[-1], np.uint8), cuda.event()) for _ in range(n)])

    def __call__(self):
        if not self.parts:
            return
        room, taken = next(self.rooms)
        taken.synchronize()
        for source, target, start, end in self.parts:
            room[start:end] = source
            target.copy_to_device(room[start:end], stream=memory.stream)
        taken.record(memory.stream)


def _as_kernels(function, arguments):
    """The call, or calls of kernels that do what a function of the host's does: copy or fill."""
    if function is np.copyto and arguments[0].shape == arguments[1].shape and any(map(memory.has, arguments[:2])):
        return [(cast, (arguments[1], arguments[0]))]
    filled = getattr(function, "__self__", None)
    if isinstance(filled, np.ndarray) and function.__name__ == "fill":
        return [(cast, (np.array(arguments[0], filled.dtype), filled))]
    return moves.kernels(function, arguments) or [(function, arguments)]


def _arrays(structure):
    """All arrays in nested tuples."""
    if isinstance(structure, np.ndarray):
        yield structure
    elif isinstance(structure, (tuple, list)):
        for part in structure:
            yield from _arrays(part)
