"""Losses for numbers: how far predictions are from targets. Source: https://keras.io/api/losses/regression_losses/

Each function gives one number a sample: (batch, ..., k) -> (batch, ...). Its class gives their mean.
"""

import math

from .. import config as settings
from .. import ops
from ..utils.numerical import normalize
from .loss import LossFunctionWrapper
from .matching import pair


def mean_squared_error(y_true, y_pred):
    """mean of (y_true - y_pred) ** 2.

    Shapes: (..., k), (..., k) -> (...).

    Raises
    ------
    ValueError
        If the shapes differ. (Keras broadcasts, and (n, 5) beside (n, 1) becomes a loss that means nothing.)

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.mean_squared_error([[0.0, 0.0], [1.0, 1.0]], [[1.0, 2.0], [1.0, 1.0]]).numpy()
    array([2.5, 0. ], dtype=float32)
    """
    y_true, y_pred = pair("mean_squared_error", y_true, y_pred)
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


class MeanSquaredError(LossFunctionWrapper):
    """Mean of (y_true - y_pred) ** 2: an error twice as large counts four times.

    Its gradient 2 (y_pred - y_true) / n shrinks with the error. The best constant prediction is the targets' mean.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.MeanSquaredError()([[0.0], [2.0]], [[1.0], [4.0]]).item()
    2.5
    >>> keras.losses.MeanSquaredError()([[0.0], [2.0]], [[1.0], [4.0]], sample_weight=[1.0, 0.0]).item()
    0.5
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_error", dtype=None):
        super().__init__(mean_squared_error, reduction, name, dtype)


def mean_absolute_error(y_true, y_pred):
    """mean of |y_true - y_pred|."""
    y_true, y_pred = pair("mean_absolute_error", y_true, y_pred)
    return ops.mean(ops.absolute(y_true - y_pred), axis=-1)


class MeanAbsoluteError(LossFunctionWrapper):
    """Mean of |y_true - y_pred|: an outlier pulls no harder than any other sample.

    Its gradient is +-1 / n, however small the error. The best constant prediction is the targets' median.
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_error", dtype=None):
        super().__init__(mean_absolute_error, reduction, name, dtype)


def mean_absolute_percentage_error(y_true, y_pred):
    """100 * mean of |y_true - y_pred| / |y_true|."""
    y_true, y_pred = pair("mean_absolute_percentage_error", y_true, y_pred)
    size = ops.maximum(ops.absolute(y_true), settings.epsilon())
    return 100.0 * ops.mean(ops.absolute((y_true - y_pred) / size), axis=-1)


class MeanAbsolutePercentageError(LossFunctionWrapper):
    """100 * mean of |y_true - y_pred| / |y_true|: errors as shares of the target. Huge where a target is near 0."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_percentage_error", dtype=None):
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


def mean_squared_logarithmic_error(y_true, y_pred):
    """mean of (log(1 + y_true) - log(1 + y_pred)) ** 2; numbers below 0 count as 0."""
    y_true, y_pred = pair("mean_squared_logarithmic_error", y_true, y_pred)
    log_true = ops.log(ops.maximum(y_true, settings.epsilon()) + 1.0)
    log_pred = ops.log(ops.maximum(y_pred, settings.epsilon()) + 1.0)
    return ops.mean(ops.square(log_pred - log_true), axis=-1)


class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """Mean of (log(1 + y_true) - log(1 + y_pred)) ** 2: for targets from 0 up, over several orders of magnitude."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


def huber(y_true, y_pred, delta=1.0):
    """mean of e ** 2 / 2 where |e| <= delta, else delta * |e| - delta ** 2 / 2, with e = y_true - y_pred."""
    y_true, y_pred = pair("huber", y_true, y_pred)
    error = ops.absolute(y_pred - y_true)
    near = ops.minimum(error, float(delta))
    return ops.mean(0.5 * ops.square(near) + delta * (error - near), axis=-1)


class Huber(LossFunctionWrapper):
    """Squares near 0, straight lines beyond `delta`: less moved by outliers than squares (Huber, 1964)."""

    _unwritten = {"delta": 1.0}

    def __init__(self, delta=1.0, reduction="sum_over_batch_size", name="huber_loss", dtype=None):
        super().__init__(huber, reduction, name, dtype, delta=delta)


def log_cosh(y_true, y_pred):
    """mean of log(cosh(y_pred - y_true)), which is nearly e ** 2 / 2 for small e and |e| - log 2 for large."""
    y_true, y_pred = pair("log_cosh", y_true, y_pred)
    error = y_pred - y_true
    return ops.mean(error + ops.softplus(error * -2.0) - math.log(2.0), axis=-1)


class LogCosh(LossFunctionWrapper):
    """Mean of log(cosh(y_pred - y_true)): as Huber, without a corner."""

    def __init__(self, reduction="sum_over_batch_size", name="log_cosh", dtype=None):
        super().__init__(log_cosh, reduction, name, dtype)


def cosine_similarity(y_true, y_pred, axis=-1):
    """-cosine of the angle between the two: -1 same direction, 0 at right angles, 1 opposite."""
    y_true, y_pred = pair("cosine_similarity", y_true, y_pred)
    return -ops.sum(normalize(y_true, axis) * normalize(y_pred, axis), axis=axis)


class CosineSimilarity(LossFunctionWrapper):
    """Minus the cosine of the angle between targets and predictions: only their direction counts.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.CosineSimilarity()([[0.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [3.0, 3.0]]).numpy().round(4)
    np.float32(-0.5)
    """

    _unwritten = {"axis": -1}

    def __init__(self, axis=-1, reduction="sum_over_batch_size", name="cosine_similarity", dtype=None):
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
