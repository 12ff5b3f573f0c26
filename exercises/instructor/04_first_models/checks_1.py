"""Exercise 04.1: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def scores_and_labels(rng, n, classes):
    return rng.normal(scale=2, size=(n, classes)).round(3), rng.integers(classes, size=n)


FAR = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -3000.0]])

exercise = Exercise(
    "04.1",
    "Cross-entropy straight from the scores",
    ("crossentropy",),
    [
        "Begin with one row. What is the largest score, and what is left when you take it away from all of them?",
        "`scores.max(axis=1)` has shape (n,). To take it from a matrix, row by row, it needs (n, 1): `[:, None]`.",
        "`scores[np.arange(n), labels]` picks one score from each row.",
        "Read again lesson 4, part 3, the cell that defines `softmax`: there is the same trick.",
    ],
    [
        Part("small scores", 6,
             [Case("crossentropy", (np.zeros((1, 4)), np.array([2])), expected=np.log(4), about="a batch of one, ties"),
              *draws("crossentropy", scores_and_labels, sizes=[(4, 3), (3, 5)], seeds=[0])],
             draws("crossentropy", scores_and_labels)),
        Part("huge scores", 5,
             [Case("crossentropy", (FAR, np.array([0, 0])), expected=np.log1p(np.exp(-1)) / 2, about="far apart"),
              Case("crossentropy", (np.array([[900.0, 0.0]]), np.array([1])), expected=900.0, about="sure and wrong")],
             [Case("crossentropy", (FAR, np.array([2, 1])), expected=(2000 + 1 + np.log1p(np.exp(-1))) / 2),
              Case("crossentropy", (FAR.astype("float32"), np.array([1, 1])), rtol=1e-4, about="float32"),
              Case("crossentropy", (np.full((2, 3), -900.0), np.array([1, 0])), expected=np.log(3.0))]),
        Part("one row far above another", 4,
             [Case("crossentropy", (np.array([[0.0, 1.0], [2000.0, 2001.0]]), np.array([1, 1])),
                   expected=np.log1p(np.exp(-1)), about="each row has its own largest score")],
             [Case("crossentropy", (np.array([[-3000.0, -3000.0, -3000.0], [5.0, 5.0, 5.0]]), np.array([0, 2])),
                   expected=np.log(3.0))]),
    ],
)


@exercise.wrong("exp has overflowed, and inf / inf is nan: take each row's largest score away before exp.")
def crossentropy(scores, labels):
    e = np.exp(scores)
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


@exercise.wrong("log(0) is -inf: a probability can be too small for a float. Never form it; add `m` after the log.")
def crossentropy(scores, labels):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


@exercise.wrong("That is the sum over the rows; the loss is their mean: divide by n.")
def crossentropy(scores, labels):
    return float(np.sum(other_way(scores, labels)))


@exercise.wrong("You take away the largest score of the whole batch; rows far below it vanish. Take one a row: axis=1.")
def crossentropy(scores, labels):
    z = scores - scores.max()
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]).mean()


@exercise.wrong("This is the logarithm to base 10; the natural one is wanted, np.log.")
def crossentropy(scores, labels):
    return float(np.mean(other_way(scores, labels))) / np.log(10)


def other_way(scores, labels):
    result = []
    for row, label in zip(scores, labels):
        row = [float(s) - float(row[label]) for s in row]
        top = max(row)
        result.append(top + np.log(sum(np.exp(s - top) for s in row)))
    return result


@exercise.otherwise
def crossentropy(scores, labels):
    return sum(other_way(scores, labels)) / len(labels)
