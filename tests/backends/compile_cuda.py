"""Compile every launch of every kernel to PTX, for an H100 or H200, with arguments from the cases: no GPU is needed.

    python -m tests.backends.compile_cuda

Needs numba-cuda with NVIDIA's compiler (the extra [cuda]). What a driver would be asked for has stand-ins here.
"""

import types

import numba
import numpy as np
from numba import cuda

CAPABILITY = (9, 0)


class OnDevice:
    """A device array's shape and dtype, without a device."""

    def __init__(self, a):
        self.a = a

    def __getattr__(self, name):
        return getattr(self.a, name)

    def __getitem__(self, key):
        return OnDevice(self.a[key])

    def reshape(self, *shape):
        return OnDevice(self.a.reshape(*shape))

    def view(self, dtype):
        return OnDevice(self.a.view(dtype))

    def copy_to_device(self, *arguments, **options):
        pass


def compile_all():
    """How many launches there are, with different types of arguments; an error in the first that does not compile."""
    from numba.cuda import dispatcher

    dispatcher.get_current_device = lambda: types.SimpleNamespace(compute_capability=CAPABILITY)
    cuda.stream = lambda: None
    cuda.device_array = lambda shape, dtype=float, **options: OnDevice(np.empty(shape, dtype))
    from kerastutor.backends import cuda as backend
    from kerastutor.backends.cuda import blas, launch
    from tests.backends.cases import CASES, CASES_OF_OPTIONS, InOut, Out

    compiled = set()

    def start(loop, blocks, threads, *arguments):
        types = tuple(numba.typeof(a.a if isinstance(a, OnDevice) else a) for a in arguments)
        if (loop, types) not in compiled:
            compiled.add((loop, types))
            cuda.compile_ptx(loop.py_func, types, cc=CAPABILITY)

    launch._start = start
    blas.usable = lambda dtype: False
    rng = np.random.default_rng(1)
    for name, case in CASES.items():
        for each in [case, *CASES_OF_OPTIONS.get(name, [])]:
            for dtype in each.dtypes:
                for shape in each.shapes.awkward[:3]:
                    given = [np.zeros(a.shape, a.dtype) if isinstance(a, Out) else
                             a.array if isinstance(a, InOut) else a for a in each.make(rng, shape, dtype)]
                    getattr(backend, name)(*given)
    return len(compiled)


if __name__ == "__main__":
    print(compile_all(), "launches compiled")
