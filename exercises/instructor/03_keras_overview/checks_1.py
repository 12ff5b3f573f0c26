"""Exercise 03.1: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import slope

ops = keras.ops


def by_hand(y, p, q):
    return np.where(y > p, q * (y - p), (1 - q) * (p - y)).mean(axis=1)


def sloped(n, d, q, seed):
    """Losses, and the slope of their sum by differences of the formula in NumPy."""
    rng = np.random.default_rng(seed)
    y, p = rng.normal(size=(n, d)).round(2), rng.normal(size=(n, d)).round(2) + 0.003  # no ties
    expected = by_hand(y, p, q), slope(lambda p: by_hand(y, p, q).sum(), p)
    return Case("quantile_loss", (y.astype("float32"), p.astype("float32"), q), expected=expected, rtol=1e-4, atol=1e-5,
                through="loss", about=f"shape {n} × {d}, q = {q}")


def plain(y, p, q, about):
    y, p = np.array(y, "float32"), np.array(p, "float32")
    return Case("quantile_loss", (y, p, q), expected=by_hand(y, p, q), rtol=1e-4, through="values", about=about)


exercise = Exercise(
    "03.1",
    "A loss that takes sides",
    ("quantile_loss",),
    [
        "Say y - p is 10, and q 0.9: which of the two in the max is larger? And for y - p = -10?",
        "`ops.maximum(a, b)` takes the larger one at each place; `ops.mean(..., axis=...)` makes one number of a row.",
        "Everything between y_pred and the result must be of `keras.ops`, or `+ - * /`: NumPy cuts the way back.",
        "Read again lesson 3, part 4, the cells that define `surprise` and `distance`.",
    ],
    [
        Part("the losses", 5,
             [plain([[10.0], [0.0]], [[0.0], [10.0]], 0.75, "10 too low, 10 too high"),
              plain([[1.0, 2.0, 0.0]], [[1.0, 0.0, 1.0]], 0.25, "a batch of one, a tie")],
             [plain([[3.0, -3.0]] * 3, [[-1.0, 1.0]] * 3, q, f"q = {q}") for q in (0.0, 0.1, 0.5, 1.0)]),
        Part("a slope comes back", 5, [sloped(4, 1, 0.9, 0), sloped(2, 3, 0.2, 1)],
             [sloped(1, 5, 0.7, 2), sloped(6, 2, 0.05, 3), sloped(3, 3, 0.5, 4)]),
    ],
)


@exercise.wrong("The wrong side: q is the weight where the truth lies above the prediction. The error is y - p.")
def quantile_loss(y_true, y_pred, q):
    error = y_pred - y_true
    return ops.mean(ops.maximum(q * error, (q - 1) * error), axis=-1)


@exercise.wrong("That is one number for the whole batch; the task wants one for each row: `axis=-1`.")
def quantile_loss(y_true, y_pred, q):
    error = y_true - y_pred
    return ops.mean(ops.maximum(q * error, (q - 1) * error))


@exercise.wrong("The numbers are right, but no slope comes back: NumPy cuts the way. Take the functions of keras.ops.")
def quantile_loss(y_true, y_pred, q):
    error = np.asarray(y_true) - np.asarray(y_pred)
    return np.maximum(q * error, (q - 1) * error).mean(axis=-1)


@exercise.wrong("That is the sum over a row; the formula divides by d: a mean.")
def quantile_loss(y_true, y_pred, q):
    error = y_true - y_pred
    return ops.sum(ops.maximum(q * error, (q - 1) * error), axis=-1)


@exercise.wrong("You take the smaller one of the two: the loss becomes negative. It is a maximum.")
def quantile_loss(y_true, y_pred, q):
    error = y_true - y_pred
    return ops.mean(ops.minimum(q * error, (q - 1) * error), axis=-1)


@exercise.wrong("q is not used: 0.9 is written into the function. The same function has to serve every q.")
def quantile_loss(y_true, y_pred, q):
    error = y_true - y_pred
    return ops.mean(ops.maximum(0.9 * error, -0.1 * error), axis=-1)


@exercise.otherwise
def quantile_loss(y_true, y_pred, q):
    columns = y_pred.shape[1]
    total = 0.0
    for j in range(columns):
        low, high = ops.relu(y_true[:, j] - y_pred[:, j]), ops.relu(y_pred[:, j] - y_true[:, j])
        total = total + q * low + (1 - q) * high
    return total / columns
