"""Learning rates that change with the step. Source: https://keras.io/api/optimizers/learning_rate_schedules/"""

from ... import identifiers
from .cosine import CosineDecay, CosineDecayRestarts
from .decay import ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay
from .schedule import LearningRateSchedule

_ALL = {cls.__name__: cls for cls in (
    CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay,
)}


def serialize(learning_rate_schedule):
    """The config of a schedule: its class and its arguments."""
    return identifiers.serialize(learning_rate_schedule, "keras.optimizers.schedules")


def deserialize(config, custom_objects=None):
    """The schedule of a config; `custom_objects` has classes of one's own by name."""
    return identifiers.deserialize(config, _ALL, "learning rate schedule", custom_objects)
