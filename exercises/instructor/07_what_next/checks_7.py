"""Exercise 07.7: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.datasets import breast_cancer
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import FLIPPED, NOT_LABELS, TOO_FEW
from kerastutor.grading.trials import choice, draws


def shuffled(rng, n, d):
    return rng.normal(size=(n, d)).round(3), rng.integers(2, size=n), rng.permutation(n)


def tables(rng, n, d):
    return rng.normal(5, 30, size=(n, d)).round(2), rng.normal(-2, 9, size=(n + 1, d)).round(2)


def lumps(seed, learn=300, new=200):
    x, benign = breast_cancer.load_data()
    order = np.random.default_rng(seed).permutation(len(x))
    rows, labels = np.asarray(x[:, :10], "float64").round(5), (1 - benign).astype(int)
    a, b = order[:learn], order[learn : learn + new]
    return Case("cured", (rows[a], labels[a], rows[b]), "accuracy", labels[b], at_least=0.9, seconds=20,
                about=f"{learn} lumps to learn from, {new} new ones")


STILL = np.array([[2.0, 7.0], [4.0, 7.0]]), np.array([[3.0, 8.0]])

exercise = Exercise(
    "07.7",
    "Project, second half: cure it",
    ("deal", "scale", "LAST", "RATE", "cured"),
    [
        "Check each piece by itself. In `deal` the same numbers must choose the rows and their labels.",
        "`order[:n]` and `order[n:]` share no row. `scale` may look at `learn` only, for both tables.",
        "Lumps that are still to come are scaled by the learning rows' mean and spread as well.",
        "In `cured`: `deal`, `scale`, then lines 7 to 12 of `sick` with LAST and RATE; predict the *scaled* new rows.",
        "Read again lesson 7, part 12, *What ails this net?*, and the diagnoses and cures under its cell `patient`.",
    ],
    [
        Part("deal", 4,
             [Case("deal", (np.array([[1.0], [2.0], [3.0]]), np.array([1, 0, 1]), np.array([2, 0, 1])), "same",
                   (np.array([[3.0], [1.0]]), np.array([1, 1]), np.array([[2.0]]), np.array([0])), about="three rows"),
              *draws("deal", shuffled, [(6, 2)], [0], judge="same")],
             draws("deal", shuffled, [(7, 3), (11, 1), (2, 4)], judge="same")),
        Part("scale", 5,
             [*draws("scale", tables, [(4, 2)], [0]),
              Case("scale", STILL, expected=(np.array([[-1, 0], [1, 0]]), np.array([[0.0, 1.0]])),
                   about="a column that never changes")],
             [*draws("scale", tables),
              Case("scale", (np.array([[3.0, -4.0]]), np.array([[5.0, -4.0]])), about="one row",
                   expected=(np.array([[0.0, 0.0]]), np.array([[2.0, 0.0]])))]),
    ],
)
choice(exercise, "LAST", "sigmoid", {
    "softmax": "softmax over one unit is exp(z) / exp(z) = 1, whatever z is: the net can only say 1.",
    "relu": "relu is not a probability: it can be 7, and it has no slope where it is 0.",
    "tanh": "tanh goes from -1 to 1; the logarithm of a negative probability is nan. From 0 to 1 is wanted.",
}, 2)
choice(exercise, "RATE", 0.01, {
    30.0: "Adam moves each weight by about the rate in each step: 30 throws all of them where tanh has no slope.",
    0.000001: "With steps of a millionth nothing happens in 20 epochs.",
}, 2)
exercise.parts.append(Part("new lumps", 5, [lumps(1)], [lumps(2), lumps(4)]))


@exercise.wrong("Rows and labels come in different orders: row and label of one lump must stay together.")
def deal(rows, labels, order):
    n = 2 * len(order) // 3
    return rows[order[:n]], labels[:n], rows[order[n:]], labels[n:]


@exercise.wrong("Validation rows are learned from, too: begin them where the learning rows end, at `order[n:]`.")
def deal(rows, labels, order):
    n = 2 * len(order) // 3
    return rows[order[:n]], labels[order[:n]], rows[order[n // 2 :]], labels[order[n // 2 :]]


@exercise.wrong("You cut without shuffling: `order` says which row comes when.")
def deal(rows, labels, order):
    n = 2 * len(order) // 3
    return rows[:n], labels[:n], rows[n:], labels[n:]


@exercise.wrong("The results have changed places: rows, labels, validation rows, validation labels.")
def deal(rows, labels, order):
    n = 2 * len(order) // 3
    return rows[order[:n]], rows[order[n:]], labels[order[:n]], labels[order[n:]]


@exercise.wrong("You take the mean away, but do not divide by the spread: the largest column would drown the others.")
def scale(learn, other):
    return learn - learn.mean(axis=0), other - learn.mean(axis=0)


def scaled(learn, other, a=None, b=None, axis=0):
    spread = [np.where(one.std(axis=axis) == 0, 1, one.std(axis=axis)) for one in (a, b)]
    return (learn - a.mean(axis=axis)) / spread[0], (other - b.mean(axis=axis)) / spread[1]


@exercise.wrong("`other` is scaled by its own mean and spread; use those of `learn` for both tables.")
def scale(learn, other):
    return scaled(learn, other, learn, other)


@exercise.wrong("Mean and spread are those of both tables together: validation rows have no say in the scaling.")
def scale(learn, other):
    both = np.concatenate([learn, other])
    return scaled(learn, other, both, both)


@exercise.wrong("A column that never changes has spread 0, and 0 / 0 is nan: divide it by 1.")
def scale(learn, other):
    return (learn - learn.mean(axis=0)) / learn.std(axis=0), (other - learn.mean(axis=0)) / learn.std(axis=0)


@exercise.wrong("One mean and one spread for the whole table: each column has its own, axis=0.")
def scale(learn, other):
    return scaled(learn, other, learn, learn, axis=None)


@exercise.wrong("The tables are changed in place: `learn -= ...` works on the caller's rows. Write `learn - ...`.")
def scale(learn, other):
    mean, spread = learn.mean(axis=0), learn.std(axis=0)
    spread[spread == 0] = 1
    for table in (learn, other):
        table -= mean
        table /= spread
    return learn, other


def train(rows, labels, new_rows, last="sigmoid", rate=0.02):
    keras.utils.set_random_seed(4)
    x, new = scaled(rows, new_rows, rows, rows)
    model = keras.Sequential([keras.Input((x.shape[1],)), keras.layers.Dense(8, activation="relu"),
                              keras.layers.Dense(1, activation=last)])
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
    model.fit(x, labels, epochs=20, batch_size=16, verbose=0)
    return model.predict(new, verbose=0)[:, 0]


@exercise.wrong("It says 1 whatever it is shown: it has learned nothing from what it was given.")
def cured(rows, labels, new_rows):
    return (train(rows, labels, new_rows, last="softmax") > 0.5).astype(int)


@exercise.wrong(TOO_FEW)
def cured(rows, labels, new_rows):
    return (train(rows, labels[::-1], new_rows) > 0.5).astype(int)


@exercise.wrong(NOT_LABELS)
def cured(rows, labels, new_rows):
    return train(rows, labels, new_rows)


@exercise.wrong(FLIPPED)
def cured(rows, labels, new_rows):
    return (train(rows, labels, new_rows) < 0.5).astype(int)


@exercise.otherwise
def deal(rows, labels, order):
    parts = [], [], [], []
    for place, row in enumerate(order):
        later = 2 if place >= 2 * len(order) // 3 else 0
        parts[later].append(rows[row])
        parts[later + 1].append(labels[row])
    return tuple(np.array(part) for part in parts)


@exercise.otherwise
def scale(learn, other):
    first, second = np.empty(learn.shape), np.empty(other.shape)
    for column in range(learn.shape[1]):
        numbers = learn[:, column].tolist()
        middle = sum(numbers) / len(numbers)
        spread = (sum((one - middle) ** 2 for one in numbers) / len(numbers)) ** 0.5 or 1
        first[:, column] = (learn[:, column] - middle) / spread
        second[:, column] = (other[:, column] - middle) / spread
    return first, second


@exercise.otherwise
def cured(rows, labels, new_rows):
    return [int(p > 0.5) for p in train(rows, labels, new_rows)]


exercise.another |= {"LAST": "sigmoid", "RATE": 1e-2}
