"""Numba's simulator of a GPU, hastened: it makes a Python thread for each thread of a block, even where none waits.

Kernels in which threads wait for one another (cuda.syncthreads) go the simulator's own way; the others run one thread
after the other. Arrays are NumPy's own in a kernel, without the simulator's wrapper, which looks at all their names
whenever it is asked for one.
"""

import sys
import threading

import numpy as np
from numba.cuda.simulator import kernel
from numba.cuda.simulator.kernelapi import Dim3, FakeCUDAShared, numpy_support

_making = threading.Lock()


def hasten():
    sys.setswitchinterval(1e-5)  # a thread that waits looks all the time whether it still has to
    kernel.BlockManager.run = run
    kernel.FakeCUDAKernel.__call__ = call
    kernel.FakeWithinKernelCUDAArray = lambda array: array._ary
    FakeCUDAShared.array = shared_array


def run(self, block, *arguments):
    if "syncthreads" in self._f.__code__.co_names:
        function, self._f = self._f, quietly(self._f)
        try:
            return _run(self, block, *arguments)
        finally:
            self._f = function
    me = threading.current_thread()
    me.blockIdx = Dim3(*block)
    for place in np.ndindex(*self._block_dim):
        me.threadIdx = Dim3(*place)
        self._f(*arguments)


def shared_array(self, shape, dtype, **options):
    """The memory that threads share, known by the line that asks for it: made by one of them, not by two at a time."""
    caller = sys._getframe(1)
    with _making:
        place = caller.f_code.co_filename, caller.f_lineno
        if place not in self._allocations:
            self._allocations[place] = np.empty(shape, numpy_support.as_dtype(dtype))
        return self._allocations[place]


def quietly(function):
    """Each thread has settings of its own for what NumPy warns of."""
    return np.errstate(all="ignore")(function)


def call(self, *arguments):
    if self._device and "cuda" not in self.fn.__code__.co_names:
        return self.fn(*arguments)
    return _call(self, *arguments)


_run, _call = kernel.BlockManager.run, kernel.FakeCUDAKernel.__call__
