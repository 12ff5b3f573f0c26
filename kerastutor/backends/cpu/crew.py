"""The cores' crew: helper threads that take a part of a large kernel, all cores but one of them.

Kernels and BLAS run without Python's lock, so plain threads do. Numba's own parallel loops cost seconds of compilation a
kernel, and BLAS's own threads wait by spinning, which keeps the cores from everything else (ours and other programs'):
inside `session` BLAS therefore works on one thread, and the crew divides large products as it does large loops.
"""

import contextlib
import functools
import os
import threading

import numpy as np

LARGE = 65_536  # numbers in a loop: below this, handing a part over (some 20 microseconds) costs more than it saves
LARGE_PRODUCT = 2_000_000  # multiplications in a matrix product, likewise
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Helper(threading.Thread):
    """A thread that sleeps until it is given a job, does it, and says so."""

    def __init__(self):
        super().__init__(name="kerastutor", daemon=True)
        self._given, self._done = threading.Semaphore(0), threading.Semaphore(0)
        self.start()

    def run(self):
        while True:
            self._given.acquire()
            try:
                self._job()
            except BaseException as error:
                self._error = error
            self._done.release()

    def give(self, job):
        self._job, self._error = job, None
        self._given.release()

    def wait(self):
        """Wait for the job's end, also after Ctrl-C: nobody may write into arrays that the caller believes finished."""
        interrupt = None
        while True:
            try:
                self._done.acquire()
                return interrupt or self._error
            except KeyboardInterrupt as error:
                interrupt = error


_helpers = []
_free = threading.Lock()  # one thread at a time has the crew; another one works alone
_at_work = False  # inside a session


def share(jobs):
    """Run the jobs, functions without arguments, at once: the first in this thread, the others by the crew."""
    while len(_helpers) < len(jobs) - 1:
        _helpers.append(_Helper())
    for helper, job in zip(_helpers, jobs[1:], strict=False):
        helper.give(job)
    try:
        jobs[0]()
    finally:
        errors = [helper.wait() for helper in _helpers[: len(jobs) - 1]]  # for all, whatever happened to one
    for error in filter(None, errors):
        raise error


def parts(n):
    """range(n) in as many slices as there are cores, none empty."""
    k = min(CORES, n) or 1
    return [slice(i * n // k, (i + 1) * n // k) for i in range(k)]


def shared(kernel):
    """`kernel` over one-dimensional arrays, each core taking one part of those that are as long as the first."""

    @functools.wraps(kernel.py_func)
    def split(*arguments):
        n = arguments[0].size
        if n < LARGE or not _take():
            return kernel(*arguments)
        try:
            share([
                functools.partial(kernel, *[a[p] if getattr(a, "size", 0) == n else a for a in arguments])
                for p in parts(n)
            ])
        finally:
            _free.release()

    split.needs = lambda *arguments: (kernel, arguments)
    return split


def matmul(a, b, out):
    """BLAS; in a session, a large product by all cores, each computing some rows of the result, or some columns."""
    n, m = out.shape
    if a.size * m < LARGE_PRODUCT or not _take():
        np.dot(a, b, out)
        return
    try:
        share([functools.partial(np.dot, a[p], b, out[p]) for p in parts(n)])
    finally:
        _free.release()


def _take():
    return _at_work and CORES > 1 and _free.acquire(blocking=False)


@contextlib.contextmanager
def session():
    """with session(): large kernels are shared among the cores, and BLAS works on one thread."""
    global _at_work
    if _at_work or CORES == 1:
        yield
        return
    with _blas().limit(limits=1, user_api="blas"):
        _at_work = True
        try:
            yield
        finally:
            _at_work = False


@functools.cache
def _blas():
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _forget_crew():
    """After a fork the child has no threads: it makes its own crew when it needs one."""
    global _free
    _helpers.clear()
    _free = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_crew)
