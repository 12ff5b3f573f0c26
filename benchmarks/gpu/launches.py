"""How many launches a training step of kerastutor's is made of.

A launch is a kernel of its own or a call of cuBLAS (which may launch several). Copies of batches are none, and what is
launched between two steps, because a callback asks for a value, is not counted.
"""


def a_step(fit):
    """Launches of a step that `fit()` replays, the mean of all; None if it replays none."""
    from kerastutor.backends.cuda.program import Program, on_host

    runs, original = [], Program.__call__

    def counted(self, times=1):
        runs.append((sum(function is not on_host for function, _ in self.calls), times))
        return original(self, times)

    Program.__call__ = counted
    try:
        fit()
    finally:
        Program.__call__ = original
    steps = sum(times for _, times in runs)
    return sum(launches * times for launches, times in runs) / steps if steps else None
