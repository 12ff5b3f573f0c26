"""Exercise 02.3: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import math

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part


def cases(shape, layers, about):
    """What Keras itself says about the model: a case for each of the two functions."""
    model = keras.Sequential([keras.Input(shape)])
    for layer in layers:
        model.add(keras.layers.Flatten() if layer == "flatten" else keras.layers.Dense(layer))
    results = {"shape_after": tuple(model.output_shape[1:]), "parameters": model.count_params()}
    return {name: Case(name, (shape, layers), "same", expected, about=about) for name, expected in results.items()}


ROWS = [
    cases((30,), [16, 1], "a network for lumps"),
    cases((28, 28), ["flatten", 32, 10], "the reader of digits"),
    cases((4, 5), ["flatten"], "flatten alone"),
]
PICTURES = [
    cases((28, 28), [32, 10], "flatten is forgotten"),
    cases((4, 5, 3), [2, "flatten", 7], "flatten comes late"),
    cases((2, 3), ["flatten", "flatten", 1], "flatten twice"),
]
MORE_ROWS = [
    cases((1,), [1], "the smallest one"),
    cases((7,), [9, 8, 2], "three layers"),
    cases((4, 6), ["flatten", 11], "not square"),
]
MORE_PICTURES = [
    cases((6, 2, 5), [3, 4], "three axes, no flatten"),
    cases((3, 8, 2), ["flatten"], "flatten alone"),
    cases((2, 2, 2, 2), [5, "flatten", 3, 2], "four axes"),
    cases((9, 1), [4, 3, "flatten", 6, "flatten"], "flatten last"),
]

exercise = Exercise(
    "02.3",
    "Count before Keras does",
    ("shape_after", "parameters"),
    [
        "Carry the shape from layer to layer: what comes out of one is what the next one takes.",
        "`math.prod(shape)` multiplies all lengths. `(*shape[:-1], u)` is the shape with u in place of the last.",
        "A Dense layer has (d + 1) · u parameters, d being the last length of the shape *before* it: "
        "`shape_after(shape, layers[:i])[-1]`.",
        "Read again lesson 2, part 3, the cell that prints each block's shape and parameters, and part 5.",
    ],
    [
        Part("shape_after: rows, pictures made flat", 3,
             [one["shape_after"] for one in ROWS], [one["shape_after"] for one in MORE_ROWS]),
        Part("shape_after: pictures that keep their axes", 4,
             [one["shape_after"] for one in PICTURES], [one["shape_after"] for one in MORE_PICTURES]),
        Part("parameters: rows, pictures made flat", 3,
             [one["parameters"] for one in ROWS], [one["parameters"] for one in MORE_ROWS]),
        Part("parameters: pictures that keep their axes", 3,
             [one["parameters"] for one in PICTURES], [one["parameters"] for one in MORE_PICTURES]),
    ],
)


def walk(shape, layers):
    """The shape before each layer, and at the end."""
    shapes = [tuple(shape)]
    for layer in layers:
        shape = shapes[-1]
        shapes.append((math.prod(shape),) if layer == "flatten" else (*shape[:-1], layer))
    return shapes


def total(shape, layers, cost):
    """The sum of all Dense layers' costs; a cost is told the shape before the layer, and its units."""
    return sum(cost(before, layer) for before, layer in zip(walk(shape, layers), layers) if layer != "flatten")


@exercise.wrong("A Dense layer changes the last length alone and keeps the axes before it: (28, 28) becomes (28, 32).")
def shape_after(shape, layers):
    for layer in layers:
        shape = (math.prod(shape),) if layer == "flatten" else (layer,)
    return shape


@exercise.wrong("The shape of one sample is asked for: there is no batch axis in it.")
def shape_after(shape, layers):
    return (None, *walk(shape, layers)[-1])


@exercise.wrong("flatten puts all numbers in a row, so the lengths are multiplied, not added: 28 · 28 = 784.")
def shape_after(shape, layers):
    for layer in layers:
        shape = (sum(shape),) if layer == "flatten" else (*shape[:-1], layer)
    return shape


@exercise.wrong("Your flatten keeps the first axis, as Keras keeps the batch's. These shapes are one sample's: all go.")
def shape_after(shape, layers):
    for layer in layers:
        shape = (shape[0], math.prod(shape[1:])) if layer == "flatten" else (*shape[:-1], layer)
    return shape


@exercise.wrong("The biases are missing: a Dense layer has u of them besides its d · u weights.")
def parameters(shape, layers):
    return total(shape, layers, lambda before, units: before[-1] * units)


@exercise.wrong("You count one bias for a layer; each of its u units has its own.")
def parameters(shape, layers):
    return total(shape, layers, lambda before, units: before[-1] * units + 1)


@exercise.wrong("There are as many biases as units, not as inputs: d · u + u.")
def parameters(shape, layers):
    return total(shape, layers, lambda before, units: before[-1] * units + before[-1])


@exercise.wrong("A unit has a weight for each number of the *last* axis alone; only flatten makes one axis of all.")
def parameters(shape, layers):
    return total(shape, layers, lambda before, units: math.prod(before) * units + units)


@exercise.wrong("Every layer is counted with the network's input; its own input is what the layer before it gives.")
def parameters(shape, layers):
    size = math.prod(shape) if "flatten" in layers else shape[-1]
    return sum((size + 1) * layer for layer in layers if layer != "flatten")


@exercise.wrong("That is the last layer alone; the parameters of all layers are asked for, added up.")
def parameters(shape, layers):
    count = 0
    for before, layer in zip(walk(shape, layers), layers):
        if layer != "flatten":
            count = (before[-1] + 1) * layer
    return count


@exercise.otherwise
def shape_after(shape, layers):
    sizes = list(shape)
    for layer in layers:
        if layer == "flatten":
            while len(sizes) > 1:
                sizes.append(sizes.pop() * sizes.pop())
        else:
            sizes[-1] = layer
    return sizes


@exercise.otherwise
def parameters(shape, layers):
    count, width = 0, math.prod(shape[-1:])
    rest = math.prod(shape[:-1])
    for layer in layers:
        if layer == "flatten":
            width, rest = width * rest, 1
        else:
            count += width * layer + layer
            width = layer
    return count
