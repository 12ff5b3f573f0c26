"""Exercise 05.6: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import DTYPE
from kerastutor.grading.trials import draws

LOOPS = "Python runs your loops itself. Write `@njit` above `def`, so that Numba compiles them."
GROWS = "the sums are made anew for pictures that are done already, or a loop too many goes over all of them."


def float32s(rng, n, h, w, c, kh, kw, f):
    return tuple(rng.integers(-4, 5, size=size).astype("float32") for size in ((n, h, w, c), (kh, kw, c, f), (f,)))


def tries(*sizes, seeds=(0,), **options):
    return draws("loops", float32s, sizes, seeds, **options)


ONE = tuple(np.full(size, value, "float32") for size, value in (((1, 1, 1, 1), 3), ((1, 1, 1, 1), 2), ((1,), 5)))

exercise = Exercise(
    "05.6",
    "The loops behind Conv2D",
    ("loops",),
    [
        "Four loops choose the number of Y: picture, row, column, filter. Three more make its sum: u, v, channel.",
        "Begin each sum with the bias. Numba knows arrays, `range`, `.shape`, `np.empty` and numbers; lists of lists "
        "it does not.",
        "First `np.empty((n, h - kh + 1, w - kw + 1, filters), x.dtype)`; then seven times `for ... in range(...)`. In "
        "the innermost stands `total += x[a, i + u, j + v, c] * ...`.",
        "Read again lesson 5, part 3, *What does Conv2D compute?*, the formula above its first cell.",
    ],
    [
        Part("the numbers", 7, [Case("loops", ONE, expected=np.full((1, 1, 1, 1), 11.0), about="a single number each"),
                                *tries((2, 4, 5, 3, 3, 2, 2))],
             tries((1, 5, 4, 1, 2, 3, 4), (3, 3, 6, 2, 3, 3, 1), (2, 6, 3, 4, 1, 1, 3), seeds=(1, 2))),
        Part("their dtype", 3, tries((1, 3, 4, 2, 2, 2, 3), dtype="float32"),
             [*tries((2, 4, 3, 1, 1, 3, 2), dtype="float32"),
              Case("loops", tuple(one.astype("float64") / 3 for one in ONE), dtype="float64", about="float64")]),
        Part("no loop in Python", 5,
             [*tries((12, 5, 6, 2, 3, 3, 2), growth=0, lines=True, slow=LOOPS),
              *tries((48, 6, 6, 2, 5, 5, 1), growth=1, slow=GROWS, seeds=(3,))],
             tries((20, 3, 7, 1, 2, 2, 3), growth=0, lines=True, slow=LOOPS, seeds=(4,))),
    ],
)


def windows(x, kernel):
    return np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))


def summed(x, kernel):
    return np.einsum("nijcuv,uvcf->nijf", windows(x, kernel), kernel)


@exercise.wrong("The bias is missing: each sum begins with it.")
def loops(x, kernel, bias):
    return summed(x, kernel)


@exercise.wrong("The bias is added with every product; once for each number of Y is right.")
def loops(x, kernel, bias):
    return summed(x, kernel) + bias * np.float32(kernel[..., 0].size)


@exercise.wrong("The kernel is turned over: weight u, v lies on row i + u, column j + v, not on i - u, j - v.")
def loops(x, kernel, bias):
    return summed(x, kernel[::-1, ::-1]) + bias


@exercise.wrong("Only the first channel counts: sum over all of them.")
def loops(x, kernel, bias):
    return summed(x[..., :1], kernel[:, :, :1]) + bias


@exercise.wrong("Every sum holds only its last product: `+=`, not `=`.")
def loops(x, kernel, bias):
    return windows(x, kernel)[..., -1, -1][..., -1:] * kernel[-1, -1, -1] + bias * 0


@exercise.wrong("The last row and column are missing: `range(h - kh + 1)` ends with h - kh.")
def loops(x, kernel, bias):
    return (summed(x, kernel) + bias)[:, :-1, :-1]


@exercise.wrong(DTYPE)
def loops(x, kernel, bias):
    return summed(x.astype("float64"), kernel) + bias


@exercise.wrong(LOOPS)
def loops(x, kernel, bias):
    result = np.zeros((len(x), x.shape[1] - len(kernel) + 1, x.shape[2] - kernel.shape[1] + 1, len(bias)), x.dtype)
    for a, i, j, f in np.ndindex(result.shape):
        piece = x[a, i : i + kernel.shape[0], j : j + kernel.shape[1]]
        result[a, i, j, f] = bias[f] + (piece * kernel[..., f]).sum()
    return result


@exercise.otherwise
def loops(x, kernel, bias):
    return np.tensordot(windows(x, kernel), kernel, ([4, 5, 3], [0, 1, 2])) + bias
