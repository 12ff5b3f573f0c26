"""Cross-entropies, as fused ops: one kernel for the value, one for the gradient.

Probabilities are kept within epsilon..1-epsilon; outside, the gradient is 0. This is what Keras does on JAX and NumPy.
Source: https://keras.io/api/ops/nn/
"""

import numpy as np

from ...backends import K
from .. import config
from ..autodiff import record, run
from . import arithmetic as a
from . import reductions
from .helpers import flat, floats, rows
from .nn import log_sigmoid, log_softmax, one_hot
from .shapes import labels


def binary_crossentropy(target, output, from_logits=False):
    """-y log p - (1 - y) log(1 - p), element by element, with p = sigmoid(output) if `from_logits`."""
    y, p = floats(target), floats(output)
    _same_shape("binary_crossentropy", y, p)
    if from_logits:
        return a.negative(y * log_sigmoid(p) + (1.0 - y) * log_sigmoid(a.negative(p)))
    return _crossentropy(
        K.binary_crossentropy, K.binary_crossentropy_grad, y.value.reshape(-1, 1), p, p.value.reshape(-1, 1), p.shape
    )


def mean_binary_crossentropy(target, output):
    """The mean of `binary_crossentropy` over the last axis: (..., k) -> (...). Probabilities only."""
    y, p = floats(target), floats(output)
    _same_shape("binary_crossentropy", y, p)
    return _crossentropy(
        K.binary_crossentropy, K.binary_crossentropy_grad, rows(y.value), p, rows(p.value), p.shape[:-1]
    )


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """-sum of y log p over the last axis: (..., k), (..., k) -> (...), with p = output / sum of output."""
    y, p = floats(target), floats(output)
    _same_shape("categorical_crossentropy", y, p)
    if axis not in (-1, p.ndim - 1):
        raise ValueError(f"categorical_crossentropy: classes must be on the last axis; got axis={axis}.")
    if from_logits:
        return a.negative(reductions.sum(y * log_softmax(p), axis=-1))
    return _crossentropy(
        K.categorical_crossentropy, K.categorical_crossentropy_grad, rows(y.value), p, rows(p.value), p.shape[:-1]
    )


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """-log p[label] over the last axis: labels (...) or (..., 1), output (..., k) -> (...).

    Raises
    ------
    ValueError
        If a label is outside 0..k-1.
    """
    from ..autodiff import tensor

    y, p = tensor(target), floats(output)
    if y.ndim == p.ndim and y.shape[-1] == 1:
        y = y[..., 0]
    if y.shape != p.shape[:-1]:
        raise ValueError(
            f"sparse_categorical_crossentropy: labels of shape {y.shape} do not fit an output of shape {p.shape}: "
            f"expected {p.shape[:-1]}, one class number each. For one-hot labels use categorical_crossentropy."
        )
    index = labels(y, p.shape[-1])
    if from_logits:
        return a.negative(reductions.sum(one_hot(y, p.shape[-1]) * log_softmax(p), axis=-1))
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


def _same_shape(name, y, p):
    if y.shape != p.shape:
        hint = ""
        if y.ndim == p.ndim - 1 or (y.ndim == p.ndim and y.shape[-1] == 1 and np.prod(p.shape[-1:]) > 1):
            hint = (
                " For class numbers use sparse_categorical_crossentropy, or keras.utils.to_categorical(y)."
                if name.startswith("categorical")
                else f" Give the last layer the targets' shape, or reshape y to {p.shape}."
            )
        raise ValueError(f"{name}: targets of shape {y.shape} do not fit an output of shape {p.shape}.{hint}")
