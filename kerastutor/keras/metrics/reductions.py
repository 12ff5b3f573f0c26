"""Sums and means over all batches: what most metrics are made of. Source: https://keras.io/api/metrics/reduction_metrics/"""

import math

import numpy as np

from ...backends import K
from .. import config as settings
from .. import losses, ops
from ..autodiff import run
from ..losses.loss import apply_mask, written
from ..losses.matching import check_weights, squeeze_or_expand_to_same_rank
from ..saving.deserialization import deserialize_keras_object
from ..saving.serialization import serialize_keras_object
from .base import Metric


class Sum(Metric):
    """The sum of values, times weights. Its total is float64: float32 can't count beyond 2 ** 24, where + 1 is lost.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.Sum()([1.0, 3.0, 5.0], sample_weight=[1, 1, 0]).item()
    4.0
    """

    def __init__(self, name="sum", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_weight((), dtype="float64", name="total")

    def update_state(self, values, sample_weight=None):
        accumulate(self, ops.sum, values, sample_weight, self.total.value, np.zeros(()))

    def result(self):
        return ops.cast(self.total, self.dtype)


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
        self.total = self.add_weight((), dtype="float64", name="total")  # as in Sum
        self.count = self.add_weight((), dtype="float64", name="count")

    def update_state(self, values, sample_weight=None):
        accumulate(self, ops.mean, values, sample_weight, self.total.value, self.count.value)

    def result(self):
        return ops.cast(ops.divide_no_nan(self.total, self.count), self.dtype)


class MeanMetricWrapper(Mean):
    """The mean of a function of (y_true, y_pred); the function's other arguments in `kwargs`.

    Examples
    --------
    >>> from kerastutor import keras
    >>> far = lambda y_true, y_pred, limit: keras.ops.cast(abs(y_true - y_pred) > limit, "float32")
    >>> share = keras.metrics.MeanMetricWrapper(far, name="far", limit=0.5)
    >>> share(keras.ops.array([1.0, 2.0]), keras.ops.array([1.2, 4.0])).item()
    0.5
    """

    _unwritten = {}  # as in LossFunctionWrapper

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        super().__init__(name, dtype)
        self._fn, self._fn_kwargs = fn, kwargs
        vars(self).update(kwargs)  # metric.threshold, metric.k, ...
        if not hasattr(self, "_direction") and (fn in vars(losses).values() or isinstance(fn, losses.Loss)):
            self._direction = "down"  # what callbacks take for better

    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = getattr(y_pred, "_keras_mask", None)
        values = self._fn(ops.stop_gradient(y_true), ops.stop_gradient(y_pred), **self._fn_kwargs)
        if sample_weight is not None and mask is not None:
            sample_weight = ops.convert_to_tensor(sample_weight, settings.floatx())
        super().update_state(values, apply_mask(sample_weight, mask, settings.floatx(), "sum"))

    def get_config(self):
        own = {"fn": serialize_keras_object(self._fn)} if type(self) is MeanMetricWrapper else {}
        return super().get_config() | own | written(self._fn_kwargs, self._unwritten)

    @classmethod
    def from_config(cls, config):
        """A metric made from what `get_config` gave."""
        return cls(**deserialize_keras_object(config) if "fn" in config else config)


# one value and one weight a sample -------------------------------------------------------------

_ONE = np.ones(1, np.float32)


def accumulate(metric, reduce, values, sample_weight, total, count):
    """total += sum of value * weight, count += sum of weight; one value and one weight a sample.

    All axes but the first are reduced, by a sum or a mean: before weighting where there is one weight a sample, else
    after it.
    """
    mask = getattr(values, "_keras_mask", None)
    values = _floats(values)
    if sample_weight is None:
        return _add(_first_axis(values, reduce), _ONE, total, count)
    weights = apply_mask(_floats(sample_weight), mask, values.dtype, "sum")
    values, weights = squeeze_or_expand_to_same_rank(values, weights)
    if values.ndim > weights.ndim:
        values = reduce(values, axis=tuple(range(weights.ndim, values.ndim)))
    check_weights(weights, values, f"Metric {metric.name!r}")
    if values.ndim < 2:
        return _add(values, weights.value, total, count)
    weights = ops.broadcast_to(weights, values.shape)
    unused = np.zeros(())
    _add(_first_axis(values * weights, reduce), _ONE, total, unused)
    _add(_first_axis(weights, reduce), _ONE, count, unused)


def _floats(x):
    """`x` as a constant in what kernels compute in; the metric's dtype is that of its result."""
    x = ops.stop_gradient(ops.convert_to_tensor(x))
    return x if x.dtype in ("float32", "float64") else ops.cast(x, settings.floatx())


def _add(values, weights, total, count):
    run(K.accumulate, values.value.reshape(-1), weights.reshape(-1), total.reshape(1), count.reshape(1))


def _first_axis(x, reduce):
    if x.ndim < 2:
        return x
    if math.prod(x.shape[1:]) == 1:
        return ops.reshape(x, (x.shape[0],))
    return reduce(x, axis=tuple(range(1, x.ndim)))
