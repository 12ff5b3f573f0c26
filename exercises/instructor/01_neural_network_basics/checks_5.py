"""Exercise 01.5: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part


def case(n, k, sizes):
    expected = np.array([part for part, size in enumerate(sizes) for _ in range(size)])
    return Case("parts", (n, k), "same", expected)


exercise = Exercise(
    "01.5",
    "Fair parts",
    ("parts",),
    [
        "How long is a part at least? `n // k`. How many rows are left over then? `n % k`.",
        "The rows left over go to the first parts, one each.",
        "`np.repeat([0, 1], [3, 2])` is 0 0 0 1 1.",
        "Read again lesson 1, part 5, the cell that defines `cross_validate`.",
    ],
    [
        Part("n is a multiple of k", 4, [case(6, 3, [2, 2, 2]), case(4, 1, [4])],
             [case(5, 5, [1] * 5), case(8, 2, [4, 4])]),
        Part("some rows are left over", 6, [case(7, 3, [3, 2, 2]), case(10, 4, [3, 3, 2, 2])],
             [case(9, 5, [2, 2, 2, 2, 1]), case(23, 5, [5, 5, 5, 4, 4]), case(13, 7, [2] * 6 + [1])]),
    ],
)


@exercise.wrong("You deal the rows out like cards, 0 1 2 0 1 2; each part shall be rows that follow one another.")
def parts(n, k):
    return np.arange(n) % k


@exercise.wrong("All the rows left over are in the last part; they go to the first parts, one each.")
def parts(n, k):
    return np.minimum(np.arange(n) // (n // k), k - 1)


@exercise.wrong("Rows are lost: n // k for each part leaves n % k rows without one.")
def parts(n, k):
    return np.repeat(np.arange(k), n // k)


@exercise.wrong("The longer parts come first; yours come last or in between.")
def parts(n, k):
    return np.arange(n) * k // n


@exercise.otherwise
def parts(n, k):
    result = []
    for number, rows in enumerate(np.array_split(np.arange(n), k)):
        result += [number] * len(rows)
    return result
