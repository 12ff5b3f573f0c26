"""One step of a variable: a thread for each of its numbers.

What Python can compute once, as 1 - beta, it computes in double precision and rounds to the variable's dtype.
"""

import numpy as np
from numba import cuda

from .functions import sign, sqrt
from .launch import kernel, launch


def _step(loop, w, *arguments):
    launch(loop, w.size, w, *[w.dtype.type(a) if type(a) is float else a for a in arguments])


@kernel(fills=0)
def sgd(w, g, rate):
    _step(_sgd, w, g, rate)


@cuda.jit
def _sgd(w, g, rate):
    i = cuda.grid(1)
    if i < w.size:
        w[i] -= rate[0] * g[i]


@kernel(fills=0)
def momentum(w, g, m, rate, momentum, nesterov):
    _step(_momentum, w, g, m, rate, momentum, nesterov)


@cuda.jit
def _momentum(w, g, m, rate, momentum, nesterov):
    i = cuda.grid(1)
    if i < w.size:
        m[i] = m[i] * momentum - rate[0] * g[i]
        w[i] += m[i] * momentum - rate[0] * g[i] if nesterov else m[i]


@kernel(fills=0)
def rmsprop(w, g, v, rate, rho, e):
    _step(_rmsprop, w, g, v, rate, 1 - rho, e)


@cuda.jit
def _rmsprop(w, g, v, rate, share, e):
    i = cuda.grid(1)
    if i < w.size:
        v[i] += (g[i] * g[i] - v[i]) * share
        w[i] -= rate[0] * g[i] / sqrt(v[i] + e)


@kernel(fills=0)
def adam(w, g, m, v, rate, factors, beta_1, beta_2, e):
    _step(_adam, w, g, m, v, rate, factors, 1 - beta_1, 1 - beta_2, e)


@cuda.jit
def _adam(w, g, m, v, rate, factors, share_1, share_2, e):
    i = cuda.grid(1)
    if i < w.size:
        m[i] += (g[i] - m[i]) * share_1
        v[i] += (g[i] * g[i] - v[i]) * share_2
        w[i] -= m[i] * (rate[0] * factors[0]) / (sqrt(v[i]) + e)


@kernel(fills=0)
def nadam(w, g, m, v, rate, factors, beta_1, beta_2, e):
    _step(_nadam, w, g, m, v, rate, factors, 1 - beta_1, 1 - beta_2, e)


@cuda.jit
def _nadam(w, g, m, v, rate, factors, share_1, share_2, e):
    i = cuda.grid(1)
    if i < w.size:
        m[i] += (g[i] - m[i]) * share_1
        v[i] += (g[i] * g[i] - v[i]) * share_2
        w[i] -= rate[0] * (factors[0] * m[i] + factors[1] * g[i]) / (sqrt(v[i] * factors[2]) + e)


@kernel(fills=0)
def adamax(w, g, m, u, rate, factors, beta_1, beta_2, e):
    _step(_adamax, w, g, m, u, rate, factors, 1 - beta_1, beta_2, e)


@cuda.jit
def _adamax(w, g, m, u, rate, factors, share_1, beta_2, e):
    i = cuda.grid(1)
    if i < w.size:
        m[i] += (g[i] - m[i]) * share_1
        u[i] = np.maximum(u[i] * beta_2, abs(g[i]))
        w[i] -= m[i] * (rate[0] * factors[0]) / (u[i] + e)


@kernel(fills=0)
def adagrad(w, g, a, rate, e):
    _step(_adagrad, w, g, a, rate, e)


@cuda.jit
def _adagrad(w, g, a, rate, e):
    i = cuda.grid(1)
    if i < w.size:
        a[i] += g[i] * g[i]
        w[i] -= rate[0] * g[i] / sqrt(a[i] + e)


@kernel(fills=0)
def adadelta(w, g, a, d, rate, rho, e):
    _step(_adadelta, w, g, a, d, rate, 1 - rho, e)


@cuda.jit
def _adadelta(w, g, a, d, rate, share, e):
    i = cuda.grid(1)
    if i < w.size:
        a[i] += (g[i] * g[i] - a[i]) * share
        step = g[i] * sqrt(d[i] + e) / sqrt(a[i] + e)
        d[i] += (step * step - d[i]) * share
        w[i] -= rate[0] * step


@kernel(fills=0)
def ftrl(w, g, a, z, rate, power, l1, l2, shrinkage, beta):
    _step(_ftrl, w, g, a, z, rate, *(float(s) for s in (power, l1, l2, shrinkage, beta)))


@cuda.jit
def _ftrl(w, g, a, z, rate, power, l1, l2, shrinkage, beta):
    i = cuda.grid(1)
    if i < w.size:
        grown = a[i] + g[i] * g[i]
        z[i] += g[i] + 2 * shrinkage * w[i] - (grown**-power - a[i] ** -power) / rate[0] * w[i]
        cut = -l1 if z[i] < -l1 else l1 if z[i] > l1 else z[i]
        w[i] = (cut - z[i]) / (grown**-power / rate[0] + 2 * (l2 + beta / (2 * rate[0])))
        a[i] = grown


@kernel(fills=0)
def lion(w, g, m, rate, beta_1, beta_2):
    _step(_lion, w, g, m, rate, beta_1, beta_2)


@cuda.jit
def _lion(w, g, m, rate, beta_1, beta_2):
    i = cuda.grid(1)
    if i < w.size:
        w[i] -= rate[0] * sign(m[i] * beta_1 + g[i] * (1 - beta_1))
        m[i] = m[i] * beta_2 + g[i] * (1 - beta_2)


@kernel(fills=0)
def weight_decay(w, rate, decay):
    _step(_weight_decay, w, rate, decay)


@cuda.jit
def _weight_decay(w, rate, decay):
    i = cuda.grid(1)
    if i < w.size:
        w[i] -= w[i] * (rate[0] * decay)


@kernel(fills=0)
def running_mean(x, mean, share):
    _step(_running_mean, x, mean, share)


@cuda.jit
def _running_mean(x, mean, share):
    i = cuda.grid(1)
    if i < mean.size:
        mean[i] += (x[i] - mean[i]) * share[0]


def count_on(count):
    count += 1  # the host's: Python reads it before each step, and would have to wait for the device
