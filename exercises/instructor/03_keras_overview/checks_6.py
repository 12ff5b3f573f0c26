"""Exercise 03.6: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numba
import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part


def by_hand(x, a):
    time = np.arange(x.shape[1])
    fading = np.where(time[:, None] <= time, float(a) ** np.maximum(time - time[:, None], 0), 0.0)
    return x @ fading


def case(rows, time, a, through, seed, about=""):
    x = np.random.default_rng(seed).normal(size=(rows, time)).round(2)
    return Case("fade", (x, a), expected=by_hand(x, a), through=through, about=about or f"{rows} × {time}, a = {a}")


SPIKE = np.array([[0.0, 1.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0]])

exercise = Exercise(
    "03.6",
    "A kernel for Numba: fading memory",
    ("fade",),
    [
        "Write the sums for t - 1 and for t under each other. What makes the second one of the first?",
        "One step later everything has faded once more, and x at t has come: a · y(t-1) + x(t).",
        "Two loops, over rows and over time; a number `memory`, 0 where a row begins; it is written to y at [r, t].",
        "Read again lesson 3, part 8, *Open the source: one kernel, three ways*: the cell that prints relu's sources.",
    ],
    [
        Part("the right numbers", 5,
             [Case("fade", (SPIKE, 0.5), expected=np.array([[0, 1, 0.5, 0.25], [2, 1, 0.5, 0.25]]), through="loop",
                   about="one knock a row"), case(3, 4, 0.9, "loop", 0), case(1, 6, 0.3, "loop", 1)],
             [case(4, 3, 0.7, "loop", 2), case(1, 1, 0.5, "loop", 3), case(2, 5, 0.0, "loop", 4, "nothing is kept"),
              case(2, 5, 1.0, "loop", 5, "nothing fades"), case(5, 2, 0.25, "loop", 6)]),
        Part("compiled, without arrays of its own, each number once", 5, [case(2, 40, 0.9, "compiled", 7)],
             [case(1, 90, 0.8, "compiled", 8), case(30, 2, 0.6, "compiled", 9)]),
    ],
)


@exercise.wrong("It is plain Python still: `@numba.njit` above `def` compiles it.")
def fade(x, a, y):
    for r in range(x.shape[0]):
        memory = 0.0
        for t in range(x.shape[1]):
            memory = a * memory + x[r, t]
            y[r, t] = memory


@exercise.wrong("Right, but each t adds up everything again: twice the time is four times the work. Use y[r, t-1].")
@numba.njit
def fade(x, a, y):
    for r in range(x.shape[0]):
        for t in range(x.shape[1]):
            y[r, t] = 0.0
            for s in range(t + 1):
                y[r, t] += a ** (t - s) * x[r, s]


@exercise.wrong("Right, but it makes new arrays on its way: `x[r] * 2` is one. Go number by number.")
@numba.njit
def fade(x, a, y):
    for t in range(x.shape[1]):
        y[:, t] = x[:, t] + (a * y[:, t - 1] if t else 0 * x[:, t])


@exercise.wrong("What is left of one row's memory goes on into the next: set it to 0 where a row begins.")
@numba.njit
def fade(x, a, y):
    memory = 0.0
    for r in range(x.shape[0]):
        for t in range(x.shape[1]):
            memory = a * memory + x[r, t]
            y[r, t] = memory


@exercise.wrong("x at t fades already when it comes: a belongs to the memory alone, a · memory + x.")
@numba.njit
def fade(x, a, y):
    for r in range(x.shape[0]):
        memory = 0.0
        for t in range(x.shape[1]):
            memory = a * (memory + x[r, t])
            y[r, t] = memory


@exercise.wrong("The memory runs down the rows; time is the second axis, along a row.")
@numba.njit
def fade(x, a, y):
    for t in range(x.shape[1]):
        memory = 0.0
        for r in range(x.shape[0]):
            memory = a * memory + x[r, t]
            y[r, t] = memory


@exercise.wrong("Nothing stands in y: a kernel gives nothing back, it writes into the array it is given.")
@numba.njit
def fade(x, a, y):
    return a * x


@exercise.otherwise
@numba.njit
def fade(values, share, out):
    rows, steps = values.shape
    for place in range(rows * steps):
        row, step = place // steps, place % steps
        before = out[row, step - 1] if step > 0 else 0.0
        out[row, step] = values[row, step] + share * before
