"""Record and replay: the Python of a model runs once for each size of batch; after that only its kernel calls run.

`Program` traces a step (forward, loss, backward, update) on arrays without values, and keeps the list of kernel calls.
Each batch is copied into the same input arrays and the list is run: nothing is allocated, no Python of the model runs.
"""

import numpy as np

from ... import backends
from .. import tree
from ..autodiff import Tensor, recording

ALWAYS, AT_MOST, BYTES = 8, 64, 2**28
"""How many programs a training keeps: so many whatever their size, so many at most, and between them up to so much."""

LIBRARY = __name__.rpartition(".keras.")[0] + "."


class Program:
    """The kernel calls of `step(*inputs)`, which may be run again and again.

    Parameters
    ----------
    step : callable
        Takes tensors; must not read their values.
    inputs : list of numpy.ndarray or None
        The arrays that each batch is written into.
    first, last : list of (kernel, arguments)
        Calls that come before those of the step, and after them.
    written : list of numpy.ndarray, optional
        What Python writes before each run: the inputs unless given.

    Attributes
    ----------
    result
        What `step` returned: tensors whose arrays each run fills anew.
    repeats : bool
        Whether the backend can do all of it several times without coming back to Python.
    nbytes : int
        The size of all arrays that the step works on, weights included.
    """

    def __init__(self, step, inputs, compile=True, first=(), last=(), written=None):
        self.inputs = inputs
        with recording() as calls:
            self.result = step(*[None if a is None else Tensor(a) for a in inputs])
        self.nbytes = _bytes(calls)
        calls = [*first, *calls, *last]
        results = [r.value if isinstance(r, Tensor) else r for r in tree.flatten(self.result)]
        written = [a for a in inputs if a is not None] if written is None else written
        self.calls = backends.prepare(calls, results=results, written=written) if compile else calls
        self.repeats = len(self.calls) == 1 and getattr(self.calls[0][0], "repeats", False)

    def run(self, times=1):
        """Run the kernels on what the input arrays hold now; more than once only if it `repeats`."""
        if self.repeats:
            self.calls[0][0](times)
            return
        for kernel, arguments in self.calls:
            kernel(*arguments)


def _bytes(calls):
    arrays = [a for _, arguments in calls for a in arguments if isinstance(a, np.ndarray)]
    owners = {id(owner): owner for owner in (a if a.base is None else a.base for a in arrays)}
    return sum(getattr(owner, "nbytes", 0) for owner in owners.values())


class Programs(dict):
    """What `make(key)` gives, a pair whose second is a Program, kept by key; of many, the one that was made first goes.

    One that is still in use is then made again, which costs little beside the new ones that took its place.
    """

    def __init__(self, make):
        super().__init__()
        self._make = make

    def __missing__(self, key):
        made = self[key] = self._make(key)
        while len(self) > AT_MOST or (len(self) > ALWAYS and sum(p.nbytes for _, p in self.values()) > BYTES):
            del self[next(iter(self))]
        return made


def replayable(*parts):
    """Whether all these objects, and the layers and functions in them, come from the package.

    A student's own layer, activation, loss, metric or optimizer may look at the data, count its calls or draw random
    numbers in Python: a model with one runs eagerly at every step.
    """
    return all(_ours(part) for part in parts)


def _ours(part):
    if part is None or isinstance(part, (str, int, float, bool)):
        return True
    if not (getattr(part, "__module__", None) or type(part).__module__).startswith(LIBRARY):
        return False
    inside = vars(part).items() if not hasattr(part, "__code__") and hasattr(part, "__dict__") else ()
    # activations, regularizers, constraints, ...; schedules and initializers are never part of a traced step
    traced = [a for name, a in inside if name != "schedule" and not name.endswith("_initializer")]
    parts = [a for a in traced if callable(a) or hasattr(a, "get_config") or hasattr(a, "call")]
    return all(_ours(a) for a in [*parts, *getattr(part, "_layers", []), *_losses(part)])


def _losses(part):
    fn = getattr(part, "fn", None) or getattr(part, "_fn", None)  # a loss or metric that wraps a function
    return [fn] if fn is not None else []
