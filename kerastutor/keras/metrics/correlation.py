"""How targets and predictions rise and fall together. Source: https://keras.io/api/metrics/regression_metrics/

Both are found along `axis`, for each sample by itself (or, with axis=0, over a batch), and their mean is reported.
"""

from .. import config as settings
from .. import ops
from ..losses.matching import pair
from .reductions import MeanMetricWrapper


def pearson_correlation(y_true, y_pred, axis=-1):
    """mean of (y - mean of y) (p - mean of p) / (std of y * std of p): 1 on a rising line, -1 on a falling one."""
    y, p = pair("pearson_correlation", y_true, y_pred)
    y, p = (x - ops.mean(x, axis=axis, keepdims=True) for x in (y, p))
    y, p = (x / ops.sqrt(ops.mean(ops.square(x), axis=axis, keepdims=True)) for x in (y, p))
    return ops.mean(y * p, axis=axis)


class PearsonCorrelation(MeanMetricWrapper):
    """Mean correlation between targets and predictions: 1 on a rising line, whatever its slope, -1 on a falling one.

    Parameters
    ----------
    axis : int
        Along which numbers are compared. 0: over the batch, so the batches must be large.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.PearsonCorrelation()([[0.0, 1.0, 2.0]], [[5.0, 7.0, 9.0]]).numpy().round(4)
    np.float32(1.0)
    """

    _direction = "up"

    def __init__(self, name="pearson_correlation", dtype=None, axis=-1):
        super().__init__(pearson_correlation, name, dtype, axis=axis)


def concordance_correlation(y_true, y_pred, axis=-1):
    """mean of 2 (y - mean of y) (p - mean of p) / (var of y + var of p + (mean of y - mean of p) ** 2)."""
    y, p = pair("concordance_correlation", y_true, y_pred)
    mean_y, mean_p = (ops.mean(x, axis=axis, keepdims=True) for x in (y, p))
    var_y, var_p = (ops.mean(ops.square(x - m), axis=axis, keepdims=True) for x, m in ((y, mean_y), (p, mean_p)))
    scale = var_y + var_p + ops.square(mean_y - mean_p) + settings.epsilon()
    return ops.mean(2.0 * (y - mean_y) * (p - mean_p) / scale, axis=axis)


class ConcordanceCorrelation(MeanMetricWrapper):
    """As PearsonCorrelation, but only the line y_pred = y_true counts as 1: slope and height matter too (Lin, 1989)."""

    _direction = "up"

    def __init__(self, name="concordance_correlation", dtype=None, axis=-1):
        super().__init__(concordance_correlation, name, dtype, axis=axis)
