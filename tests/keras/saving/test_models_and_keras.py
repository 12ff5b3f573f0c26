"""Models saved by one library and loaded by the other: they predict the same, and their training goes on alike."""

import json

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array, real
from tests.keras.saving.test_files_and_keras import plain
from tests.keras.test_layers import flat


def sequential(k):
    return k.Sequential([
        k.Input((6,), name="in"), k.layers.Dense(5, "tanh", name="a"), k.layers.BatchNormalization(name="b"),
        k.layers.Dense(3, kernel_regularizer="l2", name="c"),
    ], name="sequential")


def residual(k):
    x = k.Input((6,), name="x")
    y = k.layers.Dense(6, "relu", name="first")(x)
    y = k.layers.Add(name="sum")([x, y])
    return k.Model(x, k.layers.Dense(3, name="last")(y), name="residual")


def shared(k):
    a, b = k.Input((6,), name="a"), k.Input((6,), name="b")
    layer = k.layers.Dense(4, "tanh", name="shared")
    both = k.layers.Concatenate(name="both")([layer(a), layer(b)])
    return k.Model([a, b], k.layers.Dense(3, name="last")(both), name="shared_model")


def nested(k):
    x = k.Input((6,), name="x")
    inner = k.Sequential([k.Input((6,), name="i"), k.layers.Dense(4, "tanh", name="d")], name="inner")
    start = k.Input((4,), name="start")
    graph = k.Model(start, [k.layers.Dense(3, name="e")(start), k.layers.Dense(2, name="f")(start)], name="graph")
    outputs = graph(inner(x))
    return k.Model(x, k.layers.Concatenate(name="both")(outputs), name="outer")


def with_dicts(k):
    a, b = k.Input((6,), name="a"), k.Input((4,), name="b")
    y = k.layers.Dense(3, name="p")(a)
    z = k.layers.Dense(2, name="q")(k.layers.Concatenate(name="c")([b, y]))
    return k.Model({"a": a, "b": b}, {"y": y, "z": z}, name="dicts")


def with_ops(k):
    x = k.Input((6,), name="x")
    y = k.layers.Dense(4, name="d")(x)
    y = k.ops.subtract(k.ops.mean(y, axis=-1, keepdims=True), k.ops.divide(y, 1.5 + k.ops.abs(y)))
    some = k.ops.get_item(y, (slice(None), slice(1, 3)))
    y = k.ops.concatenate([some, k.ops.reshape(k.ops.relu(y), (-1, 4))], axis=1)
    y = k.ops.where(y > 0.1, k.ops.square(y), k.ops.clip(y, -1.0, 1.0))
    y = k.ops.einsum("ij,kj->ik", y, np.eye(6, dtype="float32"))
    y = k.ops.average(k.ops.stack([y, y], axis=1), axis=1, weights=np.array([1.0, 3.0], "float32"))
    y = k.ops.pad(y, ((0, 0), (1, 0)), constant_values=2.0)
    return k.Model(x, k.ops.softmax(k.ops.cast(y, "float32"), axis=-1), name="ops")


def with_operators(k):
    x = k.Input((6,), name="x")
    y = k.layers.Dense(4, name="d")(x)
    y = (2.0 * y - 1.0) / (3.0 + abs(-y)) + 1.0 / (2.0 - y[:, 1:2] ** 2)
    return k.Model(x, k.ops.concatenate([y[:, ::2], y[..., -1:], y @ np.eye(4, dtype="float32")], -1), name="operators")


def with_own_calls(k):
    x = k.Input((5, 4), name="x")
    y = k.layers.MultiHeadAttention(2, 3, name="attention")(x, x, use_causal_mask=True)
    y = k.layers.Dropout(0.5, name="drop")(y, training=False)
    y, state = k.layers.GRU(3, return_sequences=True, return_state=True, name="gru")(y)
    return k.Model(x, [y, state], name="own_calls")


MODELS = {
    f.__name__: f
    for f in (sequential, residual, shared, nested, with_dicts, with_ops, with_operators, with_own_calls)
}


def data(model, rng, n=8):
    """Arrays for the model's inputs: one, a list, or a dict by their names."""
    arrays = {x.name: rng.normal(size=(n, *x.shape[1:])).astype("float32") for x in model.inputs}
    if model.name == "dicts":
        return arrays
    return list(arrays.values()) if len(arrays) > 1 else next(iter(arrays.values()))


def assert_same_outputs(first, second, x):
    for a, b in zip(flat(first(x, training=False)), flat(second(x, training=False)), strict=True):
        np.testing.assert_allclose(array(a), array(b), rtol=1e-5, atol=2e-6)


def some_slow(models, *fast):
    """Parameters: the models, of which all but some are left to the slow tests."""
    return [pytest.param(m, id=n, marks=[] if m in fast else [pytest.mark.slow]) for n, m in models.items()]


@pytest.mark.parametrize("make", some_slow(MODELS, sequential, with_dicts, with_ops))
def test_both_ways(make, tmp_path, rng):
    for k, other in ((keras, real()), (real(), keras)):
        model = make(k)
        model.save(tmp_path / "model.keras")
        again = other.models.load_model(tmp_path / "model.keras")
        assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
        assert_same_outputs(model, again, data(model, rng))


@pytest.mark.parametrize("make", [f for f in MODELS.values() if f is not with_operators])
def test_configs_are_keras_s(make):
    """Operators have other names in Keras (`/` is true_divide), and mean the same."""
    found, wanted = (json.loads(make(k).to_json()) for k in (keras, real()))
    assert plain(found) == plain(wanted)
    ours, theirs = keras.models.model_from_json(make(real()).to_json()), make(real())
    assert [w.shape for w in ours.get_weights()] == [w.shape for w in theirs.get_weights()]
    assert plain(json.loads(ours.to_json())) == plain(wanted)


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_cloning(make, rng):
    model = make(keras)
    clone = keras.models.clone_model(model)
    assert [layer.name for layer in clone.layers] == [layer.name for layer in model.layers]
    assert not {id(v) for v in clone.weights} & {id(v) for v in model.weights}
    clone.set_weights(model.get_weights())
    assert_same_outputs(model, clone, data(model, rng))


OPTIMIZERS = {
    "sgd": lambda k: k.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "adam": lambda k: k.optimizers.Adam(0.05, amsgrad=True),
    "adamw": lambda k: k.optimizers.AdamW(0.05, clipnorm=0.5),
    "rmsprop": lambda k: k.optimizers.RMSprop(0.05, momentum=0.5, centered=True),
    "adagrad": lambda k: k.optimizers.Adagrad(0.05),
    "adadelta": lambda k: k.optimizers.Adadelta(0.5),
    "adamax": lambda k: k.optimizers.Adamax(0.05),
    "nadam": lambda k: k.optimizers.Nadam(0.05),
    "ftrl": lambda k: k.optimizers.Ftrl(0.05),
    "lion": lambda k: k.optimizers.Lion(0.01),
    "scheduled": lambda k: k.optimizers.Adam(k.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
    "cosine": lambda k: k.optimizers.SGD(k.optimizers.schedules.CosineDecay(0.1, 10)),
    "averaging": lambda k: k.optimizers.SGD(0.05, use_ema=True, ema_momentum=0.9),
    "accumulating": lambda k: k.optimizers.Adam(0.05, gradient_accumulation_steps=2),
}


def losses_of(model, x, y, steps):
    return [float(np.ravel(model.train_on_batch(x, y))[0]) for _ in range(steps)]


def assert_goes_on_alike(model, again, x, y):
    assert type(again.optimizer).__name__ == type(model.optimizer).__name__
    np.testing.assert_allclose(losses_of(again, x, y, 3), losses_of(model, x, y, 3), rtol=2e-4)
    for a, b in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=2e-5)


@pytest.fixture
def xy(rng):
    return rng.normal(size=(8, 6)).astype("float32"), rng.normal(size=(8, 3)).astype("float32")


@pytest.mark.parametrize("optimizer", some_slow(OPTIMIZERS, OPTIMIZERS["adam"]))
def test_training_goes_on(optimizer, tmp_path, xy):
    for k, other in ((keras, real()), (real(), keras)):
        model = sequential(k)
        model.compile(optimizer(k), "mse", metrics=["mae"])
        losses_of(model, *xy, 3)
        model.save(tmp_path / "model.keras")
        assert_goes_on_alike(model, other.models.load_model(tmp_path / "model.keras"), *xy)


@pytest.mark.slow
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.filterwarnings("ignore:A file '....h5'")
def test_training_goes_on_from_the_old_form(name, tmp_path, xy):
    """Real Keras can't go on itself (its optimizer is built for no variables), nor read "mse" from such a file."""
    for k in (keras, real()):
        model = sequential(k)
        model.compile(OPTIMIZERS[name](k), "mse" if k is keras else "mean_squared_error", metrics=["mae"])
        losses_of(model, *xy, 3)
        model.save(tmp_path / "model.h5")
        assert_same_outputs(model, real().models.load_model(tmp_path / "model.h5"), xy[0])
        assert_goes_on_alike(model, keras.models.load_model(tmp_path / "model.h5"), *xy)


COMPILED = {
    "names": lambda k: dict(optimizer="sgd", loss={"y": "mse", "z": "mae"}, metrics={"y": ["mae"], "z": "mse"}),
    "objects": lambda k: dict(
        optimizer=k.optimizers.SGD(0.1), loss={"y": k.losses.Huber(0.5, name="h"), "z": k.losses.LogCosh()},
        loss_weights={"y": 0.25, "z": 2.0}, metrics={"y": [k.metrics.MeanSquaredError(name="square")]},
        weighted_metrics={"z": [k.metrics.MeanAbsoluteError()]},
    ),
    "functions": lambda k: dict(optimizer="rmsprop", loss={"y": k.losses.mean_squared_error, "z": k.losses.log_cosh}),
}


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMPILED.values(), ids=COMPILED)
def test_what_compile_was_given(arguments, tmp_path, rng):
    """Huber's delta is lost in files of real Keras, which does not write it: so it is compared from ours on."""
    x = {"a": rng.normal(size=(8, 6)).astype("float32"), "b": rng.normal(size=(8, 4)).astype("float32")}
    y = {"y": rng.normal(size=(8, 3)).astype("float32"), "z": rng.normal(size=(8, 2)).astype("float32")}
    model = with_dicts(keras)
    model.compile(**arguments(keras))
    model.save(tmp_path / "model.keras")
    wanted = model.evaluate(x, y, verbose=0, return_dict=True)
    for k in (keras, real()):
        again = k.models.load_model(tmp_path / "model.keras")
        found = again.evaluate(x, y, verbose=0, return_dict=True)
        assert set(found) == set(wanted)
        for name in wanted:
            np.testing.assert_allclose(found[name], wanted[name], rtol=1e-5)


def own_model(k):
    class Net(k.Model):
        def __init__(self, units=4, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.zoom = k.layers.Dense(units, "tanh")
            self.after = [k.layers.Dense(3), {"x": k.layers.Dense(2)}]

        def call(self, x):
            return self.after[1]["x"](self.after[0](self.zoom(x)))

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    return Net


def own_layer(k):
    class Scaled(k.layers.Layer):
        def __init__(self, start=1.0, **kwargs):
            super().__init__(**kwargs)
            self.start, self.inner = start, k.layers.Dense(3)

        def build(self, shape):
            self.factor = self.add_weight((shape[-1],), k.initializers.Constant(self.start), name="factor")
            self.steps = self.add_weight((), "zeros", trainable=False, name="steps")
            self.inner.build(shape)

        def call(self, x):
            return self.inner(x * self.factor)

        def get_config(self):
            return {**super().get_config(), "start": self.start}

    return Scaled


def test_a_model_of_one_s_own(tmp_path, rng):
    x = rng.normal(size=(5, 6)).astype("float32")
    for k, other in ((keras, real()), (real(), keras)):
        model = own_model(k)(units=7)
        model(x)
        model.save(tmp_path / "model.keras")
        again = other.models.load_model(tmp_path / "model.keras", custom_objects={"Net": own_model(other)})
        assert again.units == 7
        assert_same_outputs(model, again, x)


def test_a_layer_of_one_s_own(tmp_path, rng):
    x = rng.normal(size=(5, 6)).astype("float32")
    for k, other in ((keras, real()), (real(), keras)):
        model = k.Sequential([k.Input((6,)), own_layer(k)(2.5), k.layers.Dense(2)])
        model.save(tmp_path / "model.keras")
        again = other.models.load_model(tmp_path / "model.keras", custom_objects={"Scaled": own_layer(other)})
        assert again.layers[0].start == 2.5
        assert_same_outputs(model, again, x)


@pytest.mark.parametrize("make", some_slow({"sequential": sequential, "nested": nested}, nested))
def test_weights_alone(make, tmp_path, rng):
    for k, other in ((keras, real()), (real(), keras)):
        model, again = make(k), make(other)
        model.save_weights(tmp_path / "model.weights.h5")
        again.load_weights(tmp_path / "model.weights.h5")
        assert_same_outputs(model, again, data(model, rng))
        again = make(other)
        model.save(tmp_path / "model.keras")
        again.load_weights(tmp_path / "model.keras")
        assert_same_outputs(model, again, data(model, rng))


def test_a_folder(tmp_path, rng):
    for i, (k, other) in enumerate(((keras, real()), (real(), keras))):
        model = sequential(k)
        model.save(tmp_path / f"model{i}", zipped=False)
        assert_same_outputs(model, other.models.load_model(tmp_path / f"model{i}"), data(model, rng))


def test_frozen_layers_stay_frozen(tmp_path):
    for k, other in ((keras, real()), (real(), keras)):
        model = residual(k)
        model.get_layer("first").trainable = False
        model.save(tmp_path / "model.keras")
        again = other.models.load_model(tmp_path / "model.keras")
        assert [layer.trainable for layer in again.layers] == [layer.trainable for layer in model.layers]
        assert len(again.trainable_variables) == 2
