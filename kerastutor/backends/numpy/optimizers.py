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


def adam(w, g, m, v, rate, factors, beta_1, beta_2, e):
    m += (g - m) * m.dtype.type(1 - beta_1)
    v += (g * g - v) * v.dtype.type(1 - beta_2)
    w -= m * (rate * factors[0]) / (np.sqrt(v) + v.dtype.type(e))


def nadam(w, g, m, v, rate, factors, beta_1, beta_2, e):
    m += (g - m) * m.dtype.type(1 - beta_1)
    v += (g * g - v) * v.dtype.type(1 - beta_2)
    w -= rate * (factors[0] * m + factors[1] * g) / (np.sqrt(v * factors[2]) + v.dtype.type(e))


def adamax(w, g, m, u, rate, factors, beta_1, beta_2, e):
    m += (g - m) * m.dtype.type(1 - beta_1)
    u[:] = np.maximum(u * u.dtype.type(beta_2), np.abs(g))
    w -= m * (rate * factors[0]) / (u + u.dtype.type(e))


def adagrad(w, g, a, rate, e):
    a += g * g
    w -= rate * g / np.sqrt(a + a.dtype.type(e))


def adadelta(w, g, a, d, rate, rho, e):
    e = w.dtype.type(e)
    a += (g * g - a) * a.dtype.type(1 - rho)
    step = g * np.sqrt(d + e) / np.sqrt(a + e)
    d += (step * step - d) * d.dtype.type(1 - rho)
    w -= rate * step


def ftrl(w, g, a, z, rate, power, l1, l2, shrinkage, beta):
    power, l1, l2, shrinkage, beta = np.array([-power, l1, l2, shrinkage, beta], w.dtype)
    grown = a + g * g
    z += g + 2 * shrinkage * w - (grown**power - a**power) / rate * w
    w[:] = (np.clip(z, -l1, l1) - z) / (grown**power / rate + 2 * (l2 + beta / (2 * rate)))
    a[:] = grown


def lion(w, g, m, rate, beta_1, beta_2):
    one, beta_1, beta_2 = np.array([1, beta_1, beta_2], w.dtype)
    w -= rate * np.sign(m * beta_1 + g * (one - beta_1))
    m[:] = m * beta_2 + g * (one - beta_2)


def weight_decay(w, rate, decay):
    w -= w * (rate * w.dtype.type(decay))


def running_mean(x, mean, share):
    mean += (x - mean) * share


def count_on(count):
    count += 1
