"""Files of ours alone: names, overwriting, parts of a model, what layers keep beside weights, clones."""

import io
import json
import pathlib
import zipfile

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import layers

h5py = pytest.importorskip("h5py")

X = np.linspace(-1, 1, 12).reshape(4, 3).astype("float32")


def small(units=2, **kwargs):
    return keras.Sequential([keras.Input((3,)), layers.Dense(4, "tanh"), layers.Dense(units)], **kwargs)


def test_what_is_in_a_file(tmp_path):
    model = small()
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(X, X[:, :2], verbose=0)
    model.save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert json.loads(archive.read("metadata.json"))["keras_version"] == keras.__version__
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as f:
            found = {}
            f.visititems(lambda name, item: found.update({name: item.shape}) if hasattr(item, "shape") else None)
            assert f["layers/dense/vars"].attrs["name"] == model.layers[0].name
    assert found == {
        "layers/dense/vars/0": (3, 4), "layers/dense/vars/1": (4,),
        "layers/dense_1/vars/0": (4, 2), "layers/dense_1/vars/1": (2,),
        **{f"optimizer/vars/{i}": v.shape for i, v in enumerate(model.optimizer.variables)},
    }


@pytest.mark.parametrize("path", [str, pathlib.Path])
@pytest.mark.parametrize("compiled", [True, False])
def test_as_it_was(path, compiled, tmp_path):
    model = small(name="mine")
    if compiled:
        model.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"])
        model.fit(X, X[:, :2], epochs=2, verbose=0)
    model.save(path(tmp_path / "m.keras"))
    again = keras.models.load_model(path(tmp_path / "m.keras"))
    assert again.name == "mine" and again.compiled == compiled
    np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))
    if compiled:
        assert again.evaluate(X, X[:, :2], verbose=0) == model.evaluate(X, X[:, :2], verbose=0)
        for a, b in zip(again.optimizer.variables, model.optimizer.variables, strict=True):
            np.testing.assert_array_equal(a.numpy(), b.numpy())
        assert not keras.models.load_model(tmp_path / "m.keras", compile=False).compiled


def test_saving_to_other_names_is_refused(tmp_path):
    model = small()
    for name in ("m", "m.txt", "m.keras.zip"):
        with pytest.raises(ValueError, match=rf"must be called '....keras'.*{name}'"):
            model.save(tmp_path / name)
    with pytest.raises(ValueError, match="folder.*can't end in"):
        model.save(tmp_path / "m.keras", zipped=False)
    with pytest.raises(ValueError, match=r"must be called '....weights.h5'"):
        model.save_weights(tmp_path / "m.h5")
    with pytest.raises(ValueError, match="on this computer"):
        model.save("gs://bucket/m.keras")
    with pytest.raises(ValueError, match="ends in .keras or .h5"):
        (tmp_path / "m.txt").write_text("")
        keras.models.load_model(tmp_path / "m.txt")
    with pytest.raises(ValueError, match="no argument 'fast'"):
        model.save(tmp_path / "m.keras", fast=True)


def test_overwriting(tmp_path, monkeypatch):
    path, model = tmp_path / "m.keras", small()
    model.save(path)
    before, asked = path.read_bytes(), []
    for answers, same in ((["n"], True), (["?", "y"], False)):
        monkeypatch.setattr("builtins.input", lambda text, left=answers: asked.append(text) or left.pop(0))
        model.set_weights([w + 1 for w in model.get_weights()])
        model.save(path, overwrite=False)
        assert (path.read_bytes() == before) is same
    assert len(asked) == 3 and "already exists - overwrite? [y/n]" in asked[0]
    model.save_weights(tmp_path / "m.weights.h5", overwrite=False)  # nobody is asked: it is new


def test_a_model_without_weights(tmp_path):
    model = keras.Sequential([layers.Dense(2)])
    with pytest.warns(UserWarning, match="saved without weights"):
        model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    assert not again.built and again(X).shape == (4, 2)
    for act in (model.save_weights, model.load_weights):
        with pytest.raises(ValueError, match="has no weights yet"):
            act(tmp_path / "m.weights.h5")


def test_a_model_built_by_data(tmp_path):
    model = keras.Sequential([layers.Dense(2), layers.Dense(3)])
    y = model(X)
    model.save(tmp_path / "m.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "m.keras")(X).numpy(), y.numpy())


def test_skip_mismatch(tmp_path):
    model, other = small(2), small(3)
    model.save_weights(tmp_path / "m.weights.h5")
    kept = other.layers[1].get_weights()
    with pytest.warns(UserWarning, match=f"Left as it was: Dense '{other.layers[1].name}'.*shape"):
        other.load_weights(tmp_path / "m.weights.h5", skip_mismatch=True)
    np.testing.assert_array_equal(other.layers[0].get_weights()[0], model.layers[0].get_weights()[0])
    for a, b in zip(other.layers[1].get_weights(), kept, strict=True):
        np.testing.assert_array_equal(a, b)


def test_extra_layers_can_be_skipped(tmp_path):
    model = small()
    model.save_weights(tmp_path / "m.weights.h5")
    shorter = keras.Sequential([keras.Input((3,)), layers.Dense(4, "tanh")])
    with pytest.raises(ValueError, match="weights for 1 more layer than the model at 'layers': dense_1"):
        shorter.load_weights(tmp_path / "m.weights.h5")
    shorter.load_weights(tmp_path / "m.weights.h5", skip_mismatch=True)
    np.testing.assert_array_equal(shorter.get_weights()[0], model.get_weights()[0])


def test_weights_of_keras_2_12(tmp_path):
    """Where `layers` was called `_layer_checkpoint_dependencies`."""
    model = small()
    with h5py.File(tmp_path / "m.weights.h5", "w") as f:
        for layer, name in zip(model.layers, ("dense", "dense_1")):
            for i, v in enumerate(layer.variables):
                f[f"_layer_checkpoint_dependencies/{name}/vars/{i}"] = np.full(v.shape, 3.0, "float32")
    model.load_weights(tmp_path / "m.weights.h5")
    assert all((w == 3).all() for w in model.get_weights())


def cubic(y, p):
    return keras.ops.mean(keras.ops.abs(y - p) ** 3, axis=-1)


def test_a_loss_of_one_s_own(tmp_path):
    model = small()
    model.compile("sgd", cubic, metrics=[cubic, "mae"])
    wanted = model.evaluate(X, X[:, :2], verbose=0)
    model.save(tmp_path / "m.keras")
    with pytest.raises(TypeError, match="m.keras can't be loaded: The function 'cubic' is not known.*custom_objects"):
        keras.models.load_model(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras", {"cubic": cubic})
    assert again.evaluate(X, X[:, :2], verbose=0) == wanted


def test_objects_to_skip(tmp_path):
    model, other = small(), small()
    model.save_weights(tmp_path / "m.weights.h5")
    before = other.layers[0].get_weights()[0]
    other.load_weights(tmp_path / "m.weights.h5", objects_to_skip=[other.layers[0]])
    np.testing.assert_array_equal(other.layers[0].get_weights()[0], before)
    np.testing.assert_array_equal(other.layers[1].get_weights()[0], model.layers[1].get_weights()[0])


def test_one_layer_in_two_models_is_still_one(tmp_path):
    """Even where real Keras can't load what it has saved."""
    x = keras.Input((3,))
    layer = layers.Dense(3)
    inner = keras.Model(x, layer(x))
    x = keras.Input((3,))
    model = keras.Model(x, layer(layer(inner(x))))
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    assert again.count_params() == 12
    np.testing.assert_allclose(again(X).numpy(), model(X).numpy(), rtol=1e-6)


class Vocabulary(layers.Layer):
    """It keeps words beside weights."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.words, self.loaded = [], False

    def call(self, x):
        return x

    def save_assets(self, dir_path):
        pathlib.Path(dir_path, "words.txt").write_text("\n".join(self.words))

    def load_assets(self, dir_path):
        self.words, self.loaded = pathlib.Path(dir_path, "words.txt").read_text().split("\n"), True

    def save_own_variables(self, store):
        store["counts"] = np.arange(len(self.words))

    def load_own_variables(self, store):
        assert self.loaded
        self.counts = store["counts"]


@pytest.mark.parametrize("zipped", [True, False])
def test_assets(zipped, tmp_path):
    first, second = Vocabulary(), Vocabulary()
    first.words, second.words = ["a", "b"], ["c"]
    model = keras.Sequential([keras.Input((3,)), first, second])
    path = tmp_path / ("m.keras" if zipped else "m")
    model.save(path, zipped=zipped)
    again = keras.models.load_model(path, custom_objects={"Vocabulary": Vocabulary})
    assert [layer.words for layer in again.layers] == [["a", "b"], ["c"]]
    assert [layer.counts.tolist() for layer in again.layers] == [[0, 1], [0]]


def test_a_compile_of_one_s_own(tmp_path):
    class Net(keras.Sequential):
        def compile(self, temperature, **kwargs):
            self.temperature = temperature
            super().compile(**kwargs)

    model = Net([keras.Input((3,)), layers.Dense(2)])
    model.compile(3.0, optimizer="sgd", loss="mse")
    model.save(tmp_path / "m.keras")
    with pytest.warns(UserWarning, match="Net has a `compile` of its own"):
        again = keras.models.load_model(tmp_path / "m.keras", custom_objects={"Net": Net})
    assert not again.compiled


def test_a_lambda_layer(tmp_path):
    model = keras.Sequential([keras.Input((3,)), layers.Lambda(lambda x: x * 2)])
    model.save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match="m.keras can't be loaded: .*lambda.*safe_mode=False"):
        keras.models.load_model(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras", safe_mode=False)
    np.testing.assert_array_equal(again(X).numpy(), 2 * X)


def test_export_is_refused():
    with pytest.raises(NotImplementedError, match="save.*real Keras loads"):
        small().export("somewhere")


def test_json():
    model = small()
    text = model.to_json(indent=2)
    assert text.startswith('{\n  "module": "keras"')
    again = keras.models.model_from_json(text)
    assert again.to_json(indent=2) == text
    for bad in ("", "{", "[]", "3"):
        with pytest.raises(ValueError):
            keras.models.model_from_json(bad)


# clones ----------------------------------------------------------------------------------------


def residual():
    x = keras.Input((3,), name="x")
    y = layers.Dense(3, name="d")(x)
    return keras.Model(x, layers.Dense(1, name="e")(layers.Add()([x, keras.ops.tanh(y)])))


@pytest.mark.parametrize("make", [small, residual])
def test_clone_function(make):
    def wider(layer):
        config = layer.get_config()
        if "units" in config and layer.name.startswith("d"):
            config["activation"] = "relu"
        return type(layer).from_config(config)

    clone = keras.models.clone_model(make(), clone_function=wider)
    assert next(layer for layer in clone.layers if isinstance(layer, layers.Dense)).activation.__name__ == "relu"


def test_call_function():
    def with_dropout(layer, *args, **kwargs):
        y = layer(*args, **kwargs)
        return layers.Dropout(0.5)(y) if isinstance(layer, layers.Dense) else y

    model = residual()
    clone = keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=with_dropout)
    assert sum(isinstance(layer, layers.Dropout) for layer in clone.layers) == 2
    assert {id(v) for v in clone.weights} == {id(v) for v in model.weights}
    with pytest.raises(ValueError, match="Sequential"):
        keras.models.clone_model(small(), call_function=with_dropout)


@pytest.mark.parametrize("make", [small, residual])
def test_input_tensors(make):
    x = keras.Input((3,), batch_size=7, name="other")
    clone = keras.models.clone_model(make(), input_tensors=x)
    assert clone.inputs[0].shape == (7, 3)


def test_a_compiled_clone():
    model = small()
    model.compile(keras.optimizers.SGD(0.5), "mse", metrics=["mae"])
    clone = keras.models.clone_model(model)
    assert clone.compiled and clone.optimizer is not model.optimizer
    assert clone.optimizer.learning_rate.numpy() == 0.5


def test_cloning_inner_models():
    x = keras.Input((3,))
    model = keras.Model(x, small()(x))
    seen = []

    def look(layer):
        seen.append(type(layer).__name__)
        return type(layer).from_config(layer.get_config())

    keras.models.clone_model(model, clone_function=look)
    assert seen == ["Sequential"]
    seen.clear()
    keras.models.clone_model(model, clone_function=look, recursive=True)
    assert seen == ["Dense", "Dense"]


class Net(keras.Model):
    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.out = layers.Dense(units)

    def call(self, x):
        return self.out(x)


def test_cloning_a_class_of_one_s_own():
    model = Net(5)
    model(X)
    clone = keras.models.clone_model(model)
    assert type(clone) is Net and [w.shape for w in clone.get_weights()] == [(3, 5), (5,)]
    with pytest.raises(ValueError, match="clone_function.*Net"):
        keras.models.clone_model(model, clone_function=lambda layer: layer)
