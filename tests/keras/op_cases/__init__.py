"""One line for each op and each way to call it that matters, a module for each family of ops; see `case.py`."""

from . import control, convolution, elementwise, image, linalg, nn, pooling, products, reductions, shapes
from .case import Case, flat

FAMILIES = [control, convolution, elementwise, image, linalg, nn, pooling, products, reductions, shapes]
CASES = [case for family in FAMILIES for case in family.CASES]

NO_CASE = dict.fromkeys(
    ["zeros", "ones", "full", "empty", "empty_like", "eye", "identity", "tri", "arange"],
    "makes a tensor of a shape: test_creation.py",
) | dict.fromkeys(
    ["convert_to_tensor", "convert_to_numpy", "shape", "ndim", "size", "dtype", "is_tensor"],
    "says something of a tensor: test_ops.py",
)
"""Public ops without a case, and why."""

NOT_LIKE_KERAS = {}
"""Public ops whose arguments are not Keras's, and why."""

LACKING = {
    "eig": "its results are complex numbers; eigh has real ones",
    "jvp": "forward differentiation: the tape only goes backwards",
    "polar": "gives complex numbers",
    "view_as_complex": "gives complex numbers",
    "view_as_real": "takes complex numbers",
}
"""What `keras.ops` of real Keras has and ours has not, and why."""
