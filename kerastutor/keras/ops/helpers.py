"""What ops share: flat and two-dimensional views for the kernels, and undoing a broadcast."""

import functools

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, run, tensor


def flat(a):
    """The same array, one-dimensional: elementwise kernels take those."""
    return a.reshape(-1)


def rows(a):
    """The same array as (rows, k): all axes before the last are folded."""
    return a.reshape(-1, a.shape[-1]) if a.ndim != 2 else a


def floats(x):
    """`x` as a tensor of floats: ints and bools are converted."""
    from .core import cast

    x = tensor(x)
    if x.value.dtype.kind != "f":
        from ..config import floatx

        return cast(x, floatx())
    return x


def pair(a, b):
    """Two tensors of one dtype: a plain Python number takes the other's, an int beside a float becomes float."""
    from .core import cast

    if isinstance(a, Tensor) and _weak(b, a.value.dtype):
        b = Tensor(np.asarray(b, a.value.dtype))
    elif isinstance(b, Tensor) and _weak(a, b.value.dtype):
        a = Tensor(np.asarray(a, b.value.dtype))
    a, b = tensor(a), tensor(b)
    if a.value.dtype != b.value.dtype:
        common = common_dtype(a.value.dtype, b.value.dtype)
        a, b = cast(a, common), cast(b, common)
    return a, b


def of_one_dtype(xs):
    """Tensors of one dtype, the one in which numbers of all of them can be held."""
    from .core import cast

    xs = [tensor(x) for x in xs]
    common = functools.reduce(common_dtype, [x.value.dtype for x in xs])
    return [x if x.value.dtype == common else cast(x, common) for x in xs]


def _weak(x, dtype):
    """Whether x is a Python number that `dtype` can hold: an int no bool, a float no int."""
    if isinstance(x, bool):
        return True
    return (isinstance(x, int) and dtype.kind != "b") or (isinstance(x, float) and dtype.kind == "f")


def common_dtype(a, b):
    if a == b:
        return a
    if a.kind == "f" or b.kind == "f":  # an int never widens a float, as in Keras
        return max((d for d in (a, b) if d.kind == "f"), key=lambda d: d.itemsize)
    return np.result_type(a, b)


def axes_of(axis, ndim):
    """The axes meant by `axis` (an int, several, or None for all) in a tensor of ndim axes: from 0 up, in order."""
    axes = range(ndim) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    for a in axes:
        if not -ndim <= a < ndim:
            raise ValueError(f"axis {a} is outside a tensor of {ndim} axes: use -{ndim} to {ndim - 1}.")
    return tuple(sorted(a % ndim for a in axes))


def sum_to(g, shape):
    """Undo broadcasting: the gradient of an input of `shape`, from the gradient g of the broadcast result."""
    if g.shape == shape:
        return g
    if g.ndim == 2 and g.shape[1:] == shape:
        out = K.empty(shape, g.dtype)
        run(K.sum_rows, g, out)
        return out
    lead = g.ndim - len(shape)
    axes = tuple(range(lead)) + tuple(i + lead for i, n in enumerate(shape) if n == 1 and g.shape[i + lead] != 1)
    out = K.empty(tuple(1 if i in axes else n for i, n in enumerate(g.shape)), g.dtype)
    run(K.sum, g, axes, out)
    return out.reshape(shape)


def unary(kernel, x):
    """A new array: an elementwise kernel's result for the array x."""
    y = K.empty(x.shape, x.dtype)
    run(kernel, flat(x), flat(y))
    return y


def scaled(x, factor):
    """A new array: x times a Python number."""
    y = K.empty(x.shape, x.dtype)
    run(K.scale, flat(x), factor, flat(y))
    return y


def unary_from_y(kernel, gradient_kernel, x):
    """An elementwise op whose derivative is known from its result: dx = gradient_kernel(dy, y)."""
    x = floats(x)
    y = unary(kernel, x.value)

    def gradient(dy):
        dx = K.empty(y.shape, y.dtype)
        run(gradient_kernel, flat(dy), flat(y), flat(dx))
        x.add_grad(dx)

    return record(y, gradient, x)


def broadcast_shape(name, *arrays):
    """The shape that `arrays` have together, in the op called `name`."""
    shapes = [a.shape for a in arrays]
    try:
        return shapes[0] if shapes.count(shapes[0]) == len(shapes) else np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(
            f"Shapes {' and '.join(map(str, shapes))} can't be combined by keras.ops.{name}: counted from the last "
            "axis, the sizes must be equal or one of them 1."
        ) from None


def broadcast(kernel, a, b):
    """A new array: an arithmetic kernel's result for the arrays a and b, broadcast."""
    out = K.empty(broadcast_shape(kernel.__name__, a, b), a.dtype)
    run(kernel, a, b, out)
    return out


def by_numpy(function, *inputs, dtype):
    """A tensor of NumPy's own elementwise function: for those so rare that no backend has a loop for them."""
    out = K.empty(broadcast_shape(function.__name__, *inputs), dtype)
    run(function, *[x.value for x in inputs], out)
    return Tensor(out)


def no_gradient(op):
    """For an op whose gradient nobody has written: an error that says so, when one is asked for."""

    def gradient(dy):
        raise NotImplementedError(f"keras.ops.{op} has no gradient here: stop_gradient its result, or use other ops.")

    return gradient
