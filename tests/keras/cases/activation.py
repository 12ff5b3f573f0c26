"""Activations as layers."""

import numpy as np

from .case import Layer

MASK = np.array([[True, True, False], [False, True, False], [False, False, False], [True, True, True]])

LAYERS = [
    *[
        Layer("Activation", (4, 5), activation=name)
        for name in (
            "linear", "relu", "relu6", "sigmoid", "tanh", "softmax", "softplus", "softsign", "elu", "selu", "silu",
            "swish", "leaky_relu", "hard_sigmoid", "mish", "exponential", "log_softmax",
        )
    ],
    Layer("Activation", (2, 3, 4), activation="softmax"),
    Layer("ReLU", (4, 5)),
    Layer("ReLU", (4, 5), max_value=0.8),
    Layer("ReLU", (4, 5), negative_slope=0.2),
    Layer("ReLU", (4, 5), max_value=1.5, negative_slope=0.2, threshold=0.5),
    Layer("LeakyReLU", (4, 5)),
    Layer("LeakyReLU", (2, 3, 4), negative_slope=0.1),
    Layer("PReLU", (4, 5)),
    Layer("PReLU", (2, 3, 4, 2), shared_axes=[1, 2]),
    Layer("PReLU", (2, 3, 4), shared_axes=1, alpha_initializer="ones", alpha_regularizer="l2",
          alpha_constraint="non_neg"),
    Layer("ELU", (4, 5)),
    Layer("ELU", (4, 5), alpha=0.3),
    Layer("Softmax", (4, 5)),
    Layer("Softmax", (2, 3, 4), axis=1),
    Layer("Softmax", (2, 3, 4), axis=[-1]),
    Layer("Softmax", (2, 3, 4, 2), axis=[-1, 1]),
    Layer("Softmax", (4, 3), call={"mask": MASK}),
    Layer("Softmax", (4, 2, 3), call={"mask": MASK[:, None].astype("float32")}),
]
