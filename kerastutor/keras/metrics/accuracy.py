"""How often predictions are right. Source: https://keras.io/api/metrics/accuracy_metrics/

Each function gives 1 for what is right and 0 for what is not; its class gives their mean.
"""

from ...backends import K
from .. import config as settings
from .. import ops
from ..autodiff import Tensor, run
from ..losses.matching import as_floats, check_same_shape, squeeze_or_expand_to_same_rank
from ..ops.helpers import flat, rows
from ..ops.indexing import labels
from ..symbolic import takes_placeholders
from .reductions import MeanMetricWrapper


def accuracy(y_true, y_pred):
    """1 where y_true == y_pred, else 0."""
    y_pred = ops.convert_to_tensor(y_pred)
    y_true, y_pred = squeeze_or_expand_to_same_rank(ops.convert_to_tensor(y_true, y_pred.dtype), y_pred)
    check_same_shape("accuracy", y_true, y_pred)
    return ops.cast(ops.equal(y_true, y_pred), settings.floatx())


class Accuracy(MeanMetricWrapper):
    """How often predictions equal targets. For probabilities use BinaryAccuracy or CategoricalAccuracy.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.Accuracy()([1, 2, 3, 4], [0, 2, 3, 4]).item()
    0.75
    """

    _direction = "up"

    def __init__(self, name="accuracy", dtype=None):
        super().__init__(accuracy, name, dtype)


@takes_placeholders
def binary_accuracy(y_true, y_pred, threshold=0.5):
    """1 where y_pred > threshold says what y_true (0 or 1) says, else 0."""
    y_true, y_pred = squeeze_or_expand_to_same_rank(as_floats(y_true), as_floats(y_pred))
    check_same_shape("binary_accuracy", y_true, y_pred)
    out = K.empty(y_pred.shape, y_pred.value.dtype)
    y_true = ops.cast(y_true, y_pred.dtype)
    run(K.binary_accuracy, y_true.value.reshape(-1, 1), y_pred.value.reshape(-1, 1), float(threshold), flat(out))
    return Tensor(out)


class BinaryAccuracy(MeanMetricWrapper):
    """How often predictions above `threshold` belong to targets 1, and others to 0.

    Parameters
    ----------
    threshold : float
        0.5 for probabilities; 0 for logits, which are above 0 where the probability is above 0.5.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.BinaryAccuracy()([[1], [1], [0], [0]], [[0.9], [0.4], [0.2], [0.1]]).item()
    0.75
    """

    _direction = "up"

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


@takes_placeholders
def categorical_accuracy(y_true, y_pred):
    """1 where y_true (one-hot) and y_pred are largest at the same class, else 0: (..., k) -> (...)."""
    y_true, y_pred = as_floats(y_true), as_floats(y_pred)
    check_same_shape("categorical_accuracy", y_true, y_pred, "For class numbers use sparse_categorical_accuracy.")
    out = K.empty(y_pred.shape[:-1], y_pred.value.dtype)
    run(K.categorical_accuracy, rows(y_true.value), rows(y_pred.value), flat(out))
    return Tensor(out)


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the likeliest class is the right one; one-hot targets.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.CategoricalAccuracy()([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0.0]]).item()
    0.5
    """

    _direction = "up"

    def __init__(self, name="categorical_accuracy", dtype=None):
        super().__init__(categorical_accuracy, name, dtype)


@takes_placeholders
def sparse_categorical_accuracy(y_true, y_pred):
    """1 where y_pred is largest at the class y_true, else 0: (...) or (..., 1), and (..., k) -> (...)."""
    y_true, y_pred = _class_numbers("sparse_categorical_accuracy", y_true, y_pred)
    out = K.empty(y_pred.shape[:-1], y_pred.value.dtype)
    run(K.sparse_accuracy, flat(ops.cast(y_true, "int32").value), rows(y_pred.value), flat(out))
    return Tensor(out[..., 0] if out.ndim > 1 and out.shape[-1] == 1 else out)


def _class_numbers(name, y_true, y_pred):
    y_true, y_pred = ops.convert_to_tensor(y_true), as_floats(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    if y_true.shape != y_pred.shape[:-1]:
        raise ValueError(
            f"{name}: class numbers of shape {y_true.shape} do not fit predictions of shape {y_pred.shape}: expected "
            f"{y_pred.shape[:-1]}. For one-hot targets use {name.replace('sparse_', '')}."
        )
    return y_true, y_pred


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the likeliest class is the right one; class numbers as targets.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.SparseCategoricalAccuracy()([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0.0]]).item()
    0.5
    """

    _direction = "up"

    def __init__(self, name="sparse_categorical_accuracy", dtype=None):
        super().__init__(sparse_categorical_accuracy, name, dtype)


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where the class of y_true (one-hot) is among the k likeliest of y_pred, else 0."""
    y_true, y_pred = as_floats(y_true), as_floats(y_pred)
    check_same_shape(
        "top_k_categorical_accuracy", y_true, y_pred, "For class numbers use sparse_top_k_categorical_accuracy."
    )
    return sparse_top_k_categorical_accuracy(ops.argmax(y_true, axis=-1), y_pred, k)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the right class is among the k likeliest; one-hot targets."""

    _direction = "up"

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5, from_sorted_ids=False):
    """1 where fewer than k classes are likelier than y_true's, else 0: (...) or (..., 1), and (..., classes) -> (...).

    With `from_sorted_ids`, y_pred holds class numbers from the likeliest on: 1 where y_true is among the first k.
    """
    y_true, y_pred = _class_numbers("sparse_top_k_categorical_accuracy", y_true, y_pred)
    if from_sorted_ids:
        hits = ops.any(ops.equal(ops.expand_dims(ops.cast(y_true, y_pred.dtype), -1), y_pred[..., :k]), axis=-1)
    else:
        labels(y_true, y_pred.shape[-1])
        hits = ops.in_top_k(ops.cast(y_true, "int32"), y_pred, k)
    return ops.cast(hits, settings.floatx())


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the right class is among the k likeliest; class numbers as targets.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.SparseTopKCategoricalAccuracy(k=2)([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0.0]]).item()
    1.0
    """

    _direction = "up"
    _unwritten = {"from_sorted_ids": False}

    def __init__(self, k=5, name="sparse_top_k_categorical_accuracy", dtype=None, from_sorted_ids=False):
        super().__init__(
            sparse_top_k_categorical_accuracy, name, dtype, k=k, from_sorted_ids=from_sorted_ids
        )
