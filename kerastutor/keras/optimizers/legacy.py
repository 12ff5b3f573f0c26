"""Optimizers of Keras 2, which old tutorials write as `keras.optimizers.legacy.Adam(...)`: refused, as in Keras 3."""


class Optimizer:
    """Not in Keras 3: making one says what to write today."""

    def __init__(self, *args, **kwargs):
        name = type(self).__name__
        raise ImportError(f"keras.optimizers.legacy.{name} was for Keras 2; today it is keras.optimizers.{name}.")


class Adagrad(Optimizer):
    """See `Optimizer`."""


class Adam(Optimizer):
    """See `Optimizer`."""


class Ftrl(Optimizer):
    """See `Optimizer`."""


class RMSprop(Optimizer):
    """See `Optimizer`."""


class SGD(Optimizer):
    """See `Optimizer`."""
