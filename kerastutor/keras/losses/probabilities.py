"""Losses for probabilities: how surprised a model is by the truth, -log of what it gave to it.

    binary crossentropy         one yes or no: sigmoid, targets 0 and 1
    categorical crossentropy    one of k classes: softmax, one-hot targets
    sparse categorical          the same, class numbers as targets

`from_logits=True` takes what stands before the sigmoid or softmax, and applies it: the same loss, with fewer roundings.
Otherwise probabilities are kept within epsilon..1-epsilon. Source: https://keras.io/api/losses/probabilistic_losses/
"""

from .. import config as settings
from .. import ops
from ..ops.losses import mean_binary_crossentropy
from .loss import LossFunctionWrapper
from .matching import as_floats, check_same_shape, pair


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """mean of -y log p - (1 - y) log(1 - p).

    Shapes: (..., k), (..., k) -> (...).

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.binary_crossentropy([[1.0], [0.0]], [[0.9], [0.9]]).numpy().round(4)
    array([0.1054, 2.3026], dtype=float32)
    """
    y_true, y_pred = pair("binary_crossentropy", y_true, y_pred)
    y_true = _towards_a_half(y_true, label_smoothing)
    if from_logits or axis not in (-1, y_pred.ndim - 1):
        return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits), axis=axis)
    return mean_binary_crossentropy(y_true, y_pred)


def _towards_a_half(y_true, label_smoothing):
    return y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing if label_smoothing else y_true


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
            binary_crossentropy, reduction, name, dtype,
            from_logits=from_logits, label_smoothing=share(label_smoothing), axis=axis,
        )


def binary_focal_crossentropy(
    y_true, y_pred, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    """mean of (1 - p_t) ** gamma * binary crossentropy, p_t the probability given to the truth (Lin et al., 2017)."""
    y, p = pair("binary_focal_crossentropy", y_true, y_pred)
    y = _towards_a_half(y, label_smoothing)
    p = ops.sigmoid(p) if from_logits else p
    losses = (1.0 - (y * p + (1.0 - y) * (1.0 - p))) ** float(gamma) * ops.binary_crossentropy(y, p)
    if apply_class_balancing:
        losses = (y * alpha + (1.0 - y) * (1.0 - alpha)) * losses
    return ops.mean(losses, axis=axis)


class BinaryFocalCrossentropy(LossFunctionWrapper):
    """Binary crossentropy times (1 - p_t) ** gamma: what is right already counts little (Lin et al., 2017).

    Parameters
    ----------
    apply_class_balancing : bool
        Whether targets 1 count `alpha` times and targets 0 1 - `alpha` times.
    gamma : float
        0 leaves binary crossentropy; the larger, the less easy samples count.

    Source: https://arxiv.org/abs/1708.02002
    """

    def __init__(
        self, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1,
        reduction="sum_over_batch_size", name="binary_focal_crossentropy", dtype=None,
    ):
        super().__init__(
            binary_focal_crossentropy, reduction, name, dtype, apply_class_balancing=apply_class_balancing,
            alpha=alpha, gamma=gamma, from_logits=from_logits, label_smoothing=share(label_smoothing), axis=axis,
        )


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """-sum of y log p over the classes; y is one-hot.

    Shapes: (..., k), (..., k) -> (...).

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.categorical_crossentropy([[0, 1, 0]], [[0.05, 0.95, 0.0]]).numpy().round(4)
    array([0.0513], dtype=float32)
    """
    y_true, y_pred = _classes("categorical_crossentropy", y_true, y_pred, label_smoothing, axis)
    return ops.categorical_crossentropy(y_true, y_pred, from_logits, axis)


def _classes(name, y_true, y_pred, label_smoothing, axis):
    """One-hot targets and predictions of two classes or more."""
    if isinstance(axis, bool):
        raise ValueError(f"{name}: `axis` must be the number of an axis; got {axis!r}.")
    y_pred = as_floats(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    if y_pred.ndim and y_pred.shape[-1] == 1:
        raise ValueError(
            f"{name}: predictions of shape {y_pred.shape} have one class only, so there is nothing to learn. "
            "For two classes use binary_crossentropy, for k classes end the model with Dense(k, activation='softmax')."
        )
    hint = None
    if y_true.ndim == y_pred.ndim - 1 or (y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1):
        hint = "For class numbers use sparse_categorical_crossentropy, or keras.utils.to_categorical(y)."
    check_same_shape(name, y_true, y_pred, hint)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / y_true.shape[-1]
    return y_true, y_pred


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
            categorical_crossentropy, reduction, name, dtype,
            from_logits=from_logits, label_smoothing=share(label_smoothing), axis=axis,
        )


def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    """-sum of alpha * (1 - p) ** gamma * y log p over the classes (Lin et al., 2017)."""
    y, p = _classes("categorical_focal_crossentropy", y_true, y_pred, label_smoothing, axis)
    p = ops.softmax(p, axis) if from_logits else p
    p = ops.clip(p / ops.sum(p, axis=axis, keepdims=True), settings.epsilon(), 1.0 - settings.epsilon())
    return -ops.sum(alpha * (1.0 - p) ** float(gamma) * y * ops.log(p), axis=axis)


class CategoricalFocalCrossentropy(LossFunctionWrapper):
    """Categorical crossentropy times alpha * (1 - p) ** gamma: what is right already counts little (Lin et al., 2017).

    Source: https://arxiv.org/abs/1708.02002
    """

    def __init__(
        self, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1, reduction="sum_over_batch_size",
        name="categorical_focal_crossentropy", dtype=None,
    ):
        super().__init__(
            categorical_focal_crossentropy, reduction, name, dtype,
            alpha=alpha, gamma=gamma, from_logits=from_logits, label_smoothing=share(label_smoothing), axis=axis,
        )


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    """-log p[y_true]; y_true holds class numbers. Samples of `ignore_class` are left out.

    Shapes: (...) or (..., 1), (..., k) -> (...).
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), as_floats(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[axis] == 1:
        y_true = ops.squeeze(y_true, axis)
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits, axis)
    counted = ops.not_equal(y_true, ignore_class)
    losses = ops.sparse_categorical_crossentropy(ops.where(counted, y_true, 0), y_pred, from_logits, axis)
    losses = ops.where(counted, losses, 0.0)
    losses._keras_mask = counted
    return losses


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """-log p[y_true]: targets are class numbers, predictions one probability a class.

    Parameters
    ----------
    from_logits : bool
        False if the model ends with a softmax.
    ignore_class : int, optional
        Samples of this class don't count: pixels without a label, say.

    Raises
    ------
    ValueError
        If a class number is outside 0..k-1. (Keras makes the loss of such a sample 0.)

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.losses.SparseCategoricalCrossentropy()([1, 2], [[0.05, 0.95, 0.0], [0.1, 0.8, 0.1]]).numpy().round(4)
    np.float32(1.1769)

    Source: https://keras.io/api/losses/probabilistic_losses/
    """

    _unwritten = {"axis": -1}

    def __init__(
        self, from_logits=False, ignore_class=None, reduction="sum_over_batch_size", axis=-1,
        name="sparse_categorical_crossentropy", dtype=None,
    ):
        super().__init__(
            sparse_categorical_crossentropy, reduction, name, dtype,
            from_logits=from_logits, ignore_class=ignore_class, axis=axis,
        )


def categorical_generalized_cross_entropy(y_true, y_pred, q):
    """(1 - p[y_true] ** q) / q; y_true holds class numbers. Nearly -log p for small q, 1 - p for q near 1.

    Shapes: (...) or (..., 1), (..., k) -> (...).
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), as_floats(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    right = ops.sum(y_pred * ops.one_hot(ops.cast(y_true, "int32"), y_pred.shape[-1], dtype=y_pred.dtype), axis=-1)
    return (1.0 - right ** float(q)) / q


class CategoricalGeneralizedCrossEntropy(LossFunctionWrapper):
    """(1 - p[y_true] ** q) / q: less moved by wrong labels than crossentropy (Zhang and Sabuncu, 2018).

    Parameters
    ----------
    q : float
        Between 0 (crossentropy) and 1 (mean absolute error).

    Source: https://arxiv.org/abs/1805.07836
    """

    def __init__(
        self, q=0.5, reduction="sum_over_batch_size", name="categorical_generalized_cross_entropy", dtype=None
    ):
        if not 0 < q < 1:
            raise ValueError(f"CategoricalGeneralizedCrossEntropy: `q` must be between 0 and 1; got {q!r}.")
        super().__init__(categorical_generalized_cross_entropy, reduction, name, dtype, q=q)


def kl_divergence(y_true, y_pred):
    """sum of y log(y / p)."""
    y_true, y_pred = pair("kl_divergence", y_true, y_pred)
    y, p = (ops.clip(x, settings.epsilon(), 1.0) for x in (y_true, y_pred))
    return ops.sum(y * ops.log(y / p), axis=-1)


class KLDivergence(LossFunctionWrapper):
    """Sum of y log(y / p): how far the predictions are from the true distribution.

    Crossentropy minus the entropy of the targets: its gradient to the predictions is the same.
    """

    def __init__(self, reduction="sum_over_batch_size", name="kl_divergence", dtype=None):
        super().__init__(kl_divergence, reduction, name, dtype)


def poisson(y_true, y_pred):
    """mean of p - y log p."""
    y, p = pair("poisson", y_true, y_pred)
    return ops.mean(p - y * ops.log(p + settings.epsilon()), axis=-1)


class Poisson(LossFunctionWrapper):
    """Mean of p - y log p, for counts: predictions are how many events are expected, above 0."""

    def __init__(self, reduction="sum_over_batch_size", name="poisson", dtype=None):
        super().__init__(poisson, reduction, name, dtype)


def share(label_smoothing):
    """`label_smoothing`, if it is one."""
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"`label_smoothing` is a share between 0 and 1, usually 0.1; got {label_smoothing!r}.")
    return label_smoothing
