"""How the time of a call grows with the rows it is given: measured on this machine, judged generously."""

from __future__ import annotations

import copy
import sys
import time

import numpy as np

TIMES = 4  # all rows are so many times the few
LEAST, MOST = 3, 9  # rounds
BUDGET = 0.5  # seconds: no further round after that
LINES = "count the loops that Python itself runs; NumPy or Numba can run them."
LOOP = "look for a loop inside a loop, or for a search through all rows that is made again for each row."

_cpu = time.get_clock_info("process_time")
clock = time.process_time if _cpu.resolution < 1e-4 else time.perf_counter  # Windows counts CPU time in 1/64 s


def limit(growth):
    """The longest that 4 times the rows may take, for a time that is to grow like ``rows ** growth``.

    Half a power above what is asked: n log n passes where n is asked, n² does not.

    >>> limit(1)
    8.0
    """
    return TIMES ** (growth + 0.5)


def measure(call, args, growth, took=None):
    """How many times as long ``call(*args)`` takes as with the first quarter of the rows; `took` measures one call.

    The best of several rounds, in CPU time, so that what else the machine does hardly counts; where it looks too
    long, more rounds are made before that is said.
    """
    took = took or _took
    sizes, best, start = (few(args), args), [np.inf, np.inf], clock()
    for tried in range(1, MOST + 1):
        for i, size in enumerate(sizes):
            best[i] = min(best[i], took(call, copy.deepcopy(size)))
        well = tried >= LEAST and best[1] <= limit(growth) * best[0]
        if well or clock() - start > BUDGET:
            break
    return best[1] / max(best[0], 1e-9)


def _took(call, args):
    start = clock()
    call(*args)
    return clock() - start


def lines(call, args):
    """How many lines of Python a call runs: those of loops again and again, those that Numba has compiled never.

    >>> lines(lambda n: [i for i in range(n)], (9,)) < lines(lambda n: [i for i in range(n)], (90,))
    True
    """
    count, before = 0, sys.gettrace()

    def trace(frame, event, argument):
        nonlocal count
        count += 1
        return trace

    sys.settrace(trace)
    try:
        call(*args)
    finally:
        sys.settrace(before)
    return count


def few(args):
    """The arguments with the first quarter of the rows: of the first one, and of all that are as long.

    >>> few(([1, 2, 3, 4], np.arange(8).reshape(4, 2), 3))
    ([1], array([[0, 1]]), 3)
    >>> few((1000, 3))
    (250, 3)
    """
    if isinstance(args[0], int):
        return (args[0] // TIMES, *args[1:])
    rows = len(args[0])
    return tuple(
        one[: rows // TIMES] if isinstance(one, np.ndarray | list | str) and len(one) == rows else one for one in args
    )
