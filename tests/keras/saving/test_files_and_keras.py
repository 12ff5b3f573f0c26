"""Every layer in a file: what ours writes real Keras reads, and the other way round."""

import json
import types

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.cases import LAYERS
from tests.keras.oracle import array, real
from tests.keras.test_layers import flat, over

BEYOND = {
    "quantization_config": "only Keras has it",
    "name": "counted on from test to test",
    "shared_object_id": "says that two parts are one object: initializers, for Keras",
    "build_config": "layers without weights have one or not, as it happens; what needs one is loaded above",
    "seed": "Keras's SimpleRNN forgets it",
}


def model_of(case, k):
    """A model of one layer: of real Keras (k) or of ours."""
    layer, inputs = case.make(k), case.symbolic_input(k)
    if case.several or case.call_arguments:
        return k.Model(inputs, layer(inputs, **case.call_arguments))
    outputs = layer(inputs)
    return k.Sequential([inputs, layer]) if not isinstance(outputs, (list, tuple, dict)) else k.Model(inputs, outputs)


def varied(model):
    """The model, with weights none of which is 0 or 1 any more."""
    rng = np.random.default_rng(5)
    model.set_weights([w + (0.2 * rng.random(w.shape)).astype(w.dtype) if w.dtype.kind == "f" else w
                       for w in model.get_weights()])
    return model


def assert_predict_alike(first, second, x):
    found, wanted = flat(first(x, training=False)), flat(second(x, training=False))
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(array(a), array(b), rtol=1e-5, atol=2e-6)


def own_functions(case):
    """The functions among a layer's arguments, which a file only names; and how to load a lambda."""
    functions = {f.__name__: f for f in case.arguments.values() if isinstance(f, types.FunctionType)}
    return {"custom_objects": functions, "safe_mode": "<lambda>" not in functions}


pytestmark = pytest.mark.filterwarnings("ignore:.*lambda")


@pytest.mark.slow
@over(LAYERS)
def test_ours_loads_in_keras(case, tmp_path):
    model = varied(model_of(case, keras))
    model.save(tmp_path / "ours.keras")
    theirs = real().saving.load_model(tmp_path / "ours.keras", **own_functions(case))
    for a, b in zip(model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    if not case.random:
        assert_predict_alike(model, theirs, case.input())


@pytest.mark.slow
@over(LAYERS)
def test_keras_loads_in_ours(case, tmp_path):
    theirs = varied(model_of(case, real()))
    theirs.save(tmp_path / "theirs.keras")
    model = keras.saving.load_model(tmp_path / "theirs.keras", **own_functions(case))
    for a, b in zip(model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    if not case.random:
        assert_predict_alike(model, theirs, case.input())


@pytest.mark.slow
@over([case for case in LAYERS if case.config])
def test_config_is_keras_s(case):
    """The dict of a built layer, word for word but for what `plain` says."""
    found, wanted = (plain(k.saving.serialize_keras_object(model_of(case, k))) for k in (keras, real()))
    assert found == wanted


def plain(config):
    """A config as a file keeps it, floats to six digits, without what differs and makes no difference."""
    as_read = json.loads(json.dumps(config), parse_float=lambda x: float(f"{float(x):.6g}"))

    def cleaned(part):
        if isinstance(part, list):
            return [cleaned(v) for v in part]
        if isinstance(part, str):
            return part.rstrip("_0123456789")  # names of layers are counted on from test to test
        if not isinstance(part, dict):
            return part
        if part.get("class_name") == "DTypePolicy":
            return cleaned(part["config"]["name"])  # some of Keras's layers write the name alone
        part = {k: cleaned(v) for k, v in part.items() if k not in BEYOND}
        if part.get("class_name") == "__tensor":
            part["class_name"] = "__numpy"
        if "kwargs" in part:
            part["kwargs"] = {k: v for k, v in part["kwargs"].items() if v not in (None, False)}
        return part

    return cleaned(as_read)


def difference_of(k):
    """A layer of one's own that takes two tensors, and makes no weights: it has no `build`."""

    class Difference(k.layers.Layer):
        def call(self, p, q):
            return p - q

    a, b = k.Input((3,), name="a"), k.Input((3,), name="b")
    return k.Model([a, b], k.layers.Dense(2, name="out")(Difference(name="gap")(a, b))), Difference


def test_a_layer_of_ones_own_with_two_inputs_and_no_build(tmp_path):
    (ours, Ours), (theirs, Theirs) = difference_of(keras), difference_of(real())
    x = list(np.random.default_rng(6).random((2, 4, 3)).astype("float32"))
    for k, Layer, saved, name in ((keras, Ours, ours, "a"), (real(), Theirs, ours, "a"), (keras, Ours, theirs, "b")):
        saved.save(tmp_path / f"{name}.keras")
        loaded = k.models.load_model(tmp_path / f"{name}.keras", custom_objects={"Difference": Layer})
        assert_predict_alike(loaded, saved, x)
