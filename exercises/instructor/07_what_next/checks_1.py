"""Exercise 07.1: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import DTYPE
from kerastutor.grading.trials import draws


def batch(rng, n, d):
    return rng.normal(size=(n, d)).round(3), rng.random((n, d)).round(2), 0.4, True


X, U = np.array([[1.0, -2.0, 3.0, 0.0]]), np.array([[0.1, 0.5, 0.9, 0.7]])
SMALL = X.astype("float32")

exercise = Exercise(
    "07.1",
    "Switch units off, and keep the sum",
    ("dropout",),
    [
        "Two questions: is it training? And which places have u >= rate?",
        "With rate 0.5 half the numbers go, so the others are doubled: divide by the share that stays.",
        "`np.where(u >= rate, here, 0)` chooses place by place; `.astype(x.dtype)` gives back the dtype.",
        "Read again lesson 7, part 4, *How do I stop it learning by heart?*, the cell that defines `careful_net`.",
    ],
    [
        Part("training", 4,
             [Case("dropout", (X, U, 0.5, True), expected=np.array([[0.0, -4.0, 6.0, 0.0]]), about="a u is the rate"),
              *draws("dropout", batch, [(3, 2)], [0])],
             [*draws("dropout", batch), Case("dropout", (X, U, 0.0, True), expected=X, about="rate 0")]),
        Part("not training", 3,
             [Case("dropout", (X, U, 0.5, False), expected=X)],
             [Case("dropout", (-X.T, U.T, 0.9, False), expected=-X.T)]),
        Part("float32 stays float32", 3,
             [Case("dropout", (SMALL, U, 0.2, True), expected=np.array([[0.0, -2.5, 3.75, 0.0]]), dtype="float32",
                   about="x is float32, u float64")],
             [Case("dropout", (SMALL, U, 0.6, True), expected=np.array([[0, 0, 7.5, 0]]), dtype="float32"),
              Case("dropout", (SMALL, U, 0.6, False), expected=SMALL, dtype="float32", about="not training")]),
    ],
)


@exercise.wrong("What stays is not made larger, so the next layer gets less than it is used to. Divide by 1 - rate.")
def dropout(x, u, rate, training):
    return np.where(u >= rate, x, 0) if training else x


@exercise.wrong("You divide by the rate; divide by the share that stays, 1 - rate.")
def dropout(x, u, rate, training):
    return np.where(u >= rate, x / np.float32(rate or 1), 0) if training else x


@exercise.wrong("The mask is turned round: the places with u < rate go, the others stay.")
def dropout(x, u, rate, training):
    return np.where(u < rate, x / np.float32(1 - rate), 0) if training else x


@exercise.wrong("Outside of training nothing is switched off: `predict` uses all units. Give x back as it came.")
def dropout(x, u, rate, training):
    return np.where(u >= rate, x / (1 - rate), 0).astype(x.dtype)


@exercise.wrong("Outside of training nothing is multiplied: what stays was made larger in training, for just this.")
def dropout(x, u, rate, training):
    return np.where(u >= rate, x, 0) if training else (x * (1 - rate)).astype(x.dtype)


@exercise.wrong("A number stays where u equals the rate: `u >= rate`, not `u > rate`.")
def dropout(x, u, rate, training):
    return np.where(u > rate, x / (1 - rate), 0).astype(x.dtype) if training else x


@exercise.wrong("The numbers are right, but x is changed in place: the caller needs it still. np.where makes another.")
def dropout(x, u, rate, training):
    if training:
        x[u < rate] = 0
        x /= 1 - rate
    return x


@exercise.wrong(DTYPE)
def dropout(x, u, rate, training):
    mask = (u >= rate).astype(float)
    return x * mask / (1 - rate) if training else x


@exercise.otherwise
def dropout(x, u, rate, training):
    result = x.copy()
    for place in np.ndindex(x.shape):
        if training:
            result[place] = result[place] / (1 - rate) if u[place] >= rate else 0
    return result
