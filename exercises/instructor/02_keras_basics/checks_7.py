"""Exercise 02.7: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.datasets import segment
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import NEVER, NO_CLASSES, TOO_FEW


def patches(seed, other_units=False, n=400, new=150):
    x, y = segment.load_data()
    rng = np.random.default_rng(seed)
    rows, about = rng.permutation(len(x))[: n + new], f"{n} patches to learn from, {new} new ones"
    x, y = x[rows], y[rows]
    if other_units:
        x = x * 10.0 ** rng.integers(-3, 4, size=x.shape[1]) + rng.integers(-5, 6, size=x.shape[1])
        x = np.hstack([x, np.full((n + new, 1), 9.0)])
        about = "columns in other units, the last one 9 in all rows: is each brought to mean 0 and spread 1?"
    x = np.array([[float(f"{one:.3g}") for one in row] for row in x])
    return Case("learn", (x[:n], y[:n], x[n:]), "accuracy", y[n:], at_least=0.88, seconds=90, about=about)


exercise = Exercise(
    "02.7",
    "Project: what does the camera see?",
    ("learn",),
    [
        "Four steps, as always: data, model, compile, fit; then predict, and take the likeliest kind.",
        "Scale each column: minus its mean, divided by its spread, both from the *training* rows, for both tables. "
        "Where the spread is 0, divide by 1.",
        "`Dense(64, activation='relu')`, `Dense(7, activation='softmax')`, loss `'sparse_categorical_crossentropy'`, "
        "Adam(0.01), 40 epochs: about 94 % right. `argmax(axis=1)` at the end.",
        "Read again lesson 2: *The finished result first*, the cell with `scaled`, and the table of part 6.",
    ],
    [Part("seven kinds", 10, [patches(1)], [patches(2)]),
     Part("columns in other units, one that never changes", 5, [patches(3, True)],
          [patches(4, True), patches(5, True)])],
)


def train(x, y, new, units=7, epochs=50):
    low, high = x.min(axis=0), x.max(axis=0)
    width = np.where(high > low, high - low, 1)
    x, new = (2 * (one - low) / width - 1 for one in (x, new))
    keras.utils.set_random_seed(2)
    model = keras.Sequential([keras.Input((x.shape[1],)), keras.layers.Dense(48, activation="tanh"),
                              keras.layers.Dense(units, activation="softmax")])
    model.compile(optimizer=keras.optimizers.RMSprop(0.01), loss="categorical_crossentropy")
    model.fit(x, keras.utils.to_categorical(y, 7)[:, :units], epochs=epochs, batch_size=16, verbose=0)
    return model.predict(new, verbose=0)


@exercise.wrong("but one label for each row is wanted")
def learn(patches, kinds, new_patches):
    return train(patches, kinds, new_patches)


@exercise.wrong(NO_CLASSES)
def learn(patches, kinds, new_patches):
    return train(patches, kinds, new_patches).max(axis=1)


@exercise.wrong(NEVER.format("5, 6"))
def learn(patches, kinds, new_patches):
    return train(patches, kinds, new_patches, units=5).argmax(axis=1)


@exercise.wrong("It says 3 whatever it is shown: it has learned nothing from what it was given.")
def learn(patches, kinds, new_patches):
    return np.full(len(new_patches), 3)


@exercise.wrong(TOO_FEW)
def learn(patches, kinds, new_patches):
    return train(patches, kinds, new_patches, epochs=1).argmax(axis=1)


@exercise.otherwise
def learn(patches, kinds, new_patches):
    return [max(range(7), key=lambda kind: row[kind]) for row in train(patches, kinds, new_patches)]
