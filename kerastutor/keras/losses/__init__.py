"""What training makes small. Source: https://keras.io/api/losses/

    loss.py             what every loss is: a number a sample, weights, masks, the mean
    regression.py       for numbers
    probabilities.py    for probabilities: the crossentropies
    margins.py          for a margin: hinges
    overlap.py          for areas of images: Dice, Tversky
    embeddings.py       for embeddings: circle
    sequences.py        for texts without a place for each letter: CTC
    matching.py         targets beside predictions: shapes
"""

from .. import identifiers
from .embeddings import Circle, circle
from .loss import Loss, LossFunctionWrapper
from .margins import CategoricalHinge, Hinge, SquaredHinge, categorical_hinge, hinge, squared_hinge
from .overlap import Dice, Tversky, dice, tversky
from .probabilities import (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    CategoricalFocalCrossentropy,
    CategoricalGeneralizedCrossEntropy,
    KLDivergence,
    Poisson,
    SparseCategoricalCrossentropy,
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_generalized_cross_entropy,
    kl_divergence,
    poisson,
    sparse_categorical_crossentropy,
)
from .regression import (
    CosineSimilarity,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    cosine_similarity,
    huber,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
from .sequences import CTC, ctc

_CLASSES = (
    CTC, BinaryCrossentropy, BinaryFocalCrossentropy, CategoricalCrossentropy, CategoricalFocalCrossentropy,
    CategoricalGeneralizedCrossEntropy, CategoricalHinge, Circle, CosineSimilarity, Dice, Hinge, Huber, KLDivergence,
    LogCosh, Loss, LossFunctionWrapper, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError,
    MeanSquaredLogarithmicError, Poisson, SparseCategoricalCrossentropy, SquaredHinge, Tversky,
)
_FUNCTIONS = (
    binary_crossentropy, binary_focal_crossentropy, categorical_crossentropy, categorical_focal_crossentropy,
    categorical_generalized_cross_entropy, categorical_hinge, circle, cosine_similarity, ctc, dice, hinge, huber,
    kl_divergence, log_cosh, mean_absolute_error, mean_absolute_percentage_error, mean_squared_error,
    mean_squared_logarithmic_error, poisson, sparse_categorical_crossentropy, squared_hinge, tversky,
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
    >>> keras.losses.get({"class_name": "Huber", "config": {"delta": 2.0}}).delta
    2.0
    """
    return identifiers.get(identifier, _ALL, "loss")


def serialize(loss):
    """The configuration of a loss, as Keras writes it."""
    return identifiers.serialize(loss, "keras.losses")


def deserialize(name, custom_objects=None):
    """The loss of a configuration or a name."""
    return identifiers.deserialize(name, _ALL, "loss", custom_objects)


__all__ = ["deserialize", "get", "serialize", *(o.__name__ for o in (*_CLASSES, *_FUNCTIONS))]
