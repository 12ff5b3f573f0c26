"""Indices from data, checked on the device: what is wrong is told when the host waits for it anyway.

A kernel looks at every index before another one reads by it. What it finds outside it writes down, and it raises a
flag, `bad`. From then on the kernels pass over such an index, and the optimizers' kernels do nothing at all: so when
the error comes, at the latest at the end of the epoch, the weights are those from before the step with that index.
(Optimizers that are made of other kernels, as Muon and Lamb, change weights until then.)
"""

import functools

import numpy as np
from numba import cuda

from . import errors, memory
from .launch import kernel, launch

NOTHING = np.int64(2**63 - 1)
LOW = 2**32  # place and number are one: place * LOW + number, so that the least is the first


@functools.cache
def bad():
    """Whether an index was outside: (1,) int32, on the device."""
    return cuda.to_device(np.zeros(1, np.int32), stream=memory.stream)


class Check:
    """One of a program's checks: what it has found, and how to complain of it."""

    def __init__(self, index, limit, complain):
        self.index, self.limit, self._complain = index, limit, complain
        self.found = np.full(1, NOTHING)

    def launches(self):
        with errors.told():
            return look.launches((self.index, self.limit, self.found))

    def complaints(self):
        """[a function that raises], if an index was outside since the last time; after that, nothing is wrong."""
        memory.changed([self.found])
        found = int(memory.fetch(self.found)[0])
        if found == NOTHING:
            return []
        self.found[0] = NOTHING
        memory.wrote(self.found)
        bad().copy_to_device(np.zeros(1, np.int32), stream=memory.stream)
        place, number = found // LOW, int(np.uint32(found % LOW).astype(np.int32))
        return [lambda: self._complain(place, number)]


@kernel(fills=0, changes=1)
def look(index, limit, found):
    launch(_look, index.size, index, limit, found, bad())


@cuda.jit
def _look(index, limit, found, bad):
    i = cuda.grid(1)
    if i < index.size and (index[i] < 0 or index[i] >= limit):
        cuda.atomic.min(found, 0, np.int64(i) * LOW + (np.int64(index[i]) & (LOW - 1)))
        bad[0] = 1
