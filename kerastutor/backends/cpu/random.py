"""Random numbers from a hash of (key, counter, place): the same on every backend, in any order, on any thread."""

import numpy as np

from .compiler import kernel

u32 = np.uint32


@kernel
def mix(x):
    """A 32-bit number in which every bit depends on every bit of x."""
    x = u32(x ^ u32(x >> u32(16))) * u32(0x7FEB352D)
    x = u32(x)
    x = u32(x ^ u32(x >> u32(15))) * u32(0x846CA68B)
    x = u32(x)
    return u32(x ^ u32(x >> u32(16)))


@kernel
def random_uniform(seed, out):
    key = mix(seed[0] ^ mix(seed[1]))
    for i in range(out.size):
        out[i] = np.float32(mix(u32(i) ^ key) >> u32(8)) * np.float32(2**-24)
    seed[1] += u32(1)


@kernel
def dropout_mask(seed, rate, out):
    key = mix(seed[0] ^ mix(seed[1]))
    limit = u32(rate * 2.0**32)
    keep, drop = out.dtype.type(1 / (1 - rate)), out.dtype.type(0)
    for i in range(out.size):
        out[i] = keep if mix(u32(i) ^ key) >= limit else drop
    seed[1] += u32(1)
