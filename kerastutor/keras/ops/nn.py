"""Activations and what else networks are made of. Source: https://keras.io/api/ops/nn/"""

import math

import numpy as np

from ...backends import K
from .. import config, naming
from ..autodiff import Tensor, record, run, tensor
from . import arithmetic as a
from .core import cast
from .elementary import erf, expm1, log10
from .helpers import axes_of, flat, floats, rows, unary_from_y
from .joining import array_split
from .reductions import max as max_of
from .reductions import mean
from .reductions import sum as sum_of
from .scans import cumsum
from .search import sort
from .shapes import moveaxis, reshape, transpose

# with kernels of their own ---------------------------------------------------------------------


def relu(x):
    """max(x, 0). Gradient: dy where y > 0."""
    x = tensor(x)
    if x.value.dtype.kind != "f":
        return a.maximum(x, 0)
    return unary_from_y(K.relu, K.relu_grad, x)


def sigmoid(x):
    """1 / (1 + e ** -x). Gradient: dy * y * (1 - y)."""
    return unary_from_y(K.sigmoid, K.sigmoid_grad, x)


def softplus(x):
    """log(1 + e ** x). Gradient: dy * sigmoid(x)."""
    x = floats(x)
    y = K.empty(x.shape, x.value.dtype)
    run(K.softplus, flat(x.value), flat(y))

    def gradient(dy):
        slope, dx = K.empty(x.shape, dy.dtype), K.empty(x.shape, dy.dtype)
        run(K.sigmoid, flat(x.value), flat(slope))
        run(K.multiply, dy, slope, dx)
        x.add_grad(dx)

    return record(y, gradient, x)


def softmax(x, axis=-1):
    """e ** x / sum of e ** x along `axis`, or over several axes. Gradient: y * (dy - sum of dy * y).

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.softmax([0.0, 0.0]).numpy()
    array([0.5, 0.5], dtype=float32)
    """
    x = floats(x)
    if isinstance(axis, int) and -x.ndim <= axis < x.ndim and x.shape[axis] == 1:
        naming.warn(
            f"softmax over axis {axis} of a tensor of shape {x.shape}: of one number it is always 1. For one output "
            "use sigmoid."
        )
    return _along_rows(K.softmax, K.softmax_grad, x, axis)


def log_softmax(x, axis=-1):
    """log(softmax(x)), without overflow. Gradient: dy - softmax(x) * sum of dy."""
    return _along_rows(K.log_softmax, K.log_softmax_grad, floats(x), axis)


def _along_rows(kernel, gradient_kernel, x, axis):
    if not x.ndim:
        raise ValueError("softmax needs a tensor with at least one axis; got a single number.")
    if isinstance(axis, (tuple, list)):
        axes = axes_of(axis, x.ndim)
        order = [*(i for i in range(x.ndim) if i not in axes), *axes]
        last = transpose(x, order)
        y = _along_rows(kernel, gradient_kernel, reshape(last, (*last.shape[: -len(axes)], -1)), -1)
        return transpose(reshape(y, last.shape), np.argsort(order).tolist())
    (axis,) = axes_of(axis, x.ndim)
    if axis != x.ndim - 1:
        return moveaxis(_along_rows(kernel, gradient_kernel, moveaxis(x, axis, -1), -1), -1, axis)
    y = K.empty(x.shape, x.value.dtype)
    run(kernel, rows(x.value), rows(y))

    def gradient(dy):
        dx = K.empty(y.shape, y.dtype)
        run(gradient_kernel, rows(dy), rows(y), rows(dx))
        x.add_grad(dx)

    return record(y, gradient, x)


# composed of other ops -------------------------------------------------------------------------


def relu6(x):
    """min(max(x, 0), 6)."""
    x = floats(x)
    return a.where(x >= 6, 6.0, relu(x))


def leaky_relu(x, negative_slope=0.2):
    """x where x >= 0, else negative_slope * x."""
    x = floats(x)
    return a.where(x >= 0, x, negative_slope * x)


def elu(x, alpha=1.0):
    """x where x > 0, else alpha * (e ** x - 1)."""
    x = floats(x)
    above = x > 0
    return a.where(above, x, alpha * expm1(a.where(above, 0.0, x)))


def selu(x):
    """1.0507 * elu(x, 1.6733), with the constants that keep mean 0 and variance 1 (Klambauer et al., 2017)."""
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def celu(x, alpha=1.0):
    """max(x, 0) + min(alpha * (e ** (x / alpha) - 1), 0) (Barron, 2017)."""
    x = floats(x)
    return a.maximum(x, 0.0) + alpha * expm1(a.minimum(x, 0.0) / alpha)


def gelu(x, approximate=True):
    """x times the share of a normal distribution below x (Hendrycks & Gimpel, 2016); by tanh if `approximate`."""
    x = floats(x)
    if approximate:
        return 0.5 * x * (1.0 + a.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (x * a.square(x)))))
    return 0.5 * x * (1.0 + erf(x * math.sqrt(0.5)))


def glu(x, axis=-1):
    """The first half along `axis` times the sigmoid of the second half (Dauphin et al., 2016)."""
    x = floats(x)
    (axis,) = axes_of(axis, x.ndim)
    if x.shape[axis] % 2:
        raise ValueError(f"glu halves axis {axis}, and shape {x.shape} has an odd size there.")
    first, second = array_split(x, 2, axis)
    return first * sigmoid(second)


def silu(x):
    """x * sigmoid(x), also called swish."""
    x = floats(x)
    return x * sigmoid(x)


swish = silu


def softsign(x):
    """x / (1 + |x|)."""
    x = floats(x)
    return x / (a.absolute(x) + 1.0)


def log_sigmoid(x):
    """log(sigmoid(x)) = -softplus(-x), without overflow."""
    return a.negative(softplus(a.negative(floats(x))))


def hard_sigmoid(x):
    """relu6(x + 3) / 6: straight lines in place of the sigmoid."""
    return relu6(floats(x) + 3.0) / 6.0


def hard_silu(x):
    """x * hard_sigmoid(x), also called hard_swish."""
    x = floats(x)
    return x * hard_sigmoid(x)


hard_swish = hard_silu


def hard_tanh(x):
    """-1 below -1, 1 above 1, x between."""
    x = tensor(x)
    return a.where(x > 1, 1, a.where(x < -1, -1, x))


def hard_shrink(x, threshold=0.5):
    """x where |x| > threshold, else 0."""
    x = floats(x)
    return a.where(a.absolute(x) > threshold, x, 0.0)


def soft_shrink(x, threshold=0.5):
    """x, by `threshold` nearer to 0, and 0 where it is not that far away."""
    x = floats(x)
    return a.where(x > threshold, x - threshold, a.where(x < -threshold, x + threshold, 0.0))


def tanh_shrink(x):
    """x - tanh(x)."""
    x = floats(x)
    return x - a.tanh(x)


def threshold(x, threshold, default_value):
    """x where x > threshold, else default_value."""
    x = tensor(x)
    return a.where(x > threshold, x, default_value)


def squareplus(x, b=4):
    """(x + sqrt(x ** 2 + b)) / 2: like softplus, without exponentials."""
    x = floats(x)
    return 0.5 * (x + a.sqrt(a.square(x) + b))


def sparse_plus(x):
    """0 below -1, x above 1, (x + 1) ** 2 / 4 between."""
    x = floats(x)
    return a.where(x <= -1, 0.0, a.where(x >= 1, x, a.square(x + 1.0) / 4))


def sparse_sigmoid(x):
    """0 below -1, 1 above 1, (x + 1) / 2 between."""
    return 0.5 * a.clip(floats(x) + 1.0, 0.0, 2.0)


def sparsemax(x, axis=-1):
    """max(x - t, 0): like softmax, but small numbers become 0 (Martins & Astudillo, 2016).

    The t is Keras's. Where two numbers or more are near the largest it is above the paper's, and the sum below 1: Keras
    adds the cumulative sums up once more.
    """
    x = floats(x)
    (axis,) = axes_of(axis, x.ndim)
    x = moveaxis(x, axis, -1)
    descending = a.negative(sort(a.negative(x)))
    total = cumsum(descending, -1)
    inside = descending - (total - 1.0) / np.arange(1, x.shape[-1] + 1, dtype=x.dtype) > 0
    count = sum_of(cast(inside, x.dtype), -1, keepdims=True)
    t = (sum_of(a.where(inside, total, 0.0), -1, keepdims=True) - 1.0) / count
    return moveaxis(a.maximum(x - t, 0.0), -1, axis)


# classes ---------------------------------------------------------------------------------------


def one_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    """1 at the place that each label names, else 0. A label outside 0..num_classes-1 gives zeros.

    Shapes: (...) -> (..., num_classes), or with the classes along `axis`.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.one_hot([0, 2], 3).numpy()
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    if sparse:
        raise ValueError("one_hot: sparse=True is not offered, as with Keras on NumPy.")
    x = tensor(x)
    (axis,) = axes_of(axis, x.ndim + 1)
    out = K.empty((*x.shape, num_classes), np.dtype(dtype or config.floatx()))
    run(K.one_hot, flat(cast(x, "int32").value), rows(out))
    return moveaxis(Tensor(out), -1, axis)


def multi_hot(inputs, num_classes=None, axis=-1, dtype=None, sparse=False, **kwargs):
    """1 at each place that a row of labels names, else 0: (..., n) -> (..., num_classes)."""
    num_classes = kwargs.pop("num_tokens", None) if num_classes is None else num_classes
    if num_classes is None:
        raise ValueError("multi_hot needs num_classes.")
    x = tensor(inputs)
    return max_of(one_hot(x, num_classes, axis, dtype, sparse), axis=1 if x.ndim > 1 else 0)


def psnr(x1, x2, max_val):
    """The peak signal-to-noise ratio of two images in decibel: 20 log10(max_val) - 10 log10(mean((x1 - x2) ** 2))."""
    x1, x2 = a.pair(x1, x2)
    if x1.shape != x2.shape:
        raise ValueError(f"psnr compares tensors of one shape; got {x1.shape} and {x2.shape}.")
    return 20 * log10(cast(max_val, x2.dtype)) - 10 * log10(mean(a.square(x1 - x2)))
