"""Numba kernels and BLAS: the kernels of `interface.py`, as loops.

NumPy's own loops are already as fast as ours for broadcasting arithmetic and for copies, and BLAS multiplies matrices;
Numba does the rest. Importing this package defines the kernels; each is compiled when it is first called, for this
processor, and kept on disk (`cache.py`).
"""

from .arithmetic import (
    add,
    cast,
    divide,
    empty,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    max,
    maximum,
    min,
    minimum,
    multiply,
    not_equal,
    power,
    subtract,
    sum,
    transpose,
    where,
)
from .compiler import compile_all as _compile_all
from .crew import session
from .elementwise import (
    absolute,
    exp,
    fill,
    log,
    log1p,
    mean,
    negative,
    relu,
    relu_grad,
    scale,
    sigmoid,
    sigmoid_grad,
    sign,
    softplus,
    sqrt,
    square,
    tanh,
    tanh_grad,
)
from .indexing import add_at_rows, one_hot, outside, take_rows
from .losses import (
    binary_crossentropy,
    binary_crossentropy_grad,
    categorical_crossentropy,
    categorical_crossentropy_grad,
    sparse_crossentropy,
    sparse_crossentropy_grad,
)
from .metrics import accumulate, binary_accuracy, categorical_accuracy, sparse_accuracy
from .optimizers import adam, momentum, rmsprop, sgd
from .plan import plan as _plan
from .products import batch_matmul, matmul
from .random import dropout_mask, random_uniform
from .rows import add_bias, argmax, log_softmax, log_softmax_grad, softmax, softmax_grad, sum_rows


def prepare(calls, stream=None):
    """Compile what the calls need, and give them back in the form that runs fastest."""
    _compile_all(calls, stream)
    return _plan(calls)
