"""The loss for texts whose letters have no given places in time: speech, handwriting."""

from .. import ops
from .loss import LossFunctionWrapper


def ctc(y_true, y_pred):
    """-log of the probability of each text, summed over all ways to stretch it over the time steps.

    Shapes: letters (n, letters), logits (n, steps, classes) -> (n,). Letters are 1..classes-1; 0 is the blank, and
    fills up the texts that are shorter than others.
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    if y_true.ndim != 2 or y_pred.ndim != 3:
        raise ValueError(
            "ctc: expected targets of shape (n, letters), padded with 0, and logits of shape (n, steps, classes); got "
            f"{y_true.shape} and {y_pred.shape}."
        )
    lengths = ops.sum(ops.cast(y_true != 0, "int32"), axis=-1)
    steps = ops.full(lengths.shape, y_pred.shape[1], dtype="int32")
    return ops.ctc_loss(y_true, y_pred, lengths, steps)


class CTC(LossFunctionWrapper):
    """-log of the probability of a text, summed over all ways to stretch it over the time steps (Graves et al., 2006).

    Predictions are logits, one row of classes for each time step; no softmax before it. See `keras.ops.ctc_loss`.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> text, logits = [[1, 2, 0]], np.zeros((1, 4, 3))  # 3 classes alike: 15 of the 81 ways to go give "1 2"
    >>> loss = keras.losses.CTC()(text, logits)
    >>> keras.ops.exp(-loss).numpy().round(4), np.round(15 / 81, 4)
    (np.float32(0.1852), np.float64(0.1852))
    """

    def __init__(self, reduction="sum_over_batch_size", name="ctc", dtype=None):
        super().__init__(ctc, reduction, name, dtype)
