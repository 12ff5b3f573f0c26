"""Exercise 06.2: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def cell(rng, n, inputs, units):
    shapes = [(n, inputs), (n, units), (inputs, 3 * units), (units, 3 * units), (2, 3 * units)]
    return tuple(rng.normal(size=shape).round(2) for shape in shapes)


def layer(n, inputs, units, seed):
    """A case whose answer is no formula of ours: what Keras's own layer makes of it."""
    x, h, *weights = cell(np.random.default_rng(seed), n, inputs, units)
    gru = keras.layers.GRU(units)
    gru.build((None, 1, inputs))
    gru.set_weights(weights)
    expected = np.asarray(gru(x[:, None].astype("float32"), initial_state=h.astype("float32"))).round(5)
    return Case("gru_step", (x, h, *weights), expected=expected, rtol=1e-3, atol=2e-5,
                about=f"beside keras.layers.GRU({units}), {n} × {inputs}")


ONE = [np.array([[1.0]]), np.array([[4.0]]), np.zeros((1, 3)), np.zeros((1, 3))]
KEEP = (*ONE, np.array([[50.0, 0, 0], [0, 0, 9]]))  # z = 1
WRITE = (*ONE, np.array([[-50.0, 50, 0], [0, 0, 2]]))  # z = 0, r = 1
SHUT = (*ONE, np.array([[-50.0, -50, 0.5], [0, 0, 9]]))  # z = 0, r = 0
SIZES = [(1, 2, 3), (4, 3, 2), (2, 5, 1)]

exercise = Exercise(
    "06.2",
    "One step of a GRU",
    ("gru_step",),
    [
        "Make two tables first, one from x with b[0], one from h with b[1], both (n, 3·units). Split each in three.",
        "`np.split(table, 3, axis=1)` gives the columns of z, r and the candidate, in this order.",
        "z and r add their two parts and go through the sigmoid. The candidate multiplies h's part, with its bias, "
        "by r.",
        "Read again lesson 6, part 3, the cell that defines `lstm_by_hand`; part 4 has the last line, in words.",
    ],
    [
        Part("as the layer does", 9, [layer(1, 2, 1, 0), layer(3, 2, 4, 1)],
             [layer(5, 4, 3, 2), layer(2, 1, 5, 3), *draws("gru_step", cell, SIZES)]),
        Part("gates wide open and shut", 6,
             [Case("gru_step", KEEP, expected=np.array([[4.0]]), about="z = 1: everything is kept"),
              Case("gru_step", WRITE, expected=np.tanh([[2.0]]), about="z = 0, r = 1: all is new"),
              Case("gru_step", SHUT, expected=np.tanh([[0.5]]), about="z = 0, r = 0: as if h were not there")],
             [Case("gru_step", (*ONE[:1], -ONE[1], *ONE[2:], KEEP[4]), expected=np.array([[-4.0]])),
              Case("gru_step", (*ONE[:3], np.ones((1, 3)), np.array([[-50.0, 50, -1], [0, 0, -2]])),
                   expected=np.tanh([[1.0]]), about="z = 0, r = 1, h has weights"),
              *draws("gru_step", lambda *size: [one.astype("float32") for one in cell(*size)], SIZES, [7],
                     rtol=1e-4, atol=1e-5)]),
    ],
)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def step(x, h, W, U, b, order="zrg", gate=sigmoid, second=1.0):
    of_x, of_h = np.split(x @ W + b[0], 3, axis=1), np.split(h @ U + second * b[1], 3, axis=1)
    parts = dict(zip(order, zip(of_x, of_h)))
    z, r = gate(sum(parts["z"])), gate(sum(parts["r"]))
    g = np.tanh(parts["g"][0] + r * parts["g"][1])
    return z, r, g, z * h + (1 - z) * g


@exercise.wrong("The gates have changed places: the columns are z, then r, then the candidate.")
def gru_step(*args):
    return step(*args, order="rzg")[3]


@exercise.wrong("z is turned round: z keeps, so it goes with the old h, and 1 - z with the candidate.")
def gru_step(x, h, *weights):
    z, _, g, _ = step(x, h, *weights)
    return (1 - z) * h + z * g


@exercise.wrong("You multiply h by r before the product with U. Keras does so after it: r times (h U + b').")
def gru_step(x, h, W, U, b):
    z, r, _, _ = step(x, h, W, U, b)
    units = h.shape[1]
    g = np.tanh(x @ W[:, -units:] + b[0, -units:] + (r * h) @ U[:, -units:] + b[1, -units:])
    return z * h + (1 - z) * g


@exercise.wrong("The candidate's second bias stands outside: r multiplies h's product and its bias b' together.")
def gru_step(x, h, W, U, b):
    first = b.copy()
    first[0] += b[1]
    return step(x, h, W, U, first, second=0.0)[3]


@exercise.wrong("The second row of b is missing: it belongs to what comes from h.")
def gru_step(*args):
    return step(*args, second=0.0)[3]


@exercise.wrong("The gates are no gates yet: z and r must go through the sigmoid, so that they lie between 0 and 1.")
def gru_step(*args):
    return step(*args, gate=lambda z: z)[3]


@exercise.otherwise
def gru_step(x, h, W, U, b):
    units = h.shape[1]
    new = []
    for row, state in zip(x, h):
        line = []
        for j in range(units):
            k, m = units + j, 2 * units + j
            keep = (1 + np.tanh((row @ W[:, j] + state @ U[:, j] + b[0, j] + b[1, j]) / 2)) / 2
            let = (1 + np.tanh((row @ W[:, k] + state @ U[:, k] + b[0, k] + b[1, k]) / 2)) / 2
            candidate = np.tanh(row @ W[:, m] + b[0, m] + let * (state @ U[:, m] + b[1, m]))
            line.append(candidate + keep * (state[j] - candidate))
        new.append(line)
    return np.array(new)
