"""Matrix products by cuBLAS, through NVIDIA's own binding (nvmath-python), where that is installed."""

import functools

import numpy as np

from . import memory
from .launch import SIMULATED

WORKSPACE = 2**25  # bytes: what NVIDIA recommends for an H100; smaller cards need less


@functools.cache
def library():
    """The binding, or None."""
    if SIMULATED:
        return None
    try:
        from nvmath.bindings import cublas
    except ImportError:
        return None
    return cublas


def missing():
    """"" if products are done by cuBLAS, else one sentence: why not, and what to do."""
    if SIMULATED:
        return "this is a simulation: unset NUMBA_ENABLE_CUDASIM to use a real GPU."
    if library() is not None:
        return ""
    return "cuBLAS is not installed, so a kernel of our own multiplies matrices, many times slower: " \
           "run `pip install 'kerastutor[cuda]'`."


@functools.cache
def handle():
    made = library().create()
    library().set_stream(made, int(memory.stream.handle))
    library().set_workspace(made, address(workspace()), WORKSPACE)
    return made


@functools.cache
def workspace():
    """Memory for cuBLAS to work in, so that it asks for none while a step is captured as a graph."""
    return memory.reserved(WORKSPACE)


def address(a):
    return a.__cuda_array_interface__["data"][0]


def usable(dtype):
    return dtype in (np.float32, np.float64) and library() is not None


ONE_AND_ZERO = {name: (np.ones(1, name), np.zeros(1, name)) for name in ("float32", "float64")}
"""The factors of the product and of what was there before; cuBLAS wants their addresses."""


def gemm(a, b, out):
    """The function of cuBLAS for out = a @ b, and its arguments.

    It counts column by column, where our rows are columns: so it is asked for out.T = b.T @ a.T.
    """
    cublas, dtype = library(), out.flat.dtype
    (n, k), m = a.shape, b.shape[1]
    multiply = cublas.sgemm_strided_batched if dtype == np.float32 else cublas.dgemm_strided_batched
    one, zero = (number.ctypes.data for number in ONE_AND_ZERO[dtype.name])
    flips = [int(cublas.Operation.T if x.turned else cublas.Operation.N) for x in (b, a)]
    at = [(address(x.flat) + x.first * dtype.itemsize, x.line, x.apart) for x in (b, a, out)]
    return multiply, handle(), *flips, m, n, k, one, *at[0], *at[1], zero, *at[2], out.count
