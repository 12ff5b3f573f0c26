"""One step of an optimizer over one variable, in one pass: memory is read once, and that is what it costs.
"""

import math

import numpy as np

from .compiler import kernel

f32 = np.float32

# A running mean that nothing feeds any more halves and halves until it is a denormal number, which processors handle a
# hundred times slower than others. Beside epsilon, 1e-30 is nothing: from there on it is 0.
NOTHING = f32(1e-30)


@kernel
def sgd(w, g, rate):
    lr = rate[0]
    for i in range(w.size):
        w[i] -= lr * g[i]


@kernel
def momentum(w, g, m, rate, momentum, nesterov):
    lr, mu = rate[0], w.dtype.type(momentum)
    for i in range(w.size):
        step = mu * m[i] - lr * g[i]
        m[i] = f32(0) if abs(step) < NOTHING else step
        w[i] += mu * step - lr * g[i] if nesterov else step


@kernel
def rmsprop(w, g, v, rate, rho, e):
    lr, keep, e = rate[0], w.dtype.type(1 - rho), w.dtype.type(e)
    for i in range(w.size):
        mean = v[i] + (g[i] * g[i] - v[i]) * keep
        v[i] = f32(0) if mean < NOTHING else mean
        w[i] -= lr * g[i] / math.sqrt(mean + e)


@kernel
def adam(w, g, m, v, rate, factors, beta_1, beta_2, e):
    lr, keep_1, keep_2, e = rate[0] * factors[0], w.dtype.type(1 - beta_1), w.dtype.type(1 - beta_2), w.dtype.type(e)
    for i in range(w.size):
        mean = m[i] + (g[i] - m[i]) * keep_1
        square = v[i] + (g[i] * g[i] - v[i]) * keep_2
        m[i] = f32(0) if abs(mean) < NOTHING else mean
        v[i] = f32(0) if square < NOTHING else square
        w[i] -= mean * lr / (math.sqrt(square) + e)


@kernel
def nadam(w, g, m, v, rate, factors, beta_1, beta_2, e):
    lr, keep_1, keep_2, e = rate[0], w.dtype.type(1 - beta_1), w.dtype.type(1 - beta_2), w.dtype.type(e)
    ahead, now, correction = factors[0], factors[1], factors[2]
    for i in range(w.size):
        mean = m[i] + (g[i] - m[i]) * keep_1
        square = v[i] + (g[i] * g[i] - v[i]) * keep_2
        m[i] = f32(0) if abs(mean) < NOTHING else mean
        v[i] = f32(0) if square < NOTHING else square
        w[i] -= lr * (ahead * mean + now * g[i]) / (math.sqrt(square * correction) + e)


@kernel
def adamax(w, g, m, u, rate, factors, beta_1, beta_2, e):
    lr, keep, slower, e = rate[0] * factors[0], w.dtype.type(1 - beta_1), w.dtype.type(beta_2), w.dtype.type(e)
    for i in range(w.size):
        mean = m[i] + (g[i] - m[i]) * keep
        before, size = slower * u[i], abs(g[i])
        largest = before if before > size or before != before else size
        m[i] = f32(0) if abs(mean) < NOTHING else mean
        u[i] = f32(0) if largest < NOTHING else largest
        w[i] -= mean * lr / (largest + e)


@kernel
def adagrad(w, g, a, rate, e):
    lr, e = rate[0], w.dtype.type(e)
    for i in range(w.size):
        a[i] += g[i] * g[i]
        w[i] -= lr * g[i] / math.sqrt(a[i] + e)


@kernel
def adadelta(w, g, a, d, rate, rho, e):
    lr, keep, e = rate[0], w.dtype.type(1 - rho), w.dtype.type(e)
    for i in range(w.size):
        square = a[i] + (g[i] * g[i] - a[i]) * keep
        step = g[i] * math.sqrt(d[i] + e) / math.sqrt(square + e)
        moved = d[i] + (step * step - d[i]) * keep
        a[i] = f32(0) if square < NOTHING else square
        d[i] = f32(0) if moved < NOTHING else moved
        w[i] -= lr * step


@kernel
def ftrl(w, g, a, z, rate, power, l1, l2, shrinkage, beta):
    lr, p, two_shrinkage = rate[0], w.dtype.type(-power), w.dtype.type(2 * shrinkage)
    l1, two_l2 = w.dtype.type(l1), w.dtype.type(2 * l2) + w.dtype.type(beta) / lr
    for i in range(w.size):
        grown = a[i] + g[i] * g[i]
        after = grown**p
        z[i] += g[i] + two_shrinkage * w[i] - (after - a[i] ** p) / lr * w[i]
        clipped = -l1 if z[i] < -l1 else l1 if z[i] > l1 else z[i]
        w[i] = (clipped - z[i]) / (after / lr + two_l2)
        a[i] = grown


@kernel
def lion(w, g, m, rate, beta_1, beta_2):
    lr, one, beta_1, beta_2 = rate[0], w.dtype.type(1), w.dtype.type(beta_1), w.dtype.type(beta_2)
    for i in range(w.size):
        ahead = m[i] * beta_1 + g[i] * (one - beta_1)
        mean = m[i] * beta_2 + g[i] * (one - beta_2)
        m[i] = f32(0) if abs(mean) < NOTHING else mean
        w[i] -= lr if ahead > 0 else -lr if ahead < 0 else f32(0) * ahead  # 0, or NaN


@kernel
def weight_decay(w, rate, decay):
    share = rate[0] * w.dtype.type(decay)
    for i in range(w.size):
        w[i] -= w[i] * share


@kernel
def running_mean(x, mean, share):
    s = share[0]
    for i in range(x.size):
        now = mean[i] + (x[i] - mean[i]) * s
        mean[i] = f32(0) if abs(now) < NOTHING else now


@kernel
def count_on(count):
    count[0] += 1
