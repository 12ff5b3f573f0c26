"""What `compile(loss=...)` sets up: a loss for each output, chosen by shapes where a name leaves it open."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import losses, tree
from ..autodiff import Tensor
from ..metrics import Mean
from .outputs import by_output, kind, output_names

_CROSSENTROPIES = {
    "binary": losses.binary_crossentropy,
    "sparse": losses.sparse_categorical_crossentropy,
    "categorical": losses.categorical_crossentropy,
}


@dataclass
class Part:
    """The loss of one output."""

    index: int  # of the output
    loss: Any
    weight: Any
    name: str


class CompiledLoss:
    """The weighted sum of the outputs' losses.

    Parameters
    ----------
    loss : str, function, Loss, or a list or dict of them
    loss_weights : float, or a list or dict, optional
    """

    def __init__(self, loss, loss_weights=None):
        if loss_weights is not None and not isinstance(loss_weights, (list, tuple, dict, float, int)):
            raise ValueError(f"`loss_weights` must be numbers in a list or a dict by output; got {loss_weights!r}.")
        self.identifier, self.weights = loss, loss_weights
        for one in tree.flatten(loss):
            if one is not None and not _by_shape(one):
                losses.get(one)  # an unknown name is refused now
        self.parts, self.built = [], False
        self.metrics = []  # of several outputs, the mean of each loss

    @property
    def losses(self):
        return [part.loss for part in self.parts] or [o for o in tree.flatten(self.identifier) if callable(o)]

    @property
    def given(self):
        """Whether there is any loss to compare targets with."""
        return any(one is not None for one in tree.flatten(self.identifier))

    def build(self, y, y_pred, declared):
        """Choose the losses; y and y_pred hold things with shapes, `declared` the outputs' names."""
        self.names = output_names(y_pred, declared)
        n = len(self.names)
        if not tree.is_nested(self.identifier):
            identifiers = [self.identifier] * n
            weights = [self.weights] * n if not tree.is_nested(self.weights) else self._weights_by_output()
        elif n == 1 and isinstance(self.identifier, (list, tuple)) and len(self.identifier) > 1:
            self._several_of_one(y, y_pred)
            return
        else:
            identifiers = by_output(self.identifier, self.names, "`loss`")
            weights = self._weights_by_output()
            if isinstance(self.identifier, dict) and isinstance(y_pred, (list, tuple)) and len(self.identifier) < n:
                missing = [name for name in self.names if name not in self.identifier]
                raise ValueError(f"`loss` has no entry for output {missing[0]!r}: None means no loss.")
        self._wanted = [i for i, one in enumerate(identifiers) if one is not None]
        targets, shapes = self._targets(y), [p.shape for p in tree.flatten(y_pred)]
        self.parts = [
            Part(i, _made(identifiers[i], targets[i], shapes[i]), weights[i], self.names[i]) for i in self._wanted
        ]
        for part in self.parts:
            part.name = part.name or part.loss.name
        order = self.identifier if isinstance(self.identifier, dict) else y_pred
        if isinstance(order, dict) and isinstance(y_pred, dict):
            self.parts.sort(key=lambda part: list(order).index(part.name))  # as they were written
        self._track_each()

    def _several_of_one(self, y, y_pred):
        (y,), (p,) = tree.flatten(y), tree.flatten(y_pred)
        weights = by_output(self.weights, self.identifier, "`loss_weights`") if self.weights else [None] * 99
        self._wanted = [0]
        self.parts = [
            Part(0, _made(one, y, p.shape), w, self.names[0]) for one, w in zip(self.identifier, weights)
            if one is not None
        ]
        self._track_each()

    def _weights_by_output(self):
        if self.weights is None:
            return [None] * len(self.names)
        return by_output(self.weights, self.names, "`loss_weights`")

    def _track_each(self):
        if len(self.parts) > 1:
            self.metrics = [Mean(name=f"{part.name}_loss") for part in self.parts]
        self.built = True

    def _targets(self, y):
        """The target of each output; outputs without a loss need none."""
        leaves = tree.flatten(y)
        if not isinstance(y, dict) and len(leaves) == len(self._wanted) < len(self.names):
            found = dict(zip(self._wanted, leaves))
            return [found.get(i) for i in range(len(self.names))]
        return by_output(y, self.names, "`y`")

    def __call__(self, y, y_pred, sample_weight=None):
        if not self.parts:
            return None
        targets, outputs, weights = self._targets(y), tree.flatten(y_pred), self.spread(sample_weight)
        total = None
        for i, part in enumerate(self.parts):
            loss = part.loss(targets[part.index], outputs[part.index], weights[part.index])
            if self.metrics:
                self.metrics[i].update_state(Tensor(loss.value), sample_weight=float(outputs[part.index].shape[0]))
            if part.weight is not None:
                loss = loss * part.weight
            total = loss if total is None else total + loss
        return total

    def spread(self, sample_weight):
        """The sample weights of each output: one array is for all of them."""
        leaves = tree.flatten(sample_weight)
        if len(leaves) == 1:
            return leaves * len(self.names)
        return by_output(sample_weight, self.names, "`sample_weight`")

    def check_targets(self, y, shapes):
        """Refuse class numbers that an output has no place for, and targets of a cross-entropy outside 0..1."""
        targets = self._targets(y)
        for part in self.parts:
            _check(part.loss, targets[part.index], shapes[part.index], self._described(part))

    def _described(self, part):
        return "`y`" if len(self.names) == 1 else f"`y` of output {part.name!r}"


def _by_shape(identifier):
    return str(identifier).lower() in ("crossentropy", "ce")


def _made(identifier, y, p_shape):
    """The Loss that an identifier means for these shapes."""
    loss = _CROSSENTROPIES[kind(y.shape, p_shape)] if _by_shape(identifier) else losses.get(identifier)
    if isinstance(loss, losses.Loss):
        return loss
    name = identifier if isinstance(identifier, str) else getattr(loss, "__name__", "loss")
    return losses.LossFunctionWrapper(loss, name=name)


def _check(loss, y, p_shape, what):
    name = getattr(getattr(loss, "fn", None), "__name__", type(loss).__name__)
    if name == "sparse_categorical_crossentropy":
        _check_classes(loss, y, p_shape[-1], what)
    elif name in ("binary_crossentropy", "categorical_crossentropy"):
        low, high = float(y.min()), float(y.max())
        if low < 0 or high > 1:
            hint = (
                " Class numbers go with sparse_categorical_crossentropy, or through keras.utils.to_categorical(y)."
                if high > 1 and p_shape[-1] > 1 else " Labels -1 and 1: use (y + 1) / 2, or a hinge loss."
                if low < 0 else " Scale them to 0..1, or use 'mse' for numbers."
            )
            raise ValueError(f"Loss {name!r}: targets must be within 0..1; {what} goes from {low:g} to {high:g}.{hint}")


def _check_classes(loss, y, classes, what):
    bad = (y < 0) | (y >= classes)
    ignored = getattr(loss, "_fn_kwargs", {}).get("ignore_class")
    if ignored is not None:
        bad &= y != ignored
    if y.dtype.kind == "f":
        bad |= y != np.round(y)
    if bad.any():
        place = np.argwhere(bad)[0].tolist()
        raise ValueError(
            f"Loss {loss.name!r}: y[{', '.join(map(str, place))}] = {y[tuple(place)]} is not a class number "
            f"that the output has a place for: it has {classes} classes, 0..{classes - 1}, and {what} goes from "
            f"{y.min()} to {y.max()}. Give the last layer {int(np.floor(y.max())) + 1} units, or number the "
            "labels from 0."
        )
