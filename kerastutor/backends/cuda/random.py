"""Random numbers from a hash of (key, counter, place): the same on every backend, whichever thread comes first."""

import numpy as np
from numba import cuda

from .launch import kernel, launch

u32 = np.uint32


@kernel(fills=1, changes=2)
def random_uniform(seed, out):
    launch(_uniform, out.size, seed, out)
    launch(_step_on, 1, seed)


@cuda.jit
def _uniform(seed, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = (number(seed, i) >> u32(8)) * np.float32(2**-24)


@kernel(fills=1, changes=2)
def dropout_mask(seed, rate, out):
    launch(_mask, out.size, seed, u32(rate * 2**32), out.dtype.type(1 / (1 - rate)), out)
    launch(_step_on, 1, seed)


@cuda.jit
def _mask(seed, limit, kept, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = kept if number(seed, i) >= limit else 0


@cuda.jit
def _step_on(seed):
    seed[1] += u32(1)


@cuda.jit(device=True)
def number(seed, i):
    """The random number at place i."""
    return mix(u32(u32(i) ^ mix(u32(seed[0] ^ mix(seed[1])))))


@cuda.jit(device=True)
def mix(x):
    """A 32-bit number in which every bit depends on every bit of x."""
    x = u32(u32(x ^ u32(x >> u32(16))) * u32(0x7FEB352D))
    x = u32(u32(x ^ u32(x >> u32(15))) * u32(0x846CA68B))
    return u32(x ^ u32(x >> u32(16)))
