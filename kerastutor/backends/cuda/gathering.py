"""An optimizer's calls for variable after variable, gathered: one call for all, which is one launch.

What it does for one variable has nothing to do with another, so the calls may change places, as long as those that
work on the same variable stay in their order: a weight decays before it is changed by its gradient.
"""

import numpy as np

from .memory import holder


def gathered(calls):
    """The calls; of those in succession whose kernel says what is a variable's `own`, each kind is one for all."""
    kept, groups = [], []
    for function, arguments in calls:
        if hasattr(function, "own"):
            _add(groups, function, arguments)
        else:
            kept += [group.call() for group in groups]
            kept.append((function, arguments))
            groups = []
    return kept + [group.call() for group in groups]


class Group:
    """Calls of one kernel with the same settings, for different variables."""

    def __init__(self, function, settings):
        self.function, self.settings, self.variables, self.held = function, settings, [], set()

    def suits(self, function, settings, own):
        dtype = self.variables[0][0].dtype
        return function is self.function and own[0].dtype == dtype and all(map(_equal, settings, self.settings))

    def add(self, own):
        self.variables.append(own)
        self.held |= _memory(own)

    def call(self):
        return self.function, (*map(tuple, zip(*self.variables)), *self.settings)


def _add(groups, function, arguments):
    """To a group behind all that work on the same memory; a new one if there is none."""
    own, settings = arguments[: function.own], arguments[function.own :]
    last = max((i for i, group in enumerate(groups) if group.held & _memory(own)), default=-1)
    group = next((g for g in groups[last + 1 :] if g.suits(function, settings, own)), None)
    if group is None:
        group = Group(function, settings)
        groups.append(group)
    group.add(own)


def _memory(arrays):
    return {id(holder(a)) for a in arrays}


def _equal(a, b):
    """The same array, or the same number."""
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and (a.ctypes.data, a.shape, a.dtype) == (b.ctypes.data, b.shape, b.dtype)
    return type(a) is type(b) and a == b
