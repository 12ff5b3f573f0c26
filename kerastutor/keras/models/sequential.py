"""Sequential: layers in a row. Source: https://keras.io/api/models/sequential/"""


from .. import config, naming
from ..layers.input_layer import Input, InputLayer
from ..layers.layer import Layer
from ..symbolic import KerasTensor
from .inputs import arranged, fitted
from .model import Model
from .sequential_config import sequential_config, sequential_from_config


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
        self._input = self._output = None  # placeholders; the output is there once the model is built
        for layer in layers or ():
            self.add(layer)

    def add(self, layer, rebuild=True):
        """Put `layer` at the end."""
        if isinstance(layer, KerasTensor) and isinstance(layer.history.operation, InputLayer):
            layer = layer.history.operation
        if isinstance(layer, InputLayer):
            self._begin_with(layer.output)
            return
        self._check_new(layer)
        before = self._input
        shape = getattr(layer, "_input_shape_argument", None)
        if shape is not None and not self._layers and self._input is None:
            naming.warn(
                "Do not pass an `input_shape`/`input_dim` argument to a layer. When using Sequential models, prefer "
                "using an `Input(shape)` object as the first layer in the model instead."
            )
            self._begin_with(Input(shape))
        if not self._layers and self._input is None and isinstance(layer, Model) and layer._declared_inputs is not None:
            self._begin_with(Input(batch_shape=layer.input_shape, dtype=layer.inputs[0].dtype))
        known = (self._output if self._layers else self._input) if rebuild else None
        try:
            self._output = None if known is None else layer(known)
        except Exception:  # the layer doesn't fit: the model stays as it was
            self._input = before
            raise
        self.built = known is not None
        self._layers.append(layer)

    def _check_new(self, layer):
        if isinstance(layer, type) and issubclass(layer, Layer):
            raise ValueError(f"Sequential holds layers, not classes: write {layer.__name__}(...).")
        if not isinstance(layer, Layer):
            hint = " For a function, use a Lambda layer." if callable(layer) else ""
            raise ValueError(f"Sequential holds layers; got {layer!r} ({type(layer).__name__}).{hint}")
        if any(layer is other for other in self._layers):
            raise ValueError(f"Layer {layer.name!r} is in this Sequential already: a layer used twice needs a Model.")
        if any(layer.name == other.name for other in self._layers):
            raise ValueError(f"Two layers of a Sequential are called {layer.name!r}: each name must be unique.")

    def _begin_with(self, placeholder):
        if self._layers or self._input is not None:
            raise ValueError(f"Sequential {self.name!r}: an Input can only come first, and once.")
        self._input = placeholder

    def pop(self, rebuild=True):
        """Take the last layer away, and return it."""
        if not self._layers:
            raise ValueError(f"Sequential {self.name!r} has no layer to take away.")
        layer = self._layers.pop()
        self.built = self.built and bool(self._layers)
        self._output = self._layers[-1]._inbound_nodes[-1].outputs if self.built else None
        return layer

    def build(self, input_shape=None):
        """Make all weights, for inputs of this shape (with None for the batch)."""
        if input_shape is None:
            raise ValueError(
                "Sequential.build needs the shape of the input, with None for the batch: build((None, 784))."
            )
        if not self._layers:
            raise ValueError(f"Sequential {self.name!r} has no layers yet: call add(layer).")
        if self._input is None:
            self._input = Input(batch_shape=tuple(input_shape), dtype=self._layers[0].compute_dtype)
        elif tuple(input_shape[1:]) != self._input.shape[1:]:
            raise ValueError(
                f"Sequential {self.name!r} has an Input of shape {self._input.shape}: it can't be built for "
                f"{tuple(input_shape)}."
            )
        x = self._input
        for layer in self._layers:
            x = layer(x)
        self._output = x
        self.built = True

    def _build_by_shapes(self, shapes):
        (shape, *_) = shapes.values()
        self.build((None, *shape[1:]))

    def call(self, inputs, training=None, mask=None):
        (x,) = arranged(inputs, self._input, self.name)
        x = fitted(x, self._input, self.name)
        if mask is not None:
            x._keras_mask = mask
        for layer in self._layers:
            x = layer(x)
        return x

    def compute_output_spec(self, inputs, training=None, mask=None):
        x = inputs
        for layer in self._layers:
            x = layer.compute_output_spec(x)
        return x

    def compute_output_shape(self, input_shape):
        if not self.built:
            self.build((None, *input_shape[1:]))
        return self.compute_output_spec(KerasTensor(input_shape, config.floatx())).shape

    @property
    def layers(self):
        """The layers in a row, the Input left out."""
        return list(self._layers)

    @property
    def _declared_inputs(self):
        return self._input

    def _known(self, what, value):
        if value is None:
            raise AttributeError(f"Sequential {self.name!r} has no {what} yet: add an Input, or call it on data.")
        return value

    @property
    def input(self):
        return self._known("input", self._input)

    @property
    def output(self):
        return self._known("output", self._output)

    @property
    def inputs(self):
        """The one placeholder that it begins with, in a list; None before it is known."""
        return None if self._input is None else [self._input]

    @property
    def outputs(self):
        return None if self._output is None else [self._output]

    @property
    def input_shape(self):
        """The shape that data must have; None for the batch."""
        return self._known("input shape", self._input).shape

    @property
    def output_shape(self):
        """The shape of what the model gives; None for the batch."""
        return self._known("output shape", self._output).shape

    @property
    def output_names(self):
        return None if self._output is None else [self._layers[-1].name]

    def get_config(self):
        """The layers and their configurations, as Keras writes them."""
        return sequential_config(self)

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A model made from what `get_config` gave: the same layers, new weights."""
        return sequential_from_config(cls, config, custom_objects)
