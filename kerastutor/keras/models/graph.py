"""The graph of layers between a model's inputs and its outputs. Source: https://keras.io/guides/functional_api/"""

from .. import tree
from ..layers.input_layer import Input, InputLayer
from ..layers.layer import Layer
from ..symbolic import KerasTensor, node_of


class Graph:
    """Every call on the way from `inputs` to `outputs`, in an order in which they can be made.

    Parameters
    ----------
    inputs, outputs : KerasTensor, or nested
        Inputs that other layers gave become new Inputs.

    Attributes
    ----------
    nodes : list of Node
        Each after those that it needs.
    operations : list
        The layers and ops, from the inputs on, in Keras's order: that of `get_weights`.
    depths : dict
        Node -> how many calls lie between it and the outputs, at most.
    """

    def __init__(self, inputs, outputs):
        _check("inputs", inputs), _check("outputs", outputs)
        self.inputs, self.outputs = inputs, outputs
        self._sort()
        if not all(isinstance(x.history.operation, InputLayer) for x in tree.flatten(inputs)):
            self._begin_here()

    def _sort(self):
        self.flat_inputs, self.flat_outputs = tree.flatten(self.inputs), tree.flatten(self.outputs)
        self.nodes, visits = _in_order(self.flat_inputs, self.flat_outputs)
        self.depths, depth_of = _depths(self.nodes)
        for x in self.flat_inputs:  # one that no output depends on
            if x.history.operation not in depth_of:
                depth_of[x.history.operation], visits[x.history.operation] = 0, -1
                self.depths[node_of(x)] = 0
                self.nodes.insert(0, node_of(x))
        self.operations = sorted(depth_of, key=lambda op: (-depth_of[op], visits[op]))

    def _begin_here(self):
        """Let the graph begin at its inputs, which other layers gave: the same layers, called once more."""
        fresh = tree.map_structure(
            lambda x: x if isinstance(x.history.operation, InputLayer)
            else Input(batch_shape=x.shape, dtype=x.dtype, name=x.name), self.inputs
        )
        self.outputs = self.run(tree.flatten(fresh))
        self.inputs = fresh
        self._sort()

    @property
    def layers(self):
        return [op for op in self.operations if isinstance(op, Layer)]

    def run(self, inputs, call=lambda operation, *args, **kwargs: operation(*args, **kwargs)):
        """The outputs for a flat list of inputs: each call is made on what the ones before it gave."""
        found = {id(x): value for x, value in zip(self.flat_inputs, inputs, strict=True)}

        def value_of(x):
            return found[id(x)] if isinstance(x, KerasTensor) else x

        for node in self.nodes:
            if all(id(x) in found for x in tree.flatten(node.outputs)):
                continue  # an input
            args, kwargs = tree.map_structure(value_of, (tuple(node.args), node.kwargs))
            outputs = call(node.operation, *args, **kwargs)
            for x, y in zip(tree.flatten(node.outputs), tree.flatten(outputs), strict=True):
                found[id(x)] = y
        return tree.map_structure(value_of, self.outputs)


def _check(name, structure):
    for x in tree.flatten(structure):
        if not isinstance(x, KerasTensor):
            raise ValueError(
                f"Model: `{name}` must be placeholders: what keras.Input() or calling a layer on one gives; "
                f"got {x!r} ({type(x).__name__})."
            )


def _in_order(inputs, outputs):
    """The calls that the outputs need, each after those that it needs; and when each operation was first met."""
    finished, visits, given = {}, {}, {id(x) for x in inputs}
    begun = set()
    stack = [(x, False) for x in reversed(outputs)]
    while stack:
        x, seen = stack.pop()
        node = node_of(x)
        if seen:
            finished.setdefault(node)
            continue
        if node in finished or node in begun:
            continue
        begun.add(node)
        visits.setdefault(node.operation, len(visits))
        stack.append((x, True))
        if id(x) in given:
            continue
        if node.is_input:
            raise ValueError(
                f"Model: the outputs depend on {x!r}, which is not among `inputs`: add it, or leave out what needs it."
            )
        stack.extend((parent, False) for parent in reversed(node.inputs))
    return list(finished), visits


def _depths(nodes):
    """How far from the outputs each call is, and each operation in its furthest call."""
    of_node, of_operation = {}, {}
    for node in reversed(nodes):
        depth = max(of_node.setdefault(node, 0), of_operation.get(node.operation, 0))
        of_node[node] = of_operation[node.operation] = depth
        for parent in node.parents:
            of_node[parent] = max(depth + 1, of_node.get(parent, 0))
    kept = set(nodes)
    return {node: depth for node, depth in of_node.items() if node in kept}, of_operation
