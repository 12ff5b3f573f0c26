"""Losses of a margin: a prediction is right only if it is far enough on the right side.

Targets are -1 and 1; where they are 0 and 1, they are taken for these. Source: https://keras.io/api/losses/hinge_losses/
"""

from .. import ops
from .loss import LossFunctionWrapper
from .matching import pair


def _signs(y):
    """Labels 0 and 1 as -1 and 1, if there are no others."""
    return ops.where(ops.all(ops.logical_or(y == 0, y == 1)), 2.0 * y - 1.0, y)


def hinge(y_true, y_pred):
    """mean of max(1 - y p, 0); labels -1 and 1, or 0 and 1."""
    y, p = pair("hinge", y_true, y_pred)
    return ops.mean(ops.maximum(1.0 - _signs(y) * p, 0.0), axis=-1)


class Hinge(LossFunctionWrapper):
    """Mean of max(1 - y p, 0): no loss from a margin of 1 on, as in a support vector machine.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.Hinge()([[-1.0], [1.0]], [[-2.0], [0.5]]).item()
    0.25
    """

    def __init__(self, reduction="sum_over_batch_size", name="hinge", dtype=None):
        super().__init__(hinge, reduction, name, dtype)


def squared_hinge(y_true, y_pred):
    """mean of max(1 - y p, 0) ** 2; labels -1 and 1, or 0 and 1."""
    y, p = pair("squared_hinge", y_true, y_pred)
    return ops.mean(ops.square(ops.maximum(1.0 - _signs(y) * p, 0.0)), axis=-1)


class SquaredHinge(LossFunctionWrapper):
    """Mean of max(1 - y p, 0) ** 2: a hinge without a corner."""

    def __init__(self, reduction="sum_over_batch_size", name="squared_hinge", dtype=None):
        super().__init__(squared_hinge, reduction, name, dtype)


def categorical_hinge(y_true, y_pred):
    """max(1 + the largest p of a wrong class - p of the right one, 0); y is one-hot."""
    y, p = pair("categorical_hinge", y_true, y_pred)
    right, wrong = ops.sum(y * p, axis=-1), ops.max((1.0 - y) * p, axis=-1)
    return ops.maximum(wrong - right + 1.0, 0.0)


class CategoricalHinge(LossFunctionWrapper):
    """max(1 + the largest wrong prediction - the right one, 0), one-hot targets."""

    def __init__(self, reduction="sum_over_batch_size", name="categorical_hinge", dtype=None):
        super().__init__(categorical_hinge, reduction, name, dtype)
