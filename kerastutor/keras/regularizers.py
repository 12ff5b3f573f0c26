"""What large weights cost: added to the loss. Source: https://keras.io/api/layers/regularizers/"""

import math

import numpy as np

from . import identifiers, ops
from .utils.numerical import normalize


class Regularizer:
    """A function of a weight that gives a number to add to the loss, written with `keras.ops`.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.regularizers.L2(0.1)(keras.ops.convert_to_tensor([3.0, 4.0])).item()
    2.5
    """

    def __call__(self, x):
        return 0.0

    def get_config(self):
        """The arguments that `from_config` needs to make it again."""
        raise NotImplementedError(f"{type(self).__name__} needs a method get_config(self) to be saved.")

    @classmethod
    def from_config(cls, config):
        """A regularizer made from what `get_config` gave."""
        return cls(**config)


class L1L2(Regularizer):
    """l1 * sum of |w| + l2 * sum of w ** 2."""

    def __init__(self, l1=0.0, l2=0.0):
        self.l1, self.l2 = _factor("l1", l1, 0.0), _factor("l2", l2, 0.0)

    def __call__(self, x):
        cost = ops.zeros((), x.dtype)
        if self.l1:
            cost = cost + self.l1 * ops.sum(ops.absolute(x))
        if self.l2:
            cost = cost + self.l2 * ops.sum(ops.square(x))
        return cost

    def get_config(self):
        return {"l1": self.l1, "l2": self.l2}


class L1(Regularizer):
    """l1 * sum of |w|: drives weights to exactly 0."""

    def __init__(self, l1=0.01):
        self.l1 = _factor("l1", l1, 0.01)

    def __call__(self, x):
        return self.l1 * ops.sum(ops.absolute(x))

    def get_config(self):
        return {"l1": self.l1}


class L2(Regularizer):
    """l2 * sum of w ** 2: keeps weights small."""

    def __init__(self, l2=0.01):
        self.l2 = _factor("l2", l2, 0.01)

    def __call__(self, x):
        return self.l2 * ops.sum(ops.square(x))

    def get_config(self):
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """factor * the mean |cosine| between each two rows (or columns) of a matrix: 0 where they are orthogonal.

    Parameters
    ----------
    factor : float
    mode : {"rows", "columns"}
    """

    def __init__(self, factor=0.01, mode="rows"):
        if mode not in ("rows", "columns"):
            raise ValueError(f"`mode` must be 'rows' or 'columns'; got {mode!r}.")
        self.factor, self.mode = _factor("factor", factor, 0.01), mode

    def __call__(self, x):
        if len(x.shape) != 2:
            raise ValueError(f"OrthogonalRegularizer takes a matrix; got shape {x.shape}.")
        x = x if self.mode == "rows" else ops.transpose(x)
        x = normalize(x, axis=1)
        n = x.shape[0]
        cosines = ops.matmul(x, ops.transpose(x)) * (1.0 - np.eye(n))
        return self.factor * 0.5 * ops.sum(ops.absolute(cosines)) / (n * (n - 1.0) / 2.0)

    def get_config(self):
        return {"factor": self.factor, "mode": self.mode}


def _factor(name, value, default):
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise ValueError(f"`{name}` must be a finite number, 0 or greater; got {value!r}.")
    return float(value)


l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer

_ALL = identifiers.table(L1, L2, L1L2, OrthogonalRegularizer, l1_l2=L1L2)


def get(identifier):
    """The regularizer that a name, configuration, class, function or None stands for."""
    return identifiers.get(identifier, _ALL, "regularizer")


def serialize(regularizer):
    """The configuration of a regularizer, as Keras writes it."""
    return identifiers.serialize(regularizer, "keras.regularizers")


def deserialize(config, custom_objects=None):
    """The regularizer of a configuration or a name."""
    return identifiers.deserialize(config, _ALL, "regularizer", custom_objects)
