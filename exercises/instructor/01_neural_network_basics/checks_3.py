"""Exercise 01.3: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import slope


def network(n, inputs, hidden, seed):
    rng = np.random.default_rng(seed)
    shapes = [(n, inputs), (n, 1), (inputs, hidden), (hidden,), (hidden, 1), (1,)]
    return tuple(rng.normal(size=shape).round(3) for shape in shapes)


def loss(x, y, w1, b1, w2, b2):
    return ((np.tanh(x @ w1 + b1) @ w2 + b2 - y) ** 2).mean()


def nudged(n, inputs, hidden, seed):
    """A case whose answer is no formula: how the loss itself changes when each number is nudged."""
    args = network(n, inputs, hidden, seed)
    expected = tuple(
        slope(lambda w, i=i: loss(*args[:i], w, *args[i + 1 :]), args[i]) for i in range(2, 6)
    )
    about = f"against finite differences: {n} rows, {inputs} inputs, {hidden} hidden"
    return Case("backward", args, expected=expected, rtol=1e-4, atol=1e-6, about=about)


exercise = Exercise(
    "01.3",
    "Backwards through two layers",
    ("backward",),
    [
        "Go forward first and keep H: the slopes need it. Then begin at the loss: what is its slope for each a_i?",
        "That slope is 2(A - Y)/n, shape (n, 1). W2's slope is H turned over times it; b2's is its sum over the rows.",
        "Back through the second layer with `@ w2.T`, through tanh with `* (1 - h**2)`; then as for W2 and b2.",
        "Read again lesson 1, part 4, the cell that defines `backpropagate`: the same road, with another activation.",
    ],
    [
        Part("a small batch", 15, [nudged(4, 3, 2, 0), nudged(3, 2, 5, 1)], [nudged(5, 2, 3, 2), nudged(2, 4, 3, 3)]),
        Part("a batch of one, a single neuron", 10, [nudged(1, 2, 3, 4), nudged(3, 1, 1, 5)],
             [nudged(1, 3, 1, 6), nudged(1, 1, 4, 7)]),
    ],
)


def walk_back(x, y, w1, b1, w2, b2, bend=lambda h: 1 - h**2, scale=2, mean=True):
    h = np.tanh(x @ w1 + b1)
    da = scale * (h @ w2 + b2 - y) / (len(x) if mean else 1)
    dz = da @ w2.T * bend(h)
    return x.T @ dz, dz.sum(axis=0), h.T @ da, da.sum(axis=0)


@exercise.wrong("tanh is left out on the way back: multiply by its slope, 1 - h².")
def backward(*args):
    return walk_back(*args, bend=lambda h: 1)


@exercise.wrong("The slope of tanh is 1 - h², with h = tanh(z); you have h(1 - h), that of the sigmoid.")
def backward(*args):
    return walk_back(*args, bend=lambda h: h * (1 - h))


@exercise.wrong("All slopes are half as large as they should be: the square brings a factor 2.")
def backward(*args):
    return walk_back(*args, scale=1)


@exercise.wrong("All slopes are n times too large: the loss is a mean over the rows.")
def backward(*args):
    return walk_back(*args, mean=False)


@exercise.wrong("All signs are turned round: the error is A - Y, not Y - A.")
def backward(*args):
    return walk_back(*args, scale=-2)


@exercise.wrong("The biases' slopes are means over the rows; da is divided by n already, so they are sums.")
def backward(x, y, w1, b1, w2, b2):
    dw1, db1, dw2, db2 = walk_back(x, y, w1, b1, w2, b2)
    return dw1, db1 / len(x), dw2, db2 / len(x)


@exercise.otherwise
def backward(x, y, w1, b1, w2, b2):
    slopes = [np.zeros_like(w) for w in (w1, b1, w2, b2)]
    for row, target in zip(x, y):
        h = np.array([np.tanh(sum(row * w1[:, j]) + b1[j]) for j in range(len(b1))])
        error = 2 / len(x) * (sum(h * w2[:, 0]) + b2[0] - target[0])
        for j in range(len(b1)):
            back = error * w2[j, 0] / np.cosh(np.arctanh(h[j])) ** 2
            slopes[0][:, j] += row * back
            slopes[1][j] += back
            slopes[2][j, 0] += h[j] * error
        slopes[3][0] += error
    return tuple(slopes)
