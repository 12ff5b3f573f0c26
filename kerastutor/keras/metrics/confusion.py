"""Counts of hits and misses, and what is made of them. Source: https://keras.io/api/metrics/classification_metrics/"""

import numpy as np

from .. import config as settings
from .. import ops
from ..autodiff import Tensor
from ..losses.loss import squeeze_or_expand_to_same_rank
from .base import Metric


class _Confusion(Metric):
    """Counts true and false positives and negatives for each threshold, as named in `counted`."""

    counted = ()

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        if top_k is not None:
            raise NotImplementedError(f"{type(self).__name__}: top_k is not offered in this version.")
        self.init_thresholds, self.top_k, self.class_id = thresholds, top_k, class_id
        given = 0.5 if thresholds is None else thresholds
        self.thresholds = list(given) if isinstance(given, (list, tuple, np.ndarray)) else [given]
        if any(t is None or not 0 <= t <= 1 for t in self.thresholds):
            raise ValueError(f"{type(self).__name__}: thresholds must be within 0..1; got {thresholds!r}.")
        for what in self.counted:  # float64, which counts beyond 2 ** 24
            setattr(self, what, self.add_variable((len(self.thresholds),), dtype="float64", name=what))

    def update_state(self, y_true, y_pred, sample_weight=None):
        y, p, w = self._flattened(y_true, y_pred, sample_weight)
        positive = ops.cast(p > np.asarray(self.thresholds, p.dtype).reshape(-1, 1), p.dtype)
        parts = {"true_positives": (y, positive), "false_positives": (1.0 - y, positive),
                 "true_negatives": (1.0 - y, 1.0 - positive), "false_negatives": (y, 1.0 - positive)}
        for what in self.counted:
            label, predicted = parts[what]
            getattr(self, what).assign_add(ops.sum(predicted * (label * w), axis=1))

    def _flattened(self, y_true, y_pred, sample_weight):
        """Labels 0 or 1, predictions and weights as rows of one: each of shape (1, n)."""
        p = ops.stop_gradient(ops.convert_to_tensor(y_pred, settings.floatx()))
        y = ops.stop_gradient(ops.convert_to_tensor(y_true, settings.floatx()))
        p, y = squeeze_or_expand_to_same_rank(p, y)
        if p.shape != y.shape:
            raise ValueError(
                f"Metric {self.name!r}: targets of shape {y.shape} do not fit predictions of shape {p.shape}: they "
                "must be the same. For class numbers give keras.utils.to_categorical(y)."
            )
        if sample_weight is not None:
            w = ops.expand_dims(ops.stop_gradient(ops.convert_to_tensor(sample_weight, settings.floatx())), -1)
            w = squeeze_or_expand_to_same_rank(y, w, expand_rank_1=False)[1]
        if self.class_id is not None:
            if p.ndim < 2 or not -p.shape[-1] <= self.class_id < p.shape[-1]:
                raise ValueError(f"Metric {self.name!r}: class_id={self.class_id} is no column of shape {p.shape}.")
            y, p = y[..., self.class_id, None], p[..., self.class_id, None]
        w = ops.ones_like(p) if sample_weight is None else w + ops.zeros_like(p)  # broadcast
        y = ops.cast(ops.not_equal(y, 0), p.dtype)
        return tuple(ops.reshape(x, (1, -1)) for x in (y, p, w))

    def result(self):
        counts = [getattr(self, what).numpy() for what in self.counted]
        total = sum(counts)
        share = counts[0] if len(counts) == 1 else counts[0] / np.where(total == 0, 1, total)
        return Tensor(np.asarray(share[0] if len(self.thresholds) == 1 else share, self.dtype))

    def get_config(self):
        return {
            **super().get_config(), "thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id,
        }


class Precision(_Confusion):
    """True positives / all that were predicted positive: how many of the alarms were right.

    Parameters
    ----------
    thresholds : float or list of float, optional
        Predictions above it are positive; 0.5 unless given. A list gives one result each.
    class_id : int, optional
        Only this column of targets and predictions counts.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.Precision()([0, 1, 1, 1], [1, 0, 1, 1]).numpy().round(4)
    np.float32(0.6667)
    """

    counted = "true_positives", "false_positives"


class Recall(_Confusion):
    """True positives / all that are positive: how many of the cases were found. Parameters as in Precision.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.Recall()([0, 1, 1, 1], [1, 0, 1, 1]).numpy().round(4)
    np.float32(0.6667)
    """

    counted = "true_positives", "false_negatives"


class _Count(_Confusion):
    """One of the four counts."""

    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__(thresholds, name=name, dtype=dtype)
        self.accumulator = getattr(self, *self.counted)

    def get_config(self):
        return {**Metric.get_config(self), "thresholds": self.init_thresholds}


class TruePositives(_Count):
    """How many positives were predicted positive."""

    counted = ("true_positives",)


class FalsePositives(_Count):
    """How many negatives were predicted positive."""

    counted = ("false_positives",)


class TrueNegatives(_Count):
    """How many negatives were predicted negative."""

    counted = ("true_negatives",)


class FalseNegatives(_Count):
    """How many positives were predicted negative."""

    counted = ("false_negatives",)
