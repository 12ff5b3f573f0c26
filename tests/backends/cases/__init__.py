"""One case for each kernel, a module for each family of kernels."""

from . import basic, convolution, ctc, elementary, images, metrics, normalization, optimizers, pooling, recurrent
from .case import InOut, Out

FAMILIES = [basic, convolution, ctc, elementary, images, metrics, normalization, optimizers, pooling, recurrent]
CASES = {name: case for family in FAMILIES for name, case in family.CASES.items()}

CASES_OF_OPTIONS = {  # other settings of a kernel that has a case above
    name: case for family in FAMILIES for name, case in getattr(family, "CASES_OF_OPTIONS", {}).items()
}

TESTED_BY_HAND = {"empty": "makes an array rather than filling one"}
