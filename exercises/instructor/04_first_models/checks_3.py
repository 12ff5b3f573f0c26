"""Exercise 04.3: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def readings(rng, n, classes):
    meant = rng.integers(classes, size=n)
    return meant, np.where(rng.random(n) < 0.6, meant, rng.integers(classes, size=n)), classes


exercise = Exercise(
    "04.3",
    "How many of each class are found?",
    ("recall",),
    [
        "For one class: which rows are meant to be it? Of these rows, which were read right? `meant == c` is a mask.",
        "A loop over `range(classes)` is fine. What is 0 / 0 for a class that no row is meant to be?",
        "`np.bincount(meant, minlength=classes)` counts all classes at once.",
        "Read again lesson 4, part 5, the cell that makes `confusion`: recall is its diagonal over its rows' sums.",
    ],
    [
        Part("every class is there", 8,
             [Case("recall", (np.array([0, 0, 1, 1, 1, 2]), np.array([0, 1, 1, 1, 0, 0]), 3), expected=[1/2, 2/3, 0]),
              *draws("recall", readings, [(30, 3)], [0])],
             draws("recall", readings, [(40, 2), (60, 4)], [1, 2])),
        Part("a class that no row is meant to be", 7,
             [Case("recall", (np.array([0, 0, 2]), np.array([0, 1, 2]), 4), expected=[0.5, 0.0, 1.0, 0.0])],
             [Case("recall", (np.array([3]), np.array([1]), 5), expected=[0.0] * 5, about="a batch of one"),
              Case("recall", (np.array([1, 1]), np.array([1, 1]), 2), expected=[0.0, 1.0])]),
    ],
)


@exercise.wrong("That is precision: you divide by the rows *read* as the class. Recall divides by those *meant* so.")
def recall(meant, read, classes):
    found = np.bincount(meant[meant == read], minlength=classes)
    return found / np.maximum(np.bincount(read, minlength=classes), 1)


@exercise.wrong("0 / 0 is nan: a class that no row is meant to be shall get 0.")
def recall(meant, read, classes):
    found = np.bincount(meant[meant == read], minlength=classes)
    return found / np.bincount(meant, minlength=classes)


@exercise.wrong("You divide by all rows; each class has its own: the rows that are meant to be it.")
def recall(meant, read, classes):
    return np.bincount(meant[meant == read], minlength=classes) / len(meant)


@exercise.wrong("Only classes that occur are in it: make the result as long as `classes` says.")
def recall(meant, read, classes):
    return [(read[meant == c] == c).mean() for c in np.unique(meant)]


@exercise.otherwise
def recall(meant, read, classes):
    result = []
    for c in range(classes):
        hits = [r == c for m, r in zip(meant, read) if m == c]
        result.append(sum(hits) / len(hits) if hits else 0)
    return result
