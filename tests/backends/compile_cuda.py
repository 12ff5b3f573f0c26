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

    @property
    def __cuda_array_interface__(self):
        return self.a.__array_interface__


def at_address(memory, sync):
    """What lies at an address: its type is all that is asked for."""
    return OnDevice(np.empty(1, memory.__cuda_array_interface__["typestr"]))


def beside(rng):
    """Calls of the kernels that are not in the interface: (kernel, arguments)."""
    from kerastutor.backends.cuda import checks, fusing, moves

    for dtype in (np.float32, np.float64):
        x, y, dx = (rng.random((3, 4)).astype(dtype) for _ in range(3))
        labels, one = np.zeros(3, np.int32), np.zeros(3, dtype)
        yield fusing.softmax_sparse, (labels, x, 1e-7, y, one)
        yield fusing.softmax_sparse_grad, (one, labels, y, 1e-7, dx)
        yield fusing.softmax_categorical, (x, x, 1e-7, y, one)
        yield fusing.softmax_categorical_grad, (one, x, y, 1e-7, dx)
        yield moves.move, (x, (2, 2), 0, (4, 1), 1, (4, 1), y)
    yield checks.look, (labels, 3, np.zeros(1, np.int64))


def compile_all():
    """How many launches there are, with different types of arguments; an error in the first that does not compile."""
    from numba.cuda import dispatcher

    dispatcher.get_current_device = lambda: types.SimpleNamespace(compute_capability=CAPABILITY)
    cuda.stream = lambda: None
    cuda.device_array = lambda shape, dtype=float, **options: OnDevice(np.empty(shape, dtype))
    cuda.to_device = lambda a, **options: OnDevice(a)
    cuda.as_cuda_array = at_address
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
    for function, arguments in beside(rng):
        function(*arguments)
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
