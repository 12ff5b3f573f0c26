"""What the table of cases can't say of Lambda: what its function gets, masks, shapes, configurations."""

import json

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tensor
from tests.keras.oracle import real


def doubled(x):
    return x * 2


def shifted(x, by, training=None):
    return x + (by if training else 0)


def wider(shape):
    return (*shape[:-1], shape[-1] * 2)


def both_ways(x):
    return ops.concatenate([x, -x], axis=-1)


X = np.array([[1.0, -2.0]], "float32")


def test_the_function_gets_what_it_asks_for(backend):
    layer = keras.layers.Lambda(shifted, arguments={"by": 5.0})
    assert layer(X, training=True).numpy().tolist() == [[6, 3]]
    assert layer(X, training=False).numpy().tolist() == [[1, -2]]
    x = Tensor(np.ones((2, 3), "float32"))
    x._keras_mask = Tensor(np.array([[True, False, True]] * 2))
    masked = keras.layers.Lambda(lambda x, mask: ops.where(mask, x, 0.0), mask=lambda x, mask: mask)(x)
    assert masked.numpy().tolist() == [[1, 0, 1]] * 2
    assert masked._keras_mask is x._keras_mask


@pytest.mark.parametrize("output_shape", [None, (6,), wider])
def test_shapes(output_shape):
    for k in (keras, real()):
        function = both_ways if k is keras else lambda x: real().ops.concatenate([x, -x], axis=-1)
        layer = k.layers.Lambda(function, output_shape=output_shape)
        assert layer(k.Input((3,))).shape == (None, 6)
        assert tuple(layer.compute_output_shape((5, 3))) == (5, 6)


def test_it_is_part_of_a_model(backend):
    inputs = keras.Input((2,))
    model = keras.Model(inputs, keras.layers.Lambda(lambda x: ops.sum(x, axis=-1, keepdims=True))(inputs))
    assert model.predict(X, verbose=0).tolist() == [[-1]]


@pytest.mark.parametrize("options", [
    {}, {"output_shape": (2,)}, {"output_shape": wider}, {"arguments": {"by": 2}}, {"mask": doubled}, {"name": "l"},
])  # fmt: skip
def test_the_configuration_of_a_function_with_a_name_is_that_of_keras(options):
    found, wanted = (k.layers.Lambda(doubled, **options).get_config() for k in (keras, real()))
    assert without_names(found) == without_names(wanted)
    again = keras.layers.Lambda.from_config(json.loads(json.dumps(found)), custom_objects={
        "doubled": doubled, "wider": wider})  # fmt: skip
    assert again.function is doubled
    assert without_names(again.get_config()) == without_names(found)


def without_names(config):
    return {k: v for k, v in json.loads(json.dumps(config)).items() if k not in ("dtype", "name")}


def test_a_function_that_is_not_known_is_not_looked_for():
    config = keras.layers.Lambda(doubled).get_config()
    config["function"]["module"] = "os"
    config["function"]["config"] = "system"
    with pytest.raises(TypeError, match="system"):
        keras.layers.Lambda.from_config(config)


@pytest.mark.parametrize("option", ["function", "output_shape"])
def test_a_lambda_is_written_as_keras_writes_it_but_read_only_by_wish(option):
    times = 3

    def made(k):
        inner = lambda shape: shape if option == "output_shape" else shape * times
        return k.layers.Lambda(**{"function": doubled, option: inner})

    config = json.loads(json.dumps(made(keras).get_config()))
    assert config[option] == json.loads(json.dumps(made(real()).get_config()))[option]
    read = lambda safe_mode: keras.layers.Lambda.from_config(config, {"doubled": doubled}, safe_mode)
    for safe_mode in (None, True):
        with pytest.raises(ValueError, match="lambda"):
            read(safe_mode)
    assert read(False)(X).shape == (1, 2)


def test_a_lambda_must_be_a_function():
    with pytest.raises(ValueError, match="'relu'"):
        keras.layers.Lambda("relu")
