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
def adam(w, g, m, v, rate, beta_1, beta_2, e):
    lr, keep_1, keep_2, e = rate[0], w.dtype.type(1 - beta_1), w.dtype.type(1 - beta_2), w.dtype.type(e)
    for i in range(w.size):
        mean = m[i] + (g[i] - m[i]) * keep_1
        square = v[i] + (g[i] * g[i] - v[i]) * keep_2
        m[i] = f32(0) if abs(mean) < NOTHING else mean
        v[i] = f32(0) if square < NOTHING else square
        w[i] -= mean * lr / (math.sqrt(square) + e)
