"""What every metric is: numbers kept from batch to batch, and a result. Source: https://keras.io/api/metrics/

`update_state` computes with ops and changes variables in place, so that it can be recorded and replayed.
"""

import math

import numpy as np

from ...backends import K
from .. import config as settings
from .. import initializers, ops
from ..autodiff import Tensor, Variable, paused, run
from ..losses.loss import apply_mask, squeeze_or_expand_to_same_rank
from ..naming import auto_name, snake_case


class Metric:
    """A metric: `update_state` for each batch, then `result`; `reset_state` before the next epoch.

    Make its numbers with `add_weight`, and compute with `keras.ops`.

    Parameters
    ----------
    dtype : str, optional
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
        object.__setattr__(self, "_variables", [])
        object.__setattr__(self, "_metrics", [])
        self.name = name or auto_name(snake_case(type(self).__name__))
        self._dtype = dtype

    def __setattr__(self, name, value):
        if isinstance(value, (Variable, Metric)) and "_variables" not in self.__dict__:
            raise RuntimeError(
                f"{type(self).__name__}: call super().__init__() first in __init__, before setting self.{name}."
            )
        if isinstance(value, Variable) and not any(value is v for v in self._variables):
            self._variables.append(value)
        if isinstance(value, Metric):
            self._metrics.append(value)
        object.__setattr__(self, name, value)

    @property
    def dtype(self):
        return self._dtype or settings.floatx()

    def add_variable(self, shape, initializer=None, dtype=None, aggregation="sum", name=None):
        """A number (or array) that is kept from batch to batch; zeros unless `initializer` says otherwise."""
        initializer = initializers.get(initializer if initializer is not None else "zeros")
        with paused():
            variable = Variable(initializer, tuple(shape), dtype or self.dtype, trainable=False, name=name)
        variable.path = f"{self.name}/{variable.name}"
        self._variables.append(variable)
        return variable

    def add_weight(self, shape=(), initializer=None, dtype=None, name=None):
        """The same as `add_variable`."""
        return self.add_variable(shape, initializer, dtype, name=name)

    @property
    def variables(self):
        """All numbers kept, those of metrics inside this one too."""
        return [*self._variables, *(v for m in self._metrics for v in m.variables)]

    def update_state(self, *args, **kwargs):
        """Take in one batch."""
        raise NotImplementedError(f"{type(self).__name__} needs a method update_state(self, y_true, y_pred, ...).")

    def result(self):
        """The metric's value over all batches since `reset_state`."""
        raise NotImplementedError(f"{type(self).__name__} needs a method result(self).")

    def reset_state(self):
        """Forget all batches."""
        with paused():
            for v in self.variables:
                v.assign(np.zeros(v.shape))

    def __call__(self, *args, **kwargs):
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self):
        """The arguments that `from_config` needs to make it again."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config):
        """A metric made from what `get_config` gave."""
        return cls(**config)

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}>"


class Sum(Metric):
    """The sum of values, times weights. Its total is float64: float32 can't count beyond 2 ** 24, where + 1 is lost."""

    def __init__(self, name="sum", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), dtype="float64", name="total")

    def update_state(self, values, sample_weight=None):
        accumulate(values, sample_weight, ops.sum, self, self.total.value.reshape(1), np.zeros(1))

    def result(self):
        return Tensor(self.total.numpy().astype(self.dtype))


class Mean(Metric):
    """The mean of values: sum of weight * value / sum of weights.

    Examples
    --------
    >>> from kerastutor import keras
    >>> mean = keras.metrics.Mean()
    >>> mean.update_state([1.0, 3.0, 5.0])
    >>> mean.update_state(7.0)
    >>> mean.result().item()
    4.0
    """

    def __init__(self, name="mean", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), dtype="float64", name="total")  # as in Sum
        self.count = self.add_variable((), dtype="float64", name="count")

    def update_state(self, values, sample_weight=None):
        accumulate(values, sample_weight, ops.mean, self, self.total.value.reshape(1), self.count.value.reshape(1))

    def result(self):
        total, count = self.total.numpy(), self.count.numpy()
        return Tensor(np.asarray(total / count if count else 0.0, self.dtype))


class MeanMetricWrapper(Mean):
    """The mean of a function of (y_true, y_pred); more arguments in `kwargs`."""

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        super().__init__(name or getattr(fn, "__name__", None), dtype)
        self._fn, self._fn_kwargs = fn, kwargs

    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = getattr(y_pred, "_keras_mask", None)
        y_pred = ops.stop_gradient(y_pred)
        values = self._fn(ops.stop_gradient(y_true), y_pred, **self._fn_kwargs)
        if sample_weight is not None and mask is not None:
            sample_weight = ops.convert_to_tensor(sample_weight, self.dtype)
        super().update_state(values, apply_mask(sample_weight, mask, self.dtype, "sum"))

    def get_config(self):
        own = {"fn": self._fn} if type(self) is MeanMetricWrapper else {}
        return {**super().get_config(), **own, **self._fn_kwargs}


def accumulate(values, sample_weight, reduce, metric, total, count):
    """total += sum of value * weight, count += sum of weight; one value and one weight a sample.

    All axes but the first are reduced: before weighting where there is one weight a sample, else after it.
    """
    mask = getattr(values, "_keras_mask", None)
    values = ops.stop_gradient(ops.convert_to_tensor(values, metric.dtype))
    if sample_weight is None:
        return _accumulate(_first_axis(values, reduce), _ONE, total, count)
    weights = ops.stop_gradient(ops.convert_to_tensor(sample_weight, metric.dtype))
    weights = apply_mask(weights, mask, metric.dtype, "sum")
    values, weights = squeeze_or_expand_to_same_rank(values, weights)
    if values.ndim > weights.ndim:
        values = reduce(values, axis=tuple(range(weights.ndim, values.ndim)))
    if weights.ndim != values.ndim or any(w not in (1, n) for w, n in zip(weights.shape, values.shape)):
        raise ValueError(
            f"Metric {metric.name!r}: sample_weight of shape {np.shape(sample_weight)} does not fit values of shape "
            f"{values.shape}: give one weight a sample, shape ({values.shape[0] if values.ndim else 1},)."
        )
    if values.ndim < 2:
        return _accumulate(values, weights.value, total, count)
    weights = weights + ops.zeros_like(values)  # broadcast
    unused = np.zeros(1)
    _accumulate(_first_axis(values * weights, reduce), _ONE, total, unused)
    _accumulate(_first_axis(weights, reduce), _ONE, count, unused)


def _accumulate(values, weights, total, count):
    run(K.accumulate, values.value.reshape(-1), weights.reshape(-1), total, count)


_ONE = np.ones(1, np.float32)


def _first_axis(x, reduce):
    if x.ndim < 2:
        return x
    if math.prod(x.shape[1:]) == 1:
        return ops.reshape(x, (x.shape[0],))
    return reduce(x, axis=tuple(range(1, x.ndim)))
