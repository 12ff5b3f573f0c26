"""Exercise 02.2: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

from dataclasses import replace

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part


def known(shape, classes, seed):
    labels = np.random.default_rng(seed).integers(classes, size=shape)
    return Case("one_hot", (labels, classes), expected=keras.utils.to_categorical(labels, classes),
                about=f"labels of shape {shape}, all known")


def gaps(shape, classes, seed):
    labels = np.random.default_rng(seed).integers(-1, classes, size=shape)
    expected = np.zeros((*shape, classes))
    for place in np.ndindex(*shape):
        if labels[place] >= 0:
            expected[place][labels[place]] = 1
    return Case("one_hot", (labels, classes), expected=expected, about=f"labels of shape {shape}, some unknown")


exercise = Exercise(
    "02.2",
    "One-hot, and who is unknown?",
    ("one_hot",),
    [
        "Compare each label with each of 0, 1, …, classes - 1. Where are they equal? For -1: nowhere.",
        "The comparison needs one axis more than the labels have: `labels[..., None]`, of length 1, at the end.",
        "`labels[..., None] == np.arange(classes)` is broadcast to labels.shape + (classes,): True and False. Make "
        "numbers of them.",
        "Read again lesson 2, part 4, the cell with `to_categorical`, and part 2 from *Two rules of tensors* on.",
    ],
    [
        Part("a list of known labels", 4,
             [Case("one_hot", (np.array([2, 0, 2]), 4), expected=np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]),
                   about="by hand; two classes never come"),
              known((1,), 4, 0)],
             [known((7,), 3, 1), known((4,), 10, 2), known((3,), 1, 3)]),
        Part("unknown labels", 3,
             [Case("one_hot", (np.array([1, -1, 0]), 2), expected=np.array([[0, 1], [0, 0], [1, 0]]), about="by hand")],
             [gaps((9,), 3, 4), gaps((12,), 2, 5), gaps((1,), 3, 6),
              Case("one_hot", (np.array([-1, -1]), 3), expected=np.zeros((2, 3)), about="nothing is known"),
              Case("one_hot", (np.array([-1, 2], "int8"), 3), expected=np.eye(4)[[3, 2], :3], about="int8 labels")]),
        Part("labels of any shape", 3,
             [known((1, 3), 2, 7), gaps((2, 2, 2), 3, 8)],
             [gaps((3, 5), 2, 9), gaps((1, 1), 3, 10), gaps((2, 1, 3), 4, 11),
              Case("one_hot", (np.array(1), 3), expected=np.array([0.0, 1, 0]), about="a single number, no axis")]),
        Part("float32", 2, [replace(gaps((2, 3), 2, 12), dtype="float32")],
             [replace(gaps((5,), 4, 13), dtype="float32")]),
    ],
)


@exercise.wrong("-1 counts from the end in NumPy: an unknown label became the last class. Its row should be zeros.")
def one_hot(labels, classes):
    return np.eye(classes)[labels]


@exercise.wrong("An unknown label became class 0; its row should be zeros.")
def one_hot(labels, classes):
    return np.eye(classes)[np.maximum(labels, 0)]


@exercise.wrong("Unknown labels are left out; each label has its row, so that it still belongs to its sample: zeros.")
def one_hot(labels, classes):
    return np.eye(classes)[labels[labels >= 0]]


@exercise.wrong("The width is taken from the largest label; take it from `classes`: not every batch has every class.")
def one_hot(labels, classes):
    return right(labels, int(labels.max()) + 1)


@exercise.wrong("The classes lie along the first axis; they belong on the last: labels.shape + (classes,).")
def one_hot(labels, classes):
    return np.stack([(labels == c) * 1.0 for c in range(classes)])


@exercise.wrong("All labels have become one long list: keep their axes, and put the new one behind them.")
def one_hot(labels, classes):
    return right(labels.reshape(-1), classes)


@exercise.wrong("You write a 1 up to the label as well as at it; there is one 1 in a row, at the label.")
def one_hot(labels, classes):
    return (labels[..., None] >= np.arange(classes)) * 1.0


@exercise.wrong("Classes begin at 0: label 2 puts its 1 in column 2, not in column 1.")
def one_hot(labels, classes):
    return (labels[..., None] == np.arange(classes) + 1) * 1.0


@exercise.wrong("The numbers are right, but they are float64; float32 is promised.")
def one_hot(labels, classes):
    return right(labels, classes)


@exercise.wrong("The rows are right, but `labels` is changed in place; the caller needs it still. Work on a copy.")
def one_hot(labels, classes):
    result = right(labels, classes)
    labels[labels < 0] = 0
    return result


def right(labels, classes):
    return np.eye(classes + 1)[labels][..., :classes]


@exercise.otherwise
def one_hot(labels, classes):
    result = np.zeros((*labels.shape, classes), "float32")
    for place in np.ndindex(*labels.shape):
        for c in range(classes):
            if labels[place] == c:
                result[(*place, c)] = 1
    return result
