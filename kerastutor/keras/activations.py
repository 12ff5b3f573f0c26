"""Activations. Source: https://keras.io/api/layers/activations/"""

from . import identifiers, ops
from .ops import (
    celu,
    elu,
    glu,
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_tanh,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    relu6,
    selu,
    sigmoid,
    silu,
    soft_shrink,
    softmax,
    softplus,
    softsign,
    sparse_plus,
    sparse_sigmoid,
    sparsemax,
    squareplus,
    tanh,
    tanh_shrink,
    threshold,
)
from .saving.deserialization import deserialize_keras_object
from .saving.serialization import serialize_keras_object


def linear(x):
    """y = x."""
    return x


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """max(x, 0); or 0 up to `threshold`, at most `max_value`, and negative_slope * (x - threshold) below threshold.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.activations.relu([-10.0, 0.5, 20.0], negative_slope=0.1, max_value=6.0).numpy()
    array([-1. ,  0.5,  6. ], dtype=float32)
    """
    if negative_slope and max_value is None and not threshold:
        return leaky_relu(x, negative_slope)
    if threshold:
        y = ops.where(ops.greater(x, threshold), x, 0.0)
    else:
        y = relu6(x) if max_value == 6 else ops.relu(x)
    if max_value is not None and (threshold or max_value != 6):
        y = ops.clip(y, 0.0, float(max_value))
    return y - negative_slope * ops.relu(ops.subtract(threshold, x)) if negative_slope else y


def gelu(x, approximate=False):
    """x times the share of a normal distribution below x (Hendrycks & Gimpel, 2016); by tanh if `approximate`."""
    return ops.gelu(x, approximate)


def exponential(x):
    """e ** x."""
    return ops.exp(x)


def mish(x):
    """x * tanh(softplus(x)) (Misra, 2019)."""
    return ops.multiply(x, tanh(softplus(x)))


swish, hard_swish = silu, hard_silu

_ALL = {
    f.__name__: f
    for f in (
        celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, leaky_relu, linear,
        log_sigmoid, log_softmax, mish, relu, relu6, selu, sigmoid, silu, soft_shrink, softmax, softplus, softsign,
        sparse_plus, sparse_sigmoid, sparsemax, squareplus, tanh, tanh_shrink, threshold,
    )
} | {"swish": silu, "hard_swish": hard_silu}


def get(identifier):
    """The activation that a name, a configuration, a function, a layer or None stands for."""
    if isinstance(identifier, dict):
        identifier = deserialize_keras_object(identifier)  # a layer too may be an activation
    return linear if identifier is None else identifiers.get(identifier, _ALL, "activation")


def serialize(activation):
    """The name of an activation of ours; the configuration of a function or layer of the user's."""
    name = getattr(activation, "__name__", None)
    return name if _ALL.get(name) is activation else serialize_keras_object(activation)


def deserialize(config, custom_objects=None):
    """The activation of a name or a configuration."""
    return identifiers.deserialize(config, _ALL, "activation", custom_objects)
