"""A model as a dict of its layers and how they are connected, in the form of Keras 3's files, and back.

    {"name": ..., "layers": [{"class_name": "Dense", ..., "name": "dense", "inbound_nodes": [call, ...]}, ...],
     "input_layers": ["input_layer", 0, 0], "output_layers": ["dense", 0, 0]}

A call is {"args": [...], "kwargs": {...}}, with {"class_name": "__keras_tensor__", ...} in place of each placeholder:
it says the layer that the placeholder came from, in which of its calls, and which output of that.

Source: https://keras.io/guides/serialization_and_saving/
"""

import inspect

from .. import tree
from ..layers.layer import Layer
from ..saving.deserialization import deserialize_keras_object
from ..saving.legacy_config import deserialize_legacy, is_writing_legacy, serialize_layer
from ..saving.serialization import serialize_keras_object
from ..symbolic import KerasTensor, node_of
from . import operation_config


def made_like_functional(cls):
    """Whether cls(inputs, outputs, name=...) makes a model of this class, so that its graph is all there is to save."""
    from .functional import Functional
    from .model import Model

    taken = inspect.getfullargspec(cls.__init__)
    if cls in (Model, Functional) or taken.args[1:] == ["inputs", "outputs", "name"]:
        return True
    return taken.varargs is not None and taken.varkw is not None


# saving ----------------------------------------------------------------------------------------


def functional_config(model):
    """The dict of a model that is a graph."""
    graph = model._graph
    kept = set(graph.nodes)
    calls = {op: [node for node in op._inbound_nodes if node in kept] for op in graph.operations}

    def place(x):
        return [x.history.operation.name, calls[x.history.operation].index(node_of(x)), x.history.tensor_index]

    def end(x):
        name, call, output = place(x)
        return [name, call + _first_call(x.history.operation), output]

    return {
        "name": model.name,
        "trainable": model.trainable,
        "layers": [_layer_config(op, calls[op], place) for op in graph.operations],
        "input_layers": tree.map_structure(end, graph.inputs),
        "output_layers": tree.map_structure(end, graph.outputs),
    }


def _first_call(operation):
    """Keras counts the making of an inner functional model as a call of it, where a model ends but nowhere else."""
    return 1 if getattr(operation, "_graph", None) is not None else 0


def _layer_config(operation, calls, place):
    if isinstance(operation, Layer):
        described, nodes = serialize_layer(operation), [(node.args, node.kwargs) for node in calls]
    elif is_writing_legacy():
        raise ValueError(f"The old .h5 form can't hold the op {operation.name!r} between layers: save as '....keras'.")
    else:
        described, nodes = operation_config.serialized(operation, calls)
    return {
        **described, "name": operation.name,
        "inbound_nodes": [_call_config(*arguments, place) for node, arguments in zip(calls, nodes) if node.inputs],
    }


def _call_config(args, kwargs, place):
    def reference(x):
        if not isinstance(x, KerasTensor):
            return serialize_keras_object(x)
        described = serialize_keras_object(x)
        described["config"]["keras_history"] = place(x)
        return described

    return {
        "args": list(tree.map_structure(reference, tuple(args))),
        "kwargs": tree.map_structure(reference, dict(kwargs)),
    }


# loading ---------------------------------------------------------------------------------------


def functional_from_config(cls, config, custom_objects=None):
    """A model of the class, from what `functional_config` or Keras gave.

    Raises
    ------
    ValueError
        If calls refer to layers that are not there, or to one another in a circle.
    """
    config = dict(config)
    layers, inputs, outputs = (config.pop(key) for key in ("layers", "input_layers", "output_layers"))
    name, trainable = config.pop("name", None), config.pop("trainable", None)
    if any(isinstance(call, list) for described in layers for call in described["inbound_nodes"]):
        # as Keras 1 and 2 wrote it: a single end is a list of one
        inputs, outputs = (ends[0] if len(ends) == 1 else ends for ends in (inputs, outputs))
    rebuilt = _Rebuilt(layers, custom_objects)
    model = cls(inputs=rebuilt.ends(inputs), outputs=rebuilt.ends(outputs), name=name, **config)
    if trainable is not None:
        model._trainable = bool(trainable)  # the layers have said for themselves whether they are
    return model


class _Rebuilt:
    """The layers of a configuration, called on placeholders as it says.

    Attributes
    ----------
    results : dict
        Layer's name -> what each of its calls gave, as flat lists of placeholders.
    """

    def __init__(self, layers, custom_objects):
        self.made, self.results, waiting = {}, {}, []
        for described in layers:
            layer = self._make(described, custom_objects)
            name = described["name"]
            if name in self.made:
                raise ValueError(f"The configuration has two layers called {name!r}.")
            self.made[name] = layer
            # an Input has made its placeholder already; the calls of other layers come next
            self.results[name] = [] if described["inbound_nodes"] else [_outputs(n) for n in layer._inbound_nodes[:1]]
            waiting += [(name, call) for call in described["inbound_nodes"]]
        self._call_all(waiting)

    @staticmethod
    def _make(described, custom_objects):
        if operation_config.is_operation(described):
            return operation_config.deserialized(described)
        read = deserialize_keras_object if "module" in described else deserialize_legacy
        layer = read(described, custom_objects)
        if not isinstance(layer, Layer):
            raise ValueError(f"The configuration of a model holds a {type(layer).__name__} in place of a layer.")
        return layer

    def _call_all(self, waiting):
        """Make every call whose inputs are there, until all are made; a layer's calls in their order."""
        while waiting:
            later, held = [], set()
            for name, call in waiting:
                if name in held or not self._ready(call):
                    later.append((name, call))
                    held.add(name)
                    continue
                self._call(name, call)
            if len(later) == len(waiting):
                names = sorted({name for name, _ in later})
                raise ValueError(f"The layers {names} can't be connected: what they need is missing, or is a circle.")
            waiting = later

    def _ready(self, call):
        return all(
            self._known(layer) and len(self.results[layer]) > index for layer, index, _ in _references(call)
        )

    def _known(self, layer):
        if layer not in self.made:
            raise ValueError(f"A call refers to the layer {layer!r}, which is not there.")
        return True

    def _call(self, name, call):
        args, kwargs = _arguments(call, self._placeholder)
        outputs = self.made[name](*args, **kwargs)
        self.results[name].append(tree.flatten(outputs))

    def _placeholder(self, layer, index, output):
        found = self.results[layer][index]
        if not 0 <= output < len(found):
            raise ValueError(f"Layer {layer!r} gives {len(found)} outputs, and number {output} is asked for.")
        return found[output]

    def ends(self, places):
        """The placeholders at which the model begins or ends, in the structure in which they were given."""
        if isinstance(places, (list, tuple)) and len(places) == 3 and isinstance(places[0], str):
            layer, index, output = places
            self._known(layer)
            index -= _first_call(self.made[layer])
            if not 0 <= index < len(self.results[layer]):
                raise ValueError(f"Layer {layer!r} is not called as often as the model's ends say.")
            return self._placeholder(layer, index, output)
        if isinstance(places, dict):
            return {key: self.ends(part) for key, part in places.items()}
        return [self.ends(part) for part in places]


def _outputs(node):
    return tree.flatten(node.outputs)


def _references(call):
    """[layer, call, output] of each placeholder that a call takes."""
    if isinstance(call, list):  # Keras 1 and 2: [[layer, call, output, {more arguments}], ...]
        return [place[:3] for place in call]
    found = []

    def look(part):
        if isinstance(part, dict):
            if part.get("class_name") == "__keras_tensor__":
                history = part["config"].get("keras_history")
                if history is not None:
                    found.append(history)
            else:
                [look(value) for value in part.values()]
        elif isinstance(part, (list, tuple)):
            [look(value) for value in part]

    look(call)
    return found


def _arguments(call, placeholder):
    """(args, kwargs) of a call, with the placeholders that it refers to."""
    if isinstance(call, list):
        inputs = [placeholder(*place[:3]) for place in call]
        kwargs = call[0][3] if len(call[0]) > 3 else {}
        return [inputs[0] if len(inputs) == 1 else inputs], kwargs

    def revived(x):
        history = getattr(x, "saved_history", None) if isinstance(x, KerasTensor) else None
        return x if history is None else placeholder(*history)

    args, kwargs = deserialize_keras_object(call["args"]), deserialize_keras_object(call["kwargs"])
    return tree.map_structure(revived, args), tree.map_structure(revived, kwargs)


