"""Precision and recall in one number. Source: https://keras.io/api/metrics/classification_metrics/"""

from .. import config as settings
from .. import ops
from ..losses.matching import check_same_shape
from .base import Metric


class FBetaScore(Metric):
    """(1 + b2) * precision * recall / (b2 * precision + recall), b2 = beta ** 2: recall counts beta times as much.

    Targets are one-hot, or 0 and 1 in each column: (batch, classes), like the predictions.

    Parameters
    ----------
    average : {None, "micro", "macro", "weighted"}
        None: a score for each class. "macro": their mean; "weighted": each class as often as it occurs; "micro": one
        score, from the counts of all classes together.
    beta : float
    threshold : float, optional
        Predictions above it are positive. Unless given, the largest of each row is.

    Raises
    ------
    ValueError
        If targets or predictions have not two axes.

    Examples
    --------
    >>> from kerastutor import keras
    >>> y_true, y_pred = [[1, 1, 1], [1, 0, 0], [1, 1, 0]], [[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0.0]]
    >>> keras.metrics.FBetaScore(beta=2.0, threshold=0.5)(y_true, y_pred).numpy().round(4)
    array([0.3846, 0.9091, 0.8333], dtype=float32)
    """

    _direction = "up"

    def __init__(self, average=None, beta=1.0, threshold=None, name="fbeta_score", dtype=None):
        super().__init__(name=name, dtype=dtype)
        if average not in (None, "micro", "macro", "weighted"):
            raise ValueError(
                f"{type(self).__name__}: `average` must be None, 'micro', 'macro' or 'weighted'; got {average!r}."
            )
        if not isinstance(beta, float) or beta <= 0:
            raise ValueError(f"{type(self).__name__}: `beta` must be a float above 0, as 2.0; got {beta!r}.")
        if threshold is not None and not (isinstance(threshold, float) and 0 < threshold <= 1):
            raise ValueError(
                f"{type(self).__name__}: `threshold` must be a float above 0 and up to 1, or None; got {threshold!r}."
            )
        self.average, self.beta, self.threshold = average, beta, threshold
        self.axis = None if average == "micro" else 0
        self.built = False

    def _build(self, classes):
        shape = () if self.average == "micro" else (classes,)
        for what in ("true_positives", "false_positives", "false_negatives", "intermediate_weights"):
            setattr(self, what, self.add_weight(shape, dtype="float64", name=what))
        self.built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        y, p = (ops.stop_gradient(ops.convert_to_tensor(x, settings.floatx())) for x in (y_true, y_pred))
        if y.ndim != 2 or p.ndim != 2:
            raise ValueError(
                f"Metric {self.name!r}: expected targets and predictions of shape (batch, classes); got {y.shape} and "
                f"{p.shape}. For class numbers give keras.utils.to_categorical(y); for one column y.reshape(-1, 1)."
            )
        check_same_shape(f"Metric {self.name!r}", y, p)
        if not self.built:
            self._build(p.shape[1])
        called = ops.cast(self._called(p), p.dtype)
        if sample_weight is None:
            positive, negative = y, 1.0 - y
        else:
            w = self._weights(sample_weight, p)
            positive, negative = y * w, (1.0 - y) * w
        self.true_positives.assign_add(ops.sum(called * positive, axis=self.axis))
        self.false_positives.assign_add(ops.sum(called * negative, axis=self.axis))
        self.false_negatives.assign_add(ops.sum((1.0 - called) * positive, axis=self.axis))
        self.intermediate_weights.assign_add(ops.sum(positive, axis=self.axis))

    def _called(self, p):
        if self.threshold is not None:
            return p > self.threshold
        return ops.logical_and(p >= ops.max(p, axis=-1, keepdims=True), ops.absolute(p) > 1e-9)

    def _weights(self, sample_weight, p):
        w = ops.stop_gradient(ops.convert_to_tensor(sample_weight, p.dtype))
        if w.size != p.shape[0]:
            raise ValueError(
                f"Metric {self.name!r}: sample_weight of shape {w.shape} does not fit {p.shape[0]} samples: give one "
                f"weight a sample, shape ({p.shape[0]},)."
            )
        return ops.reshape(w, (-1, 1))

    def result(self):
        if not self.built:
            raise ValueError(f"Metric {self.name!r}: there is no result before the first update_state.")
        e, b2 = settings.epsilon(), self.beta**2
        precision = self.true_positives / (self.true_positives + self.false_positives + e)
        recall = self.true_positives / (self.true_positives + self.false_negatives + e)
        score = (1 + b2) * (precision * recall / (b2 * precision + recall + e))
        if self.average == "weighted":
            score = ops.sum(score * self.intermediate_weights / (ops.sum(self.intermediate_weights) + e))
        elif self.average is not None:
            score = ops.mean(score)
        return ops.cast(score, self.dtype)

    def get_config(self):
        return super().get_config() | {"average": self.average, "beta": self.beta, "threshold": self.threshold}


class F1Score(FBetaScore):
    """2 * precision * recall / (precision + recall): high only if both are. Parameters as in FBetaScore.

    Examples
    --------
    >>> from kerastutor import keras
    >>> y_true, y_pred = [[0, 1], [0, 1], [1, 0]], [[0.2, 0.8], [0.6, 0.4], [0.9, 0.1]]
    >>> keras.metrics.F1Score(average="macro")(y_true, y_pred).numpy().round(4)
    np.float32(0.6667)
    """

    def __init__(self, average=None, threshold=None, name="f1_score", dtype=None):
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self):
        config = super().get_config()
        del config["beta"]
        return config
