"""Several optimizers for one model, each for some of its variables."""

import re
from collections.abc import MutableMapping

from .. import identifiers
from .optimizer import Optimizer


class OptimizerMap(MutableMapping):
    """Which optimizer changes a variable: the first whose key is the variable's path or a pattern of it.

    Parameters
    ----------
    default_optimizer : Optimizer
        For variables that no key fits.
    optimizer_map : dict, optional
        Optimizers by path, as "encoder/dense/kernel", or by regular expression, as "encoder/.*".

    Examples
    --------
    >>> from kerastutor import keras
    >>> map = keras.optimizers.OptimizerMap(keras.optimizers.Adam(1e-4), {"top/.*": keras.optimizers.Adam(1e-2)})
    >>> optimizer = keras.optimizers.MultiOptimizer(map)
    """

    def __init__(self, default_optimizer, optimizer_map=None):
        _check_optimizer(default_optimizer, "`default_optimizer`", TypeError)
        if optimizer_map is not None and not isinstance(optimizer_map, dict):
            raise TypeError(f"`optimizer_map` must be a dict of optimizers by path; got {optimizer_map!r}.")
        self.default_optimizer, self._map = default_optimizer, optimizer_map or {}

    def __getitem__(self, path):
        if path in self._map:
            return self._map[path]
        fitting = [pattern for pattern in self._map if re.fullmatch(pattern, path)]
        if len(fitting) > 1:
            raise ValueError(f"Several optimizers fit variable {path!r}, by the patterns {fitting}.")
        return self._map[fitting[0]] if fitting else self.default_optimizer

    def __setitem__(self, path, optimizer):
        if path in self._map:
            raise ValueError(f"{path!r} has an optimizer already: {self._map[path].name!r}.")
        if not isinstance(path, str):
            raise ValueError(f"The path of a variable, or a pattern of it, is a str; got {path!r}.")
        _check_optimizer(optimizer, path)
        self._map[path] = optimizer

    def __delitem__(self, path):
        del self._map[path]

    def __len__(self):
        return len(self._map)

    def __iter__(self):
        return iter(self._map)

    def __call__(self, variable):
        return self[variable.path]

    def get_config(self):
        """The configs of its optimizers."""
        made = {path: identifiers.serialize(o, "keras.optimizers") for path, o in self._map.items()}
        return {"default_optimizer": identifiers.serialize(self.default_optimizer, "keras.optimizers"),
                "optimizer_map": made}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The map of these configs."""
        from . import deserialize

        made = {path: deserialize(c, custom_objects) for path, c in config["optimizer_map"].items()}
        return cls(deserialize(config["default_optimizer"], custom_objects), made)


class MultiOptimizer(Optimizer):
    """Gives each variable to one of several optimizers, which keep their own rates and state: see `optimizers`.

    Parameters
    ----------
    optimizer_map : OptimizerMap or callable
        Gives the optimizer of a variable.
    loss_scale_factor : float, optional
        For all of them, in place of their own.
    name : str, optional

    Source: https://keras.io/api/optimizers/
    """

    def __init__(self, optimizer_map, loss_scale_factor=None, name=None):
        super().__init__(0.0, loss_scale_factor=loss_scale_factor, name=name)
        self._optimizer_map, self._inner_optimizers, self._chosen = optimizer_map, [], {}
        known = [*getattr(optimizer_map, "values", list)(), getattr(optimizer_map, "default_optimizer", None)]
        for optimizer in known:
            self._include(optimizer)

    def _include(self, optimizer):
        if optimizer is not None and all(optimizer is not o for o in self._inner_optimizers):
            optimizer.loss_scale_factor = self.loss_scale_factor
            self._inner_optimizers.append(optimizer)

    @property
    def optimizers(self):
        """All of its optimizers."""
        return self._inner_optimizers

    _layers = optimizers  # where `replayable` looks for code of one's own

    def build(self, variables):
        if self.built:
            return
        for v in variables:
            self._chosen[id(v)] = _check_optimizer(self._optimizer_map(v), v.path)
            self._include(self._chosen[id(v)])
        super().build(variables)
        for optimizer, own in self._shares(variables):
            optimizer.build([v for v, in own])

    def _shares(self, *lists):
        """Each optimizer with its share of the variables, and of what goes with them."""
        rows = list(zip(*lists))
        for optimizer in self.optimizers:
            own = [row for row in rows if self._chosen[id(row[0])] is optimizer]
            if own:
                yield optimizer, own

    @property
    def variables(self):
        """Its own step counter and what each optimizer keeps."""
        return [*self._variables, *(v for o in getattr(self, "_inner_optimizers", ()) for v in o.variables)]

    @property
    def learning_rate(self):
        raise AttributeError("A MultiOptimizer has no learning rate of its own: see those of its `optimizers`.")

    @learning_rate.setter
    def learning_rate(self, value):
        raise AttributeError("A MultiOptimizer has no learning rate of its own: set those of its `optimizers`.")

    @property
    def steps_at_once(self):
        return min(optimizer.steps_at_once for optimizer in self.optimizers)

    @property
    def settings(self):
        return [a for optimizer in self.optimizers for a in optimizer.settings]

    def begin_steps(self, n=1):
        for optimizer in self.optimizers:
            optimizer.begin_steps(n)

    def apply_recorded(self, gradients, variables):
        for optimizer, own in self._shares(variables, gradients):
            optimizer.apply_recorded([g for _, g in own], [v for v, _ in own])
        self._iterations.assign_add(1)

    def finalize_variable_values(self, var_list):
        for optimizer, own in self._shares(var_list):
            optimizer.finalize_variable_values([v for v, in own])

    def get_config(self):
        return {"optimizer_map": identifiers.serialize(self._optimizer_map, "keras.optimizers"),
                "loss_scale_factor": self.loss_scale_factor, "name": self.name}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        map = OptimizerMap.from_config(config["optimizer_map"]["config"], custom_objects)
        return cls(**{**config, "optimizer_map": map})


def _check_optimizer(optimizer, of, error=ValueError):
    if not isinstance(optimizer, Optimizer) or isinstance(optimizer, MultiOptimizer):
        raise error(f"The optimizer of {of} must be an optimizer, as keras.optimizers.Adam(), no {optimizer!r}.")
    return optimizer
