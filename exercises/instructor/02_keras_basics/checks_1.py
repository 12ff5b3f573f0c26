"""Exercise 02.1: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import WRITTEN_DOWN
from kerastutor.grading.trials import draws


def labels(rng, n, m, classes):
    share = rng.dirichlet(np.ones(classes))
    return rng.choice(classes, n, p=share), rng.choice(classes, m, p=share)


def case(train, test, expected, about):
    return Case("baseline", (np.array(train), np.array(test)), expected=expected, about=about)


exercise = Exercise(
    "02.1",
    "Better than what?",
    ("baseline",),
    [
        "First: which class do the training labels have most often? Then: how often is it right in the test?",
        "`np.unique(y_train, return_counts=True)` gives the classes in order and how often each is there.",
        "`counts.argmax()` is a place in `classes`, not yet a class. The mean of `y_test == c` is a share.",
        "Read again lesson 2, part 4, *Can it learn anything?*, and in part 6 the cell where a radius is guessed.",
    ],
    [
        Part("the classes 0, 1, 2, …", 6,
             [case([0, 1, 1, 2, 1], [1, 0, 1, 1], 3 / 4, "by hand"),
              case([2, 2, 0, 1], [0, 1, 1, 1, 2], 1 / 5, "another class is the usual one in the test"),
              *draws("baseline", labels, [(20, 30, 3)], [0])],
             draws("baseline", labels, [(30, 20, 2), (50, 40, 5), (90, 7, 4)], [1, 2, 3])),
        Part("ties, negative labels, classes that are missing", 4,
             [case([3, 3, 1, 1, 2], [1, 1, 3, 3, 3], 2 / 5, "1 and 3 are as frequent: the smaller one"),
              case([-1, 1, -1], [1, -1, 1], 1 / 3, "labels -1 and 1"),
              case([5], [2, 2], 0, "a single training row")],
             [case([7, -3, -3, 7], [7, -3, 7], 1 / 3, "a tie of a negative label"),
              case([-5, -5, 2], [0, 2, 2], 0, "a class that the test has not"),
              case([4], [4], 1, "a batch of one"),
              case([0, 100, 100], [100, 0, 0, 0], 1 / 4, "classes with gaps")]),
    ],
)


@exercise.wrong("You look for the most frequent class of the test labels. A guesser has seen the training ones alone.")
def baseline(y_train, y_test):
    return np.unique(y_test, return_counts=True)[1].max() / len(y_test)


@exercise.wrong("That is its share of the *training* labels; the question is how often it is right on the test labels.")
def baseline(y_train, y_test):
    return np.unique(y_train, return_counts=True)[1].max() / len(y_train)


@exercise.wrong("That is dice: one of so many classes. Always saying the most frequent one is right more often.")
def baseline(y_train, y_test):
    return 1 / len(np.unique(y_train))


@exercise.wrong("Of classes that are as frequent the smallest number counts; `counts.argmax()` takes the first.")
def baseline(y_train, y_test):
    classes, counts = np.unique(y_train, return_counts=True)
    return (y_test == classes[counts == counts.max()][-1]).mean()


@exercise.wrong("`argmax` gives the place in the list of classes; with gaps or negative labels that is not the class.")
def baseline(y_train, y_test):
    return (y_test == np.unique(y_train, return_counts=True)[1].argmax()).mean()


@exercise.wrong("`bincount` refuses negative labels; np.unique(..., return_counts=True) counts any.")
def baseline(y_train, y_test):
    return (y_test == np.bincount(y_train).argmax()).mean()


@exercise.wrong("You return how many are right; the share is wanted: divide by the number of test labels.")
def baseline(y_train, y_test):
    classes, counts = np.unique(y_train, return_counts=True)
    return (y_test == classes[counts.argmax()]).sum()


@exercise.wrong(WRITTEN_DOWN)
def baseline(y_train, y_test):
    return 0.75


@exercise.otherwise
def baseline(y_train, y_test):
    often = {}
    for label in y_train.tolist():
        often[label] = often.get(label, 0) + 1
    usual = min(often, key=lambda label: (-often[label], label))
    return sum(1 for label in y_test if label == usual) / len(y_test)
