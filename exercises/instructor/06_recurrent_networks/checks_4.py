"""Exercise 06.4: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws

SLOW = ("a window 4 times as wide holds 4 times the numbers, and you add them all up anew. Two neighbouring windows "
        "share all but two numbers.")


def whole(rng, n, width):
    return width, rng.integers(-9, 90, size=n).astype(float)


def high(n, width, seed):
    """Large float32 numbers: a running sum in float32 would lose what tells them apart."""
    x = (40000 + np.random.default_rng(seed).integers(-9999, 9999, size=n) / 128).astype("float32")
    expected = np.lib.stride_tricks.sliding_window_view(x.astype("float64"), width).mean(axis=1)
    return Case("sliding_mean", (width, x), expected=expected, rtol=1e-6, about=f"{n} large numbers in float32")


def wide(n, width, seed):
    x = np.random.default_rng(seed).integers(0, 100, size=n).astype(float)
    return Case("sliding_mean", (width, x), growth=0, slow=SLOW, about=f"windows {width} wide, and {width // 4}")


exercise = Exercise(
    "06.4",
    "A sliding mean in one walk",
    ("sliding_mean",),
    [
        "When the window slides by one, which number leaves it, and which comes in? The others need no second look.",
        "Or: c[t] is the sum of the first t numbers, c[0] = 0. What is the sum of those from t to t + width - 1?",
        "`np.cumsum(x, dtype='float64')` with a 0 in front has n + 1 sums; take them width apart, `c[width:] - ...`.",
        "Read again lesson 6, part 7, *How many spots will the Sun have next year?*, the cell that defines `windows`.",
    ],
    [
        Part("every window", 4,
             [Case("sliding_mean", (2, np.array([1.0, 3.0, 5.0, -1.0])), expected=np.array([2.0, 4.0, 2.0]),
                   about="by hand"),
              *draws("sliding_mean", whole, [(7, 3), (5, 5)], [0])],
             [*draws("sliding_mean", whole, [(1, 1), (6, 1), (9, 4), (12, 11), (30, 7)]),
              Case("sliding_mean", (2, np.array([4, 5, 7])), expected=np.array([4.5, 6.0]), about="whole numbers")]),
        Part("no digit lost", 3, [high(200, 2, 1)], [high(600, 3, 2), high(1500, 20, 3)]),
        Part("wide windows", 3, [wide(400, 100, 4)], [wide(600, 140, 5)]),
    ],
)


def runs(width, x, dtype="float64"):
    sums = np.concatenate([[0], np.cumsum(x, dtype=dtype)]).astype(dtype)
    return sums[width:] - sums[:-width]


@exercise.wrong(SLOW)
def sliding_mean(width, x):
    result = []
    for t in range(len(x) - width + 1):
        total = 0.0
        for k in range(width):
            total += x[t + k]
        result.append(total / width)
    return np.array(result)


@exercise.wrong("The first window is missing: put a 0 in front of the running sums, so that it has what to take away.")
def sliding_mean(width, x):
    return runs(width, x)[1:] / width


@exercise.wrong("The last window is missing: there are n - width + 1 of them.")
def sliding_mean(width, x):
    return runs(width, x)[:-1] / width


@exercise.wrong("Those are the windows' sums: divide them by width.")
def sliding_mean(width, x):
    return runs(width, x)


@exercise.wrong("Windows that stick out at the ends shall not count: only whole ones do, n - width + 1 of them.")
def sliding_mean(width, x):
    return np.convolve(x.astype("float64"), np.ones(width) / width, "same")


@exercise.wrong("Digits are lost: a long sum in float32 is larger than its seven digits can hold. Add in float64.")
def sliding_mean(width, x):
    return runs(width, x, x.dtype if x.dtype.kind == "f" else "float64") / width


@exercise.otherwise
def sliding_mean(width, x):
    total = sum(float(one) for one in x[:width])
    result = [total / width]
    for t in range(len(x) - width):
        total += float(x[t + width]) - float(x[t])
        result.append(total / width)
    return result
