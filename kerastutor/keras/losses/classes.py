"""Losses as objects, with a reduction and a name. Their formulas are in `functions.py`."""

from . import functions as f
from .loss import LossFunctionWrapper


class MeanSquaredError(LossFunctionWrapper):
    """Mean of (y_true - y_pred) ** 2."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_error", dtype=None):
        super().__init__(f.mean_squared_error, reduction, name, dtype)


class MeanAbsoluteError(LossFunctionWrapper):
    """Mean of |y_true - y_pred|."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_error", dtype=None):
        super().__init__(f.mean_absolute_error, reduction, name, dtype)


class MeanAbsolutePercentageError(LossFunctionWrapper):
    """100 * mean of |y_true - y_pred| / |y_true|."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_percentage_error", dtype=None):
        super().__init__(f.mean_absolute_percentage_error, reduction, name, dtype)


class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """Mean of (log(1 + y_true) - log(1 + y_pred)) ** 2."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(f.mean_squared_logarithmic_error, reduction, name, dtype)


class Huber(LossFunctionWrapper):
    """Squares near 0, straight lines beyond `delta`: less moved by outliers."""

    def __init__(self, delta=1.0, reduction="sum_over_batch_size", name="huber_loss", dtype=None):
        super().__init__(f.huber, reduction, name, dtype, delta=delta)


class LogCosh(LossFunctionWrapper):
    """Mean of log(cosh(y_pred - y_true))."""

    def __init__(self, reduction="sum_over_batch_size", name="log_cosh", dtype=None):
        super().__init__(f.log_cosh, reduction, name, dtype)


class CosineSimilarity(LossFunctionWrapper):
    """Minus the cosine between targets and predictions."""

    def __init__(self, axis=-1, reduction="sum_over_batch_size", name="cosine_similarity", dtype=None):
        super().__init__(f.cosine_similarity, reduction, name, dtype, axis=axis)


class BinaryCrossentropy(LossFunctionWrapper):
    """Mean of -y log p - (1 - y) log(1 - p): two classes, or several yes-or-no answers.

    Parameters
    ----------
    from_logits : bool
        False if the model ends with a sigmoid; True if it gives logits, which the sigmoid is then applied to.
    label_smoothing : float
        Moves the targets by this share towards 0.5.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.BinaryCrossentropy()([[1.0], [0.0]], [[0.9], [0.1]]).numpy().round(4)
    np.float32(0.1054)

    Source: https://keras.io/api/losses/probabilistic_losses/
    """

    def __init__(
        self, from_logits=False, label_smoothing=0.0, axis=-1, reduction="sum_over_batch_size",
        name="binary_crossentropy", dtype=None,
    ):
        super().__init__(
            f.binary_crossentropy, reduction, name, dtype,
            from_logits=from_logits, label_smoothing=_share(label_smoothing), axis=axis,
        )


class BinaryFocalCrossentropy(LossFunctionWrapper):
    """Binary crossentropy that counts easy samples less (Lin et al., 2017)."""

    def __init__(
        self, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1,
        reduction="sum_over_batch_size", name="binary_focal_crossentropy", dtype=None,
    ):
        super().__init__(
            f.binary_focal_crossentropy, reduction, name, dtype, apply_class_balancing=apply_class_balancing,
            alpha=alpha, gamma=gamma, from_logits=from_logits, label_smoothing=_share(label_smoothing), axis=axis,
        )


class CategoricalCrossentropy(LossFunctionWrapper):
    """-sum of y log p over the classes, for one-hot targets; for class numbers use SparseCategoricalCrossentropy.

    Parameters
    ----------
    from_logits : bool
        False if the model ends with a softmax; True if it gives logits, which the softmax is then applied to.
    label_smoothing : float
        This share of each target is spread evenly over the classes.

    Raises
    ------
    ValueError
        If targets and predictions differ in shape, or there is only one class.

    Examples
    --------
    >>> from kerastutor import keras
    >>> loss = keras.losses.CategoricalCrossentropy()
    >>> loss([[0, 1, 0], [0, 0, 1]], [[0.05, 0.95, 0.0], [0.1, 0.8, 0.1]]).numpy().round(4)
    np.float32(1.1769)

    Source: https://keras.io/api/losses/probabilistic_losses/
    """

    def __init__(
        self, from_logits=False, label_smoothing=0.0, axis=-1, reduction="sum_over_batch_size",
        name="categorical_crossentropy", dtype=None,
    ):
        super().__init__(
            f.categorical_crossentropy, reduction, name, dtype,
            from_logits=from_logits, label_smoothing=_share(label_smoothing), axis=axis,
        )


class CategoricalFocalCrossentropy(LossFunctionWrapper):
    """Categorical crossentropy that counts easy samples less (Lin et al., 2017)."""

    def __init__(
        self, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1, reduction="sum_over_batch_size",
        name="categorical_focal_crossentropy", dtype=None,
    ):
        super().__init__(
            f.categorical_focal_crossentropy, reduction, name, dtype,
            alpha=alpha, gamma=gamma, from_logits=from_logits, label_smoothing=_share(label_smoothing), axis=axis,
        )


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """-log p[y_true]: targets are class numbers, predictions one probability a class.

    Parameters
    ----------
    from_logits : bool
        False if the model ends with a softmax.
    ignore_class : int, optional
        Samples of this class don't count.

    Raises
    ------
    ValueError
        If a class number is outside 0..k-1.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.SparseCategoricalCrossentropy()([1, 2], [[0.05, 0.95, 0.0], [0.1, 0.8, 0.1]]).numpy().round(4)
    np.float32(1.1769)

    Source: https://keras.io/api/losses/probabilistic_losses/
    """

    def __init__(
        self, from_logits=False, ignore_class=None, reduction="sum_over_batch_size", axis=-1,
        name="sparse_categorical_crossentropy", dtype=None,
    ):
        super().__init__(
            f.sparse_categorical_crossentropy, reduction, name, dtype,
            from_logits=from_logits, ignore_class=ignore_class, axis=axis,
        )


class KLDivergence(LossFunctionWrapper):
    """Sum of y log(y / p): how far the predictions are from the true distribution."""

    def __init__(self, reduction="sum_over_batch_size", name="kl_divergence", dtype=None):
        super().__init__(f.kl_divergence, reduction, name, dtype)


class Poisson(LossFunctionWrapper):
    """Mean of p - y log p, for counts."""

    def __init__(self, reduction="sum_over_batch_size", name="poisson", dtype=None):
        super().__init__(f.poisson, reduction, name, dtype)


class Hinge(LossFunctionWrapper):
    """Mean of max(1 - y p, 0), labels -1 and 1."""

    def __init__(self, reduction="sum_over_batch_size", name="hinge", dtype=None):
        super().__init__(f.hinge, reduction, name, dtype)


class SquaredHinge(LossFunctionWrapper):
    """Mean of max(1 - y p, 0) ** 2, labels -1 and 1."""

    def __init__(self, reduction="sum_over_batch_size", name="squared_hinge", dtype=None):
        super().__init__(f.squared_hinge, reduction, name, dtype)


class CategoricalHinge(LossFunctionWrapper):
    """max(1 + the largest wrong prediction - the right one, 0), one-hot targets."""

    def __init__(self, reduction="sum_over_batch_size", name="categorical_hinge", dtype=None):
        super().__init__(f.categorical_hinge, reduction, name, dtype)


def _share(label_smoothing):
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"`label_smoothing` is a share between 0 and 1, usually 0.1; got {label_smoothing!r}.")
    return label_smoothing
