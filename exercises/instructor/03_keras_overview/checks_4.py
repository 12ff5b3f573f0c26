"""Exercise 03.4: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part

ops = keras.ops


def said(sizes, seed=0, shift=0.0, equal=False, columns=1, about=""):
    """A case for batches of these sizes; what NumPy's std says of all errors so far."""
    rng, batches, errors, expected = np.random.default_rng(seed), [], [], []
    for n in sizes:
        y = (rng.normal(size=(n, columns)).round(2) * (not equal)).astype("float32")
        p = (y + np.float32(shift) + (0 if equal else rng.normal(size=(n, columns)).round(2))).astype("float32")
        batches.append((y, p))
        errors += (p.astype("float64") - y).ravel().tolist()
        expected.append(np.std(errors))
    last = np.std(batches[-1][1].astype("float64") - batches[-1][0])
    about = about or f"batches of {', '.join(map(str, sizes))}; then a reset, and the last one alone"
    return Case("Scatter", (batches,), expected=(expected, last), rtol=1e-3, atol=3e-3, through="metric", about=about)


exercise = Exercise(
    "03.4",
    "A metric that remembers",
    ("Scatter",),
    [
        "Three sums are enough: how many errors, their sum, the sum of their squares.",
        "`self.add_variable(shape=(), initializer=\"zeros\", name=...)` in `__init__`; `assign_add` in `update_state`.",
        "The mean of batches' scatters is not the scatter of all. And before the root: `ops.maximum(..., 0.0)`.",
        "Read again lesson 3, part 4, the cell that defines `WorstMiss`.",
    ],
    [
        Part("one batch", 4, [said([4], 1), said([5], 2, 0.7)], [said([3], 3, columns=2), said([6], 4, -2.0)]),
        Part("batches of many sizes, and a reset", 4, [said([3, 1, 5], 5, 0.5)],
             [said([1, 7, 2], 6, -1.0), said([4, 4], 7), said([2, 3], 8, columns=3)]),
        Part("errors that are all equal", 2,
             [said([n], 0, shift, equal=True, about="the scatter is 0; rounding may make less of it")
              for n, shift in ((3, 1.7), (6, 2.1))],
             [said([n], 0, shift, equal=True) for n, shift in ((5, 0.7), (7, 1.3), (3, 2.9), (1, -0.3))]),
    ],
)


class Right(keras.metrics.Metric):
    """The metric, with a place for each mistake."""

    def __init__(self, name="scatter", **kwargs):
        super().__init__(name=name, **kwargs)
        for name in ("n", "e", "ee"):
            setattr(self, name, self.add_variable(shape=(), initializer="zeros", name=name))

    def update_state(self, y_true, y_pred, sample_weight=None):
        error = ops.convert_to_tensor(y_pred) - y_true
        self.n.assign_add(ops.size(error))
        self.e.assign_add(ops.sum(error))
        self.ee.assign_add(ops.sum(error * error))

    def result(self):
        return ops.sqrt(ops.maximum(self.ee / self.n - (self.e / self.n) ** 2, 0.0))


@exercise.wrong("That is the mean of the batches' scatters; small batches count too much. Add up over the samples.")
class Scatter(Right):
    def update_state(self, y_true, y_pred, sample_weight=None):
        self.n.assign_add(1.0)
        self.e.assign_add(ops.std(ops.convert_to_tensor(y_pred) - y_true))

    def result(self):
        return self.e / self.n


@exercise.wrong("The errors' mean is not taken away: that is how far they are from 0, not from their own mean.")
class Scatter(Right):
    def result(self):
        return ops.sqrt(self.ee / self.n)


@exercise.wrong("Only the last batch is in it: `assign_add` adds, `assign` begins anew each time.")
class Scatter(Right):
    def update_state(self, y_true, y_pred, sample_weight=None):
        for one in (self.n, self.e, self.ee):
            one.assign(0.0)
        super().update_state(y_true, y_pred)


@exercise.wrong("After reset_state the old errors are still there: it sets back what `add_variable` made, and no more.")
class Scatter(Right):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.all = []

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.all += np.ravel(np.asarray(y_pred) - np.asarray(y_true)).tolist()

    def result(self):
        return np.std(self.all)


@exercise.wrong("nan: rounding has made the difference smaller than 0: no root. `ops.maximum(..., 0.0)` first.")
class Scatter(Right):
    def result(self):
        return ops.sqrt(self.ee / self.n - (self.e / self.n) ** 2)


@exercise.wrong("That is the variance: the root is missing.")
class Scatter(Right):
    def result(self):
        return super().result() ** 2


@exercise.otherwise
class Scatter(keras.metrics.Metric):
    def __init__(self, name="scatter", **kwargs):
        super().__init__(name=name, **kwargs)
        self.sums = self.add_variable(shape=(3,), initializer="zeros", name="sums")

    def update_state(self, y_true, y_pred, sample_weight=None):
        for true, said in zip(np.ravel(y_true), np.ravel(y_pred)):
            error = float(said) - float(true)
            self.sums.assign(self.sums + np.array([1.0, error, error**2], "float32"))

    def result(self):
        n, total, squares = (float(one) for one in self.sums.numpy())
        return max(squares / n - (total / n) ** 2, 0.0) ** 0.5
