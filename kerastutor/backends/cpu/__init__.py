"""Numba kernels and BLAS: the kernels of `interface.py`, as loops.

NumPy's own loops are already as fast as ours for broadcasting arithmetic and for copies, and BLAS multiplies matrices;
Numba does the rest. Importing this package defines the kernels; each is compiled when it is first called, for this
processor, and kept on disk (`cache.py`).
"""

from .algebra import simplified as _simplified
from .arithmetic import (
    add,
    arctan2,
    bitwise_and,
    bitwise_or,
    bitwise_xor,
    cast,
    concatenate,
    divide,
    equal,
    floor_divide,
    greater,
    greater_equal,
    left_shift,
    less,
    less_equal,
    max,
    maximum,
    min,
    minimum,
    mod,
    multiply,
    not_equal,
    power,
    right_shift,
    subtract,
    sum,
    transpose,
    where,
)
from .compiler import compile_all as _compile_all
from .compiler import expand as _expand
from .convolution import (
    conv,
    conv_input_grad,
    conv_kernel_grad,
    depthwise_conv,
    depthwise_conv_input_grad,
    depthwise_conv_kernel_grad,
)
from .crew import session
from .ctc import ctc
from .elementwise import (
    absolute,
    cos,
    erf,
    erfc,
    exp,
    expm1,
    fill,
    floor,
    log,
    log1p,
    mean,
    negative,
    relu,
    relu_grad,
    round,
    scale,
    sigmoid,
    sigmoid_grad,
    sign,
    sin,
    softplus,
    sqrt,
    square,
    tanh,
    tanh_grad,
)
from .fusing import fused as _fused
from .images import warp, warp_grad
from .indexing import add_at_rows, next_part, one_hot, outside, take_rows
from .losses import (
    binary_crossentropy,
    binary_crossentropy_grad,
    categorical_crossentropy,
    categorical_crossentropy_grad,
    sparse_crossentropy,
    sparse_crossentropy_grad,
)
from .memory import empty
from .metrics import (
    accumulate,
    binary_accuracy,
    categorical_accuracy,
    count_hits,
    count_pairs,
    sparse_accuracy,
)
from .moves import without_python as _without_python
from .normalization import batch_norm, batch_norm_grad, batch_norm_sums, column_moments
from .optimizers import (
    adadelta,
    adagrad,
    adam,
    adamax,
    count_on,
    ftrl,
    lion,
    momentum,
    nadam,
    rmsprop,
    running_mean,
    sgd,
    weight_decay,
)
from .overwriting import overwriting as _overwriting
from .plan import plan as _plan
from .pooling import average_pool, average_pool_grad, max_pool, max_pool_grad
from .products import batch_matmul, matmul
from .random import dropout_mask, random_uniform
from .recurrent import gru, gru_grad, lstm, lstm_grad, simple_rnn, simple_rnn_grad
from .rows import (
    add_bias,
    argmax,
    argsort,
    cumprod,
    cumprod_grad,
    cumsum,
    log_softmax,
    log_softmax_grad,
    softmax,
    softmax_grad,
    sum_rows,
)
from .zeros import without_zeros as _without_zeros


def prepare(calls, stream=None, results=None):
    """Compile what the calls need, and give them back in the form that runs fastest."""
    if results is not None:
        calls = _fused(_without_zeros(_overwriting(_simplified(calls, results), results)))
    calls = _expand(_without_python(calls))
    _compile_all(calls, stream)
    return _plan(calls)
