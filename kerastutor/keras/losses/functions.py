"""Losses as functions of (y_true, y_pred), one number a sample: (batch, ..., k) -> (batch, ...).

Written with ops, so there are no derivatives here. Source: https://keras.io/api/losses/
"""

import math

from .. import config as settings
from .. import ops
from ..ops.losses import mean_binary_crossentropy
from ..utils.numerical import normalize
from .loss import squeeze_or_expand_to_same_rank


def pair(loss, y_true, y_pred):
    """Both as tensors of one dtype and shape, or a ValueError that says how they would fit."""
    y_pred = ops.convert_to_tensor(y_pred)
    y_pred = y_pred if y_pred.value.dtype.kind == "f" else ops.cast(y_pred, settings.floatx())
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"Loss {loss!r}: targets of shape {y_true.shape} do not fit predictions of shape {y_pred.shape}: they must "
            f"be the same. {_likely_fix(y_true.shape, y_pred.shape)}"
        )
    return y_true, y_pred


def _likely_fix(true, pred):
    if true and pred and true[0] != pred[0]:
        return "There must be as many targets as samples: check the lengths of x and y."
    if len(pred) > 1 and pred[-1] > 1 and (len(true) < len(pred) or true[-1] == 1):
        return (
            "The model gives more numbers a sample than there are targets: end it with Dense(1), or, if the targets "
            "are class numbers, use sparse_categorical_crossentropy."
        )
    if len(true) == len(pred):
        return f"End the model with a layer of {true[-1]} units."
    return "Reshape the targets, or add a Flatten or Reshape layer."


# regression ------------------------------------------------------------------------------------


def mean_squared_error(y_true, y_pred):
    """mean of (y_true - y_pred) ** 2."""
    y_true, y_pred = pair("mean_squared_error", y_true, y_pred)
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


def mean_absolute_error(y_true, y_pred):
    """mean of |y_true - y_pred|."""
    y_true, y_pred = pair("mean_absolute_error", y_true, y_pred)
    return ops.mean(ops.absolute(y_true - y_pred), axis=-1)


def mean_absolute_percentage_error(y_true, y_pred):
    """100 * mean of |y_true - y_pred| / |y_true|."""
    y_true, y_pred = pair("mean_absolute_percentage_error", y_true, y_pred)
    size = ops.maximum(ops.absolute(y_true), settings.epsilon())
    return 100.0 * ops.mean(ops.absolute((y_true - y_pred) / size), axis=-1)


def mean_squared_logarithmic_error(y_true, y_pred):
    """mean of (log(1 + y_true) - log(1 + y_pred)) ** 2; numbers below 0 count as 0."""
    y_true, y_pred = pair("mean_squared_logarithmic_error", y_true, y_pred)
    log_true = ops.log(ops.maximum(y_true, settings.epsilon()) + 1.0)
    log_pred = ops.log(ops.maximum(y_pred, settings.epsilon()) + 1.0)
    return ops.mean(ops.square(log_pred - log_true), axis=-1)


def huber(y_true, y_pred, delta=1.0):
    """mean of e ** 2 / 2 where |e| <= delta, else delta * |e| - delta ** 2 / 2, with e = y_true - y_pred."""
    y_true, y_pred = pair("huber", y_true, y_pred)
    error = ops.absolute(y_pred - y_true)
    near = ops.minimum(error, float(delta))
    return ops.mean(0.5 * ops.square(near) + delta * (error - near), axis=-1)


def log_cosh(y_true, y_pred):
    """mean of log(cosh(y_pred - y_true)), which is nearly e ** 2 / 2 for small e and |e| - log 2 for large."""
    y_true, y_pred = pair("log_cosh", y_true, y_pred)
    error = y_pred - y_true
    return ops.mean(error + ops.softplus(error * -2.0) - math.log(2.0), axis=-1)


def cosine_similarity(y_true, y_pred, axis=-1):
    """-cosine of the angle between the two: -1 same direction, 0 at right angles, 1 opposite."""
    y_true, y_pred = pair("cosine_similarity", y_true, y_pred)
    return -ops.sum(normalize(y_true, axis) * normalize(y_pred, axis), axis=axis)


# probabilities ---------------------------------------------------------------------------------


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """mean of -y log p - (1 - y) log(1 - p)."""
    y_true, y_pred = pair("binary_crossentropy", y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    if from_logits or axis not in (-1, y_pred.ndim - 1):
        return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits), axis=axis)
    return mean_binary_crossentropy(y_true, y_pred)


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """-sum of y log p over the classes; y is one-hot."""
    y_true, y_pred = _classes("categorical_crossentropy", y_true, y_pred, label_smoothing)
    return ops.categorical_crossentropy(y_true, y_pred, from_logits, axis)


def _classes(loss, y_true, y_pred, label_smoothing):
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    if y_pred.ndim and y_pred.shape[-1] == 1:
        raise ValueError(
            f"Loss {loss!r}: predictions of shape {y_pred.shape} have one class only, so there is nothing to learn. "
            "For two classes use binary_crossentropy, for k classes end the model with Dense(k, activation='softmax')."
        )
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / y_true.shape[-1]
    return y_true, y_pred


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    """-log p[y_true]; y_true holds class numbers. Samples of `ignore_class` are left out."""
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[axis] == 1:
        y_true = ops.squeeze(y_true, axis)
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits, axis)
    counted = ops.not_equal(y_true, ignore_class)
    losses = ops.sparse_categorical_crossentropy(ops.where(counted, y_true, 0), y_pred, from_logits, axis)
    losses = ops.where(counted, losses, 0.0)
    losses._keras_mask = counted
    return losses


def binary_focal_crossentropy(
    y_true, y_pred, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    """mean of (1 - p_t) ** gamma * binary crossentropy, p_t the probability given to the truth (Lin et al., 2017)."""
    y, p = pair("binary_focal_crossentropy", y_true, y_pred)
    if label_smoothing:
        y = y * (1.0 - label_smoothing) + 0.5 * label_smoothing
    p = ops.sigmoid(p) if from_logits else p
    losses = (1.0 - (y * p + (1.0 - y) * (1.0 - p))) ** float(gamma) * ops.binary_crossentropy(y, p)
    if apply_class_balancing:
        losses = (y * alpha + (1.0 - y) * (1.0 - alpha)) * losses
    return ops.mean(losses, axis=axis)


def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    """-sum of alpha * (1 - p) ** gamma * y log p over the classes (Lin et al., 2017)."""
    y, p = _classes("categorical_focal_crossentropy", y_true, y_pred, label_smoothing)
    y, p = pair("categorical_focal_crossentropy", y, p)
    p = ops.softmax(p, axis) if from_logits else p
    p = _clip(p / ops.sum(p, axis=axis, keepdims=True), 1.0 - settings.epsilon())
    return -ops.sum(alpha * (1.0 - p) ** float(gamma) * y * ops.log(p), axis=axis)


def _clip(p, most=1.0):
    return ops.minimum(ops.maximum(p, settings.epsilon()), most)


def kl_divergence(y_true, y_pred):
    """sum of y log(y / p)."""
    y_true, y_pred = pair("kl_divergence", y_true, y_pred)
    y, p = _clip(y_true), _clip(y_pred)
    return ops.sum(y * ops.log(y / p), axis=-1)


def poisson(y_true, y_pred):
    """mean of p - y log p."""
    y, p = pair("poisson", y_true, y_pred)
    return ops.mean(p - y * ops.log(p + settings.epsilon()), axis=-1)


# margins ---------------------------------------------------------------------------------------


def _signs(y):
    """Labels 0 and 1 as -1 and 1, if there are no others."""
    binary = ops.min(ops.cast(y * (y - 1.0) == 0.0, y.dtype))
    return ops.where(binary > 0, 2.0 * y - 1.0, y)


def hinge(y_true, y_pred):
    """mean of max(1 - y p, 0); labels -1 and 1, or 0 and 1."""
    y, p = pair("hinge", y_true, y_pred)
    return ops.mean(ops.maximum(1.0 - _signs(y) * p, 0.0), axis=-1)


def squared_hinge(y_true, y_pred):
    """mean of max(1 - y p, 0) ** 2; labels -1 and 1, or 0 and 1."""
    y, p = pair("squared_hinge", y_true, y_pred)
    return ops.mean(ops.square(ops.maximum(1.0 - _signs(y) * p, 0.0)), axis=-1)


def categorical_hinge(y_true, y_pred):
    """max(1 + the largest p of a wrong class - p of the right one, 0); y is one-hot."""
    y, p = pair("categorical_hinge", y_true, y_pred)
    right, wrong = ops.sum(y * p, axis=-1), ops.max((1.0 - y) * p, axis=-1)
    return ops.maximum(wrong - right + 1.0, 0.0)
