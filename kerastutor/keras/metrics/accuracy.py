"""How often predictions are right. Source: https://keras.io/api/metrics/accuracy_metrics/"""

from ...backends import K
from .. import config as settings
from .. import ops
from ..autodiff import Tensor, run
from ..losses.loss import squeeze_or_expand_to_same_rank
from ..ops.helpers import flat, floats, rows
from ..ops.shapes import labels
from .base import MeanMetricWrapper


def _same_shape(metric, y_true, y_pred):
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"Metric {metric!r}: targets of shape {y_true.shape} do not fit predictions of shape {y_pred.shape}: they "
            "must be the same."
        )


def accuracy(y_true, y_pred):
    """1 where y_true == y_pred, else 0."""
    y_pred = ops.convert_to_tensor(y_pred)
    y_true, y_pred = squeeze_or_expand_to_same_rank(ops.convert_to_tensor(y_true, y_pred.dtype), y_pred)
    _same_shape("accuracy", y_true, y_pred)
    return ops.cast(ops.equal(y_true, y_pred), settings.floatx())


def binary_accuracy(y_true, y_pred, threshold=0.5):
    """1 where y_pred > threshold says what y_true (0 or 1) says, else 0."""
    y_true, y_pred = squeeze_or_expand_to_same_rank(floats(y_true), floats(y_pred))
    _same_shape("binary_accuracy", y_true, y_pred)
    out = K.empty(y_pred.shape, y_pred.value.dtype)
    run(K.binary_accuracy, y_true.value.reshape(-1, 1), y_pred.value.reshape(-1, 1), float(threshold), flat(out))
    return Tensor(out)


def categorical_accuracy(y_true, y_pred):
    """1 where y_true (one-hot) and y_pred are largest at the same class, else 0: (..., k) -> (...)."""
    y_true, y_pred = floats(y_true), floats(y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"Metric 'categorical_accuracy': targets of shape {y_true.shape} do not fit predictions of shape "
            f"{y_pred.shape}: they must be the same. For class numbers use sparse_categorical_accuracy."
        )
    out = K.empty(y_pred.shape[:-1], y_pred.value.dtype)
    run(K.categorical_accuracy, rows(y_true.value), rows(y_pred.value), flat(out))
    return Tensor(out)


def sparse_categorical_accuracy(y_true, y_pred):
    """1 where y_pred is largest at the class y_true, else 0: (...) or (..., 1), and (..., k) -> (...)."""
    y_true, y_pred = _class_numbers("sparse_categorical_accuracy", y_true, y_pred)
    out = K.empty(y_pred.shape[:-1], y_pred.value.dtype)
    run(K.sparse_accuracy, flat(ops.cast(y_true, "int32").value), rows(y_pred.value), flat(out))
    return Tensor(ops.squeeze(Tensor(out), -1).value if out.ndim > 1 and out.shape[-1] == 1 else out)


def _class_numbers(metric, y_true, y_pred):
    y_true, y_pred = ops.convert_to_tensor(y_true), floats(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    if y_true.shape != y_pred.shape[:-1]:
        raise ValueError(
            f"Metric {metric!r}: class numbers of shape {y_true.shape} do not fit predictions of shape {y_pred.shape}: "
            f"expected {y_pred.shape[:-1]}. For one-hot targets use {metric.replace('sparse_', '')}."
        )
    return y_true, y_pred


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where the class of y_true (one-hot) is among the k likeliest of y_pred, else 0."""
    return sparse_top_k_categorical_accuracy(ops.argmax(y_true, axis=-1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5, from_sorted_ids=False):
    """1 where fewer than k classes are likelier than y_true's, else 0."""
    if from_sorted_ids:
        raise NotImplementedError("sparse_top_k_categorical_accuracy: from_sorted_ids is not offered in this version.")
    y_true, y_pred = _class_numbers("sparse_top_k_categorical_accuracy", y_true, y_pred)
    classes = y_pred.shape[-1]
    labels(y_true, classes)
    right = ops.where(ops.one_hot(y_true, classes) > 0, y_pred, 0.0)
    likelier = y_pred > ops.sum(right, axis=-1, keepdims=True)
    return ops.cast(ops.sum(ops.cast(likelier, "int32"), axis=-1) < k, settings.floatx())


class Accuracy(MeanMetricWrapper):
    """How often predictions equal targets. For probabilities use BinaryAccuracy or CategoricalAccuracy."""

    def __init__(self, name="accuracy", dtype=None):
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often predictions above `threshold` belong to targets 1, and others to 0.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.BinaryAccuracy()([[1], [1], [0], [0]], [[0.9], [0.4], [0.2], [0.1]]).item()
    0.75
    """

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        if threshold is None or not 0 < threshold < 1:
            raise ValueError(f"BinaryAccuracy: `threshold` must be between 0 and 1; got {threshold!r}.")
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the likeliest class is the right one; one-hot targets."""

    def __init__(self, name="categorical_accuracy", dtype=None):
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the likeliest class is the right one; class numbers as targets.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.SparseCategoricalAccuracy()([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0.0]]).item()
    0.5
    """

    def __init__(self, name="sparse_categorical_accuracy", dtype=None):
        super().__init__(sparse_categorical_accuracy, name, dtype)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the right class is among the k likeliest; one-hot targets."""

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the right class is among the k likeliest; class numbers as targets."""

    def __init__(self, k=5, name="sparse_top_k_categorical_accuracy", dtype=None, from_sorted_ids=False):
        extra = {"from_sorted_ids": True} if from_sorted_ids else {}
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, k=k, **extra)
