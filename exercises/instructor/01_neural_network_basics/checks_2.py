"""Exercise 01.2: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def state(rng, n, d):
    return tuple(rng.normal(size=(n, d)).round(3) for _ in range(3)) + (0.1, 0.9)


def first(rng, n, d):
    return rng.normal(size=(n, d)).round(3), np.zeros((n, d)), rng.normal(size=(n, d)).round(3), 0.05, 0.5


ONE = (np.array([1.0]), np.array([2.0]), np.array([3.0]), 0.1, 0.5)

exercise = Exercise(
    "01.2",
    "A step that looks ahead",
    ("nesterov",),
    [
        "First the new velocity, and keep it in a name: the new weights need it too.",
        "v' stands in the second formula, not v; and the slope is used twice.",
        "`velocity = momentum * v - ...` first; then the second formula nearly letter by letter; return both.",
        "Read again lesson 1, part 3, *Which way should a weight move?*, the cell that defines `walk`: the plain step.",
    ],
    [
        Part("a step in motion", 9,
             [Case("nesterov", ONE, expected=(np.array([1.05]), np.array([0.7])), about="by hand"),
              *draws("nesterov", state, [(4, 2), (1, 3)], [0])],
             draws("nesterov", state)),
        Part("the first step, from rest", 6,
             draws("nesterov", first, [(2, 3)], [0]),
             [*draws("nesterov", first), Case("nesterov", (*ONE[:3], 0.1, 0.0), about="no momentum",
                                              expected=(np.array([0.7]), np.array([-0.3])))]),
    ],
)


@exercise.wrong("That is plain momentum: w + v', or the old v in the second formula. Nesterov: w + m·v' - r·g.")
def nesterov(w, v, g, rate, momentum):
    velocity = momentum * v - rate * g
    return w + velocity, velocity


@exercise.wrong("The second formula takes r·g away once more, though v' has it in it already: w + m·v' - r·g.")
def nesterov(w, v, g, rate, momentum):
    velocity = momentum * v - rate * g
    return w + momentum * velocity, velocity


@exercise.wrong("You walk up the slope: the loss falls against it, so r·g is taken away.")
def nesterov(w, v, g, rate, momentum):
    velocity = momentum * v + rate * g
    return w + momentum * velocity + rate * g, velocity


@exercise.wrong("The numbers are right, but w and v are changed in place: `w += ...` works on the caller's arrays.")
def nesterov(w, v, g, rate, momentum):
    v *= momentum
    v -= rate * g
    w += momentum * v - rate * g
    return w, v


@exercise.wrong("The two have changed places: first w', then v'.")
def nesterov(w, v, g, rate, momentum):
    velocity = momentum * v - rate * g
    return velocity, w + momentum * velocity - rate * g


@exercise.otherwise
def nesterov(w, v, g, rate, momentum):
    new_w, new_v = w.copy(), v.copy()
    for place in np.ndindex(w.shape):
        step = rate * g[place]
        new_v[place] = momentum * v[place] - step
        new_w[place] = w[place] + momentum * momentum * v[place] - (1 + momentum) * step
    return [new_w, new_v]
