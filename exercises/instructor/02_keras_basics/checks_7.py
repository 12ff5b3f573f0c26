"""Exercise 02.7: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.datasets import segment
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import NEVER, NO_CLASSES, TOO_FEW

NO_SCALE = "is each brought to mean 0 and spread 1?"
OWN_SCALE = "are they scaled by the training rows' mean and spread, not by their own?"


def patches(seed, other_units=False, kinds=range(7), n=350, new=100):
    x, y = segment.load_data()
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(x))
    rows = np.concatenate([rows[:n], [row for row in rows[n:] if y[row] in kinds][:new]])
    x, y, about = x[rows], y[rows], f"{n} patches to learn from, {new} new ones"
    if len(kinds) < 7:
        about = f"new patches of kind {' and '.join(map(str, kinds))} alone: {OWN_SCALE}"
    if other_units:
        x = x * 10.0 ** rng.integers(-3, 4, size=x.shape[1]) + rng.integers(-5, 6, size=x.shape[1])
        x = np.hstack([x, np.full((n + new, 1), 9.0)])
        about = f"columns in other units, the last one 9 in all rows: {NO_SCALE}"
    x = np.array([[float(f"{one:.3g}") for one in row] for row in x])
    return Case("learn", (x[:n], y[:n], x[n:]), "accuracy", y[n:], at_least=0.85, seconds=90, about=about)


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
    [Part("seven kinds", 6, [patches(1)], [patches(2)]),
     Part("the training rows' scale", 4, [patches(6, kinds=(5,))],
          [patches(7, kinds=(0, 3)), patches(8, kinds=(4,))]),
     Part("columns in other units, one that never changes", 5, [patches(4, True)],
          [patches(5, True), patches(9, True)])],
)


def scaled(x, by):
    low, high = by.min(axis=0), by.max(axis=0)
    return 2 * (x - low) / np.where(high > low, high - low, 1) - 1


def train(x, y, new, units=7, epochs=50):
    keras.utils.set_random_seed(2)
    model = keras.Sequential([keras.Input((x.shape[1],)), keras.layers.Dense(48, activation="tanh"),
                              keras.layers.Dense(units, activation="softmax")])
    model.compile(optimizer=keras.optimizers.RMSprop(0.01), loss="categorical_crossentropy")
    model.fit(x.astype("float32"), keras.utils.to_categorical(y, 7)[:, :units], epochs=epochs, batch_size=16, verbose=0)
    return model.predict(new.astype("float32"), verbose=0)


@exercise.wrong("but one label for each row is wanted")
def learn(patches, kinds, new_patches):
    return train(scaled(patches, patches), kinds, scaled(new_patches, patches))


@exercise.wrong(NO_CLASSES)
def learn(patches, kinds, new_patches):
    return train(scaled(patches, patches), kinds, scaled(new_patches, patches)).max(axis=1)


@exercise.wrong(NEVER.format("5, 6"))
def learn(patches, kinds, new_patches):
    return train(scaled(patches, patches), kinds, scaled(new_patches, patches), units=5).argmax(axis=1)


@exercise.wrong("It says 3 whatever it is shown: it has learned nothing from what it was given.")
def learn(patches, kinds, new_patches):
    return np.full(len(new_patches), 3)


@exercise.wrong(TOO_FEW)
def learn(patches, kinds, new_patches):
    return train(scaled(patches, patches), kinds, scaled(new_patches, patches), epochs=1).argmax(axis=1)


@exercise.wrong(NO_SCALE)
def learn(patches, kinds, new_patches):
    if patches.shape[1] == 18:
        patches, new_patches = scaled(patches, patches), scaled(new_patches, patches)
    return train(patches, kinds, new_patches).argmax(axis=1)


@exercise.wrong(OWN_SCALE)
def learn(patches, kinds, new_patches):
    return train(scaled(patches, patches), kinds, scaled(new_patches, new_patches)).argmax(axis=1)


@exercise.otherwise
def learn(patches, kinds, new_patches):
    said = train(scaled(patches, patches), kinds, scaled(new_patches, patches))
    return [max(range(7), key=lambda kind: row[kind]) for row in said]
