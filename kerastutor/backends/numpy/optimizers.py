"""One step of a variable."""

import numpy as np


def sgd(w, g, rate):
    w -= rate * g


def momentum(w, g, m, rate, momentum, nesterov):
    m[:] = m * m.dtype.type(momentum) - rate * g
    w += m * m.dtype.type(momentum) - rate * g if nesterov else m


def rmsprop(w, g, v, rate, rho, e):
    v += (g * g - v) * v.dtype.type(1 - rho)
    w -= rate * g / np.sqrt(v + v.dtype.type(e))


def adam(w, g, m, v, rate, beta_1, beta_2, e):
    m += (g - m) * m.dtype.type(1 - beta_1)
    v += (g * g - v) * v.dtype.type(1 - beta_2)
    w -= m * rate / (np.sqrt(v) + v.dtype.type(e))
