"""The layer inspector without a browser: what it tells, what it keeps, what it refuses."""

import json

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.inspect import Picture, trace
from kerastutor.inspect.pictures import of_weight
from kerastutor.widgets import LayerInspector

L = keras.layers


def digits(samples=40):
    keras.utils.set_random_seed(0)
    layers = [L.Conv2D(3, 3, activation="relu", name="conv"), L.MaxPooling2D(2, name="pool"), L.Flatten(name="flat"),
              L.Dense(6, "relu", name="hidden"), L.Dense(4, "softmax", name="out")]
    model = keras.Sequential([keras.Input((8, 8, 1)), *layers], name="digits")
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    rng = np.random.default_rng(0)
    return model, rng.random((samples, 8, 8, 1)).astype("float32"), rng.integers(0, 4, samples)


@pytest.fixture
def inspector():
    widget = LayerInspector(*digits())
    widget.told, widget.parcels = {}, []

    def tell(content, buffers=None):
        json.dumps(content, allow_nan=False)  # no NumPy numbers either
        widget.told.update(content)
        widget.parcels.append((content, buffers))

    widget.tell = tell
    return widget


def hear(widget, do, **values):
    widget._hear(None, {"do": do, "values": values}, [])
    assert widget.problem == ""
    return widget.told


def test_a_new_page_is_told_everything(inspector):
    told = hear(inspector, "hello")
    assert [box["key"] for box in told["graph"]] == ["input", "conv", "pool", "flat", "hidden", "out"]
    assert told["head"]["sample"] == 0 and told["head"]["loss"] > 0
    assert told["layer"]["key"] == "conv" and told["number"]["layer"] == "conv"


def test_pictures_travel_as_bytes_of_the_layer_s_output(inspector):
    hear(inspector, "look", layer="conv", sample=7)
    content, buffers = inspector.parcels[-1]
    picture = content["layer"]["output"]
    values = np.frombuffer(buffers[picture["buffer"]], np.float32)
    values = values.reshape(picture["maps"], picture["rows"], picture["columns"])
    wanted = trace(*digits(), samples=7)["conv"].output[0]
    np.testing.assert_allclose(values, np.moveaxis(wanted, -1, 0), rtol=1e-5)


def test_a_click_on_a_pixel_is_taken_apart(inspector):
    hear(inspector, "look", layer="conv")
    number = hear(inspector, "pick", which=2, row=1, column=4)["number"]
    assert number["index"] == [1, 4, 2]
    assert sum(t["product"] for t in number["terms"]) + number["bias"] == pytest.approx(number["z"], rel=1e-5)
    assert len(number["terms"]) == 9 and number["window"]["rows"] == 3
    again = hear(inspector, "pick", which=9, row=9, column=9)["number"]  # beside the picture: nothing changes
    assert again["index"] == [1, 4, 2]


def test_many_summands_are_counted_and_summed(inspector):
    number = hear(inspector, "look", layer="hidden")["number"]
    assert len(number["terms"]) == 24 and number["rest"]["count"] == 27 - 24
    total = sum(t["product"] for t in number["terms"]) + number["rest"]["sum"] + number["bias"]
    assert total == pytest.approx(number["z"], rel=1e-4, abs=1e-6)


def test_the_whole_batch(inspector):
    told = hear(inspector, "look", layer="out", sample="batch")
    assert told["head"]["sample"] is None
    content, buffers = inspector.parcels[-1]
    values = np.frombuffer(buffers[content["layer"]["output"]["buffer"]], np.float32)
    np.testing.assert_allclose(values, trace(*digits())["out"].output.mean(0), rtol=1e-5)


def test_weights_and_code_only_where_asked(inspector):
    assert "weights" not in hear(inspector, "look", layer="conv")
    told = hear(inspector, "look", tab="weights")
    assert [w["name"] for w in told["weights"]] == ["kernel", "bias"]
    assert told["weights"][0]["picture"]["maps"] == 3
    code = hear(inspector, "look", tab="code")["code"]
    assert code["forward"] == ["conv", "add_bias", "relu"]
    assert "i = cuda.grid(1)" in str(code["kernels"]["relu"]["cuda"])


def test_a_dense_layer_s_weights_behind_a_flattened_image_are_images():
    model = keras.Sequential([keras.Input((5, 6)), L.Flatten(), L.Dense(2, name="d")])
    seen = trace(model, np.zeros((1, 5, 6)))
    picture = of_weight(seen, seen["d"], "kernel")
    assert picture.values.shape == (2, 5, 6)
    np.testing.assert_array_equal(picture.values[1], seen["d"].weights["kernel"][:, 1].reshape(5, 6))


@pytest.mark.parametrize("shape", [(), (5,), (70,), (3000,), (4, 5), (200, 90), (6, 7, 3), (130, 80, 40), (3, 4, 5, 2)])
@pytest.mark.parametrize("first", [False, True])
def test_every_place_of_a_picture_is_a_number_of_the_array(shape, first):
    array = np.arange(int(np.prod(shape)), dtype=float).reshape(shape)
    picture = Picture(array, first)
    for place in np.ndindex(picture.values.shape):
        index = picture.index(*place)
        if index is None:
            assert np.isnan(picture.values[place])
        else:
            assert picture.values[place] == array[index]
            if picture.values.size < 3000:
                assert picture.place(index) == place
    assert bool(picture.note) == (np.isfinite(picture.values).sum() < array.size)


def test_the_model_s_training_is_followed_and_kept(inspector):
    model, x, y = digits()
    inspector = LayerInspector(model, x, y)
    told = []
    inspector.tell = lambda content, buffers=None: told.append(content)
    model.fit(x, y, epochs=3, verbose=0, callbacks=[inspector.watch()])
    losses = [c["head"]["loss"] for c in told if "head" in c]
    assert len(losses) >= 2 and losses[0] != losses[-1]
    assert [m.label for m in inspector.moments] == ["before training", *(f"after epoch {i}" for i in (1, 2, 3))]
    old = inspector.look("hidden", index=1, moment=0).z
    now = inspector.look(moment="now").z
    assert old != now
    np.testing.assert_array_equal(inspector.seen["out"].weights["kernel"], model.layers[-1].kernel.numpy())
    weights = inspector.moments[0].weights
    np.testing.assert_array_equal(inspector._tracer.twin.variables[0].value.shape, weights[0].shape)


def test_looking_costs_a_training_little(inspector, monkeypatch):
    from kerastutor.widgets import inspector as module

    now = [0.0]
    monkeypatch.setattr(module, "perf_counter", lambda: now[0])
    looks = []
    watcher = inspector.watch()
    monkeypatch.setattr(inspector, "refresh", lambda: (looks.append(now[0]), now.__setitem__(0, now[0] + 0.05)))
    for batch in range(10_000):
        now[0] += 0.002
        watcher.on_train_batch_end(batch)
    assert 0.05 * len(looks) <= 0.035 * now[0]


def test_a_fault_of_the_view_does_not_end_the_training(inspector, monkeypatch):
    monkeypatch.setattr(inspector, "refresh", lambda: 1 / 0)
    inspector.watch().on_train_batch_end(0)
    assert "ZeroDivisionError" in inspector.problem


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [({"layer": "hiden"}, "Did you mean 'hidden'"), ({"sample": 99}, "no sample 99"), ({"moment": 3}, "watch()")],
)
def test_what_is_not_there_is_said_and_nothing_changes(inspector, wish, complaint):
    inspector._hear(None, {"do": "look", "values": wish}, [])
    assert complaint in inspector.problem
    assert (inspector.layer, inspector.sample, inspector.moment) == ("conv", 0, None)


def test_models_inside_open(inspector):
    inner = keras.Sequential([keras.Input((4,)), L.Dense(3, name="a"), L.Dense(2, name="b")], name="inner")
    inspector = LayerInspector(keras.Sequential([keras.Input((4,)), inner, L.Dense(1, name="c")]), np.ones((2, 4)))
    told = []
    inspector.tell = lambda content, buffers=None: told.append(content)
    inspector.do_open("inner")
    assert [b["key"] for b in told[-1]["graph"]] == ["input", "inner", "inner/a", "inner/b", "c"]
    inspector.do_look(layer="inner/b")
    assert told[-1]["layer"]["key"] == "inner/b"
    inspector.do_open("inner")
    assert len(told[-1]["graph"]) == 3


def test_every_layer_can_be_looked_at_in_every_tab(inspector):
    for key in ("input", *inspector.seen.layers):
        for tab in ("forward", "backward", "weights", "code"):
            hear(inspector, "look", layer=key, tab=tab)


def test_a_model_with_nan(inspector):
    model, x, y = digits()
    model.set_weights([np.full_like(w, np.nan) for w in model.get_weights()])
    inspector._tracer.model.set_weights(model.get_weights())
    inspector.refresh()
    assert {b.get("ill") for b in inspector.told["graph"][1:]} == {"NaN or inf"}
    for tab in ("forward", "backward", "weights"):
        hear(inspector, "look", layer="hidden", tab=tab)
    inspector.figure()


def test_the_static_twin_shows_the_chosen_layer(inspector):
    inspector.look("hidden", index=2)
    figure = inspector.figure()
    texts = [t.get_text() for f in figure.subfigs for ax in f.axes for t in ax.texts]
    assert "hidden" in texts and len(figure.subfigs[1].axes) == 4
    found = inspector._explanation()
    bars = [bar.get_width() for bar in figure.subfigs[1].axes[3].patches]
    assert bars[:3] == pytest.approx([t.product for t in found.terms[:3]])
    assert "relu(" in figure.subfigs[1]._suptitle.get_text()
    assert repr(inspector).startswith("LayerInspector: digits, sample 0, loss")


def test_a_hundred_layers_and_ten_thousand_samples():
    x = given = keras.Input((8,))
    for _ in range(100):
        x = L.Dense(8, "relu")(x)
    model = keras.Model(given, x)
    model.compile(loss="mse")
    data = np.random.default_rng(0).normal(size=(10_000, 8)).astype("float32")
    inspector = LayerInspector(model, data, data)
    told = {}
    inspector.tell = lambda content, buffers=None: told.update(content)
    inspector.greet()
    assert len(told["graph"]) == 101
    assert "256 of 10,000 samples" in told["head"]["note"]
    assert len(json.dumps(told)) < 200_000
    inspector.figure()
