"""Random numbers from a hash of (key, counter, place): the same on every backend, in any order, on any thread."""

import numpy as np

from .compiler import composed, kernel

u32 = np.uint32
RUN = 16  # numbers of a run; each core draws some runs


@composed
def random_uniform(seed, out):
    return [(step_on, (seed,)), (uniform, (seed, *_runs(out)))]


@composed
def dropout_mask(seed, rate, out):
    return [(step_on, (seed,)), (mask, (seed, rate, *_runs(out)))]


def _runs(out):
    """Where the runs of `out` begin, and `out` run by run; a single one if they would not be equally long."""
    n = out.size if out.size % RUN else RUN
    return np.arange(0, out.size, n, u32), out.reshape(-1, n)


@kernel
def mix(x):
    """A 32-bit number in which every bit depends on every bit of x."""
    x = u32(x ^ u32(x >> u32(16))) * u32(0x7FEB352D)
    x = u32(x)
    x = u32(x ^ u32(x >> u32(15))) * u32(0x846CA68B)
    x = u32(x)
    return u32(x ^ u32(x >> u32(16)))


@kernel
def step_on(seed):
    seed[1] += u32(1)


@kernel
def key_of(seed):
    """What all numbers of the draw before the last step have in common."""
    return mix(u32(seed[0] ^ mix(u32(seed[1] - u32(1)))))


@kernel
def uniform(seed, places, out):
    key, flat = key_of(seed), out.reshape(-1)
    for i in range(flat.size):
        flat[i] = np.float32(mix(u32(u32(places[0] + u32(i)) ^ key)) >> u32(8)) * np.float32(2**-24)


@kernel
def mask(seed, rate, places, out):
    key, limit, flat = key_of(seed), u32(rate * 2.0**32), out.reshape(-1)
    keep, drop = out.dtype.type(1 / (1 - rate)), out.dtype.type(0)
    for i in range(flat.size):
        flat[i] = keep if mix(u32(u32(places[0] + u32(i)) ^ key)) >= limit else drop
