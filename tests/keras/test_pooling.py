"""What the table of cases can't say of pooling."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.oracle import array, real


def gradient(pool, x, dy):
    with Tape() as tape:
        x = Tensor(x, tracked=True)
        loss = ops.sum(pool(x) * dy)
    return tape.gradients(loss, [x])[0]


@pytest.mark.parametrize("padding, strides", [("valid", 2), ("same", 1), ("same", 3), ("valid", 1)])
def test_of_equals_the_first_gets_the_gradient(padding, strides, backend):
    """As on JAX: behind a relu most windows have several zeros."""
    import jax

    rng = np.random.default_rng(1)
    x = rng.integers(0, 2, (2, 5, 6, 3)).astype("float32")
    options = {"pool_size": (2, 3), "strides": strides, "padding": padding}
    y, pullback = jax.vjp(lambda x: real().ops.max_pool(x, **options), x)
    dy = rng.normal(size=y.shape).astype("float32")
    found = gradient(lambda x: ops.max_pool(x, **options), x, dy)
    np.testing.assert_allclose(found, array(pullback(dy)[0]), rtol=1e-6, atol=1e-6)


def test_a_window_of_more_places_than_a_byte_counts(backend):
    x = np.random.default_rng(1).normal(size=(2, 20, 20, 3)).astype("float32")
    dx = gradient(lambda x: ops.max_pool(x, 20), x, 1.0)
    np.testing.assert_array_equal(dx == 1, x == x.max((1, 2), keepdims=True))


@pytest.mark.parametrize("kind", ["max", "average"])
def test_nan_and_infinity_are_not_lost(kind, backend):
    x = np.array([1.0, np.nan, 2.0, 3.0, np.inf, 0.0, -np.inf, -np.inf], "float32").reshape(1, 8, 1)
    y = getattr(ops, f"{kind}_pool")(x, 2).numpy().ravel()
    np.testing.assert_array_equal(y, [np.nan, 3 if kind == "max" else 2.5, np.inf, -np.inf])


@pytest.mark.parametrize("name", ["MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D"])
def test_channels_are_where_keras_is_set_to(name):
    options = {} if name.startswith("Global") else {"pool_size": 2}
    try:
        keras.config.set_image_data_format("channels_first")
        layer = getattr(keras.layers, name)(**options)
    finally:
        keras.config.set_image_data_format("channels_last")
    assert layer.data_format == "channels_first"
    assert layer.compute_output_shape((None, 3, 8, 8))[1] == 3


def test_sizes_that_vary():
    for k in (keras, real()):
        assert k.layers.MaxPooling2D(2)(k.Input((None, 9, 3))).shape == (None, None, 4, 3)
        assert k.layers.AveragePooling1D(2, padding="same")(k.Input((None, 3))).shape == (None, None, 3)
        assert k.layers.GlobalMaxPooling2D()(k.Input((None, None, 3))).shape == (None, 3)


def test_short_names():
    for name in vars(real().layers):
        if name.endswith(("Pool1D", "Pool2D", "Pool3D")):
            assert getattr(keras.layers, name).__name__ == getattr(real().layers, name).__name__


def test_a_mask_that_comes_with_the_input_counts_and_ends_here(backend):
    x = Tensor(np.array([[[1.0], [3.0], [100.0]], [[5.0], [7.0], [9.0]]], "float32"))
    x._keras_mask = Tensor(np.array([[True, True, False], [False, False, True]]))
    y = keras.layers.GlobalAveragePooling1D()(x)
    assert y.numpy().tolist() == [[2], [9]]
    assert y._keras_mask is None


def test_integers_are_averaged_as_floats():
    x = np.array([[[1], [2]]])
    assert ops.average_pool(x, 2).numpy().tolist() == [[[1.5]]]


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: keras.layers.MaxPooling2D(0), ["MaxPooling2D", "pool_size", "0", "from 1"]),
        (lambda: keras.layers.MaxPooling2D((2, 2, 2)), ["MaxPooling2D", "pool_size", "2"]),
        (lambda: keras.layers.MaxPooling2D(2.5), ["pool_size", "2.5"]),
        (lambda: keras.layers.MaxPooling1D(2, strides=-1), ["MaxPooling1D", "strides", "-1"]),
        (lambda: keras.layers.MaxPooling1D(2, padding="sane"), ["padding", "sane", "'same'"]),
        (lambda: keras.layers.MaxPooling2D(2, data_format="channel_last"), ["data_format", "'channels_last'"]),
        (lambda: keras.layers.MaxPooling2D(border_mode="same"), ["border_mode", "padding"]),
        (lambda: keras.layers.MaxPooling2D(3, name="p")(keras.Input((8, 2, 4))), ["'p'", "(3, 3)", "(8, 2)", "same"]),
        (lambda: keras.layers.MaxPooling2D(3, name="p")(np.ones((1, 2, 8, 4))), ["'p'", "(3, 3)", "(2, 8)"]),
        (lambda: keras.layers.MaxPooling2D(2, name="p")(np.ones((4, 28, 28))), ["'p'", "(4, 28, 28)", "4 axes"]),
        (lambda: keras.layers.GlobalMaxPooling1D(name="p")(np.ones((4, 5))), ["'p'", "(4, 5)"]),
        (lambda: keras.layers.AdaptiveMaxPooling2D((2, 0)), ["output_size", "(2, 0)"]),
        (lambda: ops.max_pool(np.ones((2, 3)), 2), ["max_pool", "(2, 3)"]),
        (lambda: ops.average_pool(np.ones((1, 4, 1)), 5), ["average_pool", "(5,)", "(4,)"]),
    ],
)
def test_mistakes_are_explained(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
