"""One step of a variable, or of many in one launch: a few numbers for each thread.

What Python can compute once, as 1 - beta, it computes in double precision and rounds to the variables' dtype.
"""

import numpy as np
from numba import cuda

from . import checks
from .functions import sign, sqrt
from .launch import Kernel
from .together import four, launch_together, mine, three, two


def rule(own):
    """An optimizer's kernel. Its first `own` arrays belong to the variable; in their places there may be tuples, with
    one array for each of many variables: as many as there are, they are one launch.
    """

    def decorate(function):
        made = Kernel(function, function, fills=0)
        made.own = own
        return made

    return decorate


def _step(loop, own, *settings):
    """Launch loop(numbers, table, bad, *settings) for arrays, or tuples of arrays."""
    own = [a if isinstance(a, tuple) else (a,) for a in own]
    number = own[0][0].dtype.type
    launch_together(loop, own, checks.bad(), *[number(a) if type(a) is float else a for a in settings])


@rule(own=2)
def sgd(w, g, rate):
    _step(_sgd, (w, g), rate)


@cuda.jit
def _sgd(numbers, table, bad, rate):
    w, g = two(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        w[i] -= rate[0] * g[i]


@rule(own=3)
def momentum(w, g, m, rate, momentum, nesterov):
    _step(_momentum, (w, g, m), rate, momentum, nesterov)


@cuda.jit
def _momentum(numbers, table, bad, rate, momentum, nesterov):
    w, g, m = three(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        m[i] = m[i] * momentum - rate[0] * g[i]
        w[i] += m[i] * momentum - rate[0] * g[i] if nesterov else m[i]


@rule(own=3)
def rmsprop(w, g, v, rate, rho, e):
    _step(_rmsprop, (w, g, v), rate, 1 - rho, e)


@cuda.jit
def _rmsprop(numbers, table, bad, rate, share, e):
    w, g, v = three(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        v[i] += (g[i] * g[i] - v[i]) * share
        w[i] -= rate[0] * g[i] / sqrt(v[i] + e)


@rule(own=4)
def adam(w, g, m, v, rate, factors, beta_1, beta_2, e):
    _step(_adam, (w, g, m, v), rate, factors, 1 - beta_1, 1 - beta_2, e)


@cuda.jit
def _adam(numbers, table, bad, rate, factors, share_1, share_2, e):
    w, g, m, v = four(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        m[i] += (g[i] - m[i]) * share_1
        v[i] += (g[i] * g[i] - v[i]) * share_2
        w[i] -= m[i] * (rate[0] * factors[0]) / (sqrt(v[i]) + e)


@rule(own=4)
def nadam(w, g, m, v, rate, factors, beta_1, beta_2, e):
    _step(_nadam, (w, g, m, v), rate, factors, 1 - beta_1, 1 - beta_2, e)


@cuda.jit
def _nadam(numbers, table, bad, rate, factors, share_1, share_2, e):
    w, g, m, v = four(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        m[i] += (g[i] - m[i]) * share_1
        v[i] += (g[i] * g[i] - v[i]) * share_2
        w[i] -= rate[0] * (factors[0] * m[i] + factors[1] * g[i]) / (sqrt(v[i] * factors[2]) + e)


@rule(own=4)
def adamax(w, g, m, u, rate, factors, beta_1, beta_2, e):
    _step(_adamax, (w, g, m, u), rate, factors, 1 - beta_1, beta_2, e)


@cuda.jit
def _adamax(numbers, table, bad, rate, factors, share_1, beta_2, e):
    w, g, m, u = four(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        m[i] += (g[i] - m[i]) * share_1
        u[i] = np.maximum(u[i] * beta_2, abs(g[i]))
        w[i] -= m[i] * (rate[0] * factors[0]) / (u[i] + e)


@rule(own=3)
def adagrad(w, g, a, rate, e):
    _step(_adagrad, (w, g, a), rate, e)


@cuda.jit
def _adagrad(numbers, table, bad, rate, e):
    w, g, a = three(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        a[i] += g[i] * g[i]
        w[i] -= rate[0] * g[i] / sqrt(a[i] + e)


@rule(own=4)
def adadelta(w, g, a, d, rate, rho, e):
    _step(_adadelta, (w, g, a, d), rate, 1 - rho, e)


@cuda.jit
def _adadelta(numbers, table, bad, rate, share, e):
    w, g, a, d = four(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        a[i] += (g[i] * g[i] - a[i]) * share
        step = g[i] * sqrt(d[i] + e) / sqrt(a[i] + e)
        d[i] += (step * step - d[i]) * share
        w[i] -= rate[0] * step


@rule(own=4)
def ftrl(w, g, a, z, rate, power, l1, l2, shrinkage, beta):
    _step(_ftrl, (w, g, a, z), rate, *(float(s) for s in (power, l1, l2, shrinkage, beta)))


@cuda.jit
def _ftrl(numbers, table, bad, rate, power, l1, l2, shrinkage, beta):
    w, g, a, z = four(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        grown = a[i] + g[i] * g[i]
        z[i] += g[i] + 2 * shrinkage * w[i] - (grown**-power - a[i] ** -power) / rate[0] * w[i]
        cut = -l1 if z[i] < -l1 else l1 if z[i] > l1 else z[i]
        w[i] = (cut - z[i]) / (grown**-power / rate[0] + 2 * (l2 + beta / (2 * rate[0])))
        a[i] = grown


@rule(own=3)
def lion(w, g, m, rate, beta_1, beta_2):
    _step(_lion, (w, g, m), rate, beta_1, beta_2)


@cuda.jit
def _lion(numbers, table, bad, rate, beta_1, beta_2):
    w, g, m = three(numbers, table, bad)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        w[i] -= rate[0] * sign(m[i] * beta_1 + g[i] * (1 - beta_1))
        m[i] = m[i] * beta_2 + g[i] * (1 - beta_2)


@rule(own=1)
def weight_decay(w, rate, decay):
    _step(_weight_decay, (w,), rate, decay)


@cuda.jit
def _weight_decay(numbers, table, bad, rate, decay):
    w = mine(numbers, table, bad, 0)
    for i in range(cuda.threadIdx.x, w.size, cuda.blockDim.x):
        w[i] -= w[i] * (rate[0] * decay)


@rule(own=2)
def running_mean(x, mean, share):
    _step(_running_mean, (x, mean), share)


@cuda.jit
def _running_mean(numbers, table, bad, share):
    x, mean = two(numbers, table, bad)
    for i in range(cuda.threadIdx.x, x.size, cuda.blockDim.x):
        mean[i] += (x[i] - mean[i]) * share[0]


def count_on(count):
    count += 1  # the host's: Python reads it before each step, and would have to wait for the device
