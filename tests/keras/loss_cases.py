"""One case for each loss and each of its main options: its class, targets, predictions, and its arguments.

`targets(rng)` and `predictions(rng)` draw a batch of N samples.
"""

import numpy as np

N, K = 7, 4


def numbers(rng, shape=(N, K)):
    return rng.normal(0, 2, shape).astype("float32")


def shares(rng, shape=(N, K)):
    return rng.uniform(0.02, 0.98, shape).astype("float32")


def zeros_and_ones(rng, shape=(N, K)):
    return rng.integers(0, 2, shape).astype("float32")


def signs(rng):
    return np.sign(numbers(rng))


def distributions(rng, shape=(N, K)):
    p = shares(rng, shape)
    return p / p.sum(-1, keepdims=True)


def one_hot(rng, shape=(N, K)):
    return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], shape[:-1])]


def classes(rng):
    return rng.integers(0, K, N)


def few_classes(rng):
    """Each occurs twice or more."""
    return rng.permutation(np.arange(N) % 3)


def one_alone(rng):
    """The last class occurs once: that sample has nothing to be near to."""
    return rng.permutation([0, 0, 0, 1, 1, 1, 2])


def unit_rows(rng):
    x = numbers(rng)
    return x / np.sqrt((x**2).sum(-1, keepdims=True))


def images(draw):
    """(N, 3, 2, K) of something."""
    return lambda rng: draw(rng, (N, 3, 2, K))


def texts(rng):
    """Letters 1..K-1, filled up with 0; equal letters follow one another."""
    letters = np.stack([rng.integers(1, K, N), np.full(N, 2), np.full(N, 2), np.full(N, 3)], 1)
    return letters * (np.arange(4) < rng.integers(0, 5, (N, 1)))


def logits_over_time(rng):
    return numbers(rng, (N, 9, K))


CASES = [
    # class, targets, predictions, arguments
    ("MeanSquaredError", numbers, numbers, {}),
    ("MeanAbsoluteError", numbers, numbers, {}),
    ("MeanAbsolutePercentageError", numbers, numbers, {}),
    ("MeanSquaredLogarithmicError", shares, shares, {}),
    ("MeanSquaredLogarithmicError", numbers, numbers, {}),
    ("Huber", numbers, numbers, {}),
    ("Huber", numbers, numbers, {"delta": 0.3}),
    ("LogCosh", numbers, numbers, {}),
    ("CosineSimilarity", numbers, numbers, {}),
    ("CosineSimilarity", numbers, numbers, {"axis": 0}),
    ("BinaryCrossentropy", zeros_and_ones, shares, {}),
    ("BinaryCrossentropy", zeros_and_ones, numbers, {"from_logits": True}),
    ("BinaryCrossentropy", shares, shares, {"label_smoothing": 0.2}),
    ("BinaryCrossentropy", zeros_and_ones, shares, {"axis": 0}),
    ("BinaryFocalCrossentropy", zeros_and_ones, shares, {}),
    ("BinaryFocalCrossentropy", zeros_and_ones, numbers, {"from_logits": True, "apply_class_balancing": True}),
    ("BinaryFocalCrossentropy", zeros_and_ones, shares, {"gamma": 1.5, "label_smoothing": 0.1}),
    ("CategoricalCrossentropy", one_hot, distributions, {}),
    ("CategoricalCrossentropy", one_hot, shares, {}),
    ("CategoricalCrossentropy", one_hot, numbers, {"from_logits": True}),
    ("CategoricalCrossentropy", one_hot, distributions, {"label_smoothing": 0.1}),
    ("CategoricalCrossentropy", images(one_hot), images(shares), {"axis": 1}),
    ("CategoricalCrossentropy", images(one_hot), images(numbers), {"axis": 1, "from_logits": True}),
    ("CategoricalFocalCrossentropy", one_hot, distributions, {}),
    ("CategoricalFocalCrossentropy", one_hot, numbers, {"from_logits": True, "gamma": 1.5, "alpha": 0.5}),
    ("CategoricalFocalCrossentropy", images(one_hot), images(shares), {"axis": 1}),
    ("SparseCategoricalCrossentropy", classes, distributions, {}),
    ("SparseCategoricalCrossentropy", classes, numbers, {"from_logits": True}),
    ("SparseCategoricalCrossentropy", classes, distributions, {"ignore_class": 1}),
    ("CategoricalGeneralizedCrossEntropy", classes, distributions, {}),
    ("CategoricalGeneralizedCrossEntropy", classes, distributions, {"q": 0.8}),
    ("KLDivergence", distributions, distributions, {}),
    ("Poisson", shares, shares, {}),
    ("Hinge", zeros_and_ones, numbers, {}),
    ("Hinge", signs, numbers, {}),
    ("SquaredHinge", zeros_and_ones, numbers, {}),
    ("CategoricalHinge", one_hot, numbers, {}),
    ("Dice", zeros_and_ones, shares, {}),
    ("Dice", images(zeros_and_ones), images(shares), {"axis": (1, 2, 3)}),
    ("Tversky", zeros_and_ones, shares, {}),
    ("Tversky", images(zeros_and_ones), images(shares), {"alpha": 0.2, "beta": 0.9, "axis": (1, 2, 3)}),
    ("Circle", few_classes, unit_rows, {}),
    ("Circle", few_classes, unit_rows, {"gamma": 5.0, "margin": 0.2, "remove_diagonal": False}),
    ("Circle", one_alone, unit_rows, {}),
    ("CTC", texts, logits_over_time, {}),
]
IDS = [f"{i}-{name}-{options}" for i, (name, _, _, options) in enumerate(CASES)]
