"""The executable specification: each kernel of `interface.py`, in the fewest clear lines of NumPy."""

import numpy as np

# memory ----------------------------------------------------------------------------------------


def empty(shape, dtype):
    return np.empty(shape, dtype)


def cast(x, out):
    out[...] = x


def transpose(x, axes, out):
    out[...] = x.transpose(axes)


# arithmetic, with broadcasting -----------------------------------------------------------------


def add(a, b, out):
    np.add(a, b, out=out)


def subtract(a, b, out):
    np.subtract(a, b, out=out)


def multiply(a, b, out):
    np.multiply(a, b, out=out)


def divide(a, b, out):
    with np.errstate(all="ignore"):
        np.divide(a, b, out=out)


def power(a, b, out):
    with np.errstate(all="ignore"):
        np.power(a, b, out=out)


def maximum(a, b, out):
    np.maximum(a, b, out=out)


def minimum(a, b, out):
    np.minimum(a, b, out=out)


def equal(a, b, out):
    np.equal(a, b, out=out)


def not_equal(a, b, out):
    np.not_equal(a, b, out=out)


def greater(a, b, out):
    np.greater(a, b, out=out)


def greater_equal(a, b, out):
    np.greater_equal(a, b, out=out)


def less(a, b, out):
    np.less(a, b, out=out)


def less_equal(a, b, out):
    np.less_equal(a, b, out=out)


def where(condition, a, b, out):
    out[...] = np.where(condition, a, b)


# elementwise -----------------------------------------------------------------------------------


def negative(x, y):
    y[:] = -x


def absolute(x, y):
    y[:] = abs(x)


def sign(x, y):
    y[:] = np.sign(x)


def square(x, y):
    y[:] = x * x


def sqrt(x, y):
    with np.errstate(invalid="ignore"):
        y[:] = np.sqrt(x)


def exp(x, y):
    with np.errstate(over="ignore"):
        y[:] = np.exp(x)


def log(x, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        y[:] = np.log(x)


def log1p(x, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        y[:] = np.log1p(x)


def sigmoid(x, y):
    with np.errstate(over="ignore"):
        y[:] = 1 / (1 + np.exp(-x))


def sigmoid_grad(dy, y, dx):
    dx[:] = dy * y * (1 - y)


def tanh(x, y):
    y[:] = np.tanh(x)


def tanh_grad(dy, y, dx):
    dx[:] = dy * (1 - y * y)


def relu(x, y):
    y[:] = np.maximum(x, 0)


def relu_grad(dy, y, dx):
    dx[:] = np.where(y > 0, dy, 0)


def softplus(x, y):
    y[:] = np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))


def scale(x, factor, y):
    y[:] = x * y.dtype.type(factor)


# products --------------------------------------------------------------------------------------


def matmul(a, b, out):
    out[...] = a @ b


def batch_matmul(a, b, out):
    out[...] = a @ b


# rows ------------------------------------------------------------------------------------------


def add_bias(x, b, y):
    y[...] = x + b


def sum_rows(x, out):
    out[:] = x.sum(0)


def softmax(x, y):
    e = np.exp(x - x.max(1, keepdims=True))
    y[...] = e / e.sum(1, keepdims=True)


def softmax_grad(dy, y, dx):
    dx[...] = y * (dy - (dy * y).sum(1, keepdims=True))


def log_softmax(x, y):
    x = x - x.max(1, keepdims=True)
    y[...] = x - np.log(np.exp(x).sum(1, keepdims=True))


def log_softmax_grad(dy, y, dx):
    dx[...] = dy - np.exp(y) * dy.sum(1, keepdims=True)


def argmax(x, out):
    out[:] = x.argmax(1)


# reductions ------------------------------------------------------------------------------------


def sum(x, axes, out):
    out[...] = x.sum(axes, keepdims=True)


def max(x, axes, out):
    out[...] = x.max(axes, keepdims=True)


def min(x, axes, out):
    out[...] = x.min(axes, keepdims=True)


def mean(x, out):
    out[0] = x.mean(dtype=np.float64)


def fill(out, value, factor):
    out[:] = value[0] * out.dtype.type(factor)


# rows chosen by an index -----------------------------------------------------------------------


def take_rows(table, index, out):
    out[...] = table[index]


def add_at_rows(index, dy, dtable):
    dtable[...] = 0
    np.add.at(dtable, index, dy)


def one_hot(index, out):
    out[...] = index[:, None] == np.arange(out.shape[1])


def outside(index, limit, found):
    bad = np.flatnonzero((index < 0) | (index >= limit))
    found[0] = bad[0] if bad.size else -1


# losses ----------------------------------------------------------------------------------------


def binary_crossentropy(y, p, e, out):
    p = np.clip(p, p.dtype.type(e), p.dtype.type(1 - e))
    out[:] = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(1)


def binary_crossentropy_grad(g, y, p, e, dp):
    inside = (p >= p.dtype.type(e)) & (p <= p.dtype.type(1 - e))
    p = np.where(inside, p, 0.5)
    dp[...] = np.where(inside, g[:, None] * (p - y) / (p * (1 - p) * p.shape[1]), 0)


def categorical_crossentropy(y, p, e, out):
    q = p / p.sum(1, keepdims=True)
    out[:] = -(y * np.log(np.clip(q, p.dtype.type(e), p.dtype.type(1 - e)))).sum(1)


def categorical_crossentropy_grad(g, y, p, e, dp):
    total = p.sum(1, keepdims=True)
    q = p / total
    inside = (q >= p.dtype.type(e)) & (q <= p.dtype.type(1 - e))
    dq = np.where(inside, -g[:, None] * y / np.where(inside, q, 1), 0)
    dp[...] = (dq - (dq * q).sum(1, keepdims=True)) / total


def sparse_crossentropy(labels, p, e, out):
    q = p[np.arange(len(p)), labels] / p.sum(1)
    out[:] = -np.log(np.clip(q, p.dtype.type(e), p.dtype.type(1 - e)))


def sparse_crossentropy_grad(g, labels, p, e, dp):
    y = np.zeros_like(p)
    y[np.arange(len(p)), labels] = 1
    categorical_crossentropy_grad(g, y, p, e, dp)


# metrics ---------------------------------------------------------------------------------------


def binary_accuracy(y, p, threshold, out):
    out[:] = ((p > threshold) == y).mean(1)


def categorical_accuracy(y, p, out):
    out[:] = y.argmax(1) == p.argmax(1)


def sparse_accuracy(labels, p, out):
    out[:] = labels == p.argmax(1)


def accumulate(values, weights, total, count):
    weights = np.broadcast_to(weights, values.shape)
    total[0] += (values * weights).sum(dtype=np.float64)
    count[0] += weights.sum(dtype=np.float64)


# random ----------------------------------------------------------------------------------------


def random_uniform(seed, out):
    out[:] = (_hash(seed, out.size) >> np.uint32(8)) * np.float32(2**-24)
    seed[1:] += np.uint32(1)


def dropout_mask(seed, rate, out):
    keep = _hash(seed, out.size) >= np.uint32(rate * 2**32)
    out[:] = np.where(keep, out.dtype.type(1 / (1 - rate)), 0)
    seed[1:] += np.uint32(1)


def _hash(seed, n):
    """n random 32-bit numbers: each place's number, mixed until no bit remembers where it came from.

    Two rounds of xor, shift and multiply (after C. Wellons' search for integer hashes, 2018).
    """
    with np.errstate(over="ignore"):
        x = np.arange(n, dtype=np.uint32) ^ _mix(seed[0] ^ _mix(seed[1:2]))
        return _mix(x)


def _mix(x):
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


# optimizers ------------------------------------------------------------------------------------


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
