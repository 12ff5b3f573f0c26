"""A GPU in slow motion: runs kernels written for Numba's CUDA on any machine, and sees which thread touches what.

`cuda` has the names a first kernel needs, as ``numba.cuda`` has them. Threads take turns, each until it ends or waits
at `syncthreads`; every reading and writing is noted. So what goes wrong by chance on a real GPU is an error here, each
time: a place outside of an array (`Outside`), two threads at one place with nothing between them (`Race`), a
`syncthreads` that some threads never reach (`Stuck`). On a machine with a GPU, ``from numba import cuda`` runs the same
kernel at full speed.

Source: https://nvidia.github.io/numba-cuda/user/kernels.html
"""

from __future__ import annotations

import inspect
import threading
from collections import Counter
from types import FunctionType, SimpleNamespace, TracebackType

import numpy as np

from kerastutor.grading.outcome import Remark

MOST = 4096


class Outside(Remark):
    """A thread reads or writes a place that the array does not have. On a real GPU that spoils other data, silently."""


class Race(Remark):
    """Two threads meet at one place and at least one of them writes: which of them comes first is chance."""


class SharedRace(Race):
    """Two threads meet in shared memory with no syncthreads between them: which of them comes first is chance."""


class Stuck(Remark):
    """Some threads of a block wait at syncthreads for others that never come: all must reach it, or none."""


class OneDoesAll(Remark):
    """One thread does the work that was for all; the others look on."""


class Kernel:
    """A kernel: ``kernel[blocks, threads](*arrays)`` starts it.

    Attributes
    ----------
    touches : list of (block, thread, kind, array, place)
        What the last start did, in order; `kind` is "read", "write" or "atomic".
    threads : list of (block, thread)
        Those it had.

    Examples
    --------
    >>> @cuda.jit
    ... def double(x, y):
    ...     i = cuda.grid(1)
    ...     if i < x.size:
    ...         y[i] = 2 * x[i]
    >>> x, y = np.arange(3.0), np.zeros(3)
    >>> double[2, 2](x, y)
    >>> y
    array([0., 2., 4.])
    >>> double.touches[0]
    ((0,), (0,), 'read', 'x', (0,))
    """

    def __init__(self, function):
        self.function = getattr(function, "py_func", function)  # numba's own jit may stand above it
        self.__name__, self.touches, self.threads = self.function.__name__, [], []

    def __call__(self, *arguments):
        raise TypeError(f"A kernel is started with its threads: {self.__name__}[blocks, threads](...).")

    def __getitem__(self, sizes):
        grid, block = (tuple(int(n) for n in np.atleast_1d(size)) for size in sizes[:2])
        if len(grid) != len(block) or np.prod(grid) * np.prod(block) > MOST:
            raise ValueError(f"[blocks, threads]: as many axes in one as in the other, and {MOST} threads at most in "
                             f"slow motion; not [{sizes[0]}, {sizes[1]}].")
        return lambda *arguments: self._start(grid, block, arguments)

    def check_share(self, most):
        """Raise `OneDoesAll` if a thread of the last start read more than `most` numbers."""
        reads = Counter((block, thread) for block, thread, kind, *_ in self.touches if kind == "read")
        (block, thread), busiest = reads.most_common(1)[0]
        if busiest > most:
            raise OneDoesAll(f"thread {_plain(thread)} of block {_plain(block)} reads {busiest} numbers; shared among "
                             f"all threads, {most} are enough")

    def _start(self, grid, block, arguments):
        f, launch = self.function, _Launch()
        body = FunctionType(f.__code__, {**f.__globals__, "cuda": cuda}, f.__name__, f.__defaults__, f.__closure__)
        self.touches, self.threads = launch.touches, [(b, t) for b in _numbers(grid) for t in _numbers(block)]
        names = inspect.signature(f).parameters
        seen = [Watched(one, name, launch) if isinstance(one, np.ndarray) else one
                for name, one in zip(names, arguments)] + list(arguments[len(names):])
        try:
            for number in _numbers(grid):
                _run_block([_Thread(lambda: body(*seen), launch, number, own, block, grid) for own in _numbers(block)])
        except Exception as error:
            raise error.with_traceback(_without_us(error.__traceback__)) from None


def _without_us(trace):
    """A traceback's lines in the kernel; those of this file say nothing to its author."""
    if trace is None:
        return None
    rest = _without_us(trace.tb_next)
    own = trace.tb_frame.f_code.co_filename == __file__
    return rest if own else TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def _plain(number):
    return number[0] if len(number) == 1 else number


def _numbers(sizes):
    return [place[::-1] for place in np.ndindex(*sizes[::-1])]  # x runs fastest


def _run_block(threads):
    shared = []
    for one in threads:
        one.shared = shared
        one.start()
    try:
        while any(not one.ended for one in threads):
            for one in threads:
                if not one.ended:
                    one.go_on()
                    if one.error:
                        raise one.error
            waiting = [one for one in threads if not one.ended]
            if waiting and len(waiting) < len(threads):
                gone = next(one for one in threads if one.ended)
                raise Stuck(f"{waiting[0]} waits at syncthreads, but {gone} has ended without it")
    finally:
        for one in threads:
            one.cancelled = True
            if not one.ended:
                one.go_on()


class _Thread(threading.Thread):
    """One thread of a kernel; it runs only between `go_on` and its next `syncthreads`."""

    def __init__(self, call, launch, block, number, block_sizes, grid):
        super().__init__(daemon=True)
        self.call, self.launch, self.block, self.number, self.sizes, self.grid = (
            call, launch, block, number, block_sizes, grid)
        self.turn, self.pause = threading.Semaphore(0), threading.Semaphore(0)
        self.ended, self.cancelled, self.error, self.phase, self.arrays = False, False, None, 0, 0

    def __str__(self):
        return f"thread {_plain(self.number)} of block {_plain(self.block)}"

    def run(self):
        _here.thread = self
        self.turn.acquire()
        try:
            if not self.cancelled:
                self.call()
        except BaseException as error:  # it goes on where the kernel was started
            self.error = error
        self.ended = True
        self.pause.release()

    def go_on(self):
        self.turn.release()
        self.pause.acquire()

    def wait(self):
        self.phase += 1
        self.pause.release()
        self.turn.acquire()
        if self.cancelled:
            raise SystemExit


class _Launch:
    """What all threads of one start have done, place by place."""

    def __init__(self):
        self.touches, self.places = [], {}

    def note(self, array, place, kind):
        me = _here.thread
        before = self.places.setdefault((id(array), place), {"read": [], "write": [], "atomic": []})
        for other_kind, others in before.items():
            if other_kind != kind or kind == "write":
                for thread, phase in others:
                    if thread is not me and (thread.block != me.block or phase == me.phase):
                        where = f"{array.name}[{', '.join(map(str, place))}]"
                        doing = {"read": "reads", "write": "writes", "atomic": "adds to"}
                        both = f"{me} {doing[kind]} {where}, and {thread} {doing[other_kind]} it: who is first?"
                        raise (SharedRace if array.name == "shared" else Race)(both)
        before[kind].append((me, me.phase))
        self.touches.append((me.block, me.number, kind, array.name, place))


class Watched:
    """An array as a kernel sees it: one number at a time, and every touch is noted."""

    def __init__(self, array, name, launch):
        self._array, self.name, self._launch = array, name, launch
        self.shape, self.size, self.ndim, self.dtype = array.shape, array.size, array.ndim, array.dtype

    def __len__(self):
        return len(self._array)

    def place(self, place, kind):
        place = place if isinstance(place, tuple) else (place,)
        if len(place) != self.ndim or not all(isinstance(i, int | np.integer) for i in place):
            raise TypeError(f"{self.name}[...] wants {self.ndim} whole number(s) here: a thread takes one at a time.")
        if not all(-n <= i < n for i, n in zip(place, self.shape)):
            where = ", ".join(map(str, place))
            raise Outside(f"{_here.thread} would {kind} {self.name}[{where}], but its shape is {self.shape}")
        place = tuple(int(i) % n for i, n in zip(place, self.shape))
        self._launch.note(self, place, "atomic" if kind == "add to" else kind)
        return place

    def __getitem__(self, place):
        return self._array[self.place(place, "read")]

    def __setitem__(self, place, value):
        self._array[self.place(place, "write")] = value


_here = threading.local()


def _thread():
    if not hasattr(_here, "thread"):
        raise RuntimeError("cuda.grid, threadIdx and the like have a value only in a kernel that was started.")
    return _here.thread


def _axes(attribute):
    return property(lambda self: SimpleNamespace(**dict(zip("xyz", (*getattr(_thread(), attribute), 1, 1)))))


class _Cuda:
    """``numba.cuda``, as far as first kernels go."""

    threadIdx, blockIdx, blockDim, gridDim = (_axes(name) for name in ("number", "block", "sizes", "grid"))

    @staticmethod
    def jit(function=None, **options):
        """Make a function a `Kernel`."""
        return Kernel if function is None else Kernel(function)

    @staticmethod
    def grid(axes):
        """This thread's number among all: blockIdx · blockDim + threadIdx, for each axis."""
        me = _thread()
        numbers = tuple(b * n + t for b, n, t in zip(me.block, me.sizes, me.number))
        if axes != len(numbers):
            raise ValueError(f"cuda.grid({axes}) in a kernel that was started with {len(numbers)} axes")
        return numbers[0] if axes == 1 else numbers

    @staticmethod
    def gridsize(axes):
        """How many threads there are, for each axis."""
        me = _thread()
        sizes = tuple(n * m for n, m in zip(me.sizes, me.grid))
        return sizes[0] if axes == 1 else sizes

    @staticmethod
    def syncthreads():
        """Wait here until all threads of the block are here."""
        _thread().wait()

    class shared:
        @staticmethod
        def array(shape, dtype):
            """An array that the threads of one block have together; nothing is in it at first (here: nan)."""
            me = _thread()
            if me.arrays == len(me.shared):
                kind = np.dtype(str(dtype) if not isinstance(dtype, type | np.dtype) else dtype)
                values = np.full(shape, np.nan if kind.kind == "f" else 99, kind)
                me.shared.append(Watched(values, "shared", me.launch))
            me.arrays += 1
            return me.shared[me.arrays - 1]

    class atomic:
        @staticmethod
        def add(array, place, value):
            """array[place] += value in one go, whoever else does so; gives what was there before."""
            place = array.place(place, "add to")
            before = array._array[place]
            array._array[place] += value
            return before


cuda = _Cuda()
