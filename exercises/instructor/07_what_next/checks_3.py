"""Exercise 07.3: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def labelled(rng, n, k, classes):
    return rng.integers(classes, size=n), k


def case(labels, k, expected, about=""):
    return Case("folds", (np.array(labels), k), "same", np.array(expected), about=about)


exercise = Exercise(
    "07.3",
    "Every fold like the whole",
    ("folds",),
    [
        "Take one class alone: its rows get 0, 1, …, k - 1, 0, 1, … in turn. What is the remainder `%` good for?",
        "A mask such as `labels == 9` chooses the rows of a class; `.sum()` counts them, `result[mask] = ...` fills.",
        "Go through `np.unique(labels)` with a loop, and begin each class at 0 again.",
        "Read again lesson 7, part 5, *Was the split just lucky?*, the cell with `np.array_split`.",
    ],
    [
        Part("two classes", 6,
             [case([5, 5, 9, 5, 9, 5], 2, [0, 1, 0, 0, 1, 1], "the table"),
              *draws("folds", labelled, [(12, 3, 2)], [0], judge="same")],
             draws("folds", labelled, [(9, 2, 2), (20, 4, 2), (31, 5, 2)], range(3), judge="same")),
        Part("more classes, fewer rows than folds", 6,
             [case([7, 3, 7, -1, 3, 7], 4, [0, 0, 1, 0, 1, 2], "a negative label"),
              case([4], 3, [0], "a single row"), case([2, 2, 2], 1, [0, 0, 0], "one fold")],
             [case([1, 1, 1, 1, 1], 2, [0, 1, 0, 1, 0], "one class"),
              *draws("folds", labelled, [(10, 3, 5), (40, 7, 4)], range(3), judge="same")]),
    ],
)


@exercise.wrong("You deal out all rows in turn, whatever their class: a rare class may still miss a fold.")
def folds(labels, k):
    return np.arange(len(labels)) % k


@exercise.wrong("Each class has to begin at fold 0 again; you go on where the class before it ended.")
def folds(labels, k):
    result = np.zeros(len(labels), int)
    result[np.argsort(labels, kind="stable")] = np.arange(len(labels)) % k
    return result


@exercise.wrong("The folds are numbered from 0 to k - 1; yours begin at 1.")
def folds(labels, k):
    return dealt(labels, lambda n: np.arange(n) % k + 1)


@exercise.wrong("You cut each class into blocks; deal its rows out in turn: 0, 1, …, k - 1, 0, 1, …")
def folds(labels, k):
    return dealt(labels, lambda n: np.arange(n) * k // n)


@exercise.wrong("The result is ordered by class; it has to be in the order of the rows.")
def folds(labels, k):
    return np.concatenate([np.arange((labels == label).sum()) % k for label in np.unique(labels)])


@exercise.wrong("That says how often the class has occurred before; its remainder by k is wanted, `% k`.")
def folds(labels, k):
    return dealt(labels, np.arange)


def dealt(labels, numbers):
    result = np.zeros(len(labels), int)
    for label in np.unique(labels):
        result[labels == label] = numbers((labels == label).sum())
    return result


@exercise.otherwise
def folds(labels, k):
    seen, result = {}, []
    for label in labels.tolist():
        result.append(seen.get(label, 0) % k)
        seen[label] = seen.get(label, 0) + 1
    return result
