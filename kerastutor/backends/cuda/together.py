"""Many arrays in one launch: the device's memory taken as one long array of numbers, and a table of places in it.

An optimizer does the same to every variable. So its loop gets no arrays but `numbers`, which is all that lies between
the first and the last of them, and `table`: a row for each block of threads, which says how many numbers the block is
to do, and where they begin in each of the arrays that belong to the variable.

    w, g = two(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        w[i] -= rate[0] * g[i]

Where `bad` says that an index was found outside (`checks.py`), there is nothing to do.
"""

import ctypes
import functools
import types

import numpy as np
from numba import cuda

from . import memory
from .launch import IN_A_BLOCK, SIMULATED, launch_blocks

if SIMULATED:
    from numba.cuda.simulator.cudadrv.devicearray import FakeCUDAArray

EACH = (4 if SIMULATED else 8) * IN_A_BLOCK  # numbers of a block
KEPT = 256  # tables, for steps that are not replayed: they would be made at each


@cuda.jit(device=True, inline="always")
def mine(numbers, table, bad, which):
    """What this block works on of one of the arrays that belong to its variable: `which` is from 0 on."""
    first, n = table[cuda.blockIdx.x, 1 + which], table[cuda.blockIdx.x, 0]
    return numbers[first : first if bad[0] else first + n]


@cuda.jit(device=True, inline="always")
def two(numbers, table, bad):
    return mine(numbers, table, bad, 0), mine(numbers, table, bad, 1)


@cuda.jit(device=True, inline="always")
def three(numbers, table, bad):
    return mine(numbers, table, bad, 0), mine(numbers, table, bad, 1), mine(numbers, table, bad, 2)


@cuda.jit(device=True, inline="always")
def four(numbers, table, bad):
    return (*two(numbers, table, bad), mine(numbers, table, bad, 2), mine(numbers, table, bad, 3))


def launch_together(loop, arrays, *arguments):
    """Launch loop(numbers, table, *arguments) for arrays as [(w0, w1, ...), (g0, g1, ...)]; w0 is as long as g0."""
    sizes = tuple(a.size for a in arrays[0])
    if any(sizes):
        numbers, table = _places(arrays[0][0].dtype, sizes, *(tuple(map(_address, each)) for each in arrays))
        launch_blocks(loop, table.shape[0], IN_A_BLOCK, numbers, table, *arguments)


@functools.lru_cache(KEPT)
def _places(dtype, sizes, *addresses):
    """`numbers` and `table` for arrays of these sizes at these addresses."""
    full = [i for i, size in enumerate(sizes) if size]
    begin = min(each[i] for each in addresses for i in full)
    end = max(each[i] + sizes[i] * dtype.itemsize for each in addresses for i in full)
    rows = [
        (min(EACH, sizes[i] - done), *((each[i] - begin) // dtype.itemsize + done for each in addresses))
        for i in full
        for done in range(0, sizes[i], EACH)
    ]
    table = cuda.to_device(np.array(rows, np.int64), stream=memory.stream)
    return _memory(begin, (end - begin) // dtype.itemsize, dtype), table


def _address(a):
    return a.ctypes.data if SIMULATED else a.__cuda_array_interface__["data"][0]


def _memory(begin, size, dtype):
    """The device's memory from an address on, as an array: nothing is allocated."""
    if SIMULATED:
        return FakeCUDAArray(np.frombuffer((ctypes.c_byte * (size * dtype.itemsize)).from_address(begin), dtype))
    told = {"shape": (size,), "typestr": dtype.str, "data": (begin, False), "version": 3}
    return cuda.as_cuda_array(types.SimpleNamespace(__cuda_array_interface__=told), sync=False)
