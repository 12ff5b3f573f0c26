"""Optimizers. Source: https://keras.io/api/optimizers/"""

from ..naming import look_up
from .adam import Adam
from .optimizer import Optimizer
from .rmsprop import RMSprop
from .sgd import SGD

_ALL = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam, "SGD": SGD, "RMSprop": RMSprop, "Adam": Adam}


def get(identifier):
    """The optimizer that a name, a config, a class or an optimizer stands for."""
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, Optimizer):
        return identifier()
    if isinstance(identifier, dict):
        return look_up(identifier["class_name"], _ALL, "optimizer").from_config(identifier.get("config", {}))
    if isinstance(identifier, str):
        return look_up(identifier if identifier in _ALL else identifier.lower(), _ALL, "optimizer")()
    raise ValueError(f"`optimizer` must be a name ('adam') or an optimizer (Adam(0.01)); got {identifier!r}.")


def serialize(optimizer):
    """A config of class name and arguments."""
    return {"class_name": type(optimizer).__name__, "config": optimizer.get_config()}


def deserialize(config):
    """The optimizer of a config."""
    return get(config)
