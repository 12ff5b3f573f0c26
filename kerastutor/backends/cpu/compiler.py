"""How this package's loops are compiled, and how the work is told.

    @kernel        compile a loop with Numba, keep it on disk
    @part          the same, for a function that kernels alone call
    @exact_kernel  the same, for loops whose results NumPy must agree with to the last bit
    @composed      a kernel that is a list of calls of such loops, with the workspace that they need
    @recorded      a kernel in whose place a recorded step has other calls
    compile_all    compile what a list of kernel calls needs, before the first call, with a line that says how far it is
"""

import functools
import io
import os
import sys
import time

import numba
import numpy as np
from numba.core import event

from .. import cache


def kernel(function):
    """Compile `function` when it is first called with arguments of some types, and keep that on disk.

    `error_model="numpy"`: x / 0 is inf, as in NumPy; a check for zero would also keep loops from being vectorised.
    `fastmath`: sums may be reordered, a * b + c fused, and x / c done as x * (1 / c); NaN and inf keep their meaning.
    `nogil`: two threads may run kernels at once.
    """
    return _compiled(function, {"contract", "reassoc", "nsz", "arcp"})


def part(function):
    """As `kernel`, for a function that kernels alone call: Python could not, and so it is compiled sooner.

    Of NumPy's functions it should call none: Numba would compile those once more.
    """
    return _compiled(function, {"contract", "reassoc", "nsz", "arcp"}, no_cpython_wrapper=True)


def exact_kernel(function):
    """As `kernel`, but every number is rounded as in NumPy: x / 10 is whole where it should be."""
    return _compiled(function, False)


def _compiled(function, fastmath, **more):
    """`no_cfunc_wrapper`: no second way in, for callers in C, which took a tenth of the compilation."""
    with cache.for_numba():
        return numba.njit(
            cache=True, nogil=True, error_model="numpy", fastmath=fastmath, no_cfunc_wrapper=True, **more
        )(function)


def composed(steps):
    """A kernel made of loops: `steps(*arguments)` gives their calls, as a list of (loop, arguments).

    It allocates the loops' workspace too. A step that is replayed is taken apart once, by `expand`.
    """

    @functools.wraps(steps)
    def function(*arguments):
        for loop, given in steps(*arguments):
            loop(*given)

    return recorded(steps)(function)


def recorded(steps):
    """A kernel in whose place a step that is replayed has the calls that `steps(*arguments)` gives, if it gives any.

    They do the same, but pay only where they are prepared once and made again and again, by all cores.
    """

    def decorate(function):
        _steps[function] = steps
        return function

    return decorate


_steps = {}  # kernel -> what gives its calls


def expand(calls):
    """The calls, with those of composed and recorded kernels taken apart."""
    apart = []
    for function, arguments in calls:
        steps = _steps.get(function)
        apart += (steps and steps(*arguments)) or [(function, arguments)]
    return apart


class _Compiling(event.Listener):
    """Prints 'compiling kernels ... 3 of 12' on one line, from the first kernel that is not on disk yet."""

    def __init__(self, wanted, stream):
        self.wanted, self.total, self.stream = {function for function, _ in wanted}, len(wanted), stream
        self.done, self.start = 0, None

    def on_start(self, record):
        if record.data["dispatcher"] not in self.wanted:  # a function inside a kernel
            return
        if self.start is None:
            self.start = time.monotonic()
        name = record.data["dispatcher"].py_func.__name__
        self.stream.write(
            f"\rCompiling kernels for this processor, this once: {self.done + 1} of {self.total} ({name})".ljust(95)
        )
        self.stream.flush()

    def on_end(self, record):
        pass

    def close(self):
        if self.start is not None:
            seconds = time.monotonic() - self.start
            text = f"\rKernels compiled for this processor and kept on disk ({seconds:.1f} s)."
            self.stream.write(text.ljust(96) + "\n")
            self.stream.flush()


_ready = set()  # kernels with the kinds of their arguments


def _kind(argument):
    return (argument.dtype, argument.ndim) if isinstance(argument, np.ndarray) else type(argument)


def compile_all(calls, stream=None):
    """Compile the kernels in `calls`, a list of (kernel, arguments), for the dtypes of these arguments.

    Kernels found in the cache on disk are loaded, which takes milliseconds and is not told. Messages go to `stream`,
    the standard error unless given; nowhere where the environment says KERASTUTOR_QUIET=1, as programs do that compare
    what lessons print.
    """
    wanted = {}
    for function, arguments in calls:
        function = getattr(function, "kernel", function)
        if isinstance(function, numba.core.dispatcher.Dispatcher):
            kinds = function, *map(_kind, arguments)
            if kinds not in _ready:
                _ready.add(kinds)
                wanted[function, tuple(map(numba.typeof, arguments))] = None
    if not wanted:
        return
    quiet = os.environ.get("KERASTUTOR_QUIET") == "1"
    listener = _Compiling(wanted, stream or (io.StringIO() if quiet else sys.stderr))
    with event.install_listener("numba:compile", listener):
        try:
            for function, types in wanted:
                function.compile(types)  # at once if it was compiled by an eager call
                listener.done += 1
        finally:
            listener.close()
