"""What is made of hits and misses: counts, precision, recall.

Source: https://keras.io/api/metrics/classification_metrics/
"""

from .counting import NEVER, Counting, aligned, checked, one_column

# one count -------------------------------------------------------------------------------------


class _Count(Counting):
    """One of the four counts."""

    def __init__(self, thresholds=None, name=None, dtype=None):
        self.init_thresholds = thresholds
        self.thresholds = checked(type(self).__name__, thresholds, 0.5)
        super().__init__(self.thresholds, name, dtype)
        self.accumulator = self.add_weight((len(self.thresholds),), dtype="float64", name="accumulator")
        setattr(self, *self.counted, self.accumulator)

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.count(*one_column(*aligned(self, y_true, y_pred, sample_weight)))

    def get_config(self):
        return {**super().get_config(), "thresholds": self.init_thresholds}


class TruePositives(_Count):
    """How many positives were predicted positive.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.TruePositives()([0, 1, 1, 1], [1, 0, 1, 1]).item()
    2.0
    >>> keras.metrics.TruePositives(thresholds=[0.2, 0.6])([0, 1, 1], [0.9, 0.5, 0.8]).numpy()
    array([2., 1.], dtype=float32)
    """

    counted = ("true_positives",)


class FalsePositives(_Count):
    """How many negatives were predicted positive."""

    counted = ("false_positives",)


class TrueNegatives(_Count):
    """How many negatives were predicted negative."""

    counted = ("true_negatives",)


class FalseNegatives(_Count):
    """How many positives were predicted negative."""

    counted = ("false_negatives",)


# two of them -----------------------------------------------------------------------------------


class _Share(Counting):
    """The first of two counts as a share of both."""

    _direction = "up"

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        self.init_thresholds, self.top_k, self.class_id = thresholds, top_k, class_id
        self.thresholds = checked(type(self).__name__, thresholds, 0.5 if top_k is None else NEVER)
        super().__init__(self.thresholds, name, dtype)
        self.add_counts()

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.count(*one_column(*aligned(self, y_true, y_pred, sample_weight, self.class_id, self.top_k)))

    def get_config(self):
        own = {"thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}
        return super().get_config() | own


class Precision(_Share):
    """True positives / all that were predicted positive: how many of the alarms were right.

    Parameters
    ----------
    thresholds : float or list of float, optional
        Predictions above it are positive; 0.5 unless given. A list gives one result each.
    top_k : int, optional
        Only the k largest predictions of each sample are positive (and only if above a threshold that is given).
    class_id : int, optional
        Only this column of targets and predictions counts.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.Precision()([0, 1, 1, 1], [1, 0, 1, 1]).numpy().round(4)
    np.float32(0.6667)
    """

    counted = ("true_positives", "false_positives")


class Recall(_Share):
    """True positives / all that are positive: how many of the cases were found. Parameters as in Precision.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.Recall()([0, 1, 1, 1], [1, 0, 1, 1]).numpy().round(4)
    np.float32(0.6667)
    """

    counted = ("true_positives", "false_negatives")
