"""Exercise 06.1: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def reviews(rng, n, steps, d):
    tokens = rng.integers(1, 9, size=(n, steps))
    tokens[np.arange(steps) < rng.integers(steps, size=(n, 1))] = 0  # filled up in front, one word at least
    return rng.normal(size=(n, steps, d)).round(2), tokens


def padded(words, dtype="float64"):
    """One review of 4 steps, with so many words at its end."""
    x = np.arange(1, 9, dtype=dtype).reshape(1, 4, 2)
    return x, np.array([[0] * (4 - words) + [7] * words])


SIZES = [(1, 4, 2), (3, 5, 2), (4, 3, 6)]
HOLE = np.array([[[2.0, 4.0], [0.0, 0.0], [4.0, 2.0]]]), np.array([[5, 3, 8]])

exercise = Exercise(
    "06.1",
    "The words' mean, without the filling",
    ("words_mean",),
    [
        "Which steps count? `tokens != 0` is a table of True and False, which reckon as 1 and 0.",
        "The table has shape (n, steps), x has one axis more: `real[:, :, None]` goes with it. Add over the steps.",
        "Divide by the number of words, and by 1 where there is none: `np.maximum(count, 1)`.",
        "Read again lesson 6, part 5, *What do the zeros do?*: the cell that compares masked and not masked.",
    ],
    [
        Part("reviews with some words", 6,
             [Case("words_mean", padded(2), expected=np.array([[6.0, 7.0]]), about="two words of four"),
              *draws("words_mean", reviews, SIZES[1:], [0]),
              Case("words_mean", HOLE, expected=np.array([[2.0, 2.0]]), about="a word whose numbers are all 0")],
             [*draws("words_mean", reviews, SIZES),
              Case("words_mean", (HOLE[0], np.array([[5, 0, 8]])), expected=np.array([[3.0, 3.0]]),
                   about="filling between two words")]),
        Part("no word at all; float32", 4,
             [Case("words_mean", padded(0), expected=np.zeros((1, 2)), about="nothing but filling"),
              Case("words_mean", padded(1, "float32"), expected=np.array([[7.0, 8.0]]), dtype="float32",
                   about="float32")],
             [Case("words_mean", (np.ones((2, 3, 1)), np.array([[0, 0, 0], [1, 1, 1]])),
                   expected=np.array([[0.0], [1.0]]), about="one row empty, one full"),
              *draws("words_mean", lambda rng, *size: (reviews(rng, *size)[0].astype("float32"),
                                                       rng.integers(3, size=size[:2])),
                     SIZES, [5], rtol=1e-4, dtype="float32")]),
    ],
)


@exercise.wrong("You divide by all steps, the filling too; a short review would seem fainter. Divide by its words.")
def words_mean(x, tokens):
    return (x * (tokens != 0)[:, :, None]).mean(axis=1)


@exercise.wrong("That is the mean over all steps; where the token is 0, the vector shall not count.")
def words_mean(x, tokens):
    return x.mean(axis=1)


@exercise.wrong("That is the words' sum: divide by how many they are.")
def words_mean(x, tokens):
    return (x * (tokens != 0)[:, :, None]).sum(axis=1)


@exercise.wrong("0 / 0 is nan: a row without words shall get zeros. Divide by 1 there.")
def words_mean(x, tokens):
    real = (tokens != 0)[:, :, None].astype(x.dtype)
    return (x * real).sum(axis=1) / real.sum(axis=1)


@exercise.wrong("You tell filling by the vector; a word's numbers may be 0 too. The tokens say which steps count.")
def words_mean(x, tokens):
    real = x.any(axis=2, keepdims=True) & (tokens != 0).any(axis=1)[:, None, None]
    return (x * real).sum(axis=1) / np.maximum(real.sum(axis=1), 1)


@exercise.wrong("Right, but x is changed in place: `x[tokens == 0] = 0` wipes the caller's array. Multiply instead.")
def words_mean(x, tokens):
    x[tokens == 0] = 0
    return x.sum(axis=1) / np.maximum((tokens != 0).sum(axis=1), 1).astype(x.dtype)[:, None]


@exercise.otherwise
def words_mean(x, tokens):
    result = np.zeros(x[:, 0].shape, x.dtype)
    for row, (vectors, numbers) in enumerate(zip(x, tokens)):
        if numbers.any():
            result[row] = vectors[numbers > 0].mean(axis=0)
    return result
