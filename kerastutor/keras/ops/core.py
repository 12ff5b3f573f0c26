"""Making tensors, leaving them, and what a tensor says about itself."""

import numpy as np

from ...backends import K
from ..autodiff import Tensor, Variable, record, run, state, tensor


def convert_to_tensor(x, dtype=None, sparse=None, ragged=None):
    """`x` (numbers, lists, a NumPy array) as a tensor; floats become Keras's floatx."""
    if sparse or ragged:
        raise ValueError("convert_to_tensor: sparse and ragged tensors are not offered, as with Keras on NumPy.")
    if _holds_tensors(x):
        from .joining import stack

        x = stack([convert_to_tensor(part, dtype) for part in x])
    x = tensor(x)
    return x if dtype is None or dtype == x.dtype else cast(x, dtype)


def _holds_tensors(x):
    """Whether x is a list with tensors in it, whose gradients NumPy would lose."""
    return isinstance(x, (list, tuple)) and any(isinstance(part, Tensor) or _holds_tensors(part) for part in x)


def array(x, dtype=None):
    """As `convert_to_tensor`."""
    return convert_to_tensor(x, dtype)


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


def saturate_cast(x, dtype):
    """`x` in another dtype; numbers that this can't hold become the nearest that it can."""
    from .arithmetic import clip

    x, dtype = tensor(x), np.dtype(dtype)
    if dtype.kind == "b":
        return cast(clip(cast(x, "int32"), 0, 1), dtype) if x.dtype != "bool" else x
    if x.dtype == "bool" or (dtype.kind == "f" and x.value.dtype.kind != "f"):
        return cast(x, dtype)
    low, high = _limits(dtype)
    if x.value.dtype.kind != "f":
        own = _limits(x.value.dtype)
        low, high = max(low, own[0]), min(high, own[1])
    elif dtype.kind != "f" and int(x.value.dtype.type(high)) > high:  # float32 can't hold 2 ** 31 - 1
        high = np.nextafter(x.value.dtype.type(high), x.value.dtype.type(0)).item()
    return cast(clip(x, low, high), dtype)


def _limits(dtype):
    """The smallest and the largest number of a dtype, as Python's."""
    if dtype.kind == "f":
        return float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)


def copy(x):
    """The same values in a tensor of its own."""
    x = tensor(x)
    y = K.empty(x.shape, x.value.dtype)
    run(K.cast, x.value, y)
    return record(y, x.add_grad, x)


def stop_gradient(variable):
    """The same values as a constant: no gradient flows back."""
    return Tensor(tensor(variable).value)


def custom_gradient(f):
    """A function whose gradient `f` itself says: f(*args) gives the result, and a function from dy to the gradients.

    Parameters
    ----------
    f : callable
        Returns (result, gradient). `gradient(upstream)` returns one gradient for each positional argument, in a tuple
        where there are several. Of several results each has its upstream gradient, as positional arguments.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> @ops.custom_gradient
    ... def log1pexp(x):  # log(1 + e ** x), whose derivative e ** x / (1 + e ** x) would overflow
    ...     e = ops.exp(x)
    ...     def gradient(upstream):
    ...         return upstream * (1 - 1 / (1 + e))
    ...     return ops.log(1 + e), gradient
    >>> log1pexp(0.0).numpy()
    array(0.6931472, dtype=float32)

    Source: https://keras.io/api/ops/core/
    """

    def function(*args, **kwargs):
        args = [tensor(x) for x in args]
        outer, state.tape = state.tape, None
        try:
            results, rule = f(*args, **kwargs)
        finally:
            state.tape = outer
        several = isinstance(results, (tuple, list))
        results = [tensor(y) for y in (results if several else [results])]

        def gradient_of(place):
            def gradient(dy):
                upstream = [Tensor(dy if i == place else np.zeros(y.shape, dy.dtype)) for i, y in enumerate(results)]
                found = rule(*upstream)
                for x, dx in zip(args, found if isinstance(found, (tuple, list)) else [found]):
                    if x.tracked and dx is not None:
                        x.add_grad(tensor(dx).value)

            return gradient

        recorded = [record(y.value, gradient_of(i), *args) for i, y in enumerate(results)]
        return tuple(recorded) if several else recorded[0]

    return function


def is_tensor(x):
    """Whether x is a tensor (and no variable)."""
    return isinstance(x, Tensor) and not isinstance(x, Variable)


def shape(x):
    """The shape of x, a tuple of ints."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def dtype(x):
    """The name of x's dtype: "float32"."""
    return str(np.dtype(x.dtype))


def ndim(x):
    """How many axes x has."""
    return len(shape(x))


def size(x):
    """How many numbers x has."""
    return int(np.prod(shape(x)))
