"""Activations. Source: https://keras.io/api/layers/activations/"""

from . import ops
from .naming import look_up
from .ops import elu, leaky_relu, log_softmax, sigmoid, silu, softmax, softplus, softsign, tanh


def linear(x):
    """y = x."""
    return x


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """max(x, 0); with options: x above `threshold`, `negative_slope` * (x - threshold) below, at most `max_value`."""
    if negative_slope == 0 and threshold == 0:
        y = ops.relu(x)
    else:
        x = ops.convert_to_tensor(x)
        y = ops.where(x > threshold, x, negative_slope * (x - threshold))
    return y if max_value is None else ops.minimum(y, float(max_value))


def relu6(x):
    """min(max(x, 0), 6)."""
    return ops.minimum(ops.relu(x), 6.0)


def exponential(x):
    """e ** x."""
    return ops.exp(x)


def hard_sigmoid(x):
    """max(0, min(1, x / 6 + 1 / 2))."""
    return ops.minimum(ops.relu(ops.convert_to_tensor(x) * (1 / 6) + 0.5), 1.0)


def selu(x):
    """scale * elu(x, alpha), with the constants that keep mean 0 and variance 1 (Klambauer et al., 2017)."""
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def mish(x):
    """x * tanh(softplus(x))."""
    return x * tanh(softplus(x))


swish = silu

_ALL = {
    f.__name__: f
    for f in (
        linear, relu, relu6, sigmoid, tanh, softmax, softplus, softsign, elu, selu, silu, leaky_relu, hard_sigmoid,
        mish, exponential, log_softmax,
    )
}
_ALL["swish"] = silu


def get(identifier):
    """The activation that a name, a function or None stands for."""
    if identifier is None:
        return linear
    if callable(identifier):
        return identifier
    return look_up(identifier, _ALL, "activation")


def serialize(activation):
    """The name of an activation of ours; a function of the user's as it is."""
    return activation.__name__ if _ALL.get(getattr(activation, "__name__", None)) is activation else activation


def deserialize(config):
    """The activation of a name."""
    return get(config)
