"""Sequential: layers in a row. Source: https://keras.io/api/models/sequential/"""

import warnings

import numpy as np

from .. import config, ops
from ..layers.core import InputLayer
from ..layers.layer import KerasTensor, Layer
from .model import Model


class Sequential(Model):
    """Layers in a row: each takes what the one before it gives.

    Parameters
    ----------
    layers : list, optional
        Layers, the first of which may be an `Input`: then the weights are made at once, else on the first data.
    trainable : bool
    name : str, optional

    Examples
    --------
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> [w.shape for w in model.get_weights()]
    [(3, 2), (2,)]
    """

    def __init__(self, layers=None, trainable=True, name=None):
        super().__init__(trainable=trainable, name=name)
        self._input = None  # the KerasTensor that an Input gave
        for layer in layers or ():
            self.add(layer)

    def add(self, layer, rebuild=True):
        """Put `layer` at the end."""
        if isinstance(layer, (KerasTensor, InputLayer)):
            self._set_input(layer)
            return
        if isinstance(layer, type) and issubclass(layer, Layer):
            raise ValueError(f"Sequential holds layers, not classes: write {layer.__name__}(...).")
        if not isinstance(layer, Layer):
            hint = " For a function, use a layer with a `call` method." if callable(layer) else ""
            raise ValueError(f"Sequential holds layers; got {layer!r} ({type(layer).__name__}).{hint}")
        if any(layer is other for other in self._layers):
            raise ValueError(f"Layer {layer.name!r} is in this Sequential already: a layer used twice needs a Model.")
        if any(layer.name == other.name for other in self._layers):
            raise ValueError(f"Two layers of a Sequential are called {layer.name!r}: each name must be unique.")
        before = self._input, self.built
        shape = getattr(layer, "_input_shape_argument", None)
        if shape is not None and not self._layers and self._input is None:
            warnings.warn(
                "Do not pass an `input_shape`/`input_dim` argument to a layer. When using Sequential models, prefer "
                "using an `Input(shape)` object as the first layer in the model instead.",
                stacklevel=3,
            )
            self._input = KerasTensor((None, *shape))
        self._layers.append(layer)
        self.built = False
        if self._input is not None and rebuild:
            try:
                self.build(self._input.shape)
            except Exception:
                self._layers.pop()  # the model stays as it was
                self._input, self.built = before
                raise

    def _set_input(self, given):
        if self._layers or self._input is not None:
            raise ValueError(f"Sequential {self.name!r}: an Input can only come first, and once.")
        if isinstance(given, InputLayer):
            given = KerasTensor(given.batch_shape, given.dtype, given.name)
        self._input = given

    def pop(self, rebuild=True):
        """Take the last layer away, and return it."""
        if not self._layers:
            raise ValueError(f"Sequential {self.name!r} has no layer to take away.")
        layer = self._layers.pop()
        if self.built:
            self._shape_out = self._layers[-1]._output_shape if self._layers else self._input.shape
        return layer

    def build(self, input_shape=None):
        """Make all weights, for inputs of this shape (with None for the batch)."""
        if input_shape is None:
            raise ValueError(
                "Sequential.build needs the shape of the input, with None for the batch: build((None, 784))."
            )
        shape = tuple(input_shape)
        if self._input is None:
            self._input = KerasTensor(shape)
        for layer in self._layers:
            if not layer.built:
                layer._build(shape)
            shape = layer.compute_output_shape(shape)
            layer._output_shape = shape
        self._shape_out = shape
        self.built = True

    def call(self, inputs, training=None, mask=None):
        x = self._in_input_dtype(inputs)
        for layer in self._layers:
            x = layer(x, training=training)
        return x

    def _in_input_dtype(self, x):
        """Whole numbers as floats (bytes would overflow in a sum) unless the Input says otherwise."""
        wanted = np.dtype(self._input.dtype if self._input is not None else config.floatx())
        if wanted.kind == "f":
            return x if x.value.dtype.kind == "f" else ops.cast(x, config.floatx())
        return ops.cast(x, wanted)

    def compute_output_shape(self, input_shape):
        shape = tuple(input_shape)
        if self.built and shape == self._input.shape:
            return self._shape_out
        for layer in self._layers:
            shape = layer.compute_output_shape(shape)
        return shape

    def _maybe_build(self, inputs):
        if not self.built:
            self.build((None, *inputs.shape[1:]))

    def _make_weights(self, x):
        self.build((None, *x.shape[1:]))

    def _output_shape_for(self, data):
        return self.compute_output_shape((None, *data.arrays[0].shape[1:]))

    def _expected_shape(self):
        return self._input.shape if self._input is not None else None

    @property
    def input_shape(self):
        """The shape that data must have; None for the batch."""
        if self._input is None:
            raise AttributeError(f"Sequential {self.name!r} has no input shape yet: add an Input, or call it on data.")
        return self._input.shape

    @property
    def output_shape(self):
        """The shape of what the model gives; None for the batch."""
        if not self.built:
            raise AttributeError(f"Sequential {self.name!r} has no output shape yet: add an Input, or call it on data.")
        return self._shape_out

    def get_config(self):
        """The layers' classes and configs."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "layers": [{"class_name": type(layer).__name__, "config": layer.get_config()} for layer in self._layers],
            "build_input_shape": None if self._input is None else self._input.shape,
        }

    @classmethod
    def from_config(cls, config):
        """A model made from what `get_config` gave: the same layers, new weights."""
        from .. import layers
        from ..naming import look_up

        classes = {name: c for name, c in vars(layers).items() if isinstance(c, type) and issubclass(c, Layer)}
        model = cls(name=config["name"], trainable=config.get("trainable", True))
        if config.get("build_input_shape") is not None:
            model.add(KerasTensor(config["build_input_shape"]))
        for layer in config["layers"]:
            model.add(look_up(layer["class_name"], classes, "layer class").from_config(layer["config"]))
        return model
