"""`.h5` files: of ours, of real Keras, and as Keras 1 and 2 wrote them."""

import io
import json

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import layers
from tests.keras.oracle import real
from tests.keras.saving.test_models_and_keras import (
    assert_same_outputs,
    data,
    nested,
    residual,
    sequential,
    shared,
    with_dicts,
    with_ops,
)

h5py = pytest.importorskip("h5py")

pytestmark = pytest.mark.filterwarnings("ignore:A file '....h5'", "ignore:The file does not say how")

X = np.linspace(-1, 1, 12).reshape(4, 3).astype("float32")


@pytest.mark.slow
@pytest.mark.parametrize("make", [sequential, residual, shared, nested, with_dicts])
def test_both_ways(make, tmp_path, rng):
    for k, other in ((keras, real()), (real(), keras)):
        model = make(k)
        model.save(tmp_path / "model.h5")
        assert_same_outputs(model, other.models.load_model(tmp_path / "model.h5"), data(model, rng))
        again = make(other)
        again.load_weights(tmp_path / "model.h5")
        assert_same_outputs(model, again, data(model, rng))


def test_saving_says_that_it_is_old(tmp_path):
    with pytest.warns(UserWarning, match="Keras 1 and 2.*save.'model.keras'"):
        small().save(tmp_path / "m.h5")


def test_ops_between_layers_are_refused(tmp_path):
    with pytest.raises(ValueError, match="can't hold the op 'abs.*keras"):
        with_ops(keras).save(tmp_path / "m.h5")
    assert list(tmp_path.iterdir()) == []


def small(names=("a", "b"), units=(4, 2)):
    return keras.Sequential([keras.Input((3,)), *[layers.Dense(n, name=name) for n, name in zip(units, names)]])


def test_by_name(tmp_path):
    model = small()
    model.save(tmp_path / "m.h5")
    other = small(("x", "b"))
    kept = other.layers[0].get_weights()[0]
    other.load_weights(tmp_path / "m.h5", by_name=True)
    np.testing.assert_array_equal(other.layers[0].get_weights()[0], kept)
    np.testing.assert_array_equal(other.layers[1].get_weights()[0], model.layers[1].get_weights()[0])
    with pytest.raises(ValueError, match="`by_name` is for .h5"):
        other.load_weights("m.keras", by_name=True)


def test_what_does_not_fit(tmp_path):
    model = small()
    model.save(tmp_path / "m.h5")
    with pytest.raises(ValueError, match=r"m.h5 can't be loaded: The model has 1 layers.*\['b'\].*file has 2"):
        small(["b"], [2]).load_weights(tmp_path / "m.h5")
    other = small(units=(4, 3))
    before = [w.copy() for w in other.get_weights()]
    with pytest.raises(ValueError, match=r"m.h5 can't be loaded: Dense 'b' has weights of the shapes"):
        other.load_weights(tmp_path / "m.h5")
    for a, b in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.warns(UserWarning, match="Left as it was: Dense 'b'"):
        other.load_weights(tmp_path / "m.h5", skip_mismatch=True)
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])


@pytest.mark.slow
def test_very_many_layers(tmp_path):
    """Their names are longer than one attribute of HDF5 may be."""
    name = "layer_with_a_name_that_is_long_" * 20
    model = keras.Sequential([keras.Input((1,)), *[layers.Dense(1, name=f"{name}{i}") for i in range(120)]])
    model.save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5") as f:
        assert "layer_names1" in f["model_weights"].attrs
    again = keras.models.load_model(tmp_path / "m.h5")
    for a, b in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    real().models.load_model(tmp_path / "m.h5")


# as TensorFlow's Keras 2 wrote them ------------------------------------------------------------


def old_dense(name, units, **more):
    initializer = {"class_name": "GlorotUniform", "config": {"seed": None}}
    return {"class_name": "Dense", "config": {
        "name": name, "trainable": True, "dtype": "float32", "units": units, "activation": "tanh", "use_bias": True,
        "kernel_initializer": initializer, "bias_initializer": {"class_name": "Zeros", "config": {}},
        "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}}, "bias_regularizer": None,
        "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None, **more,
    }}


OLD_SEQUENTIAL = {"class_name": "Sequential", "config": {"name": "old", "layers": [
    {"class_name": "InputLayer", "config": {
        "batch_input_shape": [None, 3], "dtype": "float32", "sparse": False, "ragged": False, "name": "dense_input"}},
    old_dense("dense", 4, batch_input_shape=[None, 3]), old_dense("dense_1", 2),
]}}

OLD_LIST = {"class_name": "Sequential", "config": [
    old_dense("dense", 4, batch_input_shape=[None, 3]), old_dense("dense_1", 2),
]}

OLD_FUNCTIONAL = {"class_name": "Functional", "config": {
    "name": "model",
    "layers": [
        {"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config": {
            "batch_input_shape": [None, 3], "dtype": "float32", "sparse": False, "ragged": False, "name": "x"}},
        {**old_dense("dense", 4), "name": "dense", "inbound_nodes": [[["x", 0, 0, {}]]]},
        {"class_name": "Concatenate", "name": "both", "config": {"name": "both", "trainable": True, "axis": -1},
         "inbound_nodes": [[["dense", 0, 0, {}], ["dense", 0, 0, {}]]]},
        {**old_dense("dense_1", 2), "name": "dense_1", "inbound_nodes": [[["both", 0, 0, {}]]]},
    ],
    "input_layers": [["x", 0, 0]], "output_layers": [["dense_1", 0, 0]],
}}

OLD_COMPILED = {
    "loss": {"class_name": "MeanSquaredError", "config": {"reduction": "auto", "name": "mean_squared_error"}},
    "metrics": [[{"class_name": "MeanMetricWrapper", "config": {
        "name": "mean_absolute_error", "dtype": "float32", "fn": "mean_absolute_error"}}]],
    "weighted_metrics": None, "loss_weights": None,
    "optimizer_config": {"class_name": "SGD", "config": {
        "name": "SGD", "learning_rate": 0.25, "decay": 0.0, "momentum": 0.0, "nesterov": False}},
}


def old_file(path, config, compiled=None, inner=4):
    """A file of the old form, with weights 0.1, 0.2, ..."""
    shapes = {"dense": ((3, 4), (4,)), "dense_1": ((inner, 2), (2,))}
    with h5py.File(path, "w") as f:
        f.attrs["keras_version"], f.attrs["backend"] = b"2.4.0", b"tensorflow"
        f.attrs["model_config"] = json.dumps(config).encode()
        if compiled:
            f.attrs["training_config"] = json.dumps(compiled).encode()
        group = f.create_group("model_weights")
        group.attrs["layer_names"] = [b"x", b"dense", b"dense_1"]
        group.create_group("x").attrs["weight_names"] = np.array([])
        n = 0
        for name, (kernel, bias) in shapes.items():
            layer = group.create_group(name)
            layer.attrs["weight_names"] = [f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()]
            for part, shape in (("kernel:0", kernel), ("bias:0", bias)):
                n += 1
                layer[f"{name}/{part}"] = np.full(shape, n / 10, "float32")


@pytest.mark.slow
@pytest.mark.parametrize("config", [OLD_SEQUENTIAL, OLD_LIST, OLD_FUNCTIONAL], ids=["sequential", "list", "functional"])
@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
def test_files_of_keras_2(config, tmp_path):
    inner = 8 if config is OLD_FUNCTIONAL else 4
    old_file(tmp_path / "old.h5", config, OLD_COMPILED, inner)
    model = keras.models.load_model(tmp_path / "old.h5")
    hidden = np.tanh(X @ np.full((3, 4), 0.1) + 0.2)
    hidden = np.concatenate([hidden] * (inner // 4), axis=1)
    np.testing.assert_allclose(model.predict(X, verbose=0), np.tanh(hidden @ np.full((inner, 2), 0.3) + 0.4), rtol=1e-5)
    assert model.optimizer.learning_rate.numpy() == 0.25
    assert set(model.evaluate(X, X[:, :2], verbose=0, return_dict=True)) == {"loss", "mean_absolute_error"}
    if config is not OLD_LIST:  # which Keras 3 does not read
        assert_same_outputs(model, real().models.load_model(tmp_path / "old.h5", compile=False), X)


def test_a_file_of_weights_alone_is_no_model(tmp_path):
    with h5py.File(tmp_path / "w.h5", "w") as f:
        f.attrs["layer_names"] = [b"dense"]
    with pytest.raises(ValueError, match="w.h5 can't be loaded: it has no 'model_config'.*load_weights"):
        keras.models.load_model(tmp_path / "w.h5")


def test_a_lambda_in_an_old_file(tmp_path):
    function = ["4wEAAAA=", None, None]
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Lambda", "config": {"name": "l", "function": function, "function_type": "lambda",
                                            "module": "__main__", "batch_input_shape": [None, 3], "arguments": {}}},
    ]}}
    old_file(tmp_path / "old.h5", config)
    with pytest.raises(ValueError, match="old.h5 can't be loaded: .*lambda"):
        keras.models.load_model(tmp_path / "old.h5")


def test_damaged_attributes(tmp_path):
    def loading(change):
        buffer = io.BytesIO()
        old_file(buffer, OLD_SEQUENTIAL)
        with h5py.File(buffer, "r+") as f:
            change(f)
        (tmp_path / "bad.h5").write_bytes(buffer.getvalue())
        with pytest.raises((ValueError, TypeError), match="bad.h5 can't be loaded") as found:
            keras.models.load_model(tmp_path / "bad.h5")
        return str(found.value)

    group = "model_weights"
    assert "no JSON" in loading(lambda f: f.attrs.__setitem__("model_config", b"{"))
    assert "not that of a model" in loading(lambda f: f.attrs.__setitem__("model_config", b"3"))
    assert "no JSON" in loading(lambda f: f.attrs.__setitem__("model_config", np.arange(3)))
    assert "no names" in loading(lambda f: f[group].attrs.__setitem__("layer_names", np.arange(3)))
    assert "'gone' are missing" in loading(lambda f: f[group].attrs.__setitem__("layer_names", [b"gone"]))
    assert "written by Keras 9" in loading(lambda f: f.attrs.__setitem__("keras_version", b"9.0"))
    assert "link" in loading(lambda f: (
        f[group].__delitem__("dense"), f[group].__setitem__("dense", h5py.ExternalLink("/etc/passwd", "x"))))
    assert "is not known" in loading(lambda f: f.attrs.__setitem__("model_config", json.dumps(
        {"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Evil", "config": {}}]}})))
