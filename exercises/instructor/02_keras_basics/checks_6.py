"""Exercise 02.6: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part


def deal(n, size, seed, features=(2,), targets=(), shuffled=True):
    """A case whose answer is put together row by row."""
    rng = np.random.default_rng(seed)
    x, y = np.arange(n * int(np.prod(features))).reshape(n, *features), rng.integers(-9, 9, size=(n, *targets))
    order = rng.permutation(n) if shuffled else np.arange(n)
    expected = []
    for place, row in enumerate(order):
        if place % size == 0:
            expected.append(([], []))
        expected[-1][0].append(x[row])
        expected[-1][1].append(y[row])
    expected = [(np.array(xs), np.array(ys)) for xs, ys in expected]
    about = f"{n} rows, {size} in a batch, {'shuffled' if shuffled else 'in their own order'}"
    return Case("batches", (x, y, size, order), expected=expected, about=about)


def epoch(n, size, seed):
    """A case whose answer is the mean of the rows themselves."""
    losses = np.random.default_rng(seed).exponential(size=n).round(3)
    parts = [losses[start : start + size] for start in range(0, n, size)]
    args = [float(part.mean()) for part in parts], [len(part) for part in parts]
    return Case("epoch_mean", args, expected=float(losses.mean()), about=f"{n} rows, {size} in a batch")


exercise = Exercise(
    "02.6",
    "An epoch, batch by batch",
    ("batches", "epoch_mean"),
    [
        "Cut `order` itself into pieces of `size` numbers. A slice that goes beyond the end gives what is left.",
        "`range(0, len(order), size)` are the places where the pieces begin. And `x[piece]` takes all rows of a piece.",
        "For the mean: how large is the *sum* of all losses in a batch of 32 with mean 0.5? Add these up; divide once.",
        "Read again lesson 2, part 7, *Find out* with the *One batch* button: how many batches, and why; and part 2.",
    ],
    [
        Part("batches in the rows' own order", 5,
             [deal(6, 3, 0, shuffled=False), deal(5, 2, 1, shuffled=False), deal(3, 8, 2, shuffled=False)],
             [deal(9, 4, 3, shuffled=False), deal(4, 1, 4, shuffled=False), deal(1, 1, 5, shuffled=False)]),
        Part("shuffled", 6,
             [deal(5, 2, 6), deal(4, 2, 7, (2, 3), (3,))],
             [deal(8, 3, 8), deal(11, 4, 9, ()), deal(6, 6, 10), deal(7, 1, 11, (2, 2), (1,)), deal(2, 5, 12)]),
        Part("epoch_mean", 4,
             [Case("epoch_mean", ([1.0, 4.0], [2, 1]), expected=2.0, about="by hand: 1, 1 and 4"), epoch(10, 5, 13),
              epoch(7, 3, 14)],
             [epoch(9, 2, 15), epoch(1, 4, 16), epoch(100, 32, 17),
              Case("epoch_mean", ([-1.0, 3.0, 0.0], [1, 3, 4]), expected=1.0, about="a negative mean")]),
    ],
)


def pieces(x, y, size, order):
    cuts = [order[start : start + size] for start in range(0, len(order), size)]
    return [(x[cut], y[cut]) for cut in cuts]


@exercise.wrong("Rows are lost: where `size` does not divide n, the rows left over make a last, smaller batch.")
def batches(x, y, size, order):
    return pieces(x, y, size, order[: len(order) // size * size])


@exercise.wrong("x and y come apart: y is cut in its own order. Take both at the same places of `order`.")
def batches(x, y, size, order):
    return [(a, b) for (a, _), (_, b) in zip(pieces(x, y, size, order), pieces(x, y, size, np.arange(len(y))))]


@exercise.wrong("`order` is left aside: the rows come in their own order. `x[order]` are the rows as they shall come.")
def batches(x, y, size, order):
    return pieces(x, y, size, np.arange(len(x)))


@exercise.wrong("`size` is how many rows are in a batch, not how many batches there are.")
def batches(x, y, size, order):
    return [(x[cut], y[cut]) for cut in np.array_split(order, size)]


@exercise.wrong("There is an empty batch at the end: where `size` divides n, n // size + 1 is one too many.")
def batches(x, y, size, order):
    cuts = [order[i * size : (i + 1) * size] for i in range(len(order) // size + 1)]
    return [(x[cut], y[cut]) for cut in cuts]


@exercise.wrong("The last batch is filled up with rows that have been there; each comes once, so it may be smaller.")
def batches(x, y, size, order):
    return pieces(x, y, size, np.resize(order, -(-len(order) // size) * size))


@exercise.wrong("The batches are right, but x and y are shuffled in place: `x[:] = ...` writes into the caller's data.")
def batches(x, y, size, order):
    x[:], y[:] = x[order], y[order]
    return pieces(x, y, size, np.arange(len(x)))


@exercise.wrong("The batches are put together in the wrong way round: a list of (x, y), not a list of x and one of y.")
def batches(x, y, size, order):
    return [list(one) for one in zip(*pieces(x, y, size, order))]


@exercise.wrong("`yield` makes a generator, which gives batches later, one by one. Return a list of them.")
def batches(x, y, size, order):
    yield from pieces(x, y, size, order)


@exercise.wrong("Only the first batch came back: a `return` inside the loop ends it. Collect all in a list.")
def batches(x, y, size, order):
    return pieces(x, y, size, order)[:1]


@exercise.wrong("Each batch counts the same, the small last one too. Each row shall: weigh a mean by its batch's size.")
def epoch_mean(means, sizes):
    return np.mean(means)


@exercise.wrong("That is the sum over all rows; divide it by their number.")
def epoch_mean(means, sizes):
    return np.dot(means, sizes)


@exercise.wrong("You divide by the number of batches; there are sum(sizes) rows.")
def epoch_mean(means, sizes):
    return np.dot(means, sizes) / len(sizes)


@exercise.otherwise
def batches(x, y, size, order):
    left, result = list(order), []
    while left:
        result.append([[x[row] for row in left[:size]], [y[row] for row in left[:size]]])
        left = left[size:]
    return tuple(result)


@exercise.otherwise
def epoch_mean(means, sizes):
    every = []
    for mean, size in zip(means, sizes):
        every += [mean] * size
    return sum(every) / len(every)
