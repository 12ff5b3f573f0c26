"""One line for each layer and each way to set it up that matters; `test_layers.py` does the rest.

    Layer("Dense", (4, 5), units=3)                 the class, the shape of the input (batch included), its arguments
    Layer("Embedding", (4, 5), ..., draw=indices(7))    input that is not normal numbers
    Layer("Dropout", (4, 5), ..., random=True)      draws random numbers in training: compared with training=False only
"""

import numpy as np


def normal(rng, shape):
    """Numbers around 0, none so near to it that a step of a finite difference crosses it (relu)."""
    x = rng.normal(size=shape)
    return x + 0.05 * np.sign(x)


def indices(limit):
    return lambda rng, shape: rng.integers(0, limit, shape).astype("int32")


class Layer:
    def __init__(self, name, shape, draw=normal, random=False, gradient=True, **arguments):
        self.name, self.shape, self.draw, self.random, self.gradient = name, shape, draw, random, gradient
        self.arguments = arguments

    def make(self, keras):
        """This layer, of real Keras or of ours."""
        return getattr(keras.layers, self.name)(**self.arguments)

    def input(self, dtype="float32"):
        x = self.draw(np.random.default_rng(7), self.shape)
        return x.astype(dtype) if x.dtype.kind == "f" else x

    @property
    def id(self):
        options = ",".join(f"{k}={v}" for k, v in self.arguments.items())
        return f"{self.name}({options}) {'x'.join(map(str, self.shape))}"


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
    *[
        Layer("Activation", (4, 5), activation=name)
        for name in (
            "linear", "relu", "relu6", "sigmoid", "tanh", "softmax", "softplus", "softsign", "elu", "selu", "silu",
            "swish", "leaky_relu", "hard_sigmoid", "mish", "exponential", "log_softmax",
        )
    ],
    Layer("Activation", (2, 3, 4), activation="softmax"),
    Layer("Flatten", (4, 5)),
    Layer("Flatten", (4,)),
    Layer("Flatten", (2, 3, 4, 5)),
    Layer("Flatten", (2, 3, 4, 5), data_format="channels_first"),
    Layer("Reshape", (2, 12), target_shape=(3, 4)),
    Layer("Reshape", (2, 3, 4), target_shape=(-1, 2)),
    Layer("Reshape", (2, 3, 4), target_shape=(12,)),
    Layer("Reshape", (2, 1), target_shape=()),
    Layer("Dropout", (4, 5), rate=0.4, random=True),
    Layer("Dropout", (4, 5), rate=0, seed=3),
    Layer("Dropout", (4, 5, 2), rate=0.5, noise_shape=(None, 1, 2), random=True),
]

NO_CASE = {
    "Layer": "has no call of its own",
    "InputLayer": "a placeholder: tested with models",
}
"""Public layer classes without a case, and why."""
