"""Trade-offs: what a classifier reaches at one threshold after the other, and the area under that curve.

Source: https://keras.io/api/metrics/classification_metrics/
"""

import numpy as np

from .. import config as settings
from .. import ops
from ..naming import look_up
from .counting import Counting, aligned, even_edges, is_even, one_column, part_of


def recall(counts):
    """Of all that is positive, the share that was called so; also called sensitivity."""
    return part_of(counts.true_positives, counts.false_negatives)


def precision(counts):
    """Of all that was called positive, the share that is so."""
    return part_of(counts.true_positives, counts.false_positives)


def specificity(counts):
    """Of all that is negative, the share that was called so."""
    return part_of(counts.true_negatives, counts.false_positives)


# the best of one thing where another is good enough ---------------------------------------------


class _BestWhere(Counting):
    """The largest of one share over all thresholds at which another one is at least a value."""

    _direction = "up"

    def __init__(self, argument, value, num_thresholds, class_id, name, dtype):
        who = type(self).__name__
        if num_thresholds < 1:
            raise ValueError(f"{who}: `num_thresholds` must be 1 or more; got {num_thresholds!r}.")
        if not 0 <= value <= 1:
            raise ValueError(f"{who}: `{argument}` must be within 0..1; got {value!r}.")
        n = self.num_thresholds = num_thresholds
        self.value, self.class_id, self._argument = value, class_id, argument
        self.thresholds = [0.5] if n == 1 else [i / (n - 1) for i in range(n)]
        super().__init__(self.thresholds, name, dtype)
        if n > 1:
            self._edges = even_edges(n)
        self.add_counts()

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.count(*one_column(*aligned(self, y_true, y_pred, sample_weight, self.class_id)))

    def best(self, wanted, where):
        return ops.cast(ops.max(ops.where(where >= self.value, wanted, 0.0)), self.dtype)

    def get_config(self):
        own = {"num_thresholds": self.num_thresholds, "class_id": self.class_id, self._argument: self.value}
        return super().get_config() | own


class SensitivityAtSpecificity(_BestWhere):
    """The share of positives that can be found while at least `specificity` of the negatives are left alone.

    Parameters
    ----------
    specificity : float
        Within 0..1.
    num_thresholds : int
        How many are tried, evenly spaced from 0 to 1.
    class_id : int, optional
        Only this column of targets and predictions counts.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.SensitivityAtSpecificity(0.5)([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8]).item()
    0.5
    """

    def __init__(self, specificity, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__("specificity", specificity, num_thresholds, class_id, name, dtype)
        self.specificity = specificity

    def result(self):
        return self.best(recall(self), where=specificity(self))


class SpecificityAtSensitivity(_BestWhere):
    """The share of negatives that can be left alone while at least `sensitivity` of the positives are found.

    Parameters as in SensitivityAtSpecificity.
    """

    def __init__(self, sensitivity, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__("sensitivity", sensitivity, num_thresholds, class_id, name, dtype)
        self.sensitivity = sensitivity

    def result(self):
        return self.best(specificity(self), where=recall(self))


class PrecisionAtRecall(_BestWhere):
    """The best precision at which at least `recall` of the positives are found.

    Parameters as in SensitivityAtSpecificity.
    """

    def __init__(self, recall, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__("recall", recall, num_thresholds, class_id, name, dtype)
        self.recall = recall

    def result(self):
        return self.best(precision(self), where=recall(self))


class RecallAtPrecision(_BestWhere):
    """The share of positives that can be found while at least `precision` of the alarms are right.

    Parameters as in SensitivityAtSpecificity.
    """

    def __init__(self, precision, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__("precision", precision, num_thresholds, class_id, name, dtype)
        self.precision = precision

    def result(self):
        return self.best(recall(self), where=precision(self))


# the area under a curve -------------------------------------------------------------------------


class AUC(Counting):
    """The area under the ROC curve: how likely it is that a positive is predicted higher than a negative.

    1 is perfect, 0.5 a coin. The curve goes from threshold to threshold; the area between two of them is their distance
    along x times a height.

    Parameters
    ----------
    num_thresholds : int
        How many, evenly spaced from 0 to 1.
    curve : {"ROC", "PR", "PRGAIN"}
        Recall over the share of false alarms among negatives; precision over recall; both as gains over calling
        everything positive (Flach and Kull, 2015).
    summation_method : {"interpolation", "minoring", "majoring"}
        The height between two points: in the middle, the lower one, the higher one. The PR curve is no straight line
        between two points; its interpolation follows Davis and Goadrich (2006).
    thresholds : list of float, optional
        In place of `num_thresholds`; 0 and 1 are added.
    multi_label : bool
        Whether each column is a question of its own, with an area of its own; their mean is reported.
    num_labels : int, optional
        How many columns; seen at the first batch unless given.
    label_weights : list of float, optional
        What each column counts.
    from_logits : bool
        Whether predictions go through a sigmoid first.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.AUC(num_thresholds=3)([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]).item()
    0.75
    """

    _direction = "up"

    def __init__(
        self, num_thresholds=200, curve="ROC", summation_method="interpolation", name=None, dtype=None,
        thresholds=None, multi_label=False, num_labels=None, label_weights=None, from_logits=False,
    ):
        if thresholds is None and num_thresholds < 2:
            raise ValueError(f"AUC: `num_thresholds` must be 2 or more; got {num_thresholds!r}.")
        if num_labels and not multi_label:
            raise ValueError("AUC: `num_labels` is for multi_label=True only.")
        self.curve, self.summation_method = str(curve).upper(), str(summation_method).lower()
        look_up(self.curve, _CURVES, "`curve` of AUC")
        look_up(self.summation_method, _HEIGHTS, "`summation_method` of AUC")
        self._inner = None if thresholds is None else sorted(thresholds)
        n = self.num_thresholds = num_thresholds if thresholds is None else len(thresholds) + 2
        inner = self._inner or [i / (n - 1) for i in range(1, n - 1)]
        self.thresholds = [-settings.epsilon(), *inner, 1 + settings.epsilon()]  # all pass the first, none the last
        super().__init__(self.thresholds, name, dtype)
        if thresholds is None or is_even([0, *inner, 1]):
            self._edges = even_edges(n, first=-np.inf)
        self.multi_label, self.num_labels, self.label_weights = multi_label, num_labels, label_weights
        self.from_logits, self.built = from_logits, False
        if not multi_label or num_labels:
            self._build(num_labels)

    def _build(self, columns):
        self.add_counts(*([columns] if self.multi_label else []))
        self.built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        p = ops.stop_gradient(ops.convert_to_tensor(y_pred, settings.floatx()))
        if self.multi_label and p.ndim != 2:
            raise ValueError(f"AUC: multi_label=True takes predictions of shape (n, labels); got {p.shape}.")
        if not self.built:
            self._build(p.shape[1])
        y, p, w = aligned(self, y_true, ops.sigmoid(p) if self.from_logits else p, sample_weight)
        if self.multi_label:
            return self.count(y, p, w)
        if self.label_weights is not None:
            w = ops.broadcast_to(w * ops.convert_to_tensor(self.label_weights, w.dtype), p.shape)
        self.count(*one_column(y, p, w))

    def result(self):
        if not self.built:
            raise ValueError("AUC: there is no result before the first update_state, which tells how many labels.")
        if (self.curve, self.summation_method) == ("PR", "interpolation"):
            parts = self._between_points_of_pr()
        else:
            x, y = _CURVES[self.curve](self)
            parts = (x[:-1] - x[1:]) * _HEIGHTS[self.summation_method](y[:-1], y[1:])
        areas = ops.sum(parts, axis=0)
        if self.multi_label and self.label_weights is not None:
            weights = ops.convert_to_tensor(self.label_weights, areas.dtype)
            areas = ops.divide_no_nan(ops.sum(areas * weights), ops.sum(weights))
        return ops.cast(ops.mean(areas), self.dtype)

    def _between_points_of_pr(self):
        """Precision between two points, where true and false positives grow evenly: the integral of a hyperbola."""
        tp, called = self.true_positives, self.true_positives + self.false_positives
        dtp, high, low = tp[:-1] - tp[1:], called[:-1], called[1:]
        slope = ops.divide_no_nan(dtp, high - low)
        ratio = ops.where(low > 0, ops.divide_no_nan(high, low), 1.0)
        area = slope * (dtp + (tp[1:] - slope * low) * ops.log(ratio))
        return ops.divide_no_nan(area, tp[1:] + self.false_negatives[1:])

    def get_config(self):
        own = {
            "num_thresholds": self.num_thresholds, "curve": self.curve, "summation_method": self.summation_method,
            "multi_label": self.multi_label, "num_labels": self.num_labels, "label_weights": self.label_weights,
            "from_logits": self.from_logits, **({} if self._inner is None else {"thresholds": self._inner}),
        }
        return super().get_config() | own


def _roc(counts):
    """Recall over the share of negatives that are called positive."""
    return part_of(counts.false_positives, counts.true_negatives), recall(counts)


def _pr(counts):
    """Precision over recall."""
    return recall(counts), precision(counts)


def _pr_gain(counts):
    """Precision and recall as gains over calling everything positive."""
    tp, fp, fn = counts.true_positives, counts.false_positives, counts.false_negatives
    odds = ops.divide_no_nan(tp + fn, counts.true_negatives + fp)
    recall_gain = ops.where(tp == 0, 0.0, 1.0 - odds * ops.divide_no_nan(fn, tp))
    precision_gain = ops.where(tp == 0, 1.0, 1.0 - odds * ops.divide_no_nan(fp, tp))
    return ops.maximum(recall_gain, 0.0), precision_gain


_CURVES = {"ROC": _roc, "PR": _pr, "PRGAIN": _pr_gain}
_HEIGHTS = {"interpolation": lambda a, b: (a + b) / 2, "minoring": ops.minimum, "majoring": ops.maximum}
