"""What `compile` sets up: a loss and metrics, chosen by the shapes of targets and outputs where names leave it open."""

import collections

import numpy as np

from .. import losses, metrics, ops
from ..autodiff import Tensor


def _kind(y_shape, p_shape):
    """"binary", "sparse" or "categorical": what 'accuracy' and 'crossentropy' mean for these shapes."""
    if p_shape[-1] == 1:
        return "binary"
    if len(y_shape) < len(p_shape) or (y_shape[-1] == 1 and p_shape[-1] > 1):
        return "sparse"
    return "categorical"


class CompiledLoss:
    """The loss of one output.

    Parameters
    ----------
    loss : str, function or Loss
    """

    def __init__(self, loss):
        self.identifier, self.loss = loss, None
        if loss is not None and str(loss).lower() not in ("crossentropy", "ce"):
            self.loss = self._wrapped(losses.get(loss))

    def _wrapped(self, loss):
        if isinstance(loss, losses.Loss):
            return loss
        name = self.identifier if isinstance(self.identifier, str) else getattr(loss, "__name__", "loss")
        return losses.LossFunctionWrapper(loss, name=name)

    def build(self, y_shape, p_shape):
        """Choose the loss that "crossentropy" means for these shapes."""
        if self.loss is None and self.identifier is not None:
            chosen = {
                "binary": losses.binary_crossentropy,
                "sparse": losses.sparse_categorical_crossentropy,
                "categorical": losses.categorical_crossentropy,
            }[_kind(y_shape, p_shape)]
            self.loss = self._wrapped(chosen)

    def __call__(self, y, y_pred, sample_weight=None):
        if self.loss is None:
            return None
        return self.loss(y, y_pred, sample_weight)

    def check_targets(self, y, p_shape):
        """Refuse class numbers that the output has no place for, and targets of a cross-entropy outside 0..1."""
        function = getattr(self.loss, "fn", None)
        name = getattr(function, "__name__", type(self.loss).__name__)
        if name in ("sparse_categorical_crossentropy",):
            self._check_classes(y, p_shape[-1])
        elif name in ("binary_crossentropy", "categorical_crossentropy"):
            low, high = float(y.min()), float(y.max())
            if low < 0 or high > 1:
                hint = (
                    " Class numbers go with sparse_categorical_crossentropy, or through keras.utils.to_categorical(y)."
                    if high > 1 and p_shape[-1] > 1 else " Labels -1 and 1: use (y + 1) / 2, or a hinge loss."
                    if low < 0 else " Scale them to 0..1, or use 'mse' for numbers."
                )
                raise ValueError(
                    f"Loss {name!r}: targets must be within 0..1; `y` goes from {low:g} to {high:g}.{hint}"
                )

    def _check_classes(self, y, classes):
        bad = (y < 0) | (y >= classes)
        ignored = getattr(self.loss, "_fn_kwargs", {}).get("ignore_class")
        if ignored is not None:
            bad &= y != ignored
        if y.dtype.kind == "f":
            bad |= y != np.round(y)
        if bad.any():
            place = np.argwhere(bad)[0].tolist()
            raise ValueError(
                f"Loss {self.loss.name!r}: y[{', '.join(map(str, place))}] = {y[tuple(place)]} is not a class number "
                f"that the output has a place for: it has {classes} classes, 0..{classes - 1}, and `y` goes from "
                f"{y.min()} to {y.max()}. Give the last layer {int(np.floor(y.max())) + 1} units, or number the "
                "labels from 0."
            )


class CompiledMetrics:
    """The metrics of one output: `metrics` see every sample alike, `weighted` the sample weights."""

    def __init__(self, plain, weighted):
        for name, given in (("metrics", plain), ("weighted_metrics", weighted)):
            if given and not isinstance(given, (list, tuple)):
                raise ValueError(f"`{name}` must be a list, as {name}=['accuracy']; got {given!r}.")
        self.identifiers = [(m, False) for m in plain or ()] + [(m, True) for m in weighted or ()]
        for m, _ in self.identifiers:
            if str(m).lower() not in ("accuracy", "acc"):
                metrics.get(m)  # an unknown name is refused now
        self.metrics, self.built = [], False
        self._weighted = []

    def build(self, y_shape, p_shape):
        """Make the metrics that the names mean for these shapes."""
        for identifier, weighted in self.identifiers:
            self.metrics.append(self._make(identifier, y_shape, p_shape))
            self._weighted.append(weighted)
        self._rename_doubles()
        self.built = True

    def _rename_doubles(self):
        """A name used twice: `weighted_` in front where that tells them apart, else a number behind."""
        seen = collections.Counter()
        for m, weighted in zip(self.metrics, self._weighted, strict=True):
            name = f"weighted_{m.name}" if weighted and seen[m.name] else m.name
            seen[name] += 1
            m.name = name if seen[name] == 1 else f"{name}_{seen[name] - 1}"

    def _make(self, identifier, y_shape, p_shape):
        if str(identifier).lower() in ("accuracy", "acc"):
            chosen = {
                "binary": metrics.BinaryAccuracy,
                "sparse": metrics.SparseCategoricalAccuracy,
                "categorical": metrics.CategoricalAccuracy,
            }[_kind(y_shape, p_shape)]
            return chosen(name=identifier)
        metric = metrics.get(identifier)
        if not isinstance(metric, metrics.Metric):
            metric = metrics.MeanMetricWrapper(metric, name=getattr(metric, "__name__", "metric"))
        if isinstance(identifier, str):
            metric.name = identifier
        return metric

    def update_state(self, y, y_pred, sample_weight=None):
        """Count this batch in."""
        y_pred = ops.stop_gradient(y_pred) if isinstance(y_pred, Tensor) else y_pred
        for m, weighted in zip(self.metrics, self._weighted, strict=True):
            m.update_state(y, y_pred, sample_weight if weighted else None)
