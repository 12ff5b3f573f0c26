"""Objects as dicts: the same as real Keras writes, read by either, and nothing that a dict says is run."""

import json

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import saving
from tests.keras.oracle import real


def both_ways(make):
    """(ours, theirs) of make(keras), serialized."""
    return tuple(json.loads(json.dumps(k.saving.serialize_keras_object(make(k)))) for k in (keras, real()))


PLAIN = [
    None, 3, 2.5, "text", True, [1, (2, "x")], {"a": [None, {"b": 1.5}]}, np.float32(2.5), np.int64(3), np.array(4.0),
    np.arange(6.0, dtype="float32").reshape(2, 3), b"bytes", slice(1, None, 2), Ellipsis, (slice(None), 0),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values(value):
    found, wanted = both_ways(lambda k: value)
    assert found == wanted
    again = saving.deserialize_keras_object(found)
    theirs = real().saving.deserialize_keras_object(found)
    np.testing.assert_equal(again, theirs)


def test_tensors():
    found, wanted = both_ways(lambda k: k.ops.convert_to_tensor([[1.0, 2.0]]))
    assert found == wanted
    np.testing.assert_array_equal(saving.deserialize_keras_object(wanted).numpy(), [[1, 2]])
    found, wanted = both_ways(lambda k: k.Input((3,), dtype="int32", name="x"))
    assert found == wanted
    assert saving.deserialize_keras_object(wanted).shape == (None, 3)


OBJECTS = {
    "initializer": lambda k: k.initializers.VarianceScaling(2.0, "fan_out", seed=3),
    "regularizer": lambda k: k.regularizers.L1L2(0.1, 0.2),
    "constraint": lambda k: k.constraints.MaxNorm(3, axis=[0, 1]),
    "loss": lambda k: k.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    "metric": lambda k: k.metrics.TopKCategoricalAccuracy(k=3, name="top"),
    "optimizer": lambda k: k.optimizers.SGD(0.25, momentum=0.5, clipnorm=2.0, name="sgd"),
    "scheduled optimizer": lambda k: k.optimizers.Adam(k.optimizers.schedules.ExponentialDecay(0.5, 10, 0.5), name="a"),
    "loss function": lambda k: k.losses.mean_squared_error,
    "activation": lambda k: k.activations.relu,
    "layer": lambda k: k.layers.Dense(3, "relu", kernel_regularizer="l2", name="d"),
    "layer inside a layer": lambda k: k.layers.TimeDistributed(k.layers.Dense(2, name="d"), name="t"),
    "nested": lambda k: {"loss": [k.losses.Poisson(), None], "metrics": {"a": ["mae"]}},
}


def without_beyond(part):
    """Without what only Keras has, and without the settings that this version of it writes and ours need not."""
    if isinstance(part, dict):
        return {k: without_beyond(v) for k, v in part.items() if k != "quantization_config"}
    return [without_beyond(v) for v in part] if isinstance(part, list) else part


@pytest.mark.parametrize("make", OBJECTS.values(), ids=OBJECTS)
def test_objects(make):
    found, wanted = map(without_beyond, both_ways(make))
    assert found == wanted
    assert without_beyond(json.loads(json.dumps(saving.serialize_keras_object(
        saving.deserialize_keras_object(wanted)
    )))) == found
    real().saving.deserialize_keras_object(found)  # it takes what we write


# a user's own classes and functions ------------------------------------------------------------


class Doubled(keras.layers.Layer):
    def __init__(self, times=2, **kwargs):
        super().__init__(**kwargs)
        self.times = times

    def call(self, x):
        return x * self.times

    def get_config(self):
        return {**super().get_config(), "times": self.times}


def thrice(x):
    return 3 * x


@pytest.fixture
def registry():
    """What a test registers is forgotten afterwards."""
    before = dict(saving.get_custom_objects())
    yield saving.get_custom_objects()
    saving.get_custom_objects().clear()
    saving.get_custom_objects().update(before)


def test_an_unknown_class_is_not_imported():
    config = saving.serialize_keras_object(Doubled(3))
    assert config["module"] == Doubled.__module__ and config["registered_name"] == "Doubled"
    with pytest.raises(TypeError, match="'Doubled'.*is not known.*register_keras_serializable.*custom_objects"):
        saving.deserialize_keras_object(config)


def test_custom_objects():
    config = saving.serialize_keras_object(Doubled(3))
    assert saving.deserialize_keras_object(config, {"Doubled": Doubled}).times == 3
    with saving.custom_object_scope({"Doubled": Doubled}):
        assert saving.get_registered_object("Doubled") is Doubled
        assert saving.deserialize_keras_object(config).times == 3
    assert saving.get_registered_object("Doubled") is None


def test_scopes_nest_and_end_with_an_error():
    with saving.CustomObjectScope({"a": Doubled}):
        with pytest.raises(KeyError), saving.CustomObjectScope({"b": thrice}):
            assert saving.get_registered_object("a") is Doubled and saving.get_registered_object("b") is thrice
            raise KeyError
        assert saving.get_registered_object("b") is None
    assert saving.get_registered_object("a") is None


def test_registering(registry):
    class Mine(Doubled):
        pass

    def thrice(x):
        return 3 * x

    assert saving.register_keras_serializable("pkg")(Mine) is Mine
    saving.register_keras_serializable("pkg", name="three_times")(thrice)
    assert saving.get_registered_name(Mine) == "pkg>Mine" and saving.get_registered_name(thrice) == "pkg>three_times"
    assert saving.get_registered_object("pkg>Mine") is Mine is registry["pkg>Mine"]
    config = saving.serialize_keras_object(Mine(4))
    assert config["registered_name"] == "pkg>Mine"
    assert type(saving.deserialize_keras_object(config)) is Mine
    config = saving.serialize_keras_object({"f": thrice})
    assert config["f"] == {
        "module": "builtins", "class_name": "function", "config": "pkg>three_times", "registered_name": "function",
    }
    assert saving.deserialize_keras_object(config)["f"] is thrice


def test_a_class_without_get_config_is_not_registered():
    class Bare:
        pass

    with pytest.raises(ValueError, match="Bare.*get_config"):
        saving.register_keras_serializable()(Bare)
    with pytest.raises(TypeError, match="get_config"):
        saving.serialize_keras_object(Bare())


def test_names_of_custom_objects_are_taken_as_identifiers():
    with saving.custom_object_scope({"thrice": thrice}):
        assert keras.losses.get("thrice") is thrice
        assert keras.layers.Activation.from_config(keras.layers.Activation(thrice).get_config()).activation is thrice
    with pytest.raises(ValueError, match="Did you mean 'glorot_uniform'"):
        keras.initializers.get("glorot_unifrom")


def test_one_kind_of_object_is_not_taken_for_another():
    config = saving.serialize_keras_object(keras.layers.Dense(2))
    with pytest.raises((TypeError, ValueError)):
        keras.initializers.get(config)


class Sublayers(keras.layers.Layer):
    def __init__(self, inner, units=4, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, x):
        return self.inner(x)


class OnlyArguments(keras.layers.Layer):
    def __init__(self, units, names=("a", "b"), **kwargs):
        super().__init__(**kwargs)
        self.units, self.names = units, names

    def call(self, x):
        return x


def test_arguments_are_kept_for_a_class_without_get_config():
    layer = OnlyArguments(7, names=["c"], name="mine", trainable=False)
    again = saving.deserialize_keras_object(saving.serialize_keras_object(layer), {"OnlyArguments": OnlyArguments})
    assert (again.units, list(again.names), again.name, again.trainable) == (7, ["c"], "mine", False)


def test_arguments_that_are_objects_need_a_get_config():
    layer = Sublayers(keras.layers.Dense(2))
    with pytest.raises(NotImplementedError, match="Sublayers.*get_config"):
        saving.serialize_keras_object(layer)


# what a dict may not do ------------------------------------------------------------------------


def test_a_lambda_is_refused_unless_asked_for():
    with pytest.warns(UserWarning, match="lambda"):
        config = saving.serialize_keras_object(lambda x: x + 40)
    with pytest.raises(ValueError, match="lambda.*safe_mode=False"):
        saving.deserialize_keras_object(config)
    assert saving.deserialize_keras_object(json.loads(json.dumps(config)), safe_mode=False)(2) == 42
    assert real().saving.deserialize_keras_object(config, safe_mode=False)(2) == 42


def test_lambdas_can_be_allowed_for_good(monkeypatch):
    monkeypatch.setattr(keras.config, "_settings", dict(keras.config._settings))
    with pytest.warns(UserWarning):
        config = saving.serialize_keras_object(lambda x: x + 40)
    keras.config.enable_unsafe_deserialization()
    assert saving.deserialize_keras_object(config)(2) == 42


def test_keras_s_lambda():
    with pytest.warns(UserWarning):
        config = json.loads(json.dumps(real().saving.serialize_keras_object(lambda x, y=2: x * y)))
    assert saving.deserialize_keras_object(config, safe_mode=False)(21) == 42


@pytest.mark.parametrize("inner", [{}, {"value": None}, {"value": ["!"]}, {"value": ["aGVsbG8=", None, None]}])
def test_a_damaged_lambda(inner):
    with pytest.raises(ValueError, match="lambda"):
        saving.deserialize_keras_object({"class_name": "__lambda__", "config": inner}, safe_mode=False)


FOREIGN = [
    {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"},
    {"module": "subprocess", "class_name": "Popen", "config": {"args": "true"}, "registered_name": None},
    {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "function"},
    {"module": "builtins", "class_name": "function", "config": "get", "registered_name": "function"},
    {"module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": "get_file"},
    {"module": "keras.saving", "class_name": "function", "config": "load_model", "registered_name": "load_model"},
    {"module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization",
     "registered_name": None},
    {"module": "keras.layers.core", "class_name": "math", "config": {}, "registered_name": None},
    {"module": "keras.src.utils.file_utils", "class_name": "File", "config": {"path": "/etc/passwd"},
     "registered_name": None},
    {"module": "kerastutor.keras.saving.files", "class_name": "replacing", "config": {}, "registered_name": None},
    {"module": "antigravity", "class_name": "Anything", "config": {}, "registered_name": None},
]


@pytest.mark.parametrize("config", FOREIGN, ids=lambda c: f"{c['module']}.{c['config'] or c['class_name']}")
def test_nothing_but_what_a_model_is_made_of_is_found(config):
    with pytest.raises(TypeError, match="not"):
        saving.deserialize_keras_object(config)


DAMAGED = [
    {"class_name": 3, "config": {}},
    {"module": "keras.layers", "class_name": "Dense", "config": [1, 2]},
    {"module": "keras.layers", "class_name": "Dense", "config": {"unitz": 3}},
    {"module": "keras.layers", "class_name": "Dense", "config": {"units": -3}},
    {"module": "keras.layers", "class_name": "Dense", "config": {}},
    {"class_name": "__numpy__", "config": {"value": [1, 2], "dtype": "object"}},
    {"class_name": "__numpy__", "config": {"value": [[1], [1, 2]], "dtype": "float32"}},
    {"class_name": "__numpy__", "config": None},
    {"class_name": "__keras_tensor__", "config": {"shape": 3}},
    {"class_name": "__slice__", "config": {}},
    {"class_name": "function", "config": None, "module": "builtins"},
]


@pytest.mark.parametrize("config", DAMAGED, ids=str)
def test_damaged_dicts(config):
    with pytest.raises((TypeError, ValueError)):
        saving.deserialize_keras_object(config)


def test_a_dict_nested_too_deeply():
    config = {}
    for _ in range(100_000):
        config = {"a": config}
    with pytest.raises(ValueError, match="nested too deeply"):
        saving.deserialize_keras_object(config)


def test_options_of_keras_that_are_off_are_let_pass():
    config = real().saving.serialize_keras_object(real().layers.Dense(2))
    assert saving.deserialize_keras_object(config).units == 2
    config["config"]["quantization_config"] = {"module": "keras.quantizers", "class_name": "Int8QuantizationConfig"}
    with pytest.raises((TypeError, ValueError), match="quantization_config"):
        saving.deserialize_keras_object(config)
