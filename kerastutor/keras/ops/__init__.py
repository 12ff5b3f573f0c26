"""The calculus: each op's value by kernels, and right below it how a gradient flows back. Derivatives live here alone.

Source of names and arguments: https://keras.io/api/ops/
"""

import sys as _sys

from . import image, operators  # noqa: F401  (gives tensors Python's operators)
from .arithmetic import (
    absolute,
    add,
    clip,
    divide,
    equal,
    exp,
    fabs,
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
    true_divide,
    where,
)
from .attention import dot_product_attention
from .control import associative_scan, cond, fori_loop, map, scan, switch, vectorize, vectorized_map, while_loop
from .convolution import conv, conv_transpose, depthwise_conv, separable_conv
from .core import (
    array,
    cast,
    convert_to_numpy,
    convert_to_tensor,
    copy,
    custom_gradient,
    dtype,
    is_tensor,
    ndim,
    saturate_cast,
    shape,
    size,
    stop_gradient,
)
from .creation import (
    arange,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    geomspace,
    identity,
    linspace,
    logspace,
    meshgrid,
    ones,
    ones_like,
    tri,
    zeros,
    zeros_like,
)
from .ctc import ctc_decode, ctc_loss
from .einsum import einsum
from .elementary import (
    cbrt,
    deg2rad,
    erf,
    erfc,
    erfinv,
    exp2,
    expm1,
    hypot,
    ldexp,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    rad2deg,
    reciprocal,
)
from .fourier import (
    bartlett,
    blackman,
    extract_sequences,
    fft,
    fft2,
    hamming,
    hanning,
    i0,
    ifft2,
    irfft,
    istft,
    kaiser,
    rfft,
    stft,
)
from .indexing import get_item, take, take_along_axis
from .joining import (
    append,
    array_split,
    concatenate,
    dsplit,
    dstack,
    flip,
    fliplr,
    flipud,
    hsplit,
    hstack,
    pad,
    repeat,
    roll,
    rot90,
    split,
    stack,
    tile,
    unstack,
    vsplit,
    vstack,
)
from .linalg import (
    cholesky,
    cholesky_inverse,
    det,
    eigh,
    inv,
    logdet,
    lstsq,
    lu_factor,
    matrix_rank,
    norm,
    pinv,
    qr,
    slogdet,
    solve,
    solve_triangular,
    svd,
)
from .logic import (
    all,
    allclose,
    any,
    count_nonzero,
    divide_no_nan,
    fmax,
    fmin,
    heaviside,
    isclose,
    isfinite,
    isin,
    isinf,
    isnan,
    isneginf,
    isposinf,
    isreal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    nan_to_num,
    select,
    signbit,
)
from .losses import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy
from .matrices import cross, diag, diagflat, diagonal, kron, trace, tril, triu, vander
from .missing import (
    nanargmax,
    nanargmin,
    nancumprod,
    nancumsum,
    nanmax,
    nanmean,
    nanmedian,
    nanmin,
    nanpercentile,
    nanprod,
    nanquantile,
    nanstd,
    nansum,
    nanvar,
)
from .nn import (
    celu,
    elu,
    gelu,
    glu,
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_swish,
    hard_tanh,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    multi_hot,
    one_hot,
    psnr,
    relu,
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
    swish,
    tanh_shrink,
    threshold,
)
from .normalization import batch_normalization, layer_normalization, moments, normalize, rms_normalization
from .patches import depth_to_space, fold, space_to_depth, unfold
from .placing import scatter, scatter_update, segment_max, segment_min, segment_prod, segment_sum, slice, slice_update
from .pooling import adaptive_average_pool, adaptive_max_pool, average_pool, max_pool
from .products import cdist, dot, inner, matmul, outer, tensordot, vdot
from .reductions import amax, amin, argmax, argmin, logsumexp, max, mean, min, prod, ptp, sum
from .rounding import (
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_not,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    ceil,
    floor,
    floor_divide,
    fmod,
    gcd,
    lcm,
    left_shift,
    mod,
    nextafter,
    right_shift,
    round,
    trunc,
    view,
)
from .scans import cumprod, cumsum, diff, trapezoid
from .search import argpartition, argsort, digitize, in_top_k, nonzero, searchsorted, sort, top_k, unique, unravel_index
from .shapes import broadcast_to, expand_dims, moveaxis, ravel, rearrange, reshape, squeeze, swapaxes, transpose
from .statistics import average, bincount, corrcoef, correlate, histogram, median, percentile, quantile, std, var
from .trigonometry import (
    angle,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    conj,
    conjugate,
    cos,
    cosh,
    imag,
    real,
    sin,
    sinc,
    sinh,
    tan,
)

abs = absolute

from ..symbolic import takes_placeholders as _takes_placeholders  # noqa: E402

for _name, _op in list(globals().items()):
    if callable(_op) and not _name.startswith("_"):
        globals()[_name] = _takes_placeholders(_op)  # so that Model(inputs, outputs) may contain ops
        globals()[_name].__module__ = __name__  # where `pickle` finds it

numpy = nn = linalg = _sys.modules[__name__]  # Keras's other names for some of them: keras.ops.nn.relu
