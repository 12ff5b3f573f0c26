"""Dense, Activation, Flatten, Reshape, Dropout."""

from .case import Layer

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
