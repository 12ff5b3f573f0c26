"""Exercise 07.4: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def on_the_way(rng, n, d):
    w, m, g = (rng.normal(size=(n, d)).round(3) for _ in range(3))
    return w, m, (rng.random((n, d)) + 0.1).round(3), g, int(rng.integers(2, 30)), 0.05, 0.1


def first(n, d, seed, rate, decay):
    """The first step, from rest; what the new weights are, Keras's own AdamW says."""
    rng = np.random.default_rng(seed)
    w, g = rng.normal(size=(n, d)).round(3), rng.normal(size=(n, d)).round(3)
    variable = keras.Variable(w.astype("float32"))
    optimizer = keras.optimizers.AdamW(rate, weight_decay=decay)
    optimizer.apply([keras.ops.convert_to_tensor(g.astype("float32"))], [variable])
    expected = keras.ops.convert_to_numpy(variable).astype("float64").round(6), 0.1 * g, 0.001 * g**2
    return Case("adamw", (w, np.zeros((n, d)), np.zeros((n, d)), g, 1, rate, decay), expected=expected, rtol=1e-4,
                atol=2e-6, about=f"from rest, against Keras, {n} × {d}")


ONE = np.array([1.0])

exercise = Exercise(
    "07.4",
    "Adam that forgets: AdamW",
    ("adamw",),
    [
        "First both means. Keep them in names: they are results, and the third formula needs them.",
        "The corrections divide for this step only; the means that you return are not corrected.",
        "The decay stands outside of the fraction: it goes neither into g nor into the means, but is multiplied by r.",
        "Read again lesson 7, part 1, the cell that defines `adam_by_hand`: Adam with its two corrections.",
    ],
    [
        Part("the first step", 5, [first(2, 3, 0, 0.1, 0.01)], [first(1, 4, 1, 0.01, 0.0), first(3, 1, 2, 0.2, 0.5)]),
        Part("on the way", 6, draws("adamw", on_the_way, [(2, 3), (1, 2)], [0]), draws("adamw", on_the_way)),
        Part("only decay", 3,
             [Case("adamw", (ONE * 4, 0 * ONE, 0 * ONE, 0 * ONE, 3, 0.1, 0.5), expected=(ONE * 3.8, 0 * ONE, 0 * ONE),
                   about="slope 0: the weight fades by rate · decay")],
             [Case("adamw", (-ONE, 0 * ONE, 0 * ONE, 0 * ONE, 1, 0.5, 1.0), expected=(-0.5 * ONE, 0 * ONE, 0 * ONE))]),
    ],
)


def step(w, m, a, g, t, rate, decay, correct=True, root=np.sqrt, times=None):
    m, a = 0.9 * m + 0.1 * g, 0.999 * a + 0.001 * g**2
    first, second = (1 - 0.9**t, 1 - 0.999**t) if correct else (1, 1)
    return w - rate * m / first / (root(a / second) + 1e-7) - (rate if times is None else times) * decay * w, m, a


@exercise.wrong("The corrections are missing: m begins at 0, so divide it by 1 - 0.9^t, and a by 1 - 0.999^t.")
def adamw(*args):
    return step(*args, correct=False)


@exercise.wrong("The correction comes one step too late: t counts from 1, so it is t in the formula, not t - 1.")
def adamw(w, m, a, g, t, rate, decay):
    return step(w, m, a, g, t - 1, rate, decay)


@exercise.wrong("The decay is in the slope: that is L2, and Adam divides it away. AdamW adds d·w after the fraction.")
def adamw(w, m, a, g, t, rate, decay):
    return step(w, m, a, g + decay * w, t, rate, 0)


@exercise.wrong("The decay is not multiplied by the rate: it stands inside the bracket.")
def adamw(*args):
    return step(*args, times=1)


@exercise.wrong("There is no decay in it: the weights must also shrink by rate · decay · w. That would be Adam.")
def adamw(*args):
    return step(*args, times=0)


@exercise.wrong("The root under the fraction is missing: a is a mean of squares.")
def adamw(*args):
    return step(*args, root=lambda a: a)


@exercise.wrong("You return the corrected means: the next step would correct them again. Return m' and a' themselves.")
def adamw(w, m, a, g, t, rate, decay):
    w, m, a = step(w, m, a, g, t, rate, decay)
    return w, m / (1 - 0.9**t), a / (1 - 0.999**t)


@exercise.wrong("The numbers are right, but m and a are changed in place: `m *= 0.9` works on the caller's arrays.")
def adamw(w, m, a, g, t, rate, decay):
    m *= 0.9
    m += 0.1 * g
    a *= 0.999
    a += 0.001 * g**2
    return w - rate * (m / (1 - 0.9**t) / (np.sqrt(a / (1 - 0.999**t)) + 1e-7) + decay * w), m, a


@exercise.otherwise
def adamw(w, m, a, g, t, rate, decay):
    new_w, new_m, new_a = np.empty(w.shape), np.empty(w.shape), np.empty(w.shape)
    for i in np.ndindex(w.shape):
        new_m[i] = m[i] + (g[i] - m[i]) / 10
        new_a[i] = a[i] + (g[i] * g[i] - a[i]) / 1000
        faded = w[i] * (1 - rate * decay)
        new_w[i] = faded - rate * (new_m[i] / (1 - 0.9**t)) / ((new_a[i] / (1 - 0.999**t)) ** 0.5 + 1e-7)
    return [new_w, new_m, new_a]
