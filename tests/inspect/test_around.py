"""Formulas, statistics, code, history, and where the boxes of the graph stand."""

import numpy as np
import pytest

from kerastutor import backends, keras
from kerastutor.inspect import Recorder, dead_units, formula, saturated_units, source, spread, trace
from kerastutor.inspect import source as source_module  # noqa: F401
from kerastutor.inspect.formulas import count
from kerastutor.inspect.graph import places

L = keras.layers


def test_a_spread_is_numpy_s():
    a = np.random.default_rng(0).normal(size=(50, 7))
    a[0, 0] = 0
    found = spread(a)
    counts, edges = np.histogram(a, 40)
    np.testing.assert_array_equal(found.counts, counts)
    np.testing.assert_allclose(found.edges, edges)
    assert (found.mean, found.std) == (pytest.approx(a.mean()), pytest.approx(a.std()))
    assert found.zeros == pytest.approx(1 / 350)


def test_a_spread_of_very_many_numbers_misses_no_channel():
    a = np.zeros((500_000, 4))
    a[:, 1], a[7, 3] = 1, 9
    found = spread(a)
    assert (found.low, found.high, found.sampled) == (0, 9, 400_000)
    assert found.mean == pytest.approx(0.25, abs=0.01)


def test_a_spread_of_nan_and_of_nothing():
    found = spread(np.array([np.nan, 1.0, np.inf, 3.0]))
    assert (found.not_finite, found.low, found.high) == (2, 1, 3)
    assert spread(np.full(3, np.nan)).not_finite == 3
    assert spread(np.zeros(0)) is None


def test_dead_and_saturated_units():
    layers = [L.Dense(3, "relu", name="r"), L.Dense(3, "tanh", name="t")]
    model = keras.Sequential([keras.Input((1,)), *layers])
    model.set_weights([np.array([[1.0, -1.0, 1.0]]), np.array([0, -1.0, -2.0]),
                       np.zeros((3, 3)), np.array([0.0, 9.0, -9.0])])
    seen = trace(model, np.linspace(0, 1, 20)[:, None])
    assert dead_units(seen["r"]).tolist() == [1, 2]
    assert saturated_units(seen["t"], "tanh").tolist() == [1, 2]
    assert saturated_units(seen["r"], "relu").size == 0


def test_dead_filters_with_the_channels_first():
    y = np.ones((2, 3, 4, 4), "float32")
    y[:, 1] = 0
    model = keras.Sequential([keras.Input((3, 4, 4)), L.Activation("linear", name="a")])
    one = trace(model, y)["a"]
    one.layer.data_format = "channels_first"
    assert dead_units(one).tolist() == [1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layer", "shape", "parts", "numbers"),
    [
        (L.Dense(3, "relu"), (5,), ["relu(", "i = 0…4", "j = 0…2"], "= 18 parameters"),
        (L.Conv2D(4, 3, strides=2, padding="same"), (8, 8, 2), ["2·i + a", "c = 0…1", "zeros"], "= 76 parameters"),
        (L.LSTM(3), (4, 2), ["W (2, 12)", "U (3, 12)"], "= 72 parameters"),
        (L.BatchNormalization(), (4,), ["√"], "= 16 parameters, 8 of them not trained"),
        (L.Flatten(), (2, 3), ["6 numbers"], "nothing to learn"),
    ],
)
def test_formulas_have_this_model_s_numbers(layer, shape, parts, numbers):
    one = trace(keras.Sequential([keras.Input(shape), layer]), np.ones((2, *shape)))[0]
    assert all(part in formula(one) for part in parts), formula(one)
    assert count(one).endswith(numbers)


def test_every_layer_has_a_formula():
    model = keras.Sequential([keras.Input((4, 4, 3)), L.SpatialDropout2D(0.1), L.UpSampling2D()])
    assert all(formula(each) for each in trace(model, np.ones((1, 4, 4, 3))))


@pytest.mark.parametrize("backend", ["numpy", "cpu"])
def test_the_source_is_the_code_that_runs(backend):
    before = backends.current()
    backends.use(backend)
    try:
        model = keras.Sequential([keras.Input((6, 6, 1)), L.Conv2D(2, 3, activation="relu"), L.MaxPooling2D()])
        conv, pool = trace(model, np.ones((2, 6, 6, 1)))
        found = source(conv)
    finally:
        backends.use(before)
    assert {"conv", "relu"} <= set(found.forward) and {"relu_grad", "conv_kernel_grad"} <= set(found.backward)
    assert "def conv(x, w, strides, dilation, before, y)" in found.kernels["conv"]["numpy"].text
    assert found.kernels["conv"]["numpy"].where.startswith("kerastutor/backends/numpy/convolution.py:")
    assert "def relu" in found.kernels["relu"]["cpu"].text and "@kernel" in found.kernels["relu"]["cpu"].text
    assert [part.title for part in found.layer][:2] == ["Conv2D", "Convolution.call"]
    assert "class Conv2D" in found.layer[0].text
    assert source(pool).forward == ["max_pool"]


def test_every_kernel_of_every_backend_is_found():
    from kerastutor.backends.interface import KERNELS
    from kerastutor.inspect.source import Part, kernel_source

    for name in KERNELS:
        for backend in ("numpy", "cpu", "cuda"):
            found = kernel_source(name, backend)
            assert isinstance(found, Part) and name in found.text, (name, backend, found)
    assert "def softmax(x, y):" in kernel_source("softmax", "cuda").text
    assert "row = cuda.grid(1)" in kernel_source("softmax", "cuda").text  # what it launches


def test_a_backend_that_is_not_there_yet_is_found_once_it_is(tmp_path, monkeypatch):
    import importlib

    module = importlib.import_module("kerastutor.inspect.source")
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    assert module.kernel_source("relu", "cuda") == "not in this version."
    (tmp_path / "cuda").mkdir()
    (tmp_path / "cuda" / "__init__.py").write_text("from .elementwise import relu\nimport nothing_of_the_kind\n")
    (tmp_path / "cuda" / "elementwise.py").write_text("@cuda.jit\ndef relu(x, y):\n    y = x\n")
    assert module.kernel_source("relu", "cuda").text == "@cuda.jit\ndef relu(x, y):\n    y = x"


def test_a_layer_that_looks_at_values_has_no_list_of_kernels():
    class Looks(keras.layers.Layer):
        def call(self, x):
            return x * (2.0 if float(keras.ops.sum(x).numpy()) > 0 else 1.0)

    found = source(trace(keras.Sequential([Looks(name="looks")]), np.ones((2, 2)))["looks"])
    assert "looks at values" in found.note and "class Looks" in found.layer[0].text


def small():
    model = keras.Sequential([keras.Input((3,)), L.Dense(2)])
    model.compile(loss="mse", optimizer="sgd")
    return model, np.ones((8, 3), "float32"), np.ones((8, 2), "float32")


def test_a_recorder_keeps_what_the_weights_were():
    model, x, y = small()
    seen, recorder = [[w.copy() for w in model.get_weights()]], Recorder()
    spy = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: seen.append(model.get_weights()))
    model.fit(x, y, epochs=4, verbose=0, callbacks=[recorder, spy])
    assert [m.label for m in recorder.moments][:2] == ["before training", "after epoch 1"]
    for moment, weights in zip(recorder.moments, seen, strict=True):
        for a, b in zip(moment.weights, weights, strict=True):
            np.testing.assert_array_equal(a, b)
    assert recorder.moments[-1].logs["loss"] > 0


@pytest.mark.parametrize(("options", "most"), [({"moments": 5}, 5), ({"limit": 4 * 32}, 4)])
def test_a_recorder_keeps_few_and_says_so(options, most):
    model, x, y = small()  # 8 numbers: 32 bytes
    recorder = Recorder(**options)
    model.fit(x, y, epochs=30, verbose=0, callbacks=[recorder])
    epochs = [m.epoch for m in recorder.moments]
    assert 2 <= len(epochs) <= most and epochs[0] == 0 and epochs[-1] > 15
    assert len(set(np.diff(epochs))) == 1
    assert "every" in recorder.note


def test_a_second_fit_goes_on():
    model, x, y = small()
    recorder = Recorder()
    for _ in range(2):
        model.fit(x, y, epochs=2, verbose=0, callbacks=[recorder])
    assert [m.epoch for m in recorder.moments] == [0, 1, 2, 3, 4]


def test_a_model_that_was_reset_begins_a_new_history():
    model, x, y = small()
    recorder, first = Recorder(), model.get_weights()
    model.fit(x, y, epochs=3, verbose=0, callbacks=[recorder])
    model.set_weights(first)
    model.fit(x, y, epochs=1, verbose=0, callbacks=[recorder])
    assert [m.epoch for m in recorder.moments] == [0, 1]


def test_boxes_stand_below_what_they_take():
    given = keras.Input((4,))
    a, b = L.Dense(4, name="a")(given), L.Dense(4, name="b")(given)
    inner = keras.Sequential([keras.Input((4,)), L.Dense(4, name="p"), L.Dense(4, name="q")], name="inner")
    model = keras.Model(given, L.Dense(1, name="z")(inner(L.Add(name="add")([a, b]))))
    seen = trace(model, np.ones((2, 4)))
    by_key = {p.key: p for p in places(seen)}
    assert (by_key["a"].row, by_key["b"].row, by_key["b"].lane) == (1, 1, 1)
    assert by_key["add"].row == 2 and by_key["add"].sources == ["a", "b"]
    assert "inner/p" not in by_key and by_key["a"].sources == ["input"]
    opened = {p.key: p for p in places(seen, ["inner"])}
    rows = [opened[k].row for k in ("inner", "inner/p", "inner/q", "z")]
    assert rows == [3, 4, 5, 6] and opened["inner/p"].depth == 1
