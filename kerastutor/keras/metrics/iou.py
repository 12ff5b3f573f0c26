"""How well areas of images are found, class by class. Source: https://keras.io/api/metrics/segmentation_metrics/"""


import numpy as np

from ...backends import K
from .. import config as settings
from .. import naming, ops
from ..autodiff import run
from .base import Metric


class IoU(Metric):
    """Intersection over union: pixels both of a class and called so / pixels either of the two. Mean over classes.

    All pixels are counted in a table, targets by predictions. Those whose class is outside 0..num_classes-1 are left
    out.

    Parameters
    ----------
    num_classes : int
    target_class_ids : list of int
        The classes that the mean is over; those that never occur are left out.
    ignore_class : int, optional
        Pixels whose target this is do not count.
    sparse_y_true, sparse_y_pred : bool
        Whether these are class numbers; else the class is where `axis` is largest.
    axis : int
        Where one-hot targets and probabilities have their classes.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.IoU(num_classes=2, target_class_ids=[0])([0, 0, 1, 1], [0, 1, 0, 1]).numpy().round(4)
    np.float32(0.3333)
    """

    _direction = "up"

    def __init__(
        self, num_classes, target_class_ids, name=None, dtype=None, ignore_class=None, sparse_y_true=True,
        sparse_y_pred=True, axis=-1,
    ):
        super().__init__(name=name, dtype=dtype or "int")
        self.num_classes, self.target_class_ids = num_classes, list(target_class_ids)
        if any(not 0 <= i < num_classes for i in self.target_class_ids):
            raise ValueError(
                f"{type(self).__name__}: target_class_ids {self.target_class_ids} must be within 0..{num_classes - 1}, "
                f"as there are num_classes={num_classes}."
            )
        self.ignore_class, self.sparse_y_true, self.sparse_y_pred = ignore_class, sparse_y_true, sparse_y_pred
        self.axis = axis
        self._whole = np.dtype(self.dtype).kind in "iu"
        self.total_cm = self.add_weight(  # 64 bits: pixels are many
            (num_classes, num_classes), dtype="int64" if self._whole else "float64", name="total_confusion_matrix"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = _classes(y_true, self.sparse_y_true, self.axis)
        p = _classes(y_pred, self.sparse_y_pred, self.axis)
        if y.size != p.size:
            raise ValueError(
                f"Metric {self.name!r}: {y.size} targets (shape {np.shape(y_true)}) do not fit {p.size} predictions "
                f"(shape {np.shape(y_pred)}): there must be one class number for each pixel in both, unless "
                "sparse_y_true=False or sparse_y_pred=False says that they are one-hot."
            )
        if self.ignore_class is not None:
            y = ops.where(ops.equal(y, self.ignore_class), -1, y)
        w = self._weights(sample_weight, y.size)
        run(K.count_pairs, *(ops.reshape(x, (-1,)).value for x in (y, p, w)), self.total_cm.value)

    def _weights(self, sample_weight, n):
        w = ops.convert_to_tensor(1 if sample_weight is None else sample_weight)
        if self._whole and np.dtype(w.dtype).kind == "f":
            naming.warn(
                f"Metric {self.name!r} counts in whole numbers, so weights such as 0.5 become 0: give it "
                "dtype='float32'."
            )
        if w.size not in (1, n):
            raise ValueError(
                f"Metric {self.name!r}: sample_weight of shape {w.shape} does not fit {n} pixels: one weight for each."
            )
        return ops.stop_gradient(ops.cast(w, self.total_cm.dtype))

    def result(self):
        table = ops.cast(self.total_cm, "float64")
        both = ops.take(ops.diagonal(table), self.target_class_ids)
        either = ops.take(ops.sum(table, axis=0) + ops.sum(table, axis=1), self.target_class_ids) - both
        occurring = ops.cast(either > 1e-9, either.dtype)
        shares = both / (either + settings.epsilon())
        return ops.cast(ops.sum(shares) / (ops.sum(occurring) + settings.epsilon()), settings.floatx())

    def get_config(self):
        own = {name: getattr(self, name) for name in (
            "num_classes", "target_class_ids", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis"
        )}
        return super().get_config() | own

    def _config_without(self, *names):
        return {name: value for name, value in IoU.get_config(self).items() if name not in names}


def _classes(y, sparse, axis):
    y = ops.stop_gradient(ops.convert_to_tensor(y))
    return ops.cast(y, "int32") if sparse else ops.argmax(y, axis=axis)


class BinaryIoU(IoU):
    """IoU of yes-or-no pixels: predictions from `threshold` on are of class 1.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.BinaryIoU(threshold=0.3)([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7]).numpy().round(4)
    np.float32(0.3333)
    """

    def __init__(self, target_class_ids=(0, 1), threshold=0.5, name=None, dtype=None):
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true, y_pred, sample_weight=None):
        p = ops.convert_to_tensor(y_pred, settings.floatx())
        super().update_state(y_true, ops.cast(p >= self.threshold, "int32"), sample_weight)

    def get_config(self):
        return Metric.get_config(self) | {"target_class_ids": self.target_class_ids, "threshold": self.threshold}


class MeanIoU(IoU):
    """IoU, the mean of all classes.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.MeanIoU(num_classes=2)([0, 0, 1, 1], [0, 1, 0, 1]).numpy().round(4)
    np.float32(0.3333)
    """

    def __init__(
        self, num_classes, name=None, dtype=None, ignore_class=None, sparse_y_true=True, sparse_y_pred=True, axis=-1
    ):
        super().__init__(
            num_classes, range(num_classes), name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis
        )

    def get_config(self):
        return self._config_without("target_class_ids")


class OneHotIoU(IoU):
    """IoU of one-hot targets; predictions are probabilities unless `sparse_y_pred`."""

    def __init__(
        self, num_classes, target_class_ids, name=None, dtype=None, ignore_class=None, sparse_y_pred=False, axis=-1
    ):
        super().__init__(num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self):
        return self._config_without("sparse_y_true")


class OneHotMeanIoU(MeanIoU):
    """MeanIoU of one-hot targets; predictions are probabilities unless `sparse_y_pred`."""

    def __init__(self, num_classes, name=None, dtype=None, ignore_class=None, sparse_y_pred=False, axis=-1):
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self):
        return self._config_without("target_class_ids", "sparse_y_true")
