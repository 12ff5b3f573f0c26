"""How a kernel is launched: now, or, in a step that is replayed, each time the step runs.

    @per_number      a loop with one thread for each number of its first array
    @kernel          a kernel that launches one loop or several: `launch(loop, threads, *arguments)`
    prepare(calls)   a step's kernel calls as launches on device arrays, found once
"""

import functools
import threading

import numpy as np
from numba import config, cuda

from .. import cache
from . import errors, memory

SIMULATED = bool(config.ENABLE_CUDASIM)
if not SIMULATED:
    from numba.cuda import dispatcher

    dispatcher.config.CUDA_LOW_OCCUPANCY_WARNINGS = 0  # small arrays are no mistake here
THREADS = 128  # in a block
IN_A_BLOCK = 1 if SIMULATED else THREADS  # of a loop whose blocks go through more numbers than they have threads


class _State(threading.local):
    launches = None  # the list that launches are written to, or None: they happen


_state = _State()


class Kernel:
    """A kernel of `interface.py`. It takes the host's arrays, finds the device's, and launches there.

    `fills`: how many of its arrays, from the last, it writes whole, whatever was there before. `changes`: how many it
    writes to at all; all of them if `fills` is 0.
    """

    def __init__(self, function, on_device, fills, changes=None):
        functools.update_wrapper(self, function)
        self.on_device, self.fills, self._changes = on_device, fills, changes

    def __call__(self, *arguments):
        if errors.lost():
            raise errors.gone()
        arguments = memory.as_arrays(arguments)
        with errors.told():
            self.on_device(*memory.views(arguments, self.fills))
        memory.changed(self.changes(arguments))

    def changes(self, arguments):
        """Those of the host's arrays among the arguments whose numbers on the device become others."""
        arrays = list(memory.arrays(arguments))
        n = self._changes or self.fills or len(arrays)
        return arrays[max(len(arrays) - n, 0) :]

    def launches(self, arguments):
        """The launches of a call with these arguments, as a list of (function, arguments)."""
        _state.launches = []
        try:
            self.on_device(*memory.views(arguments, self.fills))
            return _state.launches
        finally:
            _state.launches = None


def per_number(fills):
    """What one thread does for number `cuda.grid(1)` of the first array; Python's floats become of its dtype."""

    def decorate(function):
        loop = cuda.jit(function)

        def on_device(*arguments):
            first = next(a for a in arguments if hasattr(a, "dtype"))
            launch(loop, first.size, *[first.dtype.type(a) if type(a) is float else a for a in arguments])

        return Kernel(function, on_device, fills)

    return decorate


def kernel(fills, changes=None):
    """A kernel made of launches; the function gets device arrays."""
    return lambda function: Kernel(function, function, fills, changes)


def launch(loop, n, *arguments):
    """Run `loop` with n threads, or a few more: it has to compare `cuda.grid(1)` with what there is to do."""
    if n > 0:
        threads = min(n, THREADS) if SIMULATED else THREADS
        launch_blocks(loop, -(-n // threads), threads, *arguments)


@functools.cache
def kept(loop):
    """The loop, whose compiled code is kept on disk from now on; that a loop has been here is found out first."""
    if not SIMULATED:
        with cache.for_numba(dispatcher.config):
            loop.enable_caching()
    return loop


def launch_blocks(loop, blocks, threads, *arguments):
    """Run `loop` with so many blocks of so many threads: numbers, or tuples of up to three."""
    loop = kept(loop)
    if _state.launches is None:
        _start(loop, blocks, threads, *arguments)
    elif SIMULATED:
        _state.launches.append((_start, (loop, blocks, threads, *arguments)))
    else:
        _state.launches.append((loop[blocks, threads, memory.stream], arguments))


def call(function, *arguments):
    """Call a function of a library that works on the device: now or in the replayed step, as a launch."""
    if _state.launches is None:
        function(*arguments)
    else:
        _state.launches.append((function, arguments))


def _start(loop, blocks, threads, *arguments):
    with np.errstate(all="ignore"):  # the simulator computes with NumPy
        loop[blocks, threads, memory.stream](*arguments)
