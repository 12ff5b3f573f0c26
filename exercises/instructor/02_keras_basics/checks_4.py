"""Exercise 02.4: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part


def case(shape, units, seed, scale=1.0, dtype="float64"):
    """Keras's own answer for `x` of this shape, from Dense layers with so many units."""
    rng = np.random.default_rng(seed)
    x = (scale * rng.normal(size=shape)).round(3).astype(dtype)
    sizes = [shape[-1], *units]
    weights = []
    for inputs, outputs in zip(sizes, units):
        weights += [rng.normal(size=(inputs, outputs)).round(3), rng.normal(size=outputs).round(3)]
    layers = [keras.layers.Dense(size, activation="relu") for size in units[:-1]]
    model = keras.Sequential([keras.Input(shape[-1:]), *layers, keras.layers.Dense(units[-1], activation="softmax")])
    model.set_weights(weights)
    rows = np.asarray(model(x.reshape(-1, shape[-1]).astype("float32")))
    about = f"x {shape}, layers of {', '.join(map(str, units))}" + (", large numbers" if scale > 1 else "")
    weights = [one.astype(dtype) for one in weights]
    return Case("forward", (x, weights), expected=rows.reshape(*shape[:-1], -1), rtol=1e-3, atol=1e-5, about=about)


FAR = [np.eye(2), np.array([0.0, 0.0])]

exercise = Exercise(
    "02.4",
    "A trained network, without Keras",
    ("forward",),
    [
        "The list holds pairs: `weights[::2]` are the kernels, `weights[1::2]` the biases. A loop over both, with zip.",
        "In the loop: `z` from what comes in; its relu comes into the next layer. After the loop `z` is still that of "
        "the last layer, before its relu.",
        "Softmax over the last axis: `z - z.max(axis=-1, keepdims=True)`, exp, divide by the sum along the same axis.",
        "Read again lesson 2, part 3, the cell that prints *by hand*, and the one above *So a Sequential model is …*.",
    ],
    [
        Part("one layer", 4, [case((3, 4), [2], 0), case((1, 2), [5], 1)],
             [case((7, 2), [3], 2), case((2, 6), [4], 3)]),
        Part("several layers", 5,
             [case((3, 4), [5, 2], 4), case((2, 3), [4, 6, 3], 5)],
             [case((5, 2), [7, 3], 6), case((1, 4), [3, 5, 2, 6], 7), case((4, 3), [6, 2], 8, dtype="float32")]),
        Part("one sample, or more axes", 3, [case((4,), [3, 2], 9), case((2, 3, 4), [5, 3], 10)],
             [case((6,), [2], 11), case((1, 3, 2), [4, 5], 12), case((2, 1, 2, 3), [2, 4], 13)]),
        Part("large numbers", 3,
             [Case("forward", (np.array([[2000.0, 2001.0], [-3000.0, -3000.0]]), FAR),
                   expected=np.array([[1 / (1 + np.e), np.e / (1 + np.e)], [0.5, 0.5]]), about="rows far apart")],
             [case((3, 4), [3, 2], 14, scale=1000.0), case((2, 2), [3], 15, scale=1000.0)]),
    ],
)


def layers(x, weights, between=lambda z: np.maximum(z, 0), bias=1):
    """The last layer's z."""
    for kernel, shift in zip(weights[::2], weights[1::2]):
        z = x @ kernel + bias * shift
        x = between(z)
    return z


def softmax(z, axis=-1, largest=None):
    e = np.exp(z - (z.max(axis=-1, keepdims=True) if largest is None else largest))
    return e / e.sum(axis=axis, keepdims=True)


@exercise.wrong("The relu between the layers is missing: without it all layers together are only one.")
def forward(x, weights):
    return softmax(layers(x, weights, between=lambda z: z))


@exercise.wrong("The last layer has relu *and* softmax: softmax takes its z as it is, negative numbers too.")
def forward(x, weights):
    return softmax(np.maximum(layers(x, weights), 0))


@exercise.wrong("The biases are left out: every second entry of `weights` is one, to be added to its layer's product.")
def forward(x, weights):
    return softmax(layers(x, weights, bias=0))


@exercise.wrong("Softmax runs over the wrong axis: each sample's own probabilities sum to 1, so axis=-1.")
def forward(x, weights):
    z = layers(x, weights)
    return softmax(z, axis=0, largest=z.max(axis=0, keepdims=True))


@exercise.wrong("Softmax runs over axis 1: right for a table of rows alone. With axis=-1 it is right for any shape.")
def forward(x, weights):
    z = layers(x, weights)
    return softmax(z, axis=1, largest=z.max(axis=1, keepdims=True))


@exercise.wrong("exp has overflowed, and inf / inf is nan: take m, the row's largest z, away before exp.")
def forward(x, weights):
    return softmax(layers(x, weights), largest=0)


@exercise.wrong("You take away the largest z of all samples; of one far below all exps become 0. Each has its own m.")
def forward(x, weights):
    z = layers(x, weights)
    return softmax(z, largest=z.max())


@exercise.wrong("The last layer has sigmoid; softmax is wanted, whose probabilities sum to 1.")
def forward(x, weights):
    return 1 / (1 + np.exp(-layers(x, weights)))


@exercise.wrong("Those are the last layer's z, not probabilities yet: softmax is missing.")
def forward(x, weights):
    return layers(x, weights)


@exercise.wrong("Right, but `weights.pop` empties the caller's list: after one call the model is gone. Loop with zip.")
def forward(x, weights):
    while weights:
        z = x @ weights.pop(0) + weights.pop(0)
        x = np.maximum(z, 0)
    return softmax(z)


@exercise.otherwise
def forward(x, weights):
    if x.ndim > 1:
        return [forward(one, weights) for one in x]
    row = x.tolist()
    for number in range(0, len(weights), 2):
        kernel, bias = weights[number], weights[number + 1]
        sums = [sum(a * w for a, w in zip(row, column)) + b for column, b in zip(kernel.T.tolist(), bias.tolist())]
        row = [s if s > 0 else 0.0 for s in sums]
    powers = [np.exp(s - max(sums)) for s in sums]
    return [p / sum(powers) for p in powers]
