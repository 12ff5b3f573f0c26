"""Exercise 03.9: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import FLIPPED, TOO_FEW

ops = keras.ops
SAME = "It says 0 whatever it is shown: it has learned nothing from what it was given."


def tasting(seed, n=300, slips=0.03):
    """Pairs of wines, ordered by how near they are to a favourite, some the wrong way; and wines never tasted."""
    rng = np.random.default_rng(seed)
    favourite, weight = rng.uniform(0.25, 0.75, size=2), np.array([1.0, 2.0])
    wines, new = rng.uniform(0, 1, size=(2, n, 2)).round(2), rng.uniform(0, 1, size=(90, 2)).round(2)

    def points(wines):
        return -((wines - favourite) ** 2 @ weight)

    first = (points(wines[0]) > points(wines[1])) != (rng.random(n) < slips)
    better, worse = np.where(first[:, None], wines, wines[::-1])
    true = points(new)
    expected = np.concatenate([true > np.roll(true, -step) for step in (1, 7)]).astype(int)
    return Case("points_for", (better, worse, new), "accuracy", expected, at_least=0.88, seconds=20, through="order",
                about=f"{n} pairs to learn from, 90 new wines")


exercise = Exercise(
    "03.9",
    "Project: what does the taster like?",
    ("points_for",),
    [
        "One small network for points, 2 numbers in and 1 out. Call it on both inputs of a second, functional model.",
        "The second model's output is `ops.sigmoid(taster(first) - taster(second))`; all targets are 1.",
        "Dense(32, tanh), Dense(1) without activation; Adam(0.02), `binary_crossentropy`, 60 epochs. The points come "
        "from the small network: `taster.predict(new)[:, 0]`.",
        "Read again lesson 3, the cell that defines `adder`: one reader, two inputs.",
    ],
    [Part("one taster", 6, [tasting(1)], [tasting(2)]),
     Part("another taster", 4, [tasting(3)], [tasting(4), tasting(5)])],
)


def learn(better, worse, new, hidden=24, epochs=80, shared=True, sign=1):
    def network():
        between = [keras.layers.Dense(hidden, "tanh")] if hidden else []
        return keras.Sequential([keras.Input((2,)), *between, keras.layers.Dense(1)])

    keras.utils.set_random_seed(4)
    taster = network()
    other = taster if shared else network()
    a, b = keras.Input((2,)), keras.Input((2,))
    duel = keras.Model([a, b], keras.layers.Activation("sigmoid")(keras.layers.subtract([taster(a), other(b)])))
    duel.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
    pair, won = [better.astype("float32"), worse.astype("float32")], np.full((len(better), 1), max(sign, 0.0))
    duel.fit(pair, won.astype("float32"), batch_size=25, epochs=epochs, verbose=0)
    return taster.predict(new.astype("float32"), verbose=0)


@exercise.wrong("One number for each row is wanted. `predict` gives shape (m, 1): take its column with `[:, 0]`.")
def points_for(better, worse, new):
    return learn(better, worse, new, epochs=2)


@exercise.wrong(FLIPPED)
def points_for(better, worse, new):
    return learn(better, worse, new, sign=-1)[:, 0]


@exercise.wrong(SAME)
def points_for(better, worse, new):
    return np.ones(len(new))


@exercise.wrong(TOO_FEW)
def points_for(better, worse, new):
    return learn(better, worse, new, hidden=0)[:, 0]


@exercise.otherwise
def points_for(better, worse, new):
    both, won = [np.concatenate([better, worse]), np.concatenate([worse, better])], np.repeat([1.0, 0.0], len(better))
    keras.utils.set_random_seed(5)
    weights, rng = [], np.random.default_rng(5)
    weights = [rng.normal(size=(2, 20)) * 2, rng.normal(size=20), rng.normal(size=20) / 5]
    for _ in range(2500):
        hidden = [np.tanh(x @ weights[0] + weights[1]) for x in both]
        chance = 1 / (1 + np.exp(-((hidden[0] - hidden[1]) @ weights[2])))
        error = (chance - won) / len(won)
        last = (hidden[0] - hidden[1]).T @ error
        back = [sign * np.outer(error, weights[2]) * (1 - h**2) for sign, h in zip((1, -1), hidden)]
        slopes = [sum(x.T @ z for x, z in zip(both, back)), sum(z.sum(axis=0) for z in back), last]
        weights = [w - 1.0 * slope for w, slope in zip(weights, slopes)]
    return np.tanh(new @ weights[0] + weights[1]) @ weights[2]
