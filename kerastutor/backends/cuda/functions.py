"""exp, log and the like for kernels: of the dtype that they are given, and without exceptions.

Numba knows the names of Python's math module, which the simulator would take at its word: math.exp(1000) is an error
there, and no float32. It gets NumPy's.
"""

import math

import numpy as np
from numba import cuda

from .launch import SIMULATED

if SIMULATED:
    exp, expm1, log, log1p, sqrt, tanh = np.exp, np.expm1, np.log, np.log1p, np.sqrt, np.tanh
else:
    exp, expm1, log, log1p, sqrt, tanh = math.exp, math.expm1, math.log, math.log1p, math.sqrt, math.tanh


@cuda.jit(device=True)
def floor(x):
    """The largest whole number not above x; a number so large that it must be whole, infinity and NaN stay."""
    return math.floor(x) + x * 0 if abs(x) < 1e15 else x


@cuda.jit(device=True)
def nearest(x):
    """The nearest whole number, an even one where two are equally near."""
    below = floor(x)
    beyond = x - below
    up = beyond > 0.5 or (beyond == 0.5 and below % 2 != 0)
    return below + 1 if up else below


@cuda.jit(device=True)
def sign(x):
    """-1, 0 or 1; NaN stays."""
    return 1 if x > 0 else -1 if x < 0 else x
