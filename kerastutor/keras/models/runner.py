"""Steps on batch after batch: in Python each time, or recorded once and replayed, several in one go."""

from time import perf_counter

from .replay import Program, Programs

STRETCH = 0.005  # seconds that a training may go on without Python: hooks, Ctrl-C and widgets wait so long


class Eager:
    """Runs `step` on batches of `data`, in Python."""

    def __init__(self, step, data):
        self._step, self._data = step, data

    def __call__(self, batch, n=1):
        """What the step gives."""
        return self._step(self._data.pack(self._data.tensors(batch)))

    def most(self):
        """How many batches may go together."""
        return 1


class Replayed:
    """Runs `step` on batches of `data`: traced once for each kind of batch, then its kernel calls are run.

    Parameters
    ----------
    optimizer : Optimizer or None
        What is to be told of each step before it.
    """

    def __init__(self, step, data, optimizer=None):
        self._data, self._optimizer, self._most = data, optimizer, 1

        def made(key):
            """What feeds batches with that key, and their Program."""
            buffers = data.buffers(key)
            feed = data.feed(buffers)
            written = feed.written + (optimizer.settings if optimizer is not None else [])
            return feed, Program(lambda *leaves: step(data.pack(leaves)), buffers, first=feed.first, last=feed.last,
                                 written=written)

        self._programs = Programs(made)

    def __call__(self, batch, n=1):
        """What the step gives, for the last of n batches that lie one behind the other in `batch`."""
        started = perf_counter()
        feed, program = self._programs[self._data.key(batch) // n if n > 1 else self._data.key(batch)]
        feed.choose(batch)
        if self._optimizer is not None:
            self._optimizer.begin_steps(n)
        program.run(n)
        if program.repeats:
            limit = feed.at_once if self._optimizer is None else min(feed.at_once, self._optimizer.steps_at_once)
            self._most = min(limit, int(STRETCH * n / (perf_counter() - started)) + 1)
        return program.result

    def most(self):
        """How many batches may go together: all that can be done in some milliseconds."""
        return self._most
