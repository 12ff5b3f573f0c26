"""One line for each layer and each way to set it up that matters, a module for each family of layers."""

from . import (
    activation,
    attention,
    convolutional,
    core,
    merging,
    normalization,
    pooling,
    preprocessing,
    recurrent,
    regularization,
    reshaping,
)
from .case import Layer, indices, normal

FAMILIES = [
    activation, attention, convolutional, core, merging, normalization,
    pooling, preprocessing, recurrent, regularization, reshaping,
]
LAYERS = [case for family in FAMILIES for case in family.LAYERS]

NO_CASE = {
    "Layer": "has no call of its own",
    "InputLayer": "a placeholder: tested with models",
    **recurrent.NO_CASE,
    **attention.NO_CASE,
    **convolutional.NO_CASE,
    **pooling.NO_CASE,
    **preprocessing.NO_CASE,
}
"""Public layer classes without a case, and why."""
