"""Functional: what Model(inputs, outputs) makes. Source: https://keras.io/guides/functional_api/"""

from .model import Model


class Functional(Model):
    """A model that is a graph of layers: `Model(inputs, outputs)` makes one.

    Examples
    --------
    >>> from kerastutor import keras
    >>> x = keras.Input((4,))
    >>> y = keras.layers.Dense(4, activation="relu")(x)
    >>> model = keras.Model(x, keras.layers.Add()([x, y]))  # a residual connection
    >>> model.count_params()
    20
    """

    def __init__(self, inputs, outputs, name=None, **kwargs):
        super().__init__(inputs=inputs, outputs=outputs, name=name, **kwargs)
