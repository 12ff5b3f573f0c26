"""Exercise 05.5: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws, slope


def batch(rng, n, h, w, c, kh, kw, f):
    dy = rng.normal(size=(n, h - kh + 1, w - kw + 1, f))
    return rng.normal(size=(n, h, w, c)).round(2), dy.round(2)


def convolved(x, kernel, bias):
    kh, kw = kernel.shape[:2]
    n, h, w, _ = x.shape
    y = np.zeros((n, h - kh + 1, w - kw + 1, len(bias))) + bias
    for a, i, j in np.ndindex(y.shape[:3]):
        y[a, i, j] += np.tensordot(x[a, i : i + kh, j : j + kw], kernel, 3)
    return y


def nudged(seed, *size):
    """A case whose answer is no formula: how the sum of dy · Y changes when each weight is nudged."""
    x, dy = batch(np.random.default_rng(seed), *size)
    _, _, _, c, kh, kw, f = size
    kernel, bias = np.ones((kh, kw, c, f)), np.zeros(f)
    expected = (slope(lambda k: (convolved(x, k, bias) * dy).sum(), kernel),
                slope(lambda b: (convolved(x, kernel, b) * dy).sum(), bias))
    return Case("filter_slopes", (x, dy), expected=expected, rtol=1e-4, atol=1e-6,
                about=f"against finite differences: {size[0]} pictures of {size[1]} × {size[2]}")


exercise = Exercise(
    "05.5",
    "Which way should the filters move?",
    ("filter_slopes",),
    [
        "Take one weight, K[u, v, c, f]. It is multiplied by X[a, i+u, j+v, c] at every stop i, j of every picture a.",
        "For one u and v: the numbers it met are `x[:, u:u + h', v:v + w', :]`, a piece as large as dy's rows and "
        "columns. What is left is to multiply and to sum over a, i and j.",
        "`np.einsum('aijc,aijf->cf', piece, dy)` does that, in a loop over u and v. db is dy summed over all but f.",
        "Read again lesson 5, part 3, *What does Conv2D compute?*, and lesson 4, part 4, the cell under *Which way "
        "should a weight move?*",
    ],
    [
        Part("a batch", 8, draws("filter_slopes", batch, [(2, 5, 4, 2, 3, 2, 3)], [0]),
             draws("filter_slopes", batch, [(4, 6, 5, 1, 3, 3, 2), (3, 4, 7, 3, 1, 2, 1), (2, 3, 3, 2, 3, 3, 4)])),
        Part("they are the loss's slopes", 7, [nudged(0, 2, 4, 5, 2, 2, 3, 2), nudged(1, 1, 3, 4, 1, 2, 2, 3)],
             [nudged(2, 3, 5, 4, 3, 3, 2, 2), nudged(3, 1, 4, 4, 1, 1, 1, 1)]),
    ],
)


def both(x, dy):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape[1:3], axis=(1, 2))
    return np.einsum("nuvcij,nijf->uvcf", windows, dy), dy.sum(axis=(0, 1, 2))


@exercise.wrong("These are means over the pictures; dy holds each picture's share already, so they are summed.")
def filter_slopes(x, dy):
    return tuple(each / len(x) for each in both(x, dy))


@exercise.wrong("dk is turned over, as in a mathematician's convolution: weight u, v met X at i + u, j + v.")
def filter_slopes(x, dy):
    dk, db = both(x, dy)
    return dk[::-1, ::-1], db


@exercise.wrong("Channels and filters have changed places in dk: the channel stands third, the filter last.")
def filter_slopes(x, dy):
    dk, db = both(x, dy)
    return dk.swapaxes(2, 3), db


@exercise.wrong("Rows and columns have changed places in dk: u, for the rows, comes first.")
def filter_slopes(x, dy):
    dk, db = both(x, dy)
    return dk.swapaxes(0, 1), db


@exercise.wrong("db is a mean; the bias has a part in every number of its map, so their slopes are summed.")
def filter_slopes(x, dy):
    return both(x, dy)[0], dy.mean(axis=(0, 1, 2))


@exercise.wrong("Only the first picture counts: sum over all of them.")
def filter_slopes(x, dy):
    return both(x[:1], dy[:1])


@exercise.wrong("db has a row for each picture: sum over pictures, rows and columns, axis=(0, 1, 2).")
def filter_slopes(x, dy):
    return both(x, dy)[0], dy.sum(axis=(1, 2))


@exercise.otherwise
def filter_slopes(x, dy):
    rows, columns = dy.shape[1:3]
    dk = np.zeros((x.shape[1] - rows + 1, x.shape[2] - columns + 1, x.shape[3], dy.shape[3]))
    for u, v, c, f in np.ndindex(dk.shape):
        dk[u, v, c, f] = (x[:, u : u + rows, v : v + columns, c] * dy[:, :, :, f]).sum()
    return [dk, [dy[..., f].sum() for f in range(dy.shape[3])]]
