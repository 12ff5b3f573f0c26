"""What is measured while training. Source: https://keras.io/api/metrics/"""

from .. import identifiers
from ..losses import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_hinge,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from .accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from .base import Mean, MeanMetricWrapper, Metric, Sum
from .confusion import FalseNegatives, FalsePositives, Precision, Recall, TrueNegatives, TruePositives
from .probabilities import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalHinge,
    Hinge,
    KLDivergence,
    Poisson,
    SparseCategoricalCrossentropy,
    SquaredHinge,
)
from .regression import (
    CosineSimilarity,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    R2Score,
    RootMeanSquaredError,
)

_CLASSES = (
    Accuracy, BinaryAccuracy, BinaryCrossentropy, CategoricalAccuracy, CategoricalCrossentropy, CategoricalHinge,
    CosineSimilarity, FalseNegatives, FalsePositives, Hinge, KLDivergence, LogCoshError, Mean, MeanAbsoluteError,
    MeanAbsolutePercentageError, MeanMetricWrapper, MeanSquaredError, MeanSquaredLogarithmicError, Poisson, Precision,
    R2Score, Recall, RootMeanSquaredError, SparseCategoricalAccuracy, SparseCategoricalCrossentropy,
    SparseTopKCategoricalAccuracy, SquaredHinge, Sum, TopKCategoricalAccuracy, TrueNegatives, TruePositives,
)
_FUNCTIONS = (
    binary_accuracy, binary_crossentropy, binary_focal_crossentropy, categorical_accuracy, categorical_crossentropy,
    categorical_focal_crossentropy, categorical_hinge, hinge, huber, kl_divergence, log_cosh, mean_absolute_error,
    mean_absolute_percentage_error, mean_squared_error, mean_squared_logarithmic_error, poisson,
    sparse_categorical_accuracy, sparse_categorical_crossentropy, sparse_top_k_categorical_accuracy, squared_hinge,
    top_k_categorical_accuracy,
)
_ALIASES = {
    "bce": BinaryCrossentropy, "mse": MeanSquaredError, "mae": MeanAbsoluteError, "mape": MeanAbsolutePercentageError,
    "msle": MeanSquaredLogarithmicError,
}
_ALL = identifiers.table(*_CLASSES, **_ALIASES, **{n.upper(): o for n, o in _ALIASES.items()})


def get(identifier):
    """The metric that a name, configuration, class, object, function or None stands for.

    Raises
    ------
    ValueError
        If there is no metric of that name.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.metrics.get("mae")
    <MeanAbsoluteError name=mean_absolute_error>
    """
    return identifiers.get(identifier, _ALL, "metric")


def serialize(metric):
    """The configuration of a metric, as Keras writes it."""
    return identifiers.serialize(metric, "keras.metrics")


def deserialize(config, custom_objects=None):
    """The metric of a configuration or a name."""
    return identifiers.deserialize(config, _ALL, "metric", custom_objects)


__all__ = ["Metric", "deserialize", "get", "serialize", *(o.__name__ for o in (*_CLASSES, *_FUNCTIONS))]
