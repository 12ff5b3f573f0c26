"""Exercise 01.1: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def scores(rng, n, d):
    return rng.normal(size=(n, d)).round(3), 0.1


TIES = np.array([[0.0, -2.0, 3.0]])

exercise = Exercise(
    "01.1",
    "A relu that leaks",
    ("leaky_relu", "leaky_slope"),
    [
        "Two cases, one array: which place of z belongs to which case?",
        "`np.where(condition, here, there)` takes from one array where the condition holds, from another elsewhere.",
        "At 0 the second case holds, so the slope there is s.",
        "Read again lesson 1, part 1, *What is a neuron?*, the cell where the activations are drawn.",
    ],
    [
        Part("leaky_relu", 8,
             [Case("leaky_relu", (TIES, 0.2), expected=np.array([[0.0, -0.4, 3.0]]), about="a batch of one, a zero"),
              *draws("leaky_relu", scores, [(4, 2), (2, 5)], [0])],
             [*draws("leaky_relu", scores), Case("leaky_relu", (TIES, 2.0), expected=np.array([[0.0, -4.0, 3.0]]),
                                                 about="s larger than 1"),
              Case("leaky_relu", (TIES.astype("float32"), 0.5), expected=np.array([[0, -1, 3.0]]), about="float32")]),
        Part("leaky_slope", 7,
             [Case("leaky_slope", (TIES, 0.2), expected=np.array([[0.2, 0.2, 1.0]]), about="a batch of one, a zero"),
              *draws("leaky_slope", scores, [(4, 2)], [0])],
             [*draws("leaky_slope", scores),
              Case("leaky_slope", (np.array([1, -1, 0]), 0.25), expected=np.array([1, 0.25, 0.25]), about="integers")]),
    ],
)


@exercise.wrong("That is the plain relu: where z is negative it should leak, s times z.")
def leaky_relu(z, s):
    return np.maximum(z, 0)


@exercise.wrong("On the left you give s itself; it is s times z.")
def leaky_relu(z, s):
    return np.where(z > 0, z, s)


@exercise.wrong("The answer is right, but z is changed in place: the caller needs it still. np.where makes another.")
def leaky_relu(z, s):
    z[z < 0] *= s
    return z


@exercise.wrong("The sign on the left is turned round: s·z is negative there, as z is.")
def leaky_relu(z, s):
    return np.where(z > 0, z, s * np.abs(z))


@exercise.wrong("That is the slope of the plain relu: on the left it is s, not 0.")
def leaky_slope(z, s):
    return (z > 0).astype(float)


@exercise.wrong("At z = 0 the slope shall be s: `z > 0`, not `z >= 0`.")
def leaky_slope(z, s):
    return np.where(z >= 0, 1.0, s)


@exercise.wrong("You give the slope times z; the slope alone is wanted: 1 or s.")
def leaky_slope(z, s):
    return np.where(z > 0, z, s * z)


@exercise.otherwise
def leaky_relu(z, s):
    return [[one if one > 0 else s * one for one in row] for row in z.tolist()]


@exercise.otherwise
def leaky_slope(z, s):
    return s + (1 - s) * (z > 0)
