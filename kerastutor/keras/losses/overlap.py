"""Losses for areas of images: how much of two of them is common to both. Source: https://keras.io/api/losses/"""

from .. import config as settings
from .. import ops
from .loss import LossFunctionWrapper
from .matching import pair


def dice(y_true, y_pred, axis=None):
    """1 - 2 * sum of y p / (sum of y + sum of p), over `axis` (everything if None)."""
    y, p = pair("dice", y_true, y_pred)
    common = ops.sum(y * p, axis=axis)
    return 1.0 - 2.0 * common / (ops.sum(y, axis=axis) + ops.sum(p, axis=axis) + settings.epsilon())


class Dice(LossFunctionWrapper):
    """1 - twice the common area / both areas together; 0 where masks are the same (Milletari et al., 2016).

    Parameters
    ----------
    axis : int or tuple of int, optional
        The axes of one mask, as (1, 2, 3) for images: one loss a sample. Unless given, the batch is one mask.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.Dice()([[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]).numpy().round(4)
    np.float32(0.3333)
    """

    def __init__(self, reduction="sum_over_batch_size", name="dice", axis=None, dtype=None):
        super().__init__(dice, reduction, name, dtype, axis=axis)


def tversky(y_true, y_pred, alpha=0.5, beta=0.5, axis=None):
    """1 - tp / (tp + alpha * sum of y (1 - p) + beta * sum of (1 - y) p), with tp = sum of y p, over `axis`."""
    y, p = pair("tversky", y_true, y_pred)
    common = ops.sum(y * p, axis=axis)
    missed, false = ops.sum(y * (1.0 - p), axis=axis), ops.sum((1.0 - y) * p, axis=axis)
    return 1.0 - common / (common + alpha * missed + beta * false + settings.epsilon())


class Tversky(LossFunctionWrapper):
    """Dice with a weight `alpha` for what is missed and `beta` for what is too much (Salehi et al., 2017).

    alpha = beta = 0.5 is Dice. `axis` as in Dice.
    """

    def __init__(
        self, alpha=0.5, beta=0.5, reduction="sum_over_batch_size", name="tversky", axis=None, dtype=None
    ):
        super().__init__(tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=axis)
