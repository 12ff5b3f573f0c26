"""Model: a layer made of layers, that can learn. Source: https://keras.io/api/models/model/"""

import inspect

from ..layers.layer import Layer
from .trainer import Trainer

_NEVER_CALLED = {
    "compute_metrics", "predict_step", "make_train_function", "make_test_function", "make_predict_function",
}


class Model(Trainer, Layer):
    """A network. Subclass it: make layers in `__init__`, and call them in `call`.

    Examples
    --------
    >>> from kerastutor import keras
    >>> class Net(keras.Model):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.out = keras.layers.Dense(2)
    ...     def call(self, x):
    ...         return self.out(x)
    >>> Net()([[1.0, 2.0, 3.0]]).shape
    (1, 2)
    """

    def __init__(self, *args, **kwargs):
        if args or "inputs" in kwargs or "outputs" in kwargs:
            raise NotImplementedError(
                "Model(inputs, outputs), the functional way, is not in this version: use Sequential."
            )
        super().__init__(**kwargs)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in _NEVER_CALLED & set(vars(cls)):
            raise NotImplementedError(f"{cls.__name__}.{name} would never be called: this version has no {name}.")
        for name in ("train_step", "test_step"):
            if name in vars(cls) and len(inspect.signature(vars(cls)[name]).parameters) == 2:
                raise NotImplementedError(
                    f"{cls.__name__}.{name} must be {name}(self, x, y, sample_weight=None) in this version, which "
                    "passes x and y one by one and reports the compiled loss and metrics."
                )

    @property
    def layers(self):
        """The layers, in the order in which they were set."""
        return list(self._layers)

    def get_layer(self, name=None, index=None):
        """The layer with this name or at this place."""
        if index is not None:
            n = len(self.layers)
            if not -n <= index < n:
                raise ValueError(f"get_layer: there is no layer number {index}: {self.name!r} has {n} layers.")
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        from ..naming import look_up

        return look_up(name, {layer.name: layer for layer in self.layers}, "layer")

    def summary(
        self, line_length=None, positions=None, print_fn=None, expand_nested=False, show_trainable=False,
        layer_range=None,
    ):
        """Print the layers, their output shapes and how many parameters each has."""
        from .summary import print_summary

        print_summary(self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range)
