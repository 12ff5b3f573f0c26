"""Exercise 04.2: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws, slope


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def batch(rng, n, inputs, classes):
    x, z = rng.normal(size=(n, inputs)).round(3), rng.normal(size=(n, classes))
    return x, softmax(z).round(4), np.eye(classes)[rng.integers(classes, size=n)]


def by_differences(n, inputs, classes, seed):
    """A case whose answer is no formula: how the loss itself changes when each weight is nudged."""
    rng = np.random.default_rng(seed)
    x, w, b = rng.normal(size=(n, inputs)), rng.normal(size=(inputs, classes)), rng.normal(size=classes)
    y = np.eye(classes)[rng.integers(classes, size=n)]

    def loss(w, b):
        return -(y * np.log(softmax(x @ w + b))).sum(axis=1).mean()

    expected = slope(lambda w: loss(w, b), w), slope(lambda b: loss(w, b), b)
    return Case("gradients", (x, softmax(x @ w + b), y), expected=expected, rtol=1e-4, atol=1e-6,
                about=f"against finite differences, {n} rows")


SIZES = [(4, 3, 2), (1, 2, 3), (3, 5, 4)]

exercise = Exercise(
    "04.2",
    "Which way should the weights move?",
    ("gradients",),
    [
        "Write the shapes under P - Y and X. Only one product of them, with one turned over, has the shape of W.",
        "b is added to every row, so every row has a say in its slope.",
        "`x.T @ ...` for the weights, `.sum(axis=0)` for the bias, both of (P - Y)/n.",
        "Read again lesson 4, part 4: the cell under *Which way should a weight move?*",
    ],
    [
        Part("dw and db on small batches", 12, draws("gradients", batch, SIZES, [0]), draws("gradients", batch, SIZES)),
        Part("they are the loss's slopes", 8, [by_differences(3, 2, 4, 0)],
             [by_differences(5, 3, 2, 1), by_differences(1, 4, 3, 2)]),
    ],
)


@exercise.wrong("These are n times too large: the loss is a mean over the rows, so its slope is divided by n too.")
def gradients(x, p, y):
    return x.T @ (p - y), (p - y).sum(axis=0)


@exercise.wrong("The sign is turned round: the slope is probability minus target, not target minus probability.")
def gradients(x, p, y):
    return x.T @ (y - p) / len(x), (y - p).sum(axis=0) / len(x)


@exercise.wrong("dw is turned over: W has a row for each input, so its slope is `x.T @ dz`, not `dz.T @ x`.")
def gradients(x, p, y):
    dz = (p - y) / len(x)
    return dz.T @ x, dz.sum(axis=0)


@exercise.wrong("db is divided by n twice: (P - Y)/n is already a mean; its rows are only to be summed.")
def gradients(x, p, y):
    dz = (p - y) / len(x)
    return x.T @ dz, dz.mean(axis=0)


@exercise.wrong("db has one number for each row; it should have one for each class: sum over the rows, axis=0.")
def gradients(x, p, y):
    dz = (p - y) / len(x)
    return x.T @ dz, dz.sum(axis=1)


@exercise.wrong("The answer is right, but `p` is changed in place: `p -= y` spoils the caller's array. Write `p - y`.")
def gradients(x, p, y):
    p -= y
    return x.T @ p / len(x), p.mean(axis=0)


@exercise.otherwise
def gradients(x, p, y):
    rows, inputs = x.shape
    weights, bias = [[0.0] * p.shape[1] for _ in range(inputs)], [0.0] * p.shape[1]
    for r in range(rows):
        for c in range(p.shape[1]):
            error = (p[r, c] - y[r, c]) / rows
            bias[c] += error
            for i in range(inputs):
                weights[i][c] += x[r, i] * error
    return [weights, bias]
