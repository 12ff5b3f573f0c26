"""Cross-entropies, as fused ops: one kernel for the value, one for the gradient.

Probabilities are kept within epsilon..1-epsilon; outside, the gradient is 0. This is what Keras does on JAX and NumPy.
Where targets have a gradient too, which is rare, it comes from the formula written with other ops.
Source: https://keras.io/api/ops/nn/
"""

from ...backends import K
from .. import config
from ..autodiff import record, run, tensor
from ..symbolic import takes_placeholders
from . import arithmetic as a
from . import reductions
from .helpers import axes_of, flat, floats, rows
from .indexing import labels
from .nn import log_sigmoid, log_softmax, one_hot
from .shapes import moveaxis, squeeze


def binary_crossentropy(target, output, from_logits=False):
    """-y log p - (1 - y) log(1 - p), element by element, with p = sigmoid(output) if `from_logits`.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    y, p = _pair("binary_crossentropy", target, output)
    if from_logits:
        return a.negative(y * log_sigmoid(p) + (1.0 - y) * log_sigmoid(a.negative(p)))
    if y.tracked:
        return _binary(y, p)
    return _crossentropy(
        K.binary_crossentropy, K.binary_crossentropy_grad, y.value.reshape(-1, 1), p, p.value.reshape(-1, 1), p.shape
    )


@takes_placeholders
def mean_binary_crossentropy(target, output):
    """The mean of `binary_crossentropy` over the last axis: (..., k) -> (...). Probabilities only."""
    y, p = _pair("binary_crossentropy", target, output)
    if y.tracked:
        return reductions.mean(_binary(y, p), axis=-1)
    return _crossentropy(
        K.binary_crossentropy, K.binary_crossentropy_grad, rows(y.value), p, rows(p.value), p.shape[:-1]
    )


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """-sum of y log p over the classes on `axis`: (..., k), (..., k) -> (...), with p = output / sum of output.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    y, p = _pair("categorical_crossentropy", target, output)
    y, p = _classes_last("categorical_crossentropy", y, axis), _classes_last("categorical_crossentropy", p, axis)
    if from_logits:
        return a.negative(reductions.sum(y * log_softmax(p), axis=-1))
    if y.tracked:
        return a.negative(reductions.sum(y * a.log(_kept(p / reductions.sum(p, -1, keepdims=True))), axis=-1))
    return _crossentropy(
        K.categorical_crossentropy, K.categorical_crossentropy_grad, rows(y.value), p, rows(p.value), p.shape[:-1]
    )


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """-log p[label] with classes on `axis`: labels (...) or (..., 1), output (..., k) -> (...).

    Raises
    ------
    ValueError
        If a label is outside 0..k-1.
    """
    y, p = tensor(target), _classes_last("sparse_categorical_crossentropy", floats(output), axis)
    if y.ndim == p.ndim and y.shape[-1] == 1:
        y = squeeze(y, -1)
    if y.shape != p.shape[:-1]:
        raise ValueError(
            f"sparse_categorical_crossentropy: labels of shape {y.shape} do not fit an output of shape "
            f"{tensor(output).shape}: expected {p.shape[:-1]}, one class number each. For one-hot labels use "
            "categorical_crossentropy."
        )
    index = labels(y, p.shape[-1])
    if from_logits:
        picked = log_softmax(p) * one_hot(y, p.shape[-1], dtype=p.dtype)
        return a.negative(reductions.sum(picked, axis=-1))
    return _crossentropy(
        K.sparse_crossentropy, K.sparse_crossentropy_grad, index, p, rows(p.value), p.shape[:-1]
    )


def _crossentropy(kernel, gradient_kernel, y, p, probabilities, shape):
    """The fused op: y holds targets, `probabilities` p's values as rows, and `shape` is the result's."""
    e = config.epsilon()
    out = K.empty(shape, probabilities.dtype)
    run(kernel, y, probabilities, e, flat(out))

    def gradient(g):
        dp = K.empty(p.shape, probabilities.dtype)
        run(gradient_kernel, flat(g), y, probabilities, e, dp.reshape(probabilities.shape))
        p.add_grad(dp)

    return record(out, gradient, p)


def _binary(y, p):
    p = _kept(p)
    return a.negative(y * a.log(p) + (1.0 - y) * a.log(1.0 - p))


def _kept(p):
    return a.clip(p, config.epsilon(), 1.0 - config.epsilon())


def _classes_last(name, x, axis):
    if not x.ndim:
        raise ValueError(f"{name}: a single number has no axis of classes; got shape {x.shape}.")
    (axis,) = axes_of(axis, x.ndim)
    return x if axis == x.ndim - 1 else moveaxis(x, axis, -1)


def _pair(name, target, output):
    """Both as floats of one dtype and shape."""
    y, p = a.pair(floats(target), floats(output))
    if y.shape != p.shape:
        hint = ""
        if y.ndim == p.ndim - 1 or (y.ndim == p.ndim and y.shape[-1:] == (1,) and p.shape[-1] > 1):
            hint = (
                " For class numbers use sparse_categorical_crossentropy, or keras.utils.to_categorical(y)."
                if name.startswith("categorical")
                else f" Give the last layer the targets' shape, or reshape y to {p.shape}."
            )
        raise ValueError(f"{name}: targets of shape {y.shape} do not fit an output of shape {p.shape}.{hint}")
    return y, p
