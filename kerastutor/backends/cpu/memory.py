"""Memory for arrays: each begins where a line of the cache begins, and large ones are used again.

A processor's vectors are as long as a line or half of it, so one that begins anywhere reads two lines in place of one.
And the system gives large memory page by page when it is first touched, which takes longer than a step of a training:
so what a training gave back is kept for the next one, up to a limit.
"""

import math
import os
import threading
import weakref

import numpy as np

LINE = 64  # bytes
LARGE = 1 << 20  # bytes from which on memory is kept


def empty(shape, dtype):
    """A new array, not filled."""
    shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    memory = _pool.take(size) if size >= LARGE else np.empty(size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + size].view(dtype).reshape(shape)


def owner(a):
    """What holds an array's memory: views of one array have the same."""
    while isinstance(getattr(a, "base", None), np.ndarray):
        a = a.base
    return a


def arrays(arguments):
    """The arrays among a call's arguments, in tuples and lists too."""
    for a in arguments:
        if isinstance(a, (tuple, list)):
            yield from arrays(a)
        elif isinstance(a, np.ndarray):
            yield a


class Pool:
    """Blocks of memory that are free for the next array of just that size.

    Parameters
    ----------
    limit : int
        Bytes that are kept free at most.
    """

    def __init__(self, limit):
        self.limit, self.free = limit, 0
        self._blocks, self._lock = {}, threading.RLock()  # size -> blocks; arrays may go at any time, even in `take`

    def take(self, size):
        """A flat array of bytes; when it and all views of it are gone, its memory comes back."""
        with self._lock:
            blocks = self._blocks.get(size)
            block = blocks.pop() if blocks else None
            if block is None:
                if self.free:  # a training with other sizes: what the last one left does not suit it
                    self._blocks.clear()
                    self.free = 0
                block = np.empty(size + LINE, np.uint8)
            else:
                self.free -= size
        lent = np.frombuffer(memoryview(block), np.uint8)
        weakref.finalize(lent, self._give_back, size, block).atexit = False
        return lent

    def _give_back(self, size, block):
        with self._lock:
            if self.free + size <= self.limit:
                self._blocks.setdefault(size, []).append(block)
                self.free += size


def _limit():
    """A gigabyte, but no more than an eighth of the machine's memory."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows
        whole = 8 << 30
    return min(1 << 30, whole // 8)


_pool = Pool(_limit())
