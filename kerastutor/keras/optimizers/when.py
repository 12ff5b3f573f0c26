"""A part of a step that is done in some steps only."""

from ... import backends
from ..autodiff import recording, run, state


def when(flag, part):
    """Do `part()` if flag[0] is true.

    While a step is recorded, the kernel calls of `part` are written down by themselves, and each replay looks at the
    flag anew.

    Parameters
    ----------
    flag : numpy.ndarray
        One bool, written in Python before each step.
    part : callable
        Calls kernels only, as everything that is recorded.
    """
    if state.calls is None:
        if flag[0]:
            part()
        return
    with recording() as calls:
        part()
    run(_run_if, flag, backends.prepare(calls))


def _run_if(flag, calls):
    if flag[0]:
        for kernel, arguments in calls:
            kernel(*arguments)
