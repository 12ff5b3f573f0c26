"""Cross-entropies, row by row, and their gradients: a thread for each row."""

from numba import cuda

from .functions import log
from .launch import kernel, launch


@cuda.jit(device=True)
def clipped(p, low, high):
    """p, but not below `low` or above `high`; NaN stays."""
    return low if p < low else high if p > high else p


@cuda.jit(device=True)
def sum_of(p, row):
    total = p[row, 0]
    for j in range(1, p.shape[1]):
        total += p[row, j]
    return total


def limits(e, p):
    """e and 1 - e, as numbers of p's dtype."""
    return p.dtype.type(e), p.dtype.type(1 - e)


@kernel(fills=1)
def binary_crossentropy(y, p, e, out):
    launch(_binary_crossentropy, p.shape[0], y, p, *limits(e, p), out)


@cuda.jit
def _binary_crossentropy(y, p, low, high, out):
    row = cuda.grid(1)
    if row < p.shape[0]:
        total = p[row, 0] * 0
        for j in range(p.shape[1]):
            q = clipped(p[row, j], low, high)
            total -= y[row, j] * log(q) + (1 - y[row, j]) * log(1 - q)
        out[row] = total / p.shape[1]


@kernel(fills=1)
def binary_crossentropy_grad(g, y, p, e, dp):
    launch(_binary_crossentropy_grad, p.size, g, y, p, *limits(e, p), dp)


@cuda.jit
def _binary_crossentropy_grad(g, y, p, low, high, dp):
    i = cuda.grid(1)
    if i < p.size:
        k = p.shape[1]
        row, column = i // k, i % k
        q = p[row, column]
        inside = q >= low and q <= high
        dp[row, column] = g[row] * (q - y[row, column]) / (q * (1 - q) * k) if inside else 0


@kernel(fills=1)
def categorical_crossentropy(y, p, e, out):
    launch(_categorical_crossentropy, p.shape[0], y, p, *limits(e, p), out)


@cuda.jit
def _categorical_crossentropy(y, p, low, high, out):
    row = cuda.grid(1)
    if row < p.shape[0]:
        categorical(y, p, row, low, high, out)


@cuda.jit(device=True)
def categorical(y, p, row, low, high, out):
    whole = sum_of(p, row)
    total = y[row, 0] * log(clipped(p[row, 0] / whole, low, high))
    for j in range(1, p.shape[1]):
        total += y[row, j] * log(clipped(p[row, j] / whole, low, high))
    out[row] = -total


@kernel(fills=1)
def categorical_crossentropy_grad(g, y, p, e, dp):
    launch(_categorical_crossentropy_grad, p.shape[0], g, y, p, *limits(e, p), dp)


@cuda.jit
def _categorical_crossentropy_grad(g, y, p, low, high, dp):
    row = cuda.grid(1)
    if row < p.shape[0]:
        categorical_grad(g, y, p, row, low, high, dp)


@cuda.jit(device=True)
def categorical_grad(g, y, p, row, low, high, dp):
    whole = sum_of(p, row)
    through_sum = p[row, 0] * 0
    for j in range(p.shape[1]):
        q = p[row, j] / whole
        dq = -g[row] * y[row, j] / q if q >= low and q <= high else p[row, j] * 0
        through_sum += dq * q
        dp[row, j] = dq
    for j in range(p.shape[1]):
        dp[row, j] = (dp[row, j] - through_sum) / whole


@kernel(fills=1)
def sparse_crossentropy(labels, p, e, out):
    launch(_sparse_crossentropy, p.shape[0], labels, p, *limits(e, p), out)


@cuda.jit
def _sparse_crossentropy(labels, p, low, high, out):
    row = cuda.grid(1)
    if row < p.shape[0]:
        sparse(labels, p, row, low, high, out)


@cuda.jit(device=True)
def sparse(labels, p, row, low, high, out):
    label = labels[row]
    if 0 <= label < p.shape[1]:  # else the host will complain, later
        out[row] = -log(clipped(p[row, label] / sum_of(p, row), low, high))


@kernel(fills=1)
def sparse_crossentropy_grad(g, labels, p, e, dp):
    launch(_sparse_crossentropy_grad, p.shape[0], g, labels, p, *limits(e, p), dp)


@cuda.jit
def _sparse_crossentropy_grad(g, labels, p, low, high, dp):
    row = cuda.grid(1)
    if row < p.shape[0]:
        sparse_grad(g, labels, p, row, low, high, dp)


@cuda.jit(device=True)
def sparse_grad(g, labels, p, row, low, high, dp):
    label = labels[row]
    if 0 <= label < p.shape[1]:
        whole = sum_of(p, row)
        q = p[row, label] / whole
        dq = -g[row] / q if q >= low and q <= high else p[row, 0] * 0
        for j in range(p.shape[1]):
            dp[row, j] = ((dq if j == label else 0) - dq * q) / whole
