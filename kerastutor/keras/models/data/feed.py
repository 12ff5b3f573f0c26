"""How batches get from arrays into those that a program reads."""

import numpy as np

from ....backends import K, wrote

MOST = 1 << 16  # rows that are chosen at once


class Feed:
    """Copies rows of some arrays into buffers: by kernels, which are part of the program, or in Python.

    Parameters
    ----------
    arrays : list of numpy.ndarray
    buffers : list of numpy.ndarray
        As many, each with the rows of one batch.

    Attributes
    ----------
    first, last : list of (kernel, arguments)
        What comes before a step, and what gets the next batch of a stretch ready after it.
    written : list of numpy.ndarray
        What `choose` writes.
    at_once : int
        How many batches `choose` takes at most.

    Examples
    --------
    >>> x, batch = np.arange(8.0).reshape(4, 2), np.empty((2, 2))
    >>> feed = Feed([x], [batch])
    >>> feed.choose(np.array([3, 0]))
    >>> for kernel, arguments in feed.first:
    ...     kernel(*arguments)
    >>> batch
    array([[6., 7.],
           [0., 1.]])
    """

    def __init__(self, arrays, buffers):
        pairs = list(zip(arrays, buffers, strict=True))
        self._in_python = [pair for pair in pairs if not _suits_kernels(*pair)]
        by_kernel = [pair for pair in pairs if _suits_kernels(*pair)]
        self._size = len(buffers[0])
        self._index = np.empty(self._size, np.int32)  # the rows of this batch
        self.at_once = 1 if self._in_python or not self._size else max(1, MOST // self._size)
        self._order = np.zeros(self._size * (self.at_once - 1), np.int32)  # those of the batches after it
        self._place = np.zeros(1, np.int64)
        self.written = [self._index, self._order, self._place, *(buffer for _, buffer in self._in_python)]
        wrote(*(a for a, _ in by_kernel))  # before they came here
        self.first = [(K.take_rows, (_table(a), self._index, _table(b))) for a, b in by_kernel]
        self.last = [(K.next_part, (self._order, self._place, self._index))] if self.at_once > 1 else []

    def choose(self, rows):
        """The next batch, or several: a slice, or the numbers of their rows."""
        numbers = np.arange(rows.start, rows.stop) if type(rows) is slice else rows
        self._index[...] = numbers[: self._size]
        if self.last:
            more = len(numbers) - self._size
            self._order[:more] = numbers[self._size :]
            self._place[0] = 0
        for a, buffer in self._in_python:
            if a.flags.c_contiguous and type(rows) is not slice:
                a.take(rows, 0, buffer, "clip")  # "clip": straight into the buffer
            else:
                np.copyto(buffer, a[rows])


def _suits_kernels(a, buffer):
    """Numbers that lie row after row."""
    return a.flags.c_contiguous and a.size and len(buffer) and a.dtype.char in "?bBhHiIlLqQfd" and len(a) < 2**31


def _table(a):
    return a.reshape(len(a), -1)
