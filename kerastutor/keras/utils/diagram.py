"""A model as boxes and arrows: what `plot_model` and `model_to_dot` draw, each in its own way."""

from dataclasses import dataclass, field

from .. import naming, tree
from ..layers.input_layer import InputLayer
from ..models import Model, Sequential


@dataclass(eq=False)
class Box:
    """One layer or op: a title, then lines of (words, value); and what it is: "input", "weights" or "plain"."""

    title: str
    lines: list = field(default_factory=list)
    kind: str = "plain"


@dataclass(eq=False)
class Diagram:
    """Boxes, and models inside the model as diagrams of their own, from the inputs on; arrows between boxes."""

    title: str
    parts: list = field(default_factory=list)
    arrows: list = field(default_factory=list)  # (Box, Box), only in the outermost diagram


@dataclass(frozen=True)
class Shown:
    """What the boxes tell: the arguments of `plot_model`."""

    show_shapes: bool = False
    show_dtype: bool = False
    show_layer_names: bool = False
    show_layer_activations: bool = False
    show_trainable: bool = False


def describe(model, shown, expand_nested=False):
    """The diagram of a model; a subclassed one is a single box.

    Raises
    ------
    ValueError
        If the model has not been built.
    """
    if not model.built:
        raise ValueError(
            f"Model {model.name!r} has not yet been built, so its graph is not known: begin it with an Input, call "
            "build(), or call it on a batch of data."
        )
    if not _has_graph(model):
        naming.warn(
            f"{type(model).__name__} is a model whose `call` is code of its own: what it does with its layers can't be "
            "seen from outside, so it is drawn as one box. A model made by Model(inputs, outputs) shows its graph."
        )
        return Diagram(model.name, [_box(model, None, shown)])
    boxes, arrows = {}, {}
    diagram = _diagram(model, shown, expand_nested, boxes, arrows)
    diagram.arrows = list(arrows)
    return diagram


def _has_graph(layer):
    return isinstance(layer, Sequential) or isinstance(layer, Model) and layer._graph is not None


def _diagram(model, shown, expand, boxes, arrows):
    """The diagram of one model. `boxes` (by operation) and `arrows` are of the whole."""
    in_a_row = isinstance(model, Sequential)
    nodes = {} if in_a_row else dict.fromkeys(model._graph.nodes)
    made = Diagram(model.name)
    for operation in model.layers if in_a_row else model._graph.operations:
        if operation in boxes:  # a layer that stands in two models has one box
            continue
        if expand and _has_graph(operation):
            boxes[operation] = _diagram(operation, shown, expand, boxes, arrows)
        else:
            node = next((n for n in operation._inbound_nodes if in_a_row or n in nodes), None)
            boxes[operation] = _box(operation, node, shown)
        made.parts.append(boxes[operation])
    pairs = zip(model.layers, model.layers[1:]) if in_a_row else ()
    calls = [(a, 0, b, 0) for a, b in pairs] + [
        (x.history.operation, x.history.tensor_index, node.operation, i) for node in nodes
        for i, x in enumerate(node.inputs)
    ]
    for source, output, target, i in calls:
        source, target = _last(source, output, expand), _first(target, i, expand)
        arrows[boxes[source], boxes[target]] = None
    return made


def _last(operation, output, expand):
    """The layer that gives this output of a model inside the model."""
    while expand and _has_graph(operation):
        operation, _, output = operation.outputs[output].history
    return operation


def _first(operation, i, expand):
    """The layer that takes this input of a model inside the model."""
    while expand and _has_graph(operation):
        operation = operation.layers[0] if isinstance(operation, Sequential) else operation.inputs[i].history.operation
    return operation


def _box(layer, node, shown):
    kind = getattr(layer, "class_name", type(layer).__name__)
    lines, weights = [], getattr(layer, "weights", ())
    activation = getattr(layer, "activation", None)
    if shown.show_layer_activations and activation is not None:
        name = getattr(activation, "name", None) or getattr(activation, "__name__", None) or str(activation)
        lines.append(("Activation", name))
    if shown.show_shapes:
        if not isinstance(layer, InputLayer):
            lines.append(("Input shape", "?" if node is None else _shapes(_inputs(node))))
        lines.append(("Output shape", "?" if node is None else _shapes(node.outputs)))
    if shown.show_dtype:
        dtypes = "?" if node is None else str(tree.map_structure(lambda x: x.dtype, node.outputs))
        lines.append(("Output dtype", dtypes))
    if shown.show_trainable and weights:
        lines.append(("Trainable" if layer.trainable else "Non-trainable", ""))
    title = f"{layer.name} ({kind})" if shown.show_layer_names else kind
    return Box(title, lines, "input" if isinstance(layer, InputLayer) else "weights" if weights else "plain")


def _inputs(node):
    """What a call took: its first argument if all placeholders are in it, else a list of them."""
    first = node.args[0] if node.args else None
    return first if len(tree.flatten(first)) == len(node.inputs) else node.inputs


def _shapes(structure):
    """`(None, 3)`, or of several `[(None, 3), (None, 4)]` and `a: (None, 3), b: (None, 4)`."""
    if isinstance(structure, dict):
        return ", ".join(f"{name}: {_shapes(x)}" for name, x in structure.items())
    if isinstance(structure, (list, tuple)):
        return f"[{', '.join(map(_shapes, structure))}]"
    return str(structure.shape)
