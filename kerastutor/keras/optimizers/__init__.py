"""Optimizers. Source: https://keras.io/api/optimizers/"""

from .. import identifiers
from . import legacy, schedules
from .adadelta import Adadelta
from .adafactor import Adafactor
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .adamax import Adamax
from .ftrl import Ftrl
from .lamb import Lamb
from .lion import Lion
from .multi_optimizer import MultiOptimizer, OptimizerMap
from .muon import Muon
from .nadam import Nadam
from .optimizer import Optimizer
from .rmsprop import RMSprop
from .schedule_free_adamw import ScheduleFreeAdamW
from .sgd import SGD

_CLASSES = (
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, Lion, MultiOptimizer, Muon, Nadam, RMSprop, SGD,
    ScheduleFreeAdamW,
)
_ALL = {c.__name__: c for c in _CLASSES} | {c.__name__.lower(): c for c in _CLASSES}


def get(identifier):
    """The optimizer that a name ("adam"), a config or an optimizer stands for; None stays None.

    Raises
    ------
    ValueError
        If there is none of that name; the message says which one was probably meant.
    """
    if identifier is None or isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    hint = f": write {identifier.__name__}()" if isinstance(identifier, type) else ""
    raise ValueError(
        f"`optimizer` must be a name, as 'adam', or an optimizer, as Adam(0.01); got {identifier!r}{hint}."
    )


def serialize(optimizer):
    """The config of an optimizer: its class and its arguments."""
    return identifiers.serialize(optimizer, "keras.optimizers")


def deserialize(config, custom_objects=None):
    """The optimizer of a config; `custom_objects` has classes of one's own by name."""
    name = config.get("class_name")
    if name not in (custom_objects or {}) and str(name).lower() in _ALL:  # in any case, as in Keras
        config = {**config, "class_name": _ALL[name.lower()].__name__}
    return identifiers.deserialize(config, _ALL, "optimizer", custom_objects)
