"""What our callback writes, opened by TensorBoard itself: its reader, and its server."""

import json
import logging
import re
import struct
import urllib.parse
import urllib.request

import numpy as np
import pytest

from kerastutor import keras

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(20, 3)).astype("float32"), RNG.normal(size=(20, 2)).astype("float32")


def residual():
    x = inputs = keras.Input((3,), name="begin")
    y = keras.layers.Dense(3, activation="relu", name="hidden")(x)
    return keras.Model(inputs, keras.layers.Dense(2, name="out")(keras.layers.Add(name="sum")([x, y])))


def in_a_row():
    return keras.Sequential([keras.Input((3,), name="begin"), keras.layers.Dense(4, name="hidden"),
                             keras.layers.Dense(2, name="out")])


def trained(folder, make=residual):
    keras.utils.set_random_seed(1)
    model = make()
    model.compile("sgd", "mse", metrics=["mae"])
    board = keras.callbacks.TensorBoard(folder, histogram_freq=1, write_images=True, update_freq=2)
    history = model.fit(X, Y, batch_size=5, epochs=3, validation_split=0.25, verbose=0, callbacks=[board])
    return model, history.history


def reader(folder):
    from tensorboard.backend.event_processing.event_accumulator import TENSORS, EventAccumulator

    return EventAccumulator(str(folder), size_guidance={TENSORS: 0}).Reload()


def test_the_reader_finds_what_the_history_says(tmp_path):
    from tensorboard.util import tensor_util

    model, history = trained(tmp_path)
    train, validation = reader(tmp_path / "train"), reader(tmp_path / "validation")
    value = lambda events, tag: {e.step: tensor_util.make_ndarray(e.tensor_proto) for e in events.Tensors(tag)}
    for events, tag, name in ((train, "epoch_loss", "loss"), (train, "epoch_mae", "mae"),
                              (validation, "epoch_loss", "val_loss"), (validation, "epoch_mae", "val_mae")):
        assert list(value(events, tag)) == [0, 1, 2]
        np.testing.assert_array_equal([*value(events, tag).values()], np.float32(history[name]))
    assert list(value(train, "batch_loss")) == [2, 4, 6, 8]
    for weight in model.weights:
        rows = value(train, f"{weight.path}/histogram")[2]
        assert rows[:, 2].sum() == weight.numpy().size
        assert rows[0, 0] == pytest.approx(weight.numpy().min()) and rows[-1, 1] == pytest.approx(weight.numpy().max())
        kind = train.SummaryMetadata(f"{weight.path}/histogram").plugin_data.plugin_name
        assert kind == "histograms"
    assert train.SummaryMetadata("epoch_loss").plugin_data.plugin_name == "scalars"
    assert train.SummaryMetadata("keras").plugin_data.plugin_name == "graph_keras_model"


def test_a_model_that_is_no_graph_is_left_out_and_one_without_a_text_is_said(tmp_path):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.out = keras.layers.Dense(2)

        def call(self, x):
            return self.out(x)

    trained(tmp_path / "own", Own)
    assert "keras" not in reader(tmp_path / "own" / "train").Tags()["tensors"]

    class Silent(keras.layers.Layer):
        def __init__(self, size):
            super().__init__()
            self.size = size

        def call(self, x):
            return x * self.size

        def get_config(self):
            raise NotImplementedError("nothing to say")

    with pytest.warns(UserWarning, match="graph of .* is not written: nothing to say"):
        trained(tmp_path / "silent", lambda: keras.Sequential([keras.Input((3,)), Silent(2), keras.layers.Dense(2)]))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of TensorBoard's own
def test_the_server_shows_curves_histograms_images_and_graphs(tmp_path):
    from tensorboard import program

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    model, history = trained(tmp_path / "net")
    trained(tmp_path / "row", in_a_row)
    board = program.TensorBoard()
    board.configure([None, "--logdir", str(tmp_path), "--host", "127.0.0.1", "--port", "0", "--load_fast", "false"])
    url = board.launch()

    def ask(what, **query):
        with urllib.request.urlopen(f"{url}data/{what}?{urllib.parse.urlencode(query)}", timeout=30) as answer:
            return answer.read()

    runs = {"net/train", "net/validation", "row/train", "row/validation"}
    for _ in range(100):  # it reads in a thread of its own
        if set(json.loads(ask("runs"))) == runs and "net/validation" in json.loads(ask("plugin/scalars/tags")):
            break
    curve = json.loads(ask("plugin/scalars/scalars", run="net/validation", tag="epoch_loss"))
    assert [(step, value) for _, step, value in curve] == [
        (i, pytest.approx(float(np.float32(v)))) for i, v in enumerate(history["val_loss"])
    ]
    kernel = model.weights[0]
    histogram = json.loads(ask("plugin/histograms/histograms", run="net/train", tag=f"{kernel.path}/histogram"))
    assert [(step, sum(count for *_, count in rows)) for _, step, rows in histogram] == [(0, 9), (1, 9), (2, 9)]
    (images, *_) = json.loads(ask("plugin/images/images", run="net/train", tag=f"{kernel.path}/image", sample=0))
    png = ask(f"plugin/images/individualImage?{images['query']}&x")
    assert png.startswith(b"\x89PNG") and struct.unpack(">II", png[16:24]) == (3, 3)
    for run, wanted in (
        ("net/train", {("begin", "hidden"), ("begin", "sum"), ("hidden", "sum"), ("sum", "out")}),
        ("row/train", {("begin", "hidden"), ("hidden", "out")}),
    ):
        assert drawn(ask("plugin/graphs/graph", run=run, tag="keras", conceptual="true")) == wanted


def drawn(text):
    """The arrows of a graph as the server sends it: node { name: "a/b" ... input: "a/c" }"""
    found = set()
    for node in text.decode().split("node {")[1:]:
        (name,) = re.findall(r'^  name: "(?:.*/)?(.*)"', node, re.MULTILINE)
        found |= {(source, name) for source in re.findall(r'^  input: "(?:.*/)?(.*)"', node, re.MULTILINE)}
    return found
