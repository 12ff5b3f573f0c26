"""Exercise 03.2: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part

layers, ops = keras.layers, keras.ops


def answers(w, temperature, weekday):
    """What the drawing computes, in NumPy."""
    joined = np.concatenate([np.tanh(temperature @ w["course/kernel"] + w["course/bias"]), weekday], axis=1)
    both = joined + np.maximum(joined @ w["mix/kernel"] + w["mix/bias"], 0)
    e = np.exp(both @ w["tariff/kernel"] + w["tariff/bias"])
    return {"demand": both @ w["demand/kernel"] + w["demand/bias"], "tariff": e / e.sum(axis=1, keepdims=True)}


def drawn(hours, days, width, rows, seed):
    rng, joined = np.random.default_rng(seed), width + days
    sizes = {"course": (hours, width), "mix": (joined, joined), "demand": (joined, 1), "tariff": (joined, 3)}
    weights = {f"{name}/{part}": rng.normal(scale=0.5, size=shape).round(2).astype("float32")
               for name, size in sizes.items() for part, shape in (("kernel", size), ("bias", size[1:]))}
    inputs = [rng.normal(size=(rows, n)).round(2).astype("float32") for n in (hours, days)]
    expected = answers(weights, *inputs), sum(w.size for w in weights.values())
    return Case("wire", ((hours, days, width), weights, inputs), expected=expected, through="model",
                rtol=1e-4, atol=1e-5, about=f"{hours} hours, {days} days, width {width}; {rows} rows; weights as given")


exercise = Exercise(
    "03.2",
    "Wire it as drawn",
    ("wire",),
    [
        "Follow the arrows from left to right, a line for each box, and give a name to what comes out of each.",
        "`layers.concatenate([a, b])` sets side by side, in this order; `layers.add([a, b])` needs two of equal width.",
        "`layers.Dense(..., activation=..., name=\"mix\")(joined)`; at the end `keras.Model([..., ...], {...: ...})`.",
        "Read again lesson 3, part 2, *A second output, and a layer with weights*: the cell that makes `both`.",
    ],
    [
        Part("three hours, two days", 6, [drawn(3, 2, 2, 4, 0)], [drawn(3, 2, 4, 1, 1)]),
        Part("other sizes", 4, [drawn(4, 1, 3, 1, 2)], [drawn(2, 3, 1, 5, 3), drawn(1, 1, 1, 2, 4)]),
    ],
)


def build(hours, days, width, tanh="tanh", softmax="softmax", turn=False, shortcut=True, early=False):
    a, b = keras.Input((hours,)), keras.Input((days,))
    course = layers.Dense(width, activation=tanh, name="course")(a)
    joined = layers.concatenate([b, course] if turn else [course, b])
    mix = layers.Dense(width + days, activation="relu", name="mix")(joined)
    both = layers.add([joined, mix]) if shortcut else mix
    demand = layers.Dense(1, name="demand")(joined if early else both)
    tariff = layers.Dense(3, activation=softmax, name="tariff")(both)
    return keras.Model([a, b], {"demand": demand, "tariff": tariff})


@exercise.wrong("The shortcut is missing: what goes into \"mix\" is added to what comes out of it.")
def wire(hours, days, width):
    return build(hours, days, width, shortcut=False)


@exercise.wrong("The two are joined in the other order: first what \"course\" gives, then the weekday.")
def wire(hours, days, width):
    return build(hours, days, width, turn=True)


@exercise.wrong("\"course\" has no tanh: without `activation` a Dense layer is a weighted sum and nothing else.")
def wire(hours, days, width):
    return build(hours, days, width, tanh=None)


@exercise.wrong("The tariffs are scores, no probabilities: \"tariff\" needs softmax.")
def wire(hours, days, width):
    return build(hours, days, width, softmax=None)


@exercise.wrong("\"demand\" reads from the wrong place: both heads stand behind the `add`.")
def wire(hours, days, width):
    return build(hours, days, width, early=True)


@exercise.wrong("The sizes are written into the function, so it fits one weather station only. Use hours, days, width.")
def wire(hours, days, width):
    return build(3, 2, 2)


@exercise.otherwise
def wire(hours, days, width):
    weekday, night = keras.Input((days,), name="which_day"), keras.Input((hours,), name="degrees")
    side_by_side = ops.concatenate([ops.tanh(layers.Dense(width, name="course")(night)), weekday], axis=1)
    x = side_by_side + layers.ReLU()(layers.Dense(width + days, name="mix")(side_by_side))
    ends = {"tariff": layers.Dense(3, "softmax", name="tariff")(x), "demand": layers.Dense(1, name="demand")(x)}
    return keras.Model(inputs=[night, weekday], outputs=ends)
