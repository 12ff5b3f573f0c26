"""The cores' crew: helper threads that take a part of a large piece of work, all cores but one of them.

Kernels and BLAS run without Python's lock, so plain threads do. Numba's own parallel loops cost seconds of compilation
a kernel, and BLAS's own threads know nothing of what the other cores have in their caches, and fight with ours: inside
`session` BLAS works on one thread, and `plan.py` divides the work.
"""

import contextlib
import functools
import itertools
import os
import threading

import numpy as np
from numba import types
from numba.extending import intrinsic

from .compiler import kernel

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
PATIENCE = 500_000  # looks at the bell before going to sleep: some 0.3 milliseconds
GRACE = 6_000  # looks, some 3 microseconds


@intrinsic
def _look(typing, bell, index):
    """bell[index], read from memory each time: the compiler may not assume that it stays as it was."""

    def emit(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.load_atomic(builder.gep(data, [arguments[1]]), "acquire", align=8)

    return types.int64(bell, types.intp), emit


@kernel
def watch(bell, index, number, patience):
    """Look at bell[index] until it is `number`, or until patience ends; then wait for the moment that the ringer needs
    to go on without Python's lock: asking for the lock while he holds it means to fall asleep."""
    for _ in range(patience):
        if _look(bell, index) == number:
            break
    for _ in range(GRACE):
        _look(bell, index)


class _Helper(threading.Thread):
    """A thread that waits for a job, does it, and says so.

    Both sides first watch the bell, without Python's lock: being woken from sleep takes fifty microseconds, and the
    next job mostly comes sooner. The locks, held until there is something to do, then make sure of it.
    """

    def __init__(self):
        super().__init__(name="kerastutor", daemon=True)
        self._bell = np.zeros(2, np.int64)  # jobs given, jobs done
        self._given, self._done = threading.Lock(), threading.Lock()
        self._given.acquire()
        self._done.acquire()
        self.start()

    def run(self):
        for number in itertools.count(1):
            watch(self._bell, 0, number, PATIENCE)
            self._given.acquire()
            try:
                self._job()
            except BaseException as error:
                self._error = error
            self._bell[1] = number
            self._done.release()

    def give(self, job):
        self._job, self._error = job, None
        self._bell[0] += 1
        self._given.release()

    def wait(self):
        """Wait for the job's end, also after Ctrl-C: nobody may write into arrays that the caller believes finished."""
        interrupt = None
        while True:
            try:
                watch(self._bell, 1, self._bell[0], PATIENCE)
                self._done.acquire()
                return interrupt or self._error
            except KeyboardInterrupt as error:
                interrupt = error


_helpers = []
_free = threading.Lock()  # one thread at a time has the crew; another one does its work alone
_sessions = 0
_counting = threading.Lock()


def share(jobs):
    """Run the jobs, functions without arguments, at once: the first in this thread, the others by the crew."""
    if not _free.acquire(blocking=False):
        for job in jobs:
            job()
        return
    try:
        while len(_helpers) < len(jobs) - 1:
            _helpers.append(_Helper())
        at_work = _helpers[: len(jobs) - 1]
        for helper, job in zip(at_work, jobs[1:]):
            helper.give(job)
        try:
            jobs[0]()
        finally:
            errors = [helper.wait() for helper in at_work]
    except KeyboardInterrupt:
        _helpers.clear()  # who is at work is no longer known: the next region gets a new crew
        raise
    finally:
        _free.release()
    for error in filter(None, errors):
        raise error


@contextlib.contextmanager
def session():
    """with session(): BLAS works on one thread, so that the crew may divide its products. Sessions may overlap."""
    global _sessions, _limit
    with _counting:
        _sessions += 1
        if _sessions == 1 and CORES > 1:
            _any_thread_may_limit()
            _limit = _blas().limit(limits=1, user_api="blas")
    try:
        yield
    finally:
        with _counting:
            _sessions -= 1
            if _sessions == 0 and CORES > 1:
                _any_thread_may_limit()
                _limit.restore_original_limits()
                _any_thread_may_limit()


@functools.cache
def _blas():
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _any_thread_may_limit():
    """threadpoolctl 3.8 obeys only the thread that set a limit first; a session may begin in one and end in another."""
    for library in _blas().lib_controllers:
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)


def _forget_crew():
    """After a fork the child has no threads: it makes its own crew when it needs one."""
    global _free, _counting
    _helpers.clear()
    _free, _counting = threading.Lock(), threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_crew)
