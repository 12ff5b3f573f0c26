"""Exercise 07.2: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

from bisect import bisect_left, bisect_right

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws

PAIRS = "you compare each sick row with each healthy one. Sort the healthy scores once, then look each sick one up."


def apart(rng, sick, healthy):
    """No ties: a permutation of whole numbers."""
    n = sick + healthy
    return rng.permutation(np.arange(n) < sick).astype(int), (rng.permutation(n) - n / 2) / 4


def tied(rng, sick, healthy):
    labels, _ = apart(rng, sick, healthy)
    return labels, rng.integers(-2, 3, size=len(labels)).astype(float)


def many(seed, n=2000):
    """Three rows in ten are sick, also in the first quarter."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(n) % 10 < 3).astype(int)
    scores = (rng.random(n) + 0.3 * labels).round(2)
    return Case("auc", (labels, scores), growth=1, slow=PAIRS, about=f"{n} rows")


SIZES = [(3, 2), (2, 5), (1, 1), (1, 6), (7, 4)]

exercise = Exercise(
    "07.2",
    "How good is the order?",
    ("auc",),
    [
        "For one sick row: how many healthy ones have a lower score? How many the same?",
        "In a sorted list that is a place: `np.searchsorted(list, values, 'left')` counts what is lower.",
        "`'right'` counts what is lower or equal. Half of both counts together gives each tie its half.",
        "Read again lesson 7, part 2, the cell that draws the ROC curve, and the lesson's own Exercise 1 at its end.",
    ],
    [
        Part("all scores differ", 5,
             [Case("auc", (np.array([0, 1, 1, 0]), np.array([0.1, 0.9, 0.3, 0.4])), expected=0.75, about="by hand"),
              *draws("auc", apart, [(3, 2), (2, 5)], [0])],
             [*draws("auc", apart, SIZES),
              Case("auc", (np.array([1, 0, 0]), np.array([-5.0, -3.0, -1.0])), expected=0.0, about="all pairs wrong")]),
        Part("equal scores", 6,
             [Case("auc", (np.array([0, 1, 1, 0]), np.array([0.5, 0.5, 0.9, 0.1])), expected=0.875, about="one tie"),
              *draws("auc", tied, [(4, 6)], [0])],
             [*draws("auc", tied, SIZES, [1, 2, 3]),
              Case("auc", (np.array([1, 0, 1]), np.zeros(3, "float32")), expected=0.5, about="all the same, float32")]),
        Part("thousands of rows", 7, [many(0)], [many(1)]),
    ],
)


def compared(labels, scores, tie=0.5):
    sick, healthy = scores[labels == 1][:, None], scores[labels == 0][None, :]
    return ((sick > healthy) + tie * (sick == healthy)).mean()


@exercise.wrong(PAIRS)
def auc(labels, scores):
    sick, healthy = scores[labels == 1].tolist(), scores[labels == 0].tolist()
    points = 0
    for one in sick:
        points += sum((one > other) + (one == other) / 2 for other in healthy)
    return points / (len(sick) * len(healthy))


@exercise.wrong("Equal scores count for nothing with you; each such pair counts one half.")
def auc(labels, scores):
    return compared(labels, scores, tie=0)


@exercise.wrong("Equal scores count as won with you; each such pair counts one half.")
def auc(labels, scores):
    return compared(labels, scores, tie=1)


@exercise.wrong("It is turned round: count the pairs in which the *sick* row has the higher score.")
def auc(labels, scores):
    return 1 - compared(labels, scores)


@exercise.wrong("You divide by all pairs of rows; only pairs of one sick and one healthy row count.")
def auc(labels, scores):
    sick, healthy = (labels == 1).sum(), (labels == 0).sum()
    return compared(labels, scores) * sick * healthy / (len(labels) * (len(labels) - 1) / 2)


@exercise.wrong("Ranks by `argsort` alone put equal scores in the order in which they stand; ties need a half each.")
def auc(labels, scores):
    rank = np.argsort(np.argsort(scores, kind="stable"), kind="stable") + 1
    sick, healthy = (labels == 1).sum(), (labels == 0).sum()
    return (rank[labels == 1].sum() - sick * (sick + 1) / 2) / (sick * healthy)


@exercise.wrong("That is the accuracy at a threshold of 0.5; AUC looks at the order alone and knows no threshold.")
def auc(labels, scores):
    return ((scores > 0.5) == (labels == 1)).mean()


@exercise.otherwise
def auc(labels, scores):
    healthy, sick = [], []
    for label, score in zip(labels.tolist(), scores.tolist()):
        (sick if label else healthy).append(score)
    healthy.sort()
    won = 0
    for one in sick:
        won += (bisect_left(healthy, one) + bisect_right(healthy, one)) / 2
    return won / (len(sick) * len(healthy))
