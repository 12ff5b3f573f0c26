"""Exercise 06.7: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.datasets import sunspots
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import COPIED, TOO_FAR, UNSCALED
from kerastutor.grading.trials import draws

LEAK = "The target stands in its own window: take the number after it. A network would only learn to copy it."
YEARS, SPOTS = sunspots.load_data()


def cut(series, width):
    return np.array([series[t : t + width] for t in range(len(series) - width)]), series[width:]


def forecasts(first):
    """Learn from the years before `first`, foretell the fifty from it on: a fifth better than as the year before."""
    old, later = SPOTS[YEARS < first], SPOTS[YEARS >= first - 22][: 22 + 50]
    recent, expected = cut(later, 22)
    naive = np.abs(recent[:, -1] - expected).mean()
    return Case("forecast", (old, recent), "error", expected, atol=round(0.8 * naive, 1), seconds=300,
                about=f"{first} to {first + len(expected) - 1}; as the year before is off by {naive:.1f}")


def series(rng, n, width):
    return rng.integers(200, size=n).astype(float), width


exercise = Exercise(
    "06.7",
    "Project: the Sun's next year",
    ("windows", "forecast"),
    [
        "Window s is `series[s : s + width]`, and its target the number after it, `series[s + width]`. How many s are "
        "there, so that the last target is the last number?",
        "A network likes numbers near 1: divide the spots by 100 before, and multiply the forecasts by 100 after. The "
        "layer wants (rows, 22, 1): `x[:, :, None]`.",
        "GRU(16), Dense(1), loss 'mse', Adam(0.01), 40 epochs in batches of 16 are enough. Mind the shape: (m, 1) is "
        "not (m,).",
        "Read again lesson 6, part 7: the cell with `guesses`, which are to be beaten, and the one that makes `sun`.",
    ],
    [
        Part("windows", 6,
             [Case("windows", (np.array([10.0, 20.0, 30.0, 40.0, 50.0]), 3), about="two windows",
                   expected=(np.array([[10.0, 20.0, 30.0], [20.0, 30.0, 40.0]]), np.array([40.0, 50.0]))),
              *draws("windows", series, [(9, 2), (6, 5), (7, 1)], [0])],
             draws("windows", series, [(4, 3), (12, 4), (30, 22), (5, 1)])),
        Part("fifty years foretold", 6, [forecasts(1920)], [forecasts(1940)]),
        Part("other years", 3, [forecasts(1890)], [forecasts(1959)]),
    ],
)


@exercise.wrong(LEAK)
def windows(series, width):
    return cut(series, width)[0], series[width - 1 : -1]


@exercise.wrong(LEAK)
def windows(series, width):
    return np.array([series[t : t + width] for t in range(len(series) - width + 1)]), series[width - 1 :]


@exercise.wrong("The last window is missing: there are n - width of them; the last target is the series' last number.")
def windows(series, width):
    x, y = cut(series, width)
    return x[:-1], y[:-1]


@exercise.wrong("The targets are one too far: the first number after the window is wanted, not the second.")
def windows(series, width):
    x, y = cut(series, width)
    return x[:-1], y[1:]


@exercise.wrong("The last window has no number after it, and so no target: n - width windows, not n - width + 1.")
def windows(series, width):
    return np.array([series[t : t + width] for t in range(len(series) - width + 1)]), series[width:]


def train(series, recent, layer, epochs=40, scale=100):
    keras.utils.set_random_seed(2)
    x, y = cut(np.asarray(series, "float32") / 100, recent.shape[1])
    model = keras.Sequential([keras.Input((recent.shape[1], 1)), layer, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.005), "mse")
    model.fit(x[:, :, None], y, batch_size=16, epochs=epochs, verbose=0)
    return scale * model.predict(recent[:, :, None].astype("float32") / 100, verbose=0)[:, 0]


@exercise.wrong(COPIED)
def forecast(series, recent):
    return recent[:, -1]


@exercise.wrong("whatever it is shown: it has learned nothing from what it was given.")
def forecast(series, recent):
    return np.full(len(recent), series.mean())


@exercise.wrong(UNSCALED)
def forecast(series, recent):
    return train(series, recent, keras.layers.GRU(12), scale=1)


@exercise.wrong(TOO_FAR)
def forecast(series, recent):
    return train(series, recent, keras.layers.GRU(4), epochs=1)


@exercise.otherwise
def windows(series, width):
    table = np.lib.stride_tricks.sliding_window_view(series, width + 1)
    return table[:, :-1], table[:, -1]


@exercise.otherwise
def forecast(series, recent):
    return list(train(series, recent, keras.layers.GRU(24)))
