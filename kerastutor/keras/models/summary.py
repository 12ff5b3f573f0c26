"""The table that `model.summary()` prints, to the letter as Keras prints it. Source: https://keras.io/api/models/model/"""

import collections
import math
import re
import shutil

import numpy as np

from .. import tree


def print_summary(
    model, line_length=None, positions=None, print_fn=None, expand_nested=False, show_trainable=False, layer_range=None
):
    """Print a table of the model's layers, output shapes and numbers of parameters.

    Parameters
    ----------
    model : Model
    line_length : int, optional
        88 characters unless given, or the terminal's width less 4 if that is smaller.
    positions : list of float, optional
        Where columns end, as shares of the line.
    print_fn : callable, optional
        Gets the text instead of the terminal, without colours.
    expand_nested : bool
        Also show the layers of models inside the model.
    show_trainable : bool
        Add a column: Y, N, or - for a layer without weights.
    layer_range : (str, str), optional
        The names (or regular expressions) of the first and the last layer to show.

    Raises
    ------
    ValueError
        If the terminal is too narrow, or layer_range fits no layer.
    """
    from rich.console import Console  # loaded here: it takes longer than the rest of the import
    from rich.markup import escape

    graph = getattr(model, "_graph", None)
    connections = None if graph is None or _in_a_row(graph) else graph.depths
    table = _table(line_length, positions, show_trainable, connections is not None)
    layers = model.layers if graph is None else graph.operations
    first, last = _layer_range(layers, layer_range)
    for layer in layers[first:last]:
        for row in _rows(layer, expand_nested, show_trainable, connections):
            table.add_row(*row)

    console = Console(highlight=False) if print_fn is None else Console(
        highlight=False, force_terminal=False, color_system=None
    )
    if print_fn is not None:
        console.begin_capture()
    console.print(_bold(f'Model: "{escape(model.name)}"'))
    console.print(table)
    for what, (count, size) in _totals(model).items():
        console.print(f"{_bold(f' {what} params: ')}{_number(f'{count:,}')} ({readable_size(size)})")
    if print_fn is not None:
        print_fn(console.end_capture())


def _in_a_row(graph):
    """Whether each call follows from the one before, and no layer is called twice: three columns say it all."""
    depths = collections.Counter(graph.depths.values())
    operations = collections.Counter(node.operation for node in graph.depths)
    alone = all(len(node.inputs) < 2 for node in graph.depths)
    return max(depths.values()) == 1 and max(operations.values()) == 1 and alone


def _table(line_length, positions, show_trainable, connected):
    """An empty rich table with Keras's columns."""
    from rich.table import Column, Table

    headers = [("Layer (type)", "left"), ("Output Shape", "left"), ("Param #", "right")]
    positions, default = positions or (0.45, 0.80, 1.0), 88
    if connected:
        headers.append(("Connected to", "left"))
        positions, default = (0.3, 0.56, 0.74, 1.0) if positions == (0.45, 0.80, 1.0) else positions, 108
    if show_trainable:
        headers.append(("Trainable", "center"))
        positions, default = [p * 0.90 for p in positions] + [1.0], default + 12
    length = line_length or min(default, shutil.get_terminal_size().columns - 4)
    ends = [int(p * length) for p in positions]
    widths = [end - start for start, end in zip([0, *ends], ends)]
    if min(widths) < 4:
        raise ValueError(f"summary: a line of {length} characters is too narrow for the table: give line_length=88.")
    columns = [Column(name, justify=side, width=width) for (name, side), width in zip(headers, widths)]
    return Table(*columns, width=length, show_lines=True)


def _rows(layer, expand_nested, show_trainable, connections, depth=0):
    """The table's rows for a layer or op, and for the layers inside it."""
    from rich.markup import escape

    name = escape(("   " * depth + "└ " if depth else "") + layer.name)
    kind = getattr(layer, "class_name", type(layer).__name__)
    params = _number(f"{layer.count_params():,}") if layer.built else f"{_number(0)} (unbuilt)"
    row = [f"{name} ([color(33)]{escape(kind)}[/])", _shape(layer), params]
    if connections is not None:
        row.append(_connections(layer, connections))
    if show_trainable:
        weights = getattr(layer, "weights", ())
        row.append(_bold("-") if not weights else _bold("Y", 34) if layer.trainable else _bold("N", 9))
    rows = [row]
    if expand_nested:
        for inner in getattr(layer, "layers", None) or ():
            rows += _rows(inner, expand_nested, show_trainable, connections, depth + 1)
    return rows


def _connections(layer, nodes):
    """Where each of the layer's calls in this model gets its inputs from."""
    histories = [x.history for node in layer._inbound_nodes if node in nodes for x in node.inputs]
    found = [f"{h.operation.name}[{_number(h.node_index)}][{_number(h.tensor_index)}]" for h in histories]
    return ", ".join(found) or "-"


def _shape(layer):
    """The shape of what the layer gave in its last symbolic call, or would give for the shape it was built for."""
    if layer._inbound_nodes:
        shapes = tree.map_structure(lambda x: _Shape(x.shape), layer._inbound_nodes[-1].outputs)
    elif getattr(layer, "_build_shapes", None):
        try:
            shapes = _described(layer.compute_output_shape(*layer._build_shapes.values()))
        except Exception:  # a layer may be unable to say: no reason to fail
            return "?"
    else:
        return "?"
    flat = tree.flatten(shapes)
    return str(flat[0]) if len(flat) == 1 else str(shapes).replace("'", "")


class _Shape:
    """A shape as the table shows it: one leaf of a structure."""

    def __init__(self, sizes):
        self.sizes = sizes

    def __repr__(self):
        return f"({', '.join(_number(n) for n in self.sizes)})"


def _described(shape):
    if isinstance(shape, dict):
        return {name: _described(s) for name, s in shape.items()}
    one = all(n is None or isinstance(n, (int, np.integer)) for n in shape)
    return _Shape(shape) if one else [_described(s) for s in shape]


def _totals(model):
    """How many parameters of each kind there are, and their bytes; the optimizer's once it has any."""
    kinds = {"Trainable": _count(model.trainable_variables), "Non-trainable": _count(model.non_trainable_variables)}
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None and optimizer.built:
        kinds["Optimizer"] = _count(optimizer.variables)
    return {"Total": tuple(map(sum, zip(*kinds.values()))), **kinds}


def _count(variables):
    sizes = [(math.prod(v.shape), np.dtype(v.dtype).itemsize) for v in variables]
    return sum(n for n, _ in sizes), sum(n * size for n, size in sizes)


def readable_size(size):
    """Bytes as "1.55 MB"."""
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} PB"


def _number(x):
    return f"[color({45 if x is None else 34})]{x}[/]"


def _bold(text, color=None):
    return f"[bold][color({color})]{text}[/][/]" if color else f"[bold]{text}[/]"


def _layer_range(layers, names):
    if names is None:
        return 0, len(layers)
    if not isinstance(names, (list, tuple)) or len(names) != 2 or not all(isinstance(n, str) for n in names):
        raise ValueError(f"summary: layer_range must be two names of layers, the first and the last; got {names!r}.")
    found = [[i for i, layer in enumerate(layers) if re.match(name, layer.name)] for name in names]
    if not all(found):
        there = ", ".join(layer.name for layer in layers)
        raise ValueError(f"summary: layer_range={names!r} fits no layer; there are: {there}.")
    low, high = found
    if min(low) > max(high):
        return min(high), max(low) + 1
    return min(low), max(high) + 1
