"""Exercise 05.7: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import NO_CLASSES

(digits, kinds), (new_digits, new_kinds) = keras.datasets.mnist.load_data()
MOVE = "The digits to learn from all lie in the middle, the new ones do not: move yours, differently in every epoch."
MORE = "More epochs, or two convolutions with a pooling after each, will help."


def lot(seed, learnt, new, by, at_least, advice):
    rng = np.random.default_rng(seed)
    rows, others = rng.permutation(len(digits))[:learnt], rng.permutation(len(new_digits))[:new]
    wide = np.pad(halved(new_digits[others]), ((0, 0), (by, by), (by, by)))
    corners = rng.integers(0, 2 * by + 1, (new, 2))
    moved = np.stack([picture[r : r + 14, s : s + 14] for picture, (r, s) in zip(wide, corners)])
    about = f"{learnt} digits to learn from, {new} new ones" + (", moved" if by else "")
    return Case("learn", (halved(digits[rows]), kinds[rows], moved), "accuracy", new_kinds[others],
                at_least=at_least, advice=advice, seconds=20, about=about)


def halved(images):
    return images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).astype("uint8")


exercise = Exercise(
    "05.7",
    "Project: digits out of place",
    ("learn",),
    [
        "A last axis for the channel, `images[..., None] / 255.0`; a softmax over ten; `argmax(axis=1)` at the end.",
        "The network must see moved digits while it learns: by your `shift`, or by a layer, first in the model.",
        "RandomTranslation(0.15, 0.15, fill_mode='constant'); Conv2D with 16, then 32 filters, each with a pooling "
        "behind; Dense(64); Adam(0.003), 20 epochs in batches of 32: about 87 %.",
        "Read again lesson 5, part 7, *And your own hand?*: the cells with `mover` and `augmented`.",
    ],
    [Part("digits in their place", 4, [lot(1, 400, 150, 0, 0.75, MORE)], [lot(2, 400, 150, 0, 0.75, MORE)]),
     Part("moved digits", 6, [lot(3, 1000, 200, 2, 0.8, MOVE)], [lot(4, 1000, 200, 2, 0.8, MOVE)])],
)


def train(images, labels, new_images, *inner, epochs=4):
    keras.utils.set_random_seed(2)
    layers = [keras.Input((14, 14, 1)), *inner, keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential(layers)
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    model.fit(images[..., None].astype("float32") / 255, labels, batch_size=32, epochs=epochs, verbose=0)
    return model.predict(new_images[..., None].astype("float32") / 255, verbose=0)


def convolutions():
    for filters in (16, 32):
        yield keras.layers.Conv2D(filters, 3, activation="relu")
        yield keras.layers.MaxPooling2D(2)


@exercise.wrong(MOVE)
def learn(images, labels, new_images):
    return train(images, labels, new_images, *convolutions(), epochs=10).argmax(axis=1)


@exercise.wrong(NO_CLASSES)
def learn(images, labels, new_images):
    return train(images, labels, new_images).max(axis=1)


@exercise.wrong("one label for each row is wanted")
def learn(images, labels, new_images):
    return train(images, labels, new_images)


@exercise.wrong("It says 1 whatever it is shown: it has learned nothing from what it was given.")
def learn(images, labels, new_images):
    return np.ones(len(new_images), int)


@exercise.wrong(MORE)
def learn(images, labels, new_images):
    far = ((new_images[:, None].astype(float) - images[:60]) ** 2).sum(axis=(2, 3))  # knows 60 digits by heart
    return labels[far.argmin(axis=1)]


@exercise.otherwise
def learn(images, labels, new_images):
    wide = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    copies = [wide[:, r : r + 14, s : s + 14] for r in range(5) for s in range(5)]
    shown = train(np.concatenate(copies), np.tile(labels, 25), new_images, *convolutions(), epochs=1)
    return [int(np.argmax(row)) for row in shown]
