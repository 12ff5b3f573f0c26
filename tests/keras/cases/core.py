"""Dense, Identity, EinsumDense, Lambda."""

from .case import Layer


def square(x):
    return x * x


def scaled(x, factor):
    return x * factor


def difference(inputs):
    a, b = inputs
    return a - b


LAYERS = [
    Layer("Dense", (4, 5), units=3),
    Layer("Dense", (1, 1), units=1, use_bias=False),
    Layer("Dense", (2, 3, 5), units=4, activation="relu"),
    Layer("Dense", (2, 3, 2, 5), units=1, activation="sigmoid", use_bias=False),
    Layer("Dense", (4, 5), units=3, activation="softmax"),
    Layer("Dense", (4, 5), units=3, activation="tanh", kernel_initializer="he_normal", bias_initializer="ones"),
    Layer("Dense", (4, 5), units=3, kernel_regularizer="l2", bias_regularizer="l1", bias_initializer="ones"),
    Layer("Dense", (4, 5), units=3, kernel_constraint="non_neg"),
    Layer("Dense", (4, 5), units=3, trainable=False),
    Layer("Identity", (2, 3, 4)),
    Layer("EinsumDense", (4, 5), equation="ab,bc->ac", output_shape=3),
    Layer("EinsumDense", (4, 5), equation="ab,bc->ac", output_shape=3, bias_axes="c", activation="relu"),
    Layer("EinsumDense", (2, 3, 4), equation="abc,cd->abd", output_shape=(None, 5), bias_axes="d"),
    Layer("EinsumDense", (2, 3, 4), equation="abc,cd->abd", output_shape=(3, 5), bias_axes="bd"),
    Layer("EinsumDense", (2, 3, 4), equation="...x,xy->...y", output_shape=5, bias_axes="y",
          kernel_initializer="he_normal", kernel_regularizer="l2", kernel_constraint="max_norm"),
    Layer("EinsumDense", (2, 3, 4), equation="abc,cde->abde", output_shape=(None, 2, 3), bias_axes="de"),
    Layer("EinsumDense", (2, 3, 2, 4), equation="abcd,cde->abe", output_shape=(None, 5), bias_axes="e"),
    Layer("EinsumDense", (2, 3, 4), equation="ab...,bc->ac...", output_shape=5, bias_axes="c"),
    Layer("Lambda", (4, 5), config=False, function=square),
    Layer("Lambda", (4, 5), config=False, function=scaled, arguments={"factor": 3.0}),
    Layer("Lambda", (4, 5), config=False, function=square, output_shape=(5,)),
    Layer("Lambda", (4, 5), function=lambda k: k.activations.relu),
    Layer("Lambda", [(4, 5), (4, 5)], config=False, function=difference),
    Layer("Lambda", (4, 5), config=False, function=lambda x: 2.0 * x),
]
