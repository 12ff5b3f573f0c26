"""What training makes small. Source: https://keras.io/api/losses/"""

from .. import identifiers
from .classes import (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    CategoricalFocalCrossentropy,
    CategoricalHinge,
    CosineSimilarity,
    Hinge,
    Huber,
    KLDivergence,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Poisson,
    SparseCategoricalCrossentropy,
    SquaredHinge,
)
from .functions import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_hinge,
    cosine_similarity,
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
from .loss import Loss, LossFunctionWrapper

_CLASSES = (
    BinaryCrossentropy, BinaryFocalCrossentropy, CategoricalCrossentropy, CategoricalFocalCrossentropy,
    CategoricalHinge, CosineSimilarity, Hinge, Huber, KLDivergence, LogCosh, LossFunctionWrapper, MeanAbsoluteError,
    MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Poisson, SparseCategoricalCrossentropy,
    SquaredHinge,
)
_FUNCTIONS = (
    binary_crossentropy, binary_focal_crossentropy, categorical_crossentropy, categorical_focal_crossentropy,
    categorical_hinge, cosine_similarity, hinge, huber, kl_divergence, log_cosh, mean_absolute_error,
    mean_absolute_percentage_error, mean_squared_error, mean_squared_logarithmic_error, poisson,
    sparse_categorical_crossentropy, squared_hinge,
)
_ALIASES = {
    "bce": binary_crossentropy, "kld": kl_divergence, "mae": mean_absolute_error, "mse": mean_squared_error,
    "mape": mean_absolute_percentage_error, "msle": mean_squared_logarithmic_error,
}
_ALL = {
    **{o.__name__: o for o in (*_CLASSES, *_FUNCTIONS)}, **_ALIASES, **{n.upper(): o for n, o in _ALIASES.items()},
}


def get(identifier):
    """The loss that a name, configuration, class, object, function or None stands for.

    Raises
    ------
    ValueError
        If there is no loss of that name.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.get("mse").__name__
    'mean_squared_error'
    """
    return identifiers.get(identifier, _ALL, "loss")


def serialize(loss):
    """The configuration of a loss, as Keras writes it."""
    return identifiers.serialize(loss, "keras.losses")


def deserialize(name, custom_objects=None):
    """The loss of a configuration or a name."""
    return identifiers.deserialize(name, _ALL, "loss", custom_objects)


__all__ = ["Loss", "deserialize", "get", "serialize", *(o.__name__ for o in (*_CLASSES, *_FUNCTIONS))]
