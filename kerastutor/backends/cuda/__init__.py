"""Numba's CUDA kernels: the kernels of `interface.py`, as what one thread of many thousands does.

How a kernel is written here
- A loop is a function with `@cuda.jit`: `i = cuda.grid(1)` is the thread's number, and it does its part, if there is
  one. `@per_number` makes a kernel of it by itself, with a thread for each number of the first array. All else is a
  function with `@kernel` that gets device arrays and says `launch(loop, threads, *arguments)`, once or several times;
  memory for what one loop hands to the next is `memory.workspace`. Nobody launches otherwise: so a step can be
  replayed.
- `fills=1` says that the kernel writes its last array whole: what was there is not copied to the device first.
- Loops never compute with Python's floats, which would be double precision: numbers are rounded to the arrays' dtype
  before they are handed in, and what depends on settings alone, as 1 - beta, is computed before that.
- Threads that add to one number do so in an order of their own, and sums differ in the last digits from run to run:
  `reductions.reduce` instead adds in steps, always in the same order. Only `add_at_rows` and the gradient of `warp` are
  atomic.
- Nothing checks arguments or bounds, here as in the other backends; whether an index from data is outside is looked up
  on the device, and told when the host waits for it anyway (`checks.py`).

What a recorded step becomes (`program.py`): first its list of calls gets shorter. An optimizer's calls for all
variables become one (`gathering.py`, `together.py`), softmax and cross-entropy become one (`fusing.py`). Then it is a
list of launches on device arrays, and from its second run on a CUDA graph of them (`graphs.py`), which the host starts
by one call. Within an epoch the host waits for the device only where a callback or the progress bar asks for a value;
where a step has a function of the host's in the middle (a key of several lists or tensors, as x[[0, 1], t]); and where
it uploads more than one run ahead.

Above the kernels everything keeps handling NumPy arrays, which `memory.py` pairs with the device's.
"""


from .arithmetic import (
    add,
    arctan2,
    bitwise_and,
    bitwise_or,
    bitwise_xor,
    cast,
    concatenate,
    divide,
    empty,
    equal,
    floor_divide,
    greater,
    greater_equal,
    left_shift,
    less,
    less_equal,
    maximum,
    minimum,
    mod,
    multiply,
    not_equal,
    power,
    right_shift,
    subtract,
    transpose,
    where,
)
from .convolution import (
    conv,
    conv_input_grad,
    conv_kernel_grad,
    depthwise_conv,
    depthwise_conv_input_grad,
    depthwise_conv_kernel_grad,
)
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
from .images import warp, warp_grad
from .indexing import (
    add_at_rows,
    next_part,
    one_hot,
    outside,
    take_rows,
)
from .losses import (
    binary_crossentropy,
    binary_crossentropy_grad,
    categorical_crossentropy,
    categorical_crossentropy_grad,
    sparse_crossentropy,
    sparse_crossentropy_grad,
)
from .memory import fetch, leave, wrote
from .metrics import (
    accumulate,
    binary_accuracy,
    categorical_accuracy,
    count_hits,
    count_pairs,
    sparse_accuracy,
)
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
from .pooling import average_pool, average_pool_grad, max_pool, max_pool_grad
from .products import (
    batch_matmul,
    matmul,
)
from .program import call, prepare
from .random import (
    dropout_mask,
    random_uniform,
)
from .recurrent import gru, gru_grad, lstm, lstm_grad, simple_rnn, simple_rnn_grad
from .reductions import max, mean, min, sum
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
