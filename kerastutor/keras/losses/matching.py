"""Targets beside predictions: one dtype and one shape, or a message that says how they would fit.

Shapes that NumPy would broadcast, as (n, 1) beside (n, 5), are refused: what comes out of them is no loss.
"""

import numpy as np

from .. import config as settings
from .. import ops


def pair(name, y_true, y_pred):
    """Both as tensors of floats of one shape. A single number is the target of every prediction.

    Parameters
    ----------
    name : str
        The loss or metric that asks, for the message.

    Raises
    ------
    ValueError
        If the shapes are not the same, but for a last axis of size 1.
    """
    y_pred = as_floats(y_pred)
    if not y_pred.ndim:
        raise ValueError(f"{name}: predictions must have an axis at least, as shape (n,) or (n, k); got one number.")
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    if not y_true.ndim:
        return ops.broadcast_to(y_true, y_pred.shape), y_pred
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    check_same_shape(name, y_true, y_pred)
    return y_true, y_pred


def as_floats(x):
    """`x` as a tensor of floats."""
    x = ops.convert_to_tensor(x)
    return x if np.dtype(x.dtype).kind == "f" else ops.cast(x, settings.floatx())


def squeeze_or_expand_to_same_rank(x1, x2, expand_rank_1=True):
    """(n,) and (n, 1) as (n, 1) both; (..., k) and (..., k, 1) as (..., k) both; others as they are."""
    if x1.ndim == x2.ndim + 1 and x1.shape[-1] == 1:
        return (x1, ops.expand_dims(x2, -1)) if x2.ndim == 1 and expand_rank_1 else (ops.squeeze(x1, -1), x2)
    if x2.ndim == x1.ndim + 1 and x2.shape[-1] == 1:
        return (ops.expand_dims(x1, -1), x2) if x1.ndim == 1 and expand_rank_1 else (x1, ops.squeeze(x2, -1))
    return x1, x2


def check_same_shape(name, y_true, y_pred, hint=None):
    """Refuse targets and predictions that are not of one shape."""
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"{name}: targets of shape {y_true.shape} do not fit predictions of shape {y_pred.shape}: they must be the "
            f"same. {hint or _likely_fix(y_true.shape, y_pred.shape)}"
        )


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


def check_weights(weights, values, name):
    """Refuse weights that do not belong to these values one by one, or one for several of them."""
    one_each = weights.ndim == 1 < values.ndim and weights.shape[0] == values.shape[0] > 1
    fits = weights.ndim <= values.ndim and all(
        w in (1, n) for w, n in zip(reversed(weights.shape), reversed(values.shape))
    )
    if values.ndim and (one_each or not fits):
        columns = (1,) * (values.ndim - 1)
        hint = (
            f" To give each sample one weight, make their shape {(values.shape[0], *columns)}." if one_each else
            f" Give one weight a sample, shape {(values.shape[0], *columns)}."
        )
        raise ValueError(
            f"{name}: sample_weight of shape {weights.shape} does not fit values of shape {values.shape}.{hint}"
        )
