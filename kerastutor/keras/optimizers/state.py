"""What an optimizer remembers: its step counter, its learning rate, and running means and the like for each weight."""


import numpy as np

from .. import initializers, naming
from ..autodiff import Variable, paused


class State:
    """The part of an optimizer that keeps its variables."""

    def __setattr__(self, name, value):
        if "_variables" not in self.__dict__:
            raise RuntimeError(
                f"{type(self).__name__}: call super().__init__(...) first in __init__, before setting self.{name}."
            )
        if isinstance(value, Variable):
            self._track(value)
        object.__setattr__(self, name, value)

    def _track(self, variable):
        if not any(variable is v for v in self._variables):
            self._variables.append(variable)

    def _untrack(self, variable):
        self._variables[:] = [v for v in self._variables if v is not variable]

    @property
    def variables(self):
        """What a file keeps: the step counter, the learning rate unless scheduled, and the state of each weight."""
        return list(self._variables)

    def add_variable(self, shape, initializer="zeros", dtype=None, aggregation="none", layout=None, name=None):
        """A new variable of the optimizer. `aggregation` and `layout` are for several devices: here there is one."""
        with paused():
            made = Variable(initializers.get(initializer), shape, dtype, trainable=False, name=name)
        made.path = f"{self.name}/{made.name}"
        self._track(made)
        return made

    def add_variable_from_reference(self, reference_variable, name=None, initializer="zeros"):
        """A new variable of the shape and dtype of `reference_variable`, named after it."""
        v = reference_variable
        return self.add_variable(v.shape, initializer, v.dtype, name=f"{v.path.replace('/', '_')}_{name or 'var'}")

    def add_optimizer_variables(self, trainable_variables, name, initializer="zeros"):
        """A list with a new variable for each trained one; for a list of names, as many lists."""
        names = [name] if isinstance(name, str) else list(name)
        starts = list(initializer) if isinstance(initializer, (list, tuple)) else [initializer] * len(names)
        if len(starts) != len(names):
            raise ValueError(f"add_optimizer_variables: {len(names)} names need as many initializers; got {starts}.")
        rows = [[self.add_variable_from_reference(v, n, i) for n, i in zip(names, starts)] for v in trainable_variables]
        lists = tuple([row[k] for row in rows] for k in range(len(names)))
        return lists[0] if isinstance(name, str) else lists

    def assign(self, variable, value):
        """variable = value"""
        variable.assign(value)

    def assign_add(self, variable, value):
        """variable += value"""
        variable.assign_add(value)

    def assign_sub(self, variable, value):
        """variable -= value"""
        variable.assign_sub(value)

    def set_weights(self, weights):
        """Write `weights`, arrays in the order of `variables`."""
        if not self.built:
            raise ValueError(f"{self.name!r} has no state yet: call optimizer.build(model.trainable_variables) first.")
        for v, w in zip(self.variables, weights):
            if v.shape != tuple(np.shape(w)):
                raise ValueError(f"Optimizer variable {v.path!r} has shape {v.shape}; got weights of {np.shape(w)}.")
        for v, w in zip(self.variables, weights):
            v.assign(w)

    def save_own_variables(self, store):
        """Put the state into `store`, by number."""
        for i, v in enumerate(self.variables):
            store[str(i)] = v.numpy()

    def load_own_variables(self, store):
        """Take the state from `store`; a warning, and nothing loaded, if it has not as many variables."""
        if len(store.keys()) != len(self.variables):
            why = "" if self.built else " The optimizer has not been built yet."
            naming.warn(
                f"The state of optimizer {self.name!r} is not loaded: it has {len(self.variables)} variables, the file "
                f"{len(store.keys())}.{why}"
            )
            return
        for i, v in enumerate(self.variables):
            v.assign(store[str(i)])
