"""plot_model and model_to_dot: a model's graph as a picture. Source: https://keras.io/api/utils/model_plotting_utils/"""

import html
import os
import shutil
import struct

from .. import naming
from .diagram import Box, Shown, describe

RANKDIRS = ("TB", "BT", "LR", "RL")
TEXT = ("dot", "gv")  # Graphviz's language itself


def model_to_dot(model, show_shapes=False, show_dtype=False, show_layer_names=True, rankdir="TB", expand_nested=False,
                 dpi=200, subgraph=False, show_layer_activations=False, show_trainable=False, splines="ortho",
                 **kwargs):
    """A model's graph in Graphviz's language, as a `pydot.Dot`.

    Parameters
    ----------
    model : Model
        Built: it began with an Input, or has been called.
    show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable : bool
        What is written into the boxes.
    rankdir : "TB", "LR", "BT" or "RL"
        From top to bottom, from left to right, and the other way round.
    expand_nested : bool
        Show what is inside models inside the model.
    dpi : int
        Dots per inch.
    subgraph : bool
        Return a `pydot.Cluster`, for a graph of one's own.
    splines : "ortho", "curved", "polyline", "spline" or "line"
        How Graphviz draws arrows.

    Examples
    --------
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.ReLU()])
    >>> len(keras.utils.model_to_dot(model).get_edges())
    1

    Source: https://keras.io/api/utils/model_plotting_utils/
    """
    import pydot

    _check(rankdir, dpi, kwargs)
    shown = Shown(show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable)
    diagram = describe(model, shown, expand_nested)
    if subgraph:
        dot = _cluster(diagram.title)
    else:
        dot = pydot.Dot(rankdir=rankdir, concentrate=True, dpi=dpi, splines=splines)
        dot.set_node_defaults(shape="record")
    _add(dot, diagram)
    for a, b in diagram.arrows:
        dot.add_edge(pydot.Edge(str(id(a)), str(id(b)), penwidth=2))
    return dot


def plot_model(model, to_file="model.png", show_shapes=False, show_dtype=False, show_layer_names=False, rankdir="TB",
               expand_nested=False, dpi=200, show_layer_activations=False, show_trainable=False, splines="ortho",
               **kwargs):
    """Draw a model's graph into a file, and return the picture for a notebook.

    Graphviz draws it where its program `dot` is installed; else the drawing is our own.

    Parameters
    ----------
    to_file : str or path
        "name.png", "name.svg", "name.pdf"; "name.dot" for Graphviz's language.
    model, show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, dpi, show_layer_activations, \
show_trainable, splines
        As of `model_to_dot`. `splines` is for Graphviz alone.

    Returns
    -------
    IPython.display.Image or SVG
        None for other kinds of file.

    Examples
    --------
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> keras.utils.plot_model(model, "model.png", show_shapes=True)  # doctest: +SKIP

    Source: https://keras.io/api/utils/model_plotting_utils/
    """
    _check(rankdir, dpi, kwargs)
    to_file = os.fspath(to_file)
    extension = os.path.splitext(to_file)[1][1:].lower() or "png"
    shown = dict(show_shapes=show_shapes, show_dtype=show_dtype, show_layer_names=show_layer_names,
                 show_layer_activations=show_layer_activations, show_trainable=show_trainable)
    if extension in TEXT or shutil.which("dot"):
        dot = model_to_dot(model, rankdir=rankdir, expand_nested=expand_nested, dpi=dpi, splines=splines, **shown)
        dot.write(to_file, format="raw" if extension in TEXT else extension)
    else:
        from kerastutor.widgets import graph

        _without_graphviz(extension, graph.FORMATS, splines)
        graph.draw(describe(model, Shown(**shown), expand_nested), to_file, extension, rankdir, dpi)
    return _picture(to_file, extension, dpi, model)


def _check(rankdir, dpi, unknown):
    if unknown.pop("layer_range", None) is not None:
        raise ValueError("Argument `layer_range` is no longer supported.")
    if unknown:
        raise ValueError(f"Unrecognized keyword arguments: {unknown}")
    if rankdir not in RANKDIRS:
        raise ValueError(f"`rankdir` must be one of {', '.join(RANKDIRS)}; got {rankdir!r}.")
    if not dpi > 0:
        raise ValueError(f"`dpi`, dots per inch, must be more than 0; got {dpi!r}.")


def _without_graphviz(extension, formats, splines):
    if extension not in formats:
        raise ValueError(
            f"plot_model: a file '.{extension}' needs Graphviz, whose program `dot` is not installed here; without it: "
            f"{', '.join('.' + f for f in (*formats, *TEXT))}."
        )
    if splines != "ortho":
        naming.warn(f"splines={splines!r} is for Graphviz, whose program `dot` is not installed here: without effect.")


def _picture(path, extension, dpi, model):
    """What a notebook shows of the file; as large as on paper, so that a higher dpi is sharper and not larger."""
    try:
        from IPython import display
    except ImportError:  # a notebook has it
        return None
    if extension == "svg":
        return display.SVG(filename=path)
    if extension != "png":
        return display.Image(filename=path) if extension in ("jpg", "jpeg", "gif") else None
    with open(path, "rb") as file:
        (width,) = struct.unpack(">I", file.read(20)[16:])
    return display.Image(filename=path, format="png", width=round(96 * width / dpi), alt=f"The graph of {model.name}")


# Graphviz's language ---------------------------------------------------------------------------


def _add(dot, diagram):
    import pydot

    for part in diagram.parts:
        if isinstance(part, Box):
            dot.add_node(pydot.Node(str(id(part)), label=_label(part), fontname="Helvetica", margin=0))
        else:
            inner = _cluster(part.title)
            _add(inner, part)
            dot.add_subgraph(inner)


def _cluster(title):
    import pydot

    return pydot.Cluster(graph_name=title, style="dashed", label=title, labeljust="l")


def _label(box):
    """A table in Graphviz's kind of HTML: the title, and a row for each line."""
    rows = [f'<tr><td bgcolor="black"><font color="white"><b>{html.escape(box.title)}</b></font></td></tr>']
    for words, value in box.lines:
        text = f"{html.escape(words)}: <b>{html.escape(value)}</b>" if value else f"<b>{words}</b>"
        rows.append(f'<tr><td bgcolor="white">{text}</td></tr>')
    return f'<<table border="0" cellborder="1" bgcolor="black" cellpadding="8" cellspacing="0">{"".join(rows)}</table>>'
