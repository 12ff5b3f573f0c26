"""The cores' crew: helper threads that work on a table of kernel calls together with the thread that trains.

Tables are walked without Python's lock (`native.py`), so a hand-over from core to core costs a fraction of a
microsecond. Numba's own parallel loops cost seconds of compilation a kernel, and BLAS's own threads know nothing of
what the other cores have in their caches, and fight with ours: inside `session` BLAS works on one thread, and
`plan.py` divides the work.
"""

import contextlib
import functools
import os
import threading

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from .compiler import kernel
from .native import Table, walk

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
PATIENCE = 200_000  # looks before a helper goes to sleep: being woken takes fifty microseconds
POLITE = 2_000  # looks after which a waiting core offers its place to others, in case there are more threads than cores
LINE = 8  # numbers in a line of the cache: what one core writes lies in a line of its own

# places on the board: how many jobs there were, how many sleep, how often the job is to be done, where its tables are
NUMBER, ASLEEP, TIMES, TABLES = 0, 1, 2, 3
DISMISSED = -1  # in place of the number
FIRST = np.intp(0)  # for a literal number Numba would compile a function once more
_yield = types.ExternalFunction("SwitchToThread" if os.name == "nt" else "sched_yield", types.int32())


@intrinsic
def _look(typing, board, index):
    """board[index], read from memory each time, and all that was written before it."""

    def emit(context, build, signature, arguments):
        data = context.make_array(signature.args[0])(context, build, arguments[0]).data
        return build.load_atomic(build.gep(data, [arguments[1]]), "seq_cst", align=8)

    return types.int64(board, types.intp), emit


@intrinsic
def _write(typing, board, index, value):
    """board[index] = value, after all that was written before it."""

    def emit(context, build, signature, arguments):
        data = context.make_array(signature.args[0])(context, build, arguments[0]).data
        build.store_atomic(arguments[2], build.gep(data, [arguments[1]]), "seq_cst", align=8)
        return ir.Constant(ir.IntType(64), 0)

    return types.int64(board, types.intp, types.int64), emit


@kernel
def work(board, met, core, cores):
    """This core's table of the job on the board; where a table says so, the cores wait for one another.

    Gives what `walk` gives if a call has stopped it, else 0.
    """
    address, size = board[TABLES + 2 * core], board[TABLES + 2 * core + 1]
    for _ in range(board[TIMES]):
        at = walk(address, FIRST, size)
        while 0 <= at < size:
            mine = met[LINE * core] + 1
            _write(met, LINE * core, mine)
            for other in range(cores):
                looks = 0
                while _look(met, LINE * other) < mine:
                    looks += 1
                    if looks % POLITE == 0:
                        _yield()
                        if _look(board, NUMBER) == DISMISSED:
                            return 0
            at = walk(address, at + 1, size)
        if at < 0:
            return at
    return 0


@kernel
def work_alone(address, size, times):
    """A table without places to meet, so often. Gives what `work` gives."""
    for _ in range(times):
        at = walk(address, FIRST, size)
        if at < 0:
            return at
    return 0


@kernel
def lead(board, met, cores, tables, times):
    """Put a job on the board, and do one's own part. Gives 1 if first somebody must be woken: nothing is done yet."""
    board[TIMES] = times
    for i in range(tables.size):
        board[TABLES + i] = tables[i]
    _write(board, NUMBER, board[NUMBER] + 1)
    if _look(board, ASLEEP) > 0:
        return 1
    return work(board, met, FIRST, cores)


@kernel
def help_out(board, met, core, cores, done):
    """Do job after job, until none comes for a while. Gives how many are done."""
    looks = 0
    while looks < PATIENCE and _look(board, NUMBER) != DISMISSED:
        looks += 1
        if looks % POLITE == 0:
            _yield()
        if _look(board, NUMBER) > done:
            done += 1
            work(board, met, core, cores)
            looks = 0
    return done


@kernel
def doze(board, by):
    """So many more are asleep; gives the number of jobs. Either this sees a new job, or its leader sees who sleeps."""
    _write(board, ASLEEP, board[ASLEEP] + by)
    return _look(board, NUMBER)


class Crew:
    """As many threads as there are cores, the one that trains among them."""

    def __init__(self, cores):
        self.cores = cores
        self.board, self.met = np.zeros(TABLES + 2 * cores, np.int64), np.zeros(LINE * cores, np.int64)
        self._sleep = threading.Condition()
        self._done = [0] * cores
        for core in range(1, cores):
            threading.Thread(target=self._help, args=(core,), name="kerastutor", daemon=True).start()

    def _help(self, core):
        done = 0
        while self.board[NUMBER] != DISMISSED:
            done = help_out(self.board, self.met, core, self.cores, done)
            with self._sleep:
                number = doze(self.board, 1)
                while number == done:
                    self._sleep.wait()
                    number = self.board[NUMBER]
                doze(self.board, -1)

    def run(self, job, times):
        stopped = lead(self.board, self.met, self.cores, job.tables, times)
        if stopped > 0:
            with self._sleep:
                self._sleep.notify_all()
            stopped = work(self.board, self.met, 0, self.cores)
        return stopped

    def dismiss(self):
        """Let the helpers go, wherever they are."""
        with self._sleep:
            self.board[NUMBER] = DISMISSED
            self._sleep.notify_all()


class Job:
    """A table for each core, and one with all of it for a thread that works alone.

    Parameters
    ----------
    parts : list of list
        Each core's calls, None where the cores meet; as many meetings in each.

    Calling it does the work, as many times as is asked.
    """

    repeats = True

    def __init__(self, parts):
        meeting = [None]  # at the end
        self._parts = [Table(part + meeting) for part in parts] if len(parts) > 1 else []
        self._calls = parts
        self.tables = np.array([(t.address, t.size) for t in self._parts], np.int64).reshape(-1)

    @functools.cached_property
    def _alone(self):
        return Table(_in_turn(self._calls))

    def __call__(self, times=1):
        crew = _crew(len(self._parts)) if self._parts else None
        if crew is None:
            _complain(self._alone, work_alone(self._alone.address, self._alone.size, times))
            return
        try:
            _complain(self._parts[0], crew.run(self, times))
        except BaseException:  # Ctrl-C, or a call that stopped its core: who is where is no longer known
            _crews.pop(crew.cores).dismiss()
            raise
        finally:
            _free.release()


def _complain(table, stopped):
    """Let the call that stopped the walk through a table say why."""
    if stopped < 0:
        kernel, arguments = table._calls[-1 - stopped]
        kernel(*arguments)


def _in_turn(parts):
    """The calls of all cores, from meeting to meeting."""
    stretches = [[[]] for _ in parts]
    for part, found in zip(parts, stretches):
        for call in part:
            if call is None:
                found.append([])
            else:
                found[-1].append(call)
    return [call for stretch in zip(*stretches) for calls in stretch for call in calls]


_crews = {}  # how many cores -> their crew
_free = threading.Lock()  # one thread at a time has the crew; another one does its work alone


def _crew(cores):
    """The crew, if it is free: then nobody else gets it until `_free` is released."""
    if not _free.acquire(blocking=False):
        return None
    if cores not in _crews:
        _crews[cores] = Crew(cores)
    return _crews[cores]


_sessions = 0
_counting = threading.Lock()


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
    import scipy.linalg.cython_blas  # noqa: F401  (the BLAS of `native.product`, so that it is limited too)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def blas_libraries():
    """What is known of each BLAS in this process; "architecture" is the processor that OpenBLAS takes this one for."""
    return _blas().info()


def _any_thread_may_limit():
    """threadpoolctl 3.8 obeys only the thread that set a limit first; a session may begin in one and end in another."""
    for library in _blas().lib_controllers:
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)


def _forget_crew():
    """After a fork the child has no threads: it makes its own crew when it needs one."""
    global _free, _counting
    _crews.clear()
    _free, _counting = threading.Lock(), threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_crew)
