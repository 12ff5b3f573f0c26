"""Exercise 05.1: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import DTYPE, WRITTEN_DOWN
from kerastutor.grading.trials import draws

SMALL = np.arange(1, 7, dtype="uint8").reshape(2, 3)


def picture(rng, dy, dx, *shape):
    return rng.integers(1, 256, size=shape).astype("uint8"), dy, dx


def small(dy, dx, *expected, **options):
    return Case("shift", (SMALL, dy, dx), "same", np.array(expected, "uint8"), dtype="uint8", **options)


def moves(*sizes, seeds=(0,)):
    return draws("shift", picture, sizes, seeds, judge="same", dtype="uint8")


exercise = Exercise(
    "05.1",
    "Move a picture",
    ("shift",),
    [
        "Begin with zeros of the same shape and dtype, `np.zeros_like(image)`. Which part of them gets which part of "
        "the image?",
        "Moved down by dy, rows dy … h-1 of the result are rows 0 … h-1-dy of the image. And moved up?",
        "`max(dy, 0)` and `min(h + dy, h)` bound the rows that are filled, for both signs; they come from rows that "
        "lie `dy` higher. Or: pad the image with enough zeros on all sides, and cut a window out.",
        "Read again lesson 5, part 7, *And your own hand?*: the cell that makes `x_moved` pads and cuts.",
    ],
    [
        Part("down and right", 4,
             [small(1, 1, [0, 0, 0], [0, 1, 2], about="dy = 1, dx = 1"), *moves((2, 1, 4, 5))],
             moves((1, 3, 5, 4), (2, 2, 3, 7), seeds=(0, 1))),
        Part("up, left, or not at all", 3,
             [small(0, 1, [0, 1, 2], [0, 4, 5], about="dy = 0"), small(-1, -1, [5, 6, 0], [0, 0, 0]),
              small(0, 0, [1, 2, 3], [4, 5, 6], about="it stays")],
             moves((-2, 1, 4, 6), (3, -1, 6, 4), (0, -4, 2, 5), (-1, 0, 3, 3))),
        Part("out of the frame; channels", 3,
             [small(2, 0, [0, 0, 0], [0, 0, 0], about="moved out"), *moves((1, -2, 3, 5, 2))],
             [*moves((9, 0, 3, 4), (0, -5, 3, 4), (-3, 7, 3, 4), (-1, 1, 4, 3, 3), (1, 1, 1, 1)),
              Case("shift", (SMALL.astype("float32") / 7, 0, -2), dtype="float32", about="float32")]),
    ],
)


def place(image, dy, dx):
    h, w = image.shape[:2]
    wide = np.pad(image, [(h, h), (w, w)] + [(0, 0)] * (image.ndim - 2))
    dy, dx = np.clip(dy, -h, h), np.clip(dx, -w, w)
    return wide[h - dy : 2 * h - dy, w - dx : 2 * w - dx]


@exercise.wrong("What leaves on one side comes in on the other: np.roll wraps round. Zeros shall come in.")
def shift(image, dy, dx):
    return np.roll(image, (dy, dx), axis=(0, 1))


@exercise.wrong("It moves the other way: a positive dy is down, a positive dx to the right.")
def shift(image, dy, dx):
    return place(image, -dy, -dx)


@exercise.wrong("Rows and columns are mixed up: dy belongs to axis 0, the rows, and dx to axis 1.")
def shift(image, dy, dx):
    return place(image, dx, dy)


@exercise.wrong("Where dy or dx is 0, `[:-dy]` is `[:0]`: an empty slice. Reckon where the slice ends.")
def shift(image, dy, dx):
    moved = np.zeros_like(image)
    moved[dy:, dx:] = image[:-dy, :-dx]
    return moved


@exercise.wrong("The result is right, but `image` is changed in place: the caller needs it still. Fill zeros instead.")
def shift(image, dy, dx):
    image[...] = place(image, dy, dx)
    return image


@exercise.wrong(WRITTEN_DOWN)
def shift(image, dy, dx):
    return np.array([[0, 0, 0], [0, 1, 2]], "uint8")


@exercise.wrong(DTYPE)
def shift(image, dy, dx):
    return place(image.astype(float), dy, dx)


@exercise.otherwise
def shift(image, dy, dx):
    result = image.copy()
    for i, j in np.ndindex(image.shape[:2]):
        there = 0 <= i - dy < len(image) and 0 <= j - dx < len(image[0])
        result[i, j] = image[i - dy, j - dx] if there else 0
    return result
