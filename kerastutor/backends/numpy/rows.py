"""What is computed row by row."""

import numpy as np


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


def argsort(x, out):
    out[...] = x.argsort(1, kind="stable")


def cumsum(x, backwards, out):
    step = -1 if backwards else 1
    np.add.accumulate(x[:, ::step], 1, out=out[:, ::step])


def cumprod(x, out):
    np.multiply.accumulate(x, 1, out=out)


def cumprod_grad(dy, x, y, dx):
    flow = np.zeros(len(x), x.dtype)  # how the sum of dy * y changes with y[j]: by itself, and through those after it
    for j in reversed(range(x.shape[1])):
        flow += dy[:, j]
        dx[:, j] = flow * (y[:, j - 1] if j else 1)
        flow *= x[:, j]
