"""Exercise 05.4: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws, slope


def distinct(rng, n, h, w, c, k):
    """Numbers of which no two are equal, half of them negative."""
    x = rng.permutation(n * h * w * c).reshape(n, h, w, c) - n * h * w * c / 2 + 0.5
    return x, k


def backwards(rng, n, h, w, c, k):
    x, k = distinct(rng, n, h, w, c, k)
    return x, rng.normal(size=(n, h // k, w // k, c)).round(2), k


def few_values(rng, n, h, w, c, k):
    x = rng.integers(-1, 2, size=(n, h, w, c)).astype(float)
    return x, rng.normal(size=(n, h // k, w // k, c)).round(2), k


def blocks(x, k):
    """Each window as a row: (n, h // k, w // k, c, k·k)."""
    n, h, w, c = x.shape
    x = x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c)
    return np.moveaxis(x, 5, 3).transpose(0, 1, 4, 3, 2, 5).reshape(n, h // k, w // k, c, k * k)


def spread(shares, x, k):
    """Windows as rows, laid back into a picture of x's shape."""
    n, h, w, c = x.shape
    dx = np.zeros(x.shape)
    back = shares.reshape(n, h // k, w // k, c, k, k).transpose(0, 1, 4, 2, 5, 3)
    dx[:, : h // k * k, : w // k * k] = back.reshape(n, h // k * k, w // k * k, c)
    return dx


def nudged(seed, *size):
    """A case whose answer is no formula: how the sum of dy · pool(x) changes when each number is nudged."""
    x, dy, k = backwards(np.random.default_rng(seed), *size)
    expected = slope(lambda x: (blocks(x, k).max(axis=-1) * dy).sum(), x, 1e-3)
    return Case("pool_slope", (x, dy, k), expected=expected, rtol=1e-4, atol=1e-6,
                about=f"against finite differences: {' × '.join(map(str, x.shape))}, k = {k}")


EQUAL = np.array([[5.0, 5.0, 0.0], [5.0, 5.0, 0.0]]).reshape(1, 2, 3, 1)
DOT = np.array([[2.0, 0.0, 0.0], [0.0, 0.0, 0.0]]).reshape(1, 2, 3, 1)
BELOW = -np.arange(1.0, 7.0).reshape(1, 3, 2, 1)

exercise = Exercise(
    "05.4",
    "Keep the largest, and its slope",
    ("pool", "pool_slope"),
    [
        "Windows that do not overlap: cut off what is left over, then `reshape` to (n, rows, k, columns, k, c).",
        "On the way back a loop over all places of `dy` is fine, `np.ndindex(dy.shape)`. Which window of x belongs to "
        "each?",
        "`window.argmax()` is the first of equals, as a number in reading order; `np.unravel_index(number, (k, k))` "
        "makes a row and a column of it.",
        "Read again lesson 5, part 2, the cell under *Pooling keeps the largest value of each window*.",
    ],
    [
        Part("pool", 5,
             [Case("pool", (BELOW, 2), expected=np.array([-1.0]).reshape(1, 1, 1, 1), about="negative, one row over"),
              *draws("pool", distinct, [(2, 4, 6, 3, 2)], [0])],
             draws("pool", distinct, [(1, 3, 3, 1, 3), (3, 7, 5, 2, 2), (2, 8, 11, 1, 4), (1, 2, 3, 4, 1)])),
        Part("pool_slope", 6, [nudged(0, 2, 4, 6, 2, 2), nudged(1, 1, 5, 7, 1, 3)],
             [nudged(2, 1, 2, 2, 1, 2), nudged(3, 3, 5, 4, 2, 2), nudged(4, 1, 3, 4, 2, 1),
              *draws("pool_slope", backwards, [(2, 8, 11, 1, 4)])]),
        Part("equal numbers", 4,
             [Case("pool_slope", (EQUAL, np.full((1, 1, 1, 1), 2.0), 2), expected=DOT, about="all four are equal"),
              *draws("pool_slope", few_values, [(2, 4, 6, 2, 2)], [0])],
             draws("pool_slope", few_values, [(1, 7, 5, 3, 3), (3, 4, 4, 1, 2)])),
    ],
)


@exercise.wrong("Those are the means: average pooling. Take the largest number of each window.")
def pool(x, k):
    return blocks(x, k).mean(axis=-1)


@exercise.wrong("Windows of negative numbers give 0, which is not in them: begin with a window's first number, not 0.")
def pool(x, k):
    return np.maximum(blocks(x, k).max(axis=-1), 0)


@exercise.wrong("Rows or columns that fill no window are dropped; you pool them too.")
def pool(x, k):
    n, h, w, c = x.shape
    return pool_all(np.pad(x, [(0, 0), (0, -h % k), (0, -w % k), (0, 0)], constant_values=-np.inf), k)


def pool_all(x, k):
    return blocks(x, k).max(axis=-1)


@exercise.wrong("All equal numbers of a window get its slope; only the first of them shall: `argmax`, not `x == y`.")
def pool_slope(x, dy, k):
    windows = blocks(x, k)
    return spread((windows == windows.max(axis=-1, keepdims=True)) * dy[..., None], x, k)


@exercise.wrong("Equal numbers share the slope in your answer; the first of them shall get it whole.")
def pool_slope(x, dy, k):
    windows = blocks(x, k)
    most = windows == windows.max(axis=-1, keepdims=True)
    return spread(most / most.sum(axis=-1, keepdims=True) * dy[..., None], x, k)


@exercise.wrong("Of equal numbers yours is the last; it shall be the first, row by row, from the left.")
def pool_slope(x, dy, k):
    last = k * k - 1 - blocks(x, k)[..., ::-1].argmax(axis=-1)
    return spread(np.eye(k * k)[last] * dy[..., None], x, k)


@exercise.wrong("Every number of a window gets a part: that is average pooling's slope. Only the largest had a say.")
def pool_slope(x, dy, k):
    return spread(np.ones(k * k) / k**2 * dy[..., None], x, k)


@exercise.wrong("A 1 stands where the largest number was: it shall be dy of that window.")
def pool_slope(x, dy, k):
    return spread(np.eye(k * k)[blocks(x, k).argmax(axis=-1)] * np.ones(dy.shape)[..., None], x, k)


@exercise.otherwise
def pool(x, k):
    n, h, w, c = x.shape
    result = x[:, : h - h % k : k, : w - w % k : k]
    for u in range(k):
        for v in range(k):
            result = np.maximum(result, x[:, u : h - h % k : k, v : w - w % k : k])
    return result


@exercise.otherwise
def pool_slope(x, dy, k):
    return spread(np.eye(k * k)[blocks(x, k).argmax(axis=-1)] * dy[..., None], x, k)
