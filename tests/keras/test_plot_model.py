"""plot_model and model_to_dot: the graph is that of real Keras's model_to_dot; the files are what their names say."""

import html
import re
import shutil
import struct

import pytest

from kerastutor import keras
from tests.keras.oracle import real

ALL = dict(show_shapes=True, show_dtype=True, show_layer_activations=True, show_trainable=True)


def in_a_row(k):
    frozen = k.layers.Dense(5, activation="relu", trainable=False, name="frozen")
    return k.Sequential([k.Input((3,)), frozen, k.layers.Dropout(0.5, name="drop"), k.layers.Dense(2, name="out")])


def residual(k):
    x = inputs = k.Input((8, 8, 4), name="picture")
    for i in "ab":
        y = k.layers.Conv2D(4, 3, padding="same", activation="relu", name=f"conv_{i}")(x)
        x = k.layers.Add(name=f"add_{i}")([k.layers.BatchNormalization(name=f"norm_{i}")(y), x])
    return k.Model(inputs, k.layers.GlobalAveragePooling2D(name="mean")(x))


def three_inputs(k):
    a, b, c = (k.Input((n,), name=f"in_{n}") for n in (4, 5, 6))
    shared = k.layers.Dense(3, name="shared")
    x = k.layers.Concatenate(name="both")([k.layers.Dense(7, name="d4")(a), k.layers.Dense(7, name="d5")(b)])
    y = k.layers.Multiply(name="times")([shared(x), shared(k.layers.Dense(14, name="d6")(c))])
    return k.Model([a, b, c], [k.layers.Dense(1, name="first")(y), k.layers.Dense(2, name="second")(x)])


def nested(k):
    encoder = k.Sequential([k.Input((6,)), k.layers.Dense(4, name="e1"), k.layers.Dense(3, name="e2")], name="encoder")
    z = k.Input((3,), name="z")
    hidden = k.layers.Dense(4, name="d1")(z)
    decoder = k.Model(z, [k.layers.Dense(6, name="d2")(hidden), k.layers.Dense(1, name="d3")(hidden)], name="decoder")
    a, b = k.Input((6,), name="a"), k.Input((6,), name="b")
    first, second = decoder(k.layers.Subtract(name="minus")([encoder(a), encoder(b)]))
    inner = k.Model([a, b], [first, second], name="inner")
    u, v = k.Input((6,), name="u"), k.Input((6,), name="v")
    p, q = inner([u, v])
    return k.Model([u, v], k.layers.Concatenate(name="end")([q, p]))


def circle(k):
    inputs, layer = k.Input((5,), name="begin"), k.layers.Dense(5, name="again")
    return k.Model(inputs, layer(k.layers.ReLU(name="relu")(layer(layer(inputs)))))


MODELS = [in_a_row, residual, three_inputs, nested, circle]


def graph_of(dot):
    """{title: the other words in its box}, {(title, title)}, {title: the frames around it}."""
    boxes, frames, arrows, titles = {}, {}, [], {}

    def walk(part, around):
        for node in part.get_nodes():
            if node.get_label() is None:
                continue
            title, *words = cells(node.get_label())
            titles[node.get_name().strip('"')] = title
            boxes[title], frames[title] = set(words), around
        arrows.extend((e.get_source().strip('"'), e.get_destination().strip('"')) for e in part.get_edges())
        for inner in part.get_subgraphs():
            walk(inner, (*around, inner.get_label().strip('"')))

    walk(dot, ())
    return boxes, {(titles[a], titles[b]) for a, b in arrows}, frames


def cells(label):
    return [html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall("<td.*?</td>", label)]


@pytest.mark.parametrize("expand_nested", [False, True])
@pytest.mark.parametrize("make", MODELS, ids=lambda m: m.__name__)
def test_the_graph_is_that_of_keras(make, expand_nested):
    options = dict(expand_nested=expand_nested, **ALL)
    ours, theirs = (graph_of(k.utils.model_to_dot(make(k), **options)) for k in (keras, real()))
    assert ours == theirs


def test_a_part_of_a_graph():
    ours, theirs = (k.utils.model_to_dot(residual(k), subgraph=True, show_layer_names=False) for k in (keras, real()))
    assert type(ours) is type(theirs) and ours.get_style() == theirs.get_style()
    assert sorted(cells(n.get_label())[0] for n in ours.get_nodes()) == sorted(
        cells(n.get_label())[0] for n in theirs.get_nodes())


# files -------------------------------------------------------------------------------------------------------------

BEGINS = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF", "jpg": b"\xff\xd8\xff"}
GRAPHVIZ = pytest.param("graphviz", marks=pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not here"))


@pytest.fixture(params=["own", GRAPHVIZ])
def drawn_by(request, monkeypatch):
    if request.param == "own":
        monkeypatch.setattr(shutil, "which", lambda name: None)
    return request.param


@pytest.mark.parametrize("extension", BEGINS)
def test_files_are_what_their_names_say(extension, drawn_by, tmp_path):
    path = tmp_path / f"model.{extension}"
    shown = keras.utils.plot_model(in_a_row(keras), path, show_shapes=True)
    assert path.read_bytes().startswith(BEGINS[extension])
    assert (shown is None) == (extension == "pdf")


def test_more_dots_make_a_sharper_picture_not_a_larger_one(drawn_by, tmp_path):
    found = {}
    for dpi in (100, 300):
        image = keras.utils.plot_model(residual(keras), tmp_path / "m.png", dpi=dpi)
        (dots,) = struct.unpack(">I", (tmp_path / "m.png").read_bytes()[16:20])
        found[dpi] = (dots, image.width)
        assert image.data == (tmp_path / "m.png").read_bytes()
    assert found[300][0] == pytest.approx(3 * found[100][0], abs=4)
    assert found[300][1] == pytest.approx(found[100][1], abs=2)


def test_the_language_itself_needs_no_graphviz(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "")
    keras.utils.plot_model(in_a_row(keras), tmp_path / "m.dot", rankdir="LR")
    text = (tmp_path / "m.dot").read_text()
    assert text.startswith("digraph") and "rankdir=LR" in text and text.count("->") == 2


# bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options, word", [
    (dict(rankdir="UP"), "rankdir"), (dict(dpi=0), "dpi"), (dict(shapes=True), "shapes"),
    (dict(layer_range=("a", "b")), "layer_range"),
], ids=str)
def test_unknown_options_are_refused(options, word, tmp_path):
    for draw in (keras.utils.model_to_dot, lambda m, **o: keras.utils.plot_model(m, tmp_path / "m.png", **o)):
        with pytest.raises(ValueError, match=word):
            draw(in_a_row(keras), **options)
    assert not list(tmp_path.iterdir())


def test_what_only_graphviz_can_do_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ValueError, match="'.gif' needs Graphviz.*not installed here.*.svg"):
        keras.utils.plot_model(in_a_row(keras), tmp_path / "m.gif")
    with pytest.warns(UserWarning, match="splines='curved' is for Graphviz"):
        keras.utils.plot_model(in_a_row(keras), tmp_path / "m.png", splines="curved")


def test_a_model_without_a_graph(tmp_path):
    with pytest.raises(ValueError, match="has not yet been built"):
        keras.utils.plot_model(keras.Sequential([keras.layers.Dense(2)]), tmp_path / "m.png")

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    model = Own()
    model(keras.ops.ones((1, 3)))
    with pytest.warns(UserWarning, match="Own is a model whose `call` is code of its own"):
        boxes, arrows, _ = graph_of(keras.utils.model_to_dot(model))
    assert list(boxes) == [f"{model.name} (Own)"] and not arrows
