"""One line for each layer and each way to set it up that matters, a module for each family of layers."""

from . import core
from .case import Layer, indices, normal

FAMILIES = [core]
LAYERS = [case for family in FAMILIES for case in family.LAYERS]

NO_CASE = {
    "Layer": "has no call of its own",
    "InputLayer": "a placeholder: tested with models",
}
"""Public layer classes without a case, and why."""
