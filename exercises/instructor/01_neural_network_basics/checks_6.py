"""Exercise 01.6: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import FLIPPED, NOT_LABELS, TOO_FEW


def corners(seed, n=240, new=200):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=(n + new, 2)).round(2)
    y = (x[:, 0] * x[:, 1] < 0).astype(int)
    about = f"{n} points to learn from, {new} new ones"
    return Case("learn", (x[:n], y[:n], x[n:]), "accuracy", y[n:], at_least=0.93, seconds=20, about=about)


exercise = Exercise(
    "01.6",
    "Project: the four corners",
    ("learn",),
    [
        "A hidden layer is needed: one neuron has one straight border.",
        "With 01.3: targets -1 and 1, some 16 hidden neurons, small random weights, 1500 steps of rate 0.2; `> 0`.",
        "In Keras: Dense(16, tanh), Dense(1, sigmoid), Adam(0.02), `binary_crossentropy`, 60 epochs, then `> 0.5`.",
        "Read again lesson 1, part 4, the cell that defines `xor_network`.",
    ],
    [Part("one lot of points", 10, [corners(1)], [corners(2)]),
     Part("fewer points", 5, [corners(3, 160)], [corners(4, 160), corners(5, 160)])],
)


def train(x, y, new, width=16, epochs=80):
    keras.utils.set_random_seed(2)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(width, activation="tanh"),
                              keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.03), loss="binary_crossentropy")
    model.fit(x.astype("float32"), y.astype("float32"), epochs=epochs, batch_size=16, verbose=0)
    return model.predict(new.astype("float32"), verbose=0)[:, 0]


@exercise.wrong(NOT_LABELS)
def learn(points, labels, new_points):
    return train(points, labels, new_points)


@exercise.wrong(FLIPPED)
def learn(points, labels, new_points):
    return (train(points, labels, new_points) < 0.5).astype(int)


@exercise.wrong("It says 0 whatever it is shown: it has learned nothing from what it was given.")
def learn(points, labels, new_points):
    return np.zeros(len(new_points))


@exercise.wrong(TOO_FEW)
def learn(points, labels, new_points):
    return (train(points, labels, new_points, width=1) > 0.5).astype(int)


@exercise.otherwise
def learn(points, labels, new_points):
    return [int(p > 0.5) for p in train(points, labels, new_points)]
