"""The calculus: each op's value by kernels, and right below it how a gradient flows back. Derivatives live here alone.

Source of names and arguments: https://keras.io/api/ops/
"""

from . import operators  # noqa: F401  (gives tensors Python's operators)
from .arithmetic import (
    absolute,
    add,
    divide,
    equal,
    exp,
    greater,
    greater_equal,
    less,
    less_equal,
    log,
    log1p,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    power,
    rsqrt,
    sign,
    sqrt,
    square,
    subtract,
    tanh,
    where,
)
from .core import cast, convert_to_numpy, convert_to_tensor, ones, ones_like, shape, stop_gradient, zeros, zeros_like
from .losses import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy
from .nn import (
    elu,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    one_hot,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    softsign,
)
from .products import dot, matmul
from .reductions import argmax, max, mean, min, sum
from .shapes import expand_dims, reshape, squeeze, take, transpose

abs = absolute
