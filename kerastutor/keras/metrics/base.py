"""What every metric is: numbers kept from batch to batch, and a result. Source: https://keras.io/api/metrics/

`update_state` computes with ops and changes variables in place, so that it can be recorded and replayed.
"""

import numpy as np

from .. import config as settings
from .. import initializers, ops
from ..autodiff import Variable, paused
from ..naming import auto_name, snake_case


class Metric:
    """A metric: `update_state` for each batch, then `result`; `reset_state` before the next epoch.

    Make its numbers with `add_weight`, and compute with `keras.ops`. Metrics among its attributes are reset with it.

    Parameters
    ----------
    dtype : str, optional
        Of the result; Keras's floatx unless given.
    name : str, optional

    Examples
    --------
    >>> from kerastutor import keras
    >>> class Largest(keras.metrics.Metric):
    ...     def __init__(self):
    ...         super().__init__(name="largest")
    ...         self.error = self.add_weight(name="error", initializer="zeros")
    ...     def update_state(self, y_true, y_pred, sample_weight=None):
    ...         self.error.assign(keras.ops.maximum(self.error, keras.ops.max(abs(y_pred - y_true))))
    ...     def result(self):
    ...         return self.error
    >>> Largest()(keras.ops.zeros(2), keras.ops.ones(2)).item()
    1.0
    """

    def __init__(self, dtype=None, name=None):
        self._variables = []
        self.name = name or auto_name(snake_case(type(self).__name__))
        self._dtype = _name_of(dtype)

    @property
    def dtype(self):
        return self._dtype or settings.floatx()

    # its numbers -------------------------------------------------------------------------------

    def add_variable(self, shape, initializer, dtype=None, aggregation="sum", name=None):
        """A number (or array) that is kept from batch to batch; zeros if `initializer` is None."""
        self._check_super_called()
        if isinstance(shape, str):
            raise ValueError(
                f"{type(self).__name__}: {shape!r} is no shape. In Keras 3 the shape comes first: write "
                f"add_weight(name={shape!r}), or add_weight(shape=..., name={shape!r})."
            )
        initializer = initializers.get(initializer if initializer is not None else "zeros")
        with paused():
            variable = Variable(initializer, tuple(shape), dtype or settings.floatx(), trainable=False, name=name)
        variable.path = f"{self.name.replace('/', '>')}/{variable.name}"
        self._variables.append(variable)
        return variable

    def add_weight(self, shape=(), initializer=None, dtype=None, name=None):
        """The same as `add_variable`; a single number unless `shape` is given."""
        return self.add_variable(shape, initializer, dtype, name=name)

    @property
    def variables(self):
        """All numbers kept: its own, then those of metrics inside this one, also in lists and dicts."""
        found = _inside(vars(self).values())
        parts = [*self._variables, *(x for x in found if isinstance(x, Variable))]
        parts += [v for x in found if isinstance(x, Metric) for v in x.variables]
        return list({id(v): v for v in parts}.values())

    def reset_state(self):
        """Forget all batches."""
        with paused():
            for v in self.variables:
                v.assign(np.zeros(v.shape))

    # a batch, and the result -------------------------------------------------------------------

    def update_state(self, *args, **kwargs):
        """Take in one batch."""
        raise NotImplementedError(f"{type(self).__name__} needs a method update_state(self, y_true, y_pred, ...).")

    def result(self):
        """The metric's value over all batches since `reset_state`."""
        raise NotImplementedError(f"{type(self).__name__} needs a method result(self).")

    def __call__(self, *args, **kwargs):
        """Take in one batch, and give the value over all batches so far."""
        self._check_super_called()
        self.update_state(*args, **kwargs)
        return self.result()

    # the same as functions of its numbers, which stay as they were ------------------------------

    def stateless_update_state(self, metric_variables, *args, **kwargs):
        """What `update_state` would make of these numbers, in the order of `variables`."""
        return self._elsewhere(metric_variables, lambda: self.update_state(*args, **kwargs), self._copies)

    def stateless_result(self, metric_variables):
        """What `result` would make of these numbers."""
        return self._elsewhere(metric_variables, lambda: None, lambda: ops.copy(self.result()))

    def stateless_reset_state(self):
        """The numbers to begin with."""
        return [ops.zeros(v.shape, v.dtype) for v in self.variables]

    def _elsewhere(self, values, change, give):
        if len(values) != len(self.variables):
            raise ValueError(
                f"{type(self).__name__}: expected one value for each of its {len(self.variables)} variables; got "
                f"{len(values)}."
            )
        before = self._copies()
        try:
            self._assign(values)
            change()
            return give()
        finally:
            self._assign(before)

    def _copies(self):
        return [ops.copy(v) for v in self.variables]

    def _assign(self, values):
        for v, value in zip(self.variables, values, strict=True):
            v.assign(value)

    # saving ------------------------------------------------------------------------------------

    def get_config(self):
        """The arguments that `from_config` needs to make it again."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config):
        """A metric made from what `get_config` gave."""
        return cls(**config)

    def _check_super_called(self):
        if "_variables" not in vars(self):
            raise RuntimeError(f"{type(self).__name__}: call super().__init__() first in its __init__.")

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}>"


def _inside(values):
    """Variables and metrics among these, and in lists, tuples and dicts among these."""
    found = []
    for value in values:
        if isinstance(value, (Variable, Metric)):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            found += _inside(value)
        elif isinstance(value, dict):
            found += _inside(value.values())
    return found


def _name_of(dtype):
    dtype = getattr(dtype, "compute_dtype", None) or getattr(dtype, "name", dtype)
    return "int32" if dtype == "int" else dtype
