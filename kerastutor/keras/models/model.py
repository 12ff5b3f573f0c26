"""Model: a layer made of layers, that can learn. Source: https://keras.io/api/models/model/"""

from .. import tree
from ..layers.layer import Layer
from ..naming import look_up
from ..saving.model import ModelSaving
from .graph import Graph
from .inputs import arranged, fitted
from .trainer import Trainer


class Model(Trainer, ModelSaving, Layer):
    """A network: a graph of layers from `inputs` to `outputs`, or a class of your own.

    The functional way, Model(inputs, outputs), takes placeholders: `Input`s, and what calling layers on them gave.
    To subclass, make layers in `__init__` and call them in `call`.

    Parameters
    ----------
    inputs, outputs : KerasTensor, or a list, tuple or dict of them
    name : str, optional
    trainable : bool

    Examples
    --------
    >>> from kerastutor import keras
    >>> x = keras.Input((3,))
    >>> keras.Model(x, keras.layers.Dense(2)(x)).output_shape
    (None, 2)
    >>> class Net(keras.Model):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.out = keras.layers.Dense(2)
    ...     def call(self, x):
    ...         return self.out(x)
    >>> Net()(keras.ops.ones((1, 3))).shape
    (1, 2)
    """

    _graph = None

    def __new__(cls, *args, **kwargs):
        if cls is Model and _is_functional(args, kwargs):
            from .functional import Functional

            cls = Functional
        return super().__new__(cls, *args, **kwargs)

    def __init__(self, *args, **kwargs):
        if not _is_functional(args, kwargs):
            super().__init__(*args, **kwargs)
            return
        inputs, outputs = [*args[:2], *(kwargs.pop(k) for k in ("inputs", "outputs")[len(args):])]
        super().__init__(**kwargs)
        object.__setattr__(self, "_graph", Graph(inputs, outputs))
        for layer in self._graph.layers:
            self._track(layer)
        self.built = True

    def call(self, inputs, training=None, mask=None):
        if self._graph is None:
            raise NotImplementedError(
                f"Model {type(self).__name__} has no `call` method: write def call(self, inputs), or make the model "
                "from placeholders, with Model(inputs, outputs)."
            )
        return self._graph.run(self._fitted_inputs(inputs, mask))

    def _fitted_inputs(self, given, mask=None):
        leaves = arranged(given, self._graph.inputs, self.name)
        if mask is not None:
            for x, m in zip(leaves, tree.flatten(mask)):
                if m is not None:
                    x._keras_mask = m
        return [fitted(x, wanted, self.name) for x, wanted in zip(leaves, self._graph.flat_inputs, strict=True)]

    def compute_output_spec(self, *args, **kwargs):
        if self._graph is None:
            return super().compute_output_spec(*args, **kwargs)
        spec = lambda operation, *args, **kwargs: operation.compute_output_spec(*args, **kwargs)
        return self._graph.run(arranged(args[0], self._graph.inputs, self.name), spec)

    def compute_output_shape(self, input_shape):
        if self._graph is None:
            return super().compute_output_shape(input_shape)
        return tree.map_structure(lambda x: x.shape, self.compute_output_spec(_placeholders(input_shape)))

    @property
    def _declared_inputs(self):
        """The placeholders that the model was made from, or None."""
        return None if self._graph is None else self._graph.inputs

    @property
    def layers(self):
        """The layers: from the inputs on, or in the order in which they were set."""
        return list(self._layers) if self._graph is None else self._graph.layers

    def get_layer(self, name=None, index=None):
        """The layer with this name or at this place."""
        if name is not None and index is not None:
            raise ValueError("get_layer: give a name or an index, not both.")
        if index is not None:
            n = len(self.layers)
            if not -n <= index < n:
                raise ValueError(f"get_layer: there is no layer number {index}: {self.name!r} has {n} layers.")
            return self.layers[index]
        if name is None:
            raise ValueError("get_layer: give the layer's name or its index.")
        return look_up(name, {layer.name: layer for layer in reversed(self.layers)}, "layer")

    def _of_graph(self, what):
        if self._graph is None:
            raise AttributeError(f"Model {self.name!r} was not made from Inputs, so it has no `{what}`.")
        return self._graph

    @property
    def inputs(self):
        """The placeholders that the model was made from, as a flat list."""
        return self._of_graph("inputs").flat_inputs

    @property
    def outputs(self):
        """The placeholders of its results, as a flat list."""
        return self._of_graph("outputs").flat_outputs

    @property
    def input(self):
        """The placeholders as they were given."""
        return self._of_graph("input").inputs

    @property
    def output(self):
        return self._of_graph("output").outputs

    @property
    def input_shape(self):
        """The shape that data must have; None for the batch. A list for several inputs."""
        return _one_or_all([x.shape for x in self.inputs])

    @property
    def output_shape(self):
        """The shape of what the model gives; None for the batch. A list for several outputs."""
        return _one_or_all([x.shape for x in self.outputs])

    @property
    def input_names(self):
        return [x.name for x in self.inputs]

    @property
    def output_names(self):
        """The names of the layers that give the outputs: `loss` and `metrics` may be dicts of them."""
        return None if self._declared_inputs is None else [x.history.operation.name for x in self.outputs]

    def summary(
        self, line_length=None, positions=None, print_fn=None, expand_nested=False, show_trainable=False,
        layer_range=None,
    ):
        """Print the layers, their output shapes and how many parameters each has."""
        from .summary import print_summary

        print_summary(self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range)


def _is_functional(args, kwargs):
    return len(args) == 2 or (len(args) == 1 and "outputs" in kwargs) or {"inputs", "outputs"} <= set(kwargs)


def _one_or_all(shapes):
    return shapes[0] if len(shapes) == 1 else shapes


def _placeholders(shape):
    from ..symbolic import KerasTensor

    if isinstance(shape, dict):
        return {name: _placeholders(s) for name, s in shape.items()}
    if all(n is None or isinstance(n, int) for n in shape):
        return KerasTensor(shape)
    return [_placeholders(s) for s in shape]
