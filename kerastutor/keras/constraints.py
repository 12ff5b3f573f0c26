"""What weights must satisfy after each step. Source: https://keras.io/api/layers/constraints/"""

from . import config as settings
from . import identifiers, ops


class Constraint:
    """A function of a weight that gives the weight to go on with, written with `keras.ops`.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.constraints.NonNeg()([-1.0, 2.0]).numpy()
    array([0., 2.], dtype=float32)
    """

    def __call__(self, w):
        return w

    def get_config(self):
        """The arguments that `from_config` needs to make it again."""
        return {}

    @classmethod
    def from_config(cls, config):
        """A constraint made from what `get_config` gave."""
        return cls(**config)


def _norms(w, axis):
    return ops.sqrt(ops.sum(ops.square(w), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    """Shrinks each neuron's weights whose norm is above `max_value` to that norm.

    `axis` is the one (or ones) over which the norm is taken: 0 for a Dense kernel.
    """

    def __init__(self, max_value=2, axis=0):
        self.max_value, self.axis = max_value, axis

    def __call__(self, w):
        w = ops.convert_to_tensor(w)
        norms = _norms(w, self.axis)
        return w * (ops.minimum(norms, float(self.max_value)) / (norms + settings.epsilon()))

    def get_config(self):
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """Sets negative weights to 0."""

    def __call__(self, w):
        return ops.maximum(ops.convert_to_tensor(w), 0.0)


class UnitNorm(Constraint):
    """Gives each neuron's weights norm 1; the norm is taken over `axis`."""

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        w = ops.convert_to_tensor(w)
        return w / (_norms(w, self.axis) + settings.epsilon())

    def get_config(self):
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Brings the norm of each neuron's weights (over `axis`) into min_value..max_value, `rate` of the way a step."""

    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w):
        w = ops.convert_to_tensor(w)
        norms = _norms(w, self.axis)
        inside = ops.minimum(ops.maximum(norms, float(self.min_value)), float(self.max_value))
        wanted = self.rate * inside + (1 - self.rate) * norms
        return w * (wanted / (norms + settings.epsilon()))

    def get_config(self):
        return {"min_value": self.min_value, "max_value": self.max_value, "rate": self.rate, "axis": self.axis}


max_norm, non_neg, unit_norm, min_max_norm = MaxNorm, NonNeg, UnitNorm, MinMaxNorm

_ALL = identifiers.table(MaxNorm, NonNeg, UnitNorm, MinMaxNorm)


def get(identifier):
    """The constraint that a name, configuration, class, function or None stands for."""
    return identifiers.get(identifier, _ALL, "constraint")


def serialize(constraint):
    """The configuration of a constraint, as Keras writes it."""
    return identifiers.serialize(constraint, "keras.constraints")


def deserialize(config, custom_objects=None):
    """The constraint of a configuration or a name."""
    return identifiers.deserialize(config, _ALL, "constraint", custom_objects)
