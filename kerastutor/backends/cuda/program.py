"""A step that is run again and again: its kernel calls as launches on device arrays, in a list made once.

Between two kernels a step may have a function of the host's (NumPy's, or a check): that one waits for the device, gets
the numbers it needs, and what it wrote is sent back. Kernels alone never wait.
"""

import itertools

import numpy as np
from numba import cuda

from . import errors, graphs, memory, moves
from .arithmetic import cast
from .checks import Check
from .fusing import fused
from .gathering import gathered
from .indexing import outside
from .launch import Kernel
from .optimizers import count_on

ROOMS = 2  # that what the host writes passes through: it may be a step ahead of the device


def prepare(calls, written=(), results=None):
    """The calls as one, which first sends what the host has `written`; `results` are read afterwards, if it is known.

    What the list shows to be done in fewer launches is done so.
    """
    calls = gathered(calls)
    return [(Program(calls if results is None else fused(calls, results), written), ())]


def call(function, arguments):
    """Call, now, a kernel or a function of the host's."""
    for each, given in _as_kernels(function, arguments):
        if isinstance(each, Kernel):
            each(*given)
        else:
            on_host(each, given)


def on_host(function, arguments):
    """Call a function of the host's: it finds the numbers that the device has now, and the device what it writes."""
    held = [memory.holder(a) for a in memory.arrays((getattr(function, "__self__", None), arguments)) if memory.has(a)]
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
        for function, arguments in (call for each in _with_checks(calls) for call in _as_kernels(*each)):
            if isinstance(function, Check):
                self.calls += function.launches()
                self.checks.append(function)
            elif isinstance(function, Kernel):
                arguments = memory.as_arrays(arguments)
                self.keep.append(arguments)
                with errors.told():
                    self.calls += function.launches(arguments)
                self.changed |= {id(m): m for m in map(memory.of, function.changes(arguments)) if m is not None}
            else:
                self.calls.append((on_host, (function, arguments)))
                self.repeats = self.repeats and function is count_on
        self.upload = Upload([a for a in written if memory.has(a)])
        self.calls.sort(key=_is_counting)  # behind all launches, which so become one graph
        self._replayed, self._has_run = self.calls, False

    def complaints(self):
        """What is wrong with indices since the last time, as functions that raise."""
        return [complaint for check in self.checks for complaint in check.complaints()]

    def __call__(self, times=1):
        if errors.lost():
            raise errors.gone()
        with errors.told():
            self.upload()
            for mirror in self.changed.values():
                mirror.stale = True
            for _ in range(times):
                self._step()
        if self.checks:
            memory.later[id(self)] = self.complaints

    def _step(self):
        if self._has_run and self._replayed is self.calls:
            self._replayed = [*graphs.captured(self.calls, on_host)]
        for function, arguments in self._replayed:
            function(*arguments)
        self._has_run = True


def _is_counting(call):
    """Whether all that a call does is to count the steps where no kernel can see it."""
    function, arguments = call
    return function is on_host and arguments[0] is count_on and not memory.has(*arguments[1])


def _with_checks(calls):
    """The calls, with a Check in place of a kernel that looks for an index outside and a function that would raise."""
    kept = []
    for function, arguments in calls:
        if getattr(function, "late", False):
            index, found, complain = arguments
            looked = kept.pop()
            if looked[0] is not outside or looked[1][2] is not found:
                raise TypeError("What is to be checked later is to be looked for by the kernel `outside`, just before.")
            kept.append((Check(index, looked[1][1], complain), ()))
        else:
            kept.append((function, arguments))
    return kept


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
