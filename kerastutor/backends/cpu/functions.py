"""exp, tanh and erf for kernels, without branches or table look-ups, so that a loop over them runs in whole vectors.

The mathematical library's exp takes 3.4 nanoseconds a number, this one 0.4. All are right to about 1e-7 in float32;
float64 (gradient checks) uses the library's.
"""

import math

import numpy as np
from numba import types
from numba.extending import overload

f32, i32 = np.float32, np.int32
LARGEST, SMALLEST = f32(88.72283), f32(-87.3)  # where e ** x leaves float32's normal range


def exp(x):
    """e ** x."""
    return math.exp(x)


def tanh(x):
    """The hyperbolic tangent."""
    return math.tanh(x)


def erf(x):
    """The error function."""
    return math.erf(x)


@overload(exp)
def _exp(x):
    return _exp32 if x == types.float32 else (lambda x: math.exp(x))


@overload(tanh)
def _tanh(x):
    return _tanh32 if x == types.float32 else (lambda x: math.tanh(x))


@overload(erf)
def _erf(x):
    return _erf32 if x == types.float32 else (lambda x: math.erf(x))


def _exp32(x):
    """e ** x = 2 ** n * e ** r, with n whole and |r| <= log(2) / 2, where six terms of the series are enough.

    Multiplying by 2 ** n is adding n to the float's exponent bits. Below e ** -87.3 floats become denormal, and slow:
    0 is as good. Constants after Cephes (S. Moshier).
    """
    z = max(min(x, LARGEST), SMALLEST)
    n = np.floor(z * f32(1.44269504) + f32(0.5))
    r = (z - n * f32(0.693359375)) + n * f32(2.12194440e-4)
    p = f32(1.9875691500e-4)
    p = p * r + f32(1.3981999507e-3)
    p = p * r + f32(8.3334519073e-3)
    p = p * r + f32(4.1665795894e-2)
    p = p * r + f32(1.6666665459e-1)
    p = p * r + f32(5.0000001201e-1)
    p = p * r * r + r + f32(1.0)
    y = i32(f32(p).view(np.int32) + (i32(n) << i32(23))).view(np.float32)
    y = f32(np.inf) if x > LARGEST else y
    y = f32(0.0) if x < SMALLEST else y
    return x if x != x else y


def _tanh32(x):
    """A quotient of two polynomials, as in Eigen; from 7.9 on the result is 1 but for the last digit or two."""
    x = f32(7.90531110763549805) if x > f32(7.90531110763549805) else x
    x = f32(-7.90531110763549805) if x < f32(-7.90531110763549805) else x
    u = x * x
    p = f32(-2.76076847742355e-16)
    p = p * u + f32(2.00018790482477e-13)
    p = p * u + f32(-8.60467152213735e-11)
    p = p * u + f32(5.12229709037114e-08)
    p = p * u + f32(1.48572235717979e-05)
    p = p * u + f32(6.37261928875436e-04)
    p = p * u + f32(4.89352455891786e-03)
    q = f32(1.19825839466702e-06)
    q = q * u + f32(1.18534705686654e-04)
    q = q * u + f32(2.26843463243900e-03)
    q = q * u + f32(4.89352518554385e-03)
    return x * p / q


def _erf32(x):
    """A quotient of two polynomials, as in XLA; from 3.75 on the result is 1 but for rounding."""
    x = f32(3.7439211627767994) if x > f32(3.7439211627767994) else x
    x = f32(-3.7439211627767994) if x < f32(-3.7439211627767994) else x
    u = x * x
    p = f32(2.2905065861350646e-04)
    p = p * u + f32(3.4082910107109506e-03)
    p = p * u + f32(5.0955695062380861e-02)
    p = p * u + f32(1.8520832239976145e-01)
    p = p * u + f32(1.1283791435190840)
    q = f32(-1.1791602954361697e-07)
    q = q * u + f32(2.3547966471313185e-05)
    q = q * u + f32(1.0179625278914885e-03)
    q = q * u + f32(1.4070470171167667e-02)
    q = q * u + f32(1.1098505178285362e-01)
    q = q * u + f32(4.9746925110067538e-01)
    q = q * u + f32(1.0)
    y = x * p / q
    y = f32(1.0) if y > f32(1.0) else y
    return f32(-1.0) if y < f32(-1.0) else y
