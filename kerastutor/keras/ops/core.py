"""Making tensors, and leaving them."""

import numpy as np

from ...backends import K
from .. import config
from ..autodiff import Tensor, record, run, tensor


def convert_to_tensor(x, dtype=None):
    """`x` (numbers, lists, a NumPy array) as a tensor; floats become Keras's floatx."""
    x = tensor(x)
    return x if dtype is None or dtype == x.dtype else cast(x, dtype)


def convert_to_numpy(x):
    """The values of a tensor as a NumPy array."""
    return x.numpy() if isinstance(x, Tensor) else np.asarray(x)


def cast(x, dtype):
    """`x` in another dtype. The gradient flows back in x's own dtype, and only between floats."""
    x, dtype = tensor(x), np.dtype(dtype)
    if x.value.dtype == dtype:
        return x
    y = K.empty(x.shape, dtype)
    run(K.cast, x.value, y)

    def gradient(dy):
        dx = K.empty(x.shape, x.value.dtype)
        run(K.cast, dy, dx)
        x.add_grad(dx)

    return record(y, gradient, x) if dtype.kind == "f" else Tensor(y)


def stop_gradient(variable):
    """The same values as a constant: no gradient flows back."""
    return Tensor(tensor(variable).value)


def shape(x):
    """The shape of x, a tuple of ints."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def zeros(shape, dtype=None):
    """A tensor of zeros."""
    return Tensor(np.zeros(shape, dtype or config.floatx()))


def ones(shape, dtype=None):
    """A tensor of ones."""
    return Tensor(np.ones(shape, dtype or config.floatx()))


def zeros_like(x, dtype=None):
    """Zeros in the shape of x."""
    return zeros(shape(x), dtype or tensor(x).dtype)


def ones_like(x, dtype=None):
    """Ones in the shape of x."""
    return ones(shape(x), dtype or tensor(x).dtype)
