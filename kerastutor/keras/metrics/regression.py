"""Losses as metrics, and others for regression. Source: https://keras.io/api/metrics/regression_metrics/"""

import math

from .. import losses, naming, ops
from ..losses.matching import pair
from .base import Metric
from .reductions import Mean, MeanMetricWrapper


class MeanSquaredError(MeanMetricWrapper):
    """Mean of (y_true - y_pred) ** 2."""

    def __init__(self, name="mean_squared_error", dtype=None):
        super().__init__(losses.mean_squared_error, name, dtype)


class RootMeanSquaredError(Mean):
    """Square root of the mean of (y_true - y_pred) ** 2, over all batches: in the targets' own unit.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.RootMeanSquaredError()([[0.0], [0.0]], [[1.0], [7.0]]).item()
    5.0
    """

    _direction = "down"

    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = pair(self.name, ops.stop_gradient(y_true), ops.stop_gradient(y_pred))
        super().update_state(ops.square(y_true - y_pred), sample_weight)

    def result(self):
        return ops.sqrt(super().result())


class MeanAbsoluteError(MeanMetricWrapper):
    """Mean of |y_true - y_pred|."""

    def __init__(self, name="mean_absolute_error", dtype=None):
        super().__init__(losses.mean_absolute_error, name, dtype)


class MeanAbsolutePercentageError(MeanMetricWrapper):
    """100 * mean of |y_true - y_pred| / |y_true|."""

    def __init__(self, name="mean_absolute_percentage_error", dtype=None):
        super().__init__(losses.mean_absolute_percentage_error, name, dtype)


class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """Mean of (log(1 + y_true) - log(1 + y_pred)) ** 2."""

    def __init__(self, name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(losses.mean_squared_logarithmic_error, name, dtype)


class LogCoshError(MeanMetricWrapper):
    """Mean of log(cosh(y_pred - y_true))."""

    def __init__(self, name="logcosh", dtype=None):
        super().__init__(losses.log_cosh, name, dtype)


def cosine_similarity(y_true, y_pred, axis=-1):
    """The cosine of the angle between the two (the loss of this name is minus that)."""
    return -losses.cosine_similarity(y_true, y_pred, axis)


class CosineSimilarity(MeanMetricWrapper):
    """Mean cosine between targets and predictions: 1 same direction, -1 opposite."""

    _direction = "up"
    _unwritten = {"axis": -1}

    def __init__(self, name="cosine_similarity", dtype=None, axis=-1):
        super().__init__(cosine_similarity, name, dtype, axis=axis)


class R2Score(Metric):
    """1 - sum of (y_true - y_pred) ** 2 / sum of (y_true - mean of y_true) ** 2: the share of variance explained.

    1 is perfect, 0 as good as always giving the mean, below 0 worse. Targets and predictions: (batch, outputs).

    Parameters
    ----------
    class_aggregation : {"uniform_average", "variance_weighted_average", None}
        How the scores of several outputs are joined; None gives one each.
    num_regressors : int
        If not 0, the score is adjusted for that many inputs: 1 - (1 - R2) * (n - 1) / (n - p - 1).

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.R2Score()([[1.0], [4.0], [3.0]], [[2.0], [4.0], [4.0]]).numpy().round(4)
    np.float32(0.5714)
    """

    _direction = "up"

    def __init__(self, class_aggregation="uniform_average", num_regressors=0, name="r2_score", dtype=None):
        super().__init__(name=name, dtype=dtype)
        if class_aggregation not in (None, "uniform_average", "variance_weighted_average"):
            raise ValueError(
                "R2Score: `class_aggregation` must be 'uniform_average', 'variance_weighted_average' or None; got "
                f"{class_aggregation!r}."
            )
        if num_regressors < 0:
            raise ValueError(f"R2Score: `num_regressors` must be 0 or greater; got {num_regressors!r}.")
        self.class_aggregation, self.num_regressors = class_aggregation, num_regressors
        self.num_samples = self.add_weight((), dtype="float64", name="num_samples")
        self.sum = None  # and the others, once the number of outputs is known

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = pair(self.name, ops.stop_gradient(y_true), ops.stop_gradient(y_pred))
        if y_pred.ndim != 2:
            raise ValueError(f"R2Score takes targets and predictions of shape (batch, outputs); got {y_pred.shape}.")
        if self.sum is None:
            self._build(y_pred.shape[1])
        weights = ops.convert_to_tensor(1.0 if sample_weight is None else sample_weight, y_pred.dtype)
        weights = ops.expand_dims(weights, 1) if weights.ndim == 1 else weights
        weights = ops.broadcast_to(ops.stop_gradient(weights), y_true.shape)
        weighted = y_true * weights
        self.sum.assign_add(ops.sum(weighted, axis=0))
        self.squared_sum.assign_add(ops.sum(y_true * weighted, axis=0))
        self.total_mse.assign_add(ops.sum(ops.square(y_true - y_pred) * weights, axis=0))
        self.count.assign_add(ops.sum(weights, axis=0))
        self.num_samples.assign_add(float(y_true.size))

    def _build(self, outputs):
        self.squared_sum = self.add_weight((outputs,), dtype="float64", name="squared_sum")
        self.sum = self.add_weight((outputs,), dtype="float64", name="sum")
        self.total_mse = self.add_weight((outputs,), dtype="float64", name="residual")
        self.count = self.add_weight((outputs,), dtype="float64", name="count")

    def result(self):
        if self.sum is None:
            raise ValueError("R2Score: there is no result before the first update_state.")
        total = self.squared_sum - ops.divide_no_nan(ops.square(self.sum), self.count)
        wrong_about_nothing = ops.where(self.total_mse == 0, math.nan, 0.0)  # a constant target: there is no variance
        scores = ops.where(total == 0, wrong_about_nothing, 1.0 - ops.divide_no_nan(self.total_mse, total))
        if self.class_aggregation == "uniform_average":
            scores = ops.mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            whole = ops.sum(total)
            scores = ops.where(whole == 0, math.nan, ops.divide_no_nan(ops.sum(total * scores), whole))
        return ops.cast(self._adjusted(scores), self.dtype)

    def _adjusted(self, scores):
        p = self.num_regressors
        if not p:
            return scores
        n = self.num_samples.numpy().item()
        if p < n - 1:
            return 1.0 - (1.0 - scores) * ((n - 1) / (n - p - 1))
        naming.warn(
            f"R2Score: {p} regressors need more than {p + 1} samples for the adjusted score; there are {n:.0f}. "
            "This is the plain score."
        )
        return scores

    def get_config(self):
        own = {"class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors}
        return super().get_config() | own
