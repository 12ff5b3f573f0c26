"""clone_model and model_from_json. Source: https://keras.io/api/models/model/"""

import json

from .. import tree
from ..layers.input_layer import Input
from ..saving.deserialization import deserialize_keras_object
from ..saving.serialization import serialize_keras_object
from ..symbolic import KerasTensor
from .functional import Functional
from .functional_config import made_like_functional
from .model import Model
from .sequential import Sequential


def clone_model(model, input_tensors=None, clone_function=None, call_function=None, recursive=False, **kwargs):
    """A model of the same layers, with new weights.

    Parameters
    ----------
    model : Model
    input_tensors : KerasTensor, or nested, optional
        Placeholders to begin from; new Inputs unless given.
    clone_function : callable, optional
        From a layer to the one that takes its place; from_config(get_config()) unless given.
    call_function : callable, optional
        call_function(layer, *args, **kwargs) calls a new layer, and may call others before or after it. Not for
        Sequential.
    recursive : bool
        Clone models inside the model in this way too, instead of giving them to clone_function.

    Examples
    --------
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> keras.models.clone_model(model).count_params()
    8
    """
    cache = kwargs.pop("cache", {})
    if kwargs:
        raise ValueError(f"clone_model has no argument {next(iter(kwargs))!r}.")
    cloner = _Cloner(clone_function, call_function, recursive, cache)
    if isinstance(model, Sequential):
        if call_function is not None:
            raise ValueError("clone_model: `call_function` is for functional models; it can not change a Sequential.")
        return _compiled_like(model, _clone_sequential(model, cloner, input_tensors))
    if model._graph is not None and (made_like_functional(type(model)) or clone_function or input_tensors):
        return _compiled_like(model, _clone_functional(model, cloner, input_tensors))
    for name, value in (("clone_function", clone_function), ("input_tensors", input_tensors),
                        ("call_function", call_function)):
        if value is not None:
            raise ValueError(
                f"clone_model: `{name}` is for Sequential and functional models: of the class {type(model).__name__} "
                "it is not known how its layers are connected."
            )
    return deserialize_keras_object(serialize_keras_object(model), {type(model).__name__: type(model)})


class _Cloner:
    """The new layer for each old one: the same one where a layer is met again."""

    def __init__(self, function, call, recursive, made):
        self.function, self.call, self.recursive, self.made = function, call, recursive, made

    def __call__(self, layer):
        if id(layer) not in self.made:
            self.made[id(layer)] = layer, self._clone(layer)  # the old one is kept, so that its id is not used again
        return self.made[id(layer)][1]

    def _clone(self, layer):
        if not hasattr(layer, "get_config"):
            return layer  # an op of `keras.ops`
        if self.recursive and (isinstance(layer, Sequential) or getattr(layer, "_graph", None) is not None):
            call = None if isinstance(layer, Sequential) else self.call
            return clone_model(layer, None, self.function, call, True, cache=self.made)
        return self.function(layer) if self.function else type(layer).from_config(layer.get_config())


def _clone_sequential(model, cloner, input_tensors):
    layers = [cloner(layer) for layer in model.layers]
    if input_tensors is not None:
        (x,) = tree.flatten(input_tensors)
        if not isinstance(x, KerasTensor):
            raise ValueError(f"clone_model: `input_tensors` must be a placeholder, from keras.Input; got {x!r}.")
        layers = [Input(batch_shape=x.shape, dtype=x.dtype, name=x.name), *layers]
    elif model._input is not None:
        first = model._input
        layers = [Input(batch_shape=first.shape, dtype=first.dtype, name=first.name), *layers]
    made = Sequential(layers, name=model.name)
    made._trainable = model.trainable
    return made


def _clone_functional(model, cloner, input_tensors):
    graph = model._graph
    if input_tensors is None:
        again = lambda x: Input(batch_shape=x.shape, dtype=x.dtype, name=x.name)
        input_tensors = tree.map_structure(again, graph.inputs)
    else:
        tree.assert_same_structure(input_tensors, graph.inputs)
        wrong = [x for x in tree.flatten(input_tensors) if not isinstance(x, KerasTensor)]
        if wrong:
            raise ValueError(f"clone_model: `input_tensors` must be placeholders, from keras.Input; got {wrong[0]!r}.")

    def call(operation, *args, **kwargs):
        clone = cloner(operation)
        return cloner.call(clone, *args, **kwargs) if cloner.call else clone(*args, **kwargs)

    outputs = graph.run(tree.flatten(input_tensors), call)
    cls = type(model) if made_like_functional(type(model)) else Functional
    return cls(input_tensors, outputs, name=model.name)


def _compiled_like(model, made):
    if model.compiled:
        made.compile_from_config(model.get_compile_config())
    return made


def model_from_json(json_string, custom_objects=None):
    """A model from what `to_json` gave: its layers, with new weights; compiled as it was.

    Examples
    --------
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> keras.models.model_from_json(model.to_json()).count_params()
    8
    """
    try:
        config = json.loads(json_string)
    except ValueError as error:
        raise ValueError(f"model_from_json: the text is no JSON ({error}).") from None
    model = deserialize_keras_object(config, custom_objects)
    if not isinstance(model, Model):
        raise ValueError(f"model_from_json: the text is that of a {type(model).__name__}, not of a model.")
    return model
