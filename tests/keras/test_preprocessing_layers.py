"""Layers that prepare numbers and categories, beyond the table of cases: what they learn from data."""

import itertools
import json

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array, real


def close(a, b, rtol=1e-5, atol=2e-6):
    np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=rtol, atol=atol)


X = np.random.default_rng(1).normal(3, 2, (50, 4, 3)).astype("float32")


def batches_of(x, size=8):
    return [x[i : i + size] for i in range(0, len(x), size)]


# Normalization --------------------------------------------------------------------------------

WAYS = {
    "array": lambda x: x,
    "doubles": lambda x: x.astype("float64"),
    "whole numbers": lambda x: (10 * x).astype("int32"),
    "list of batches": batches_of,
    "generator": lambda x: (batch for batch in batches_of(x)),
    "pairs with targets": lambda x: [(batch, batch) for batch in batches_of(x)],
}


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("axis", [-1, None, 1, (1, 2), (-1, -2)], ids=str)
@pytest.mark.parametrize("way", WAYS)
def test_normalization_learns_what_keras_learns(way, axis, invert, backend):
    results = []
    data = WAYS[way](X)
    for k in (keras, real()):
        layer = k.layers.Normalization(axis=axis, invert=invert)
        layer.adapt(data if k is keras or isinstance(data, np.ndarray) else X)  # Keras needs TensorFlow for batches
        results.append([array(layer(X)), array(layer.mean), array(layer.variance), *layer.get_weights()])
    for a, b in zip(*results, strict=True):
        assert a.shape == b.shape
        close(a, b, rtol=2e-5, atol=1e-5)


def test_one_feature_without_an_axis_of_its_own(backend):
    """As the first regression tutorials have it: adapted to a column, then in a model of (batch, 1)."""
    column = X[:, 0, 0]
    results = []
    for k in (keras, real()):
        layer = k.layers.Normalization(axis=None)
        layer.adapt(column)
        model = k.Sequential([k.Input((1,)), layer])
        results.append(model.predict(column, verbose=0))
    close(*results)
    close(results[0].mean(), 0, atol=1e-5)


def test_normalization_in_a_training_model(backend):
    layer = keras.layers.Normalization()
    layer.adapt(X[:, 0])
    model = keras.Sequential([keras.Input((3,)), layer, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    before = layer.get_weights()
    model.fit(X[:, 0], X[:, 0, :1], epochs=2, verbose=0)
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    close(layer(X[:, 0]).numpy().mean(0), [0, 0, 0], atol=1e-5)


def test_weights_that_are_set_count(backend):
    layer = keras.layers.Normalization()
    layer.adapt(X[:, 0])
    layer.set_weights([np.float32([1, 2, 3]), np.float32([4, 4, 4]), np.int32(0)])
    close(layer(np.float32([[3, 4, 5]])).numpy(), [[1, 1, 1]])


def test_a_constant_column_does_not_divide_by_zero(backend):
    layer, theirs = keras.layers.Normalization(), real().layers.Normalization()
    x = np.array([[1.0, 2.0], [1.0, 4.0]], "float32")
    layer.adapt(x), theirs.adapt(x)
    close(layer(x + 1).numpy(), array(theirs(x + 1)))


def test_lists_will_do():
    close(keras.layers.Rescaling(2.0)([1, 2]).numpy(), [2, 4])
    close(keras.layers.Normalization(mean=1.0, variance=4.0)([[3.0]]).numpy(), [[1]])
    assert keras.layers.CategoryEncoding(3)([[0, 2]]).numpy().tolist() == [[1, 0, 1]]
    assert keras.layers.Discretization(bin_boundaries=[1.0])(0.5).numpy() == 0


def test_rescaling_of_channels_in_front():
    for k in (keras, real()):
        k.config.set_image_data_format("channels_first")
    try:
        x = np.ones((2, 3, 4, 5), "float32")
        ours, theirs = (k.layers.Rescaling([1.0, 2.0, 3.0])(x) for k in (keras, real()))
        close(ours.numpy(), array(theirs))
    finally:
        for k in (keras, real()):
            k.config.set_image_data_format("channels_last")


# Discretization -------------------------------------------------------------------------------


@pytest.mark.parametrize("epsilon", [0.01, 0.2])
@pytest.mark.parametrize("num_bins", [2, 4, 10])
@pytest.mark.parametrize("size", [1, 7, 100, 5000])
@pytest.mark.parametrize("whole", [True, False])
def test_bins_are_those_of_keras(size, num_bins, epsilon, whole, backend):
    pytest.importorskip("tensorflow", reason="Keras's Discretization learns with TensorFlow")
    x = np.random.default_rng(2).normal(size=size).astype("float32") ** 3
    ours, theirs = (k.layers.Discretization(num_bins=num_bins, epsilon=epsilon) for k in (keras, real()))
    ours.adapt(x if whole else batches_of(x, 60)), theirs.adapt(x if whole else batches_of(x, 60))
    close(ours.bin_boundaries, theirs.bin_boundaries, rtol=1e-6)
    np.testing.assert_array_equal(ours(x).numpy(), array(theirs(x)))


@pytest.mark.parametrize("num_bins", [2, 4, 10])
@pytest.mark.parametrize("whole", [True, False])
def test_bins_hold_as_many_numbers_each(num_bins, whole, backend):
    """About so: Keras's summary of the data, and so ours, is rough."""
    x = np.random.default_rng(2).normal(size=5000).astype("float32") ** 3
    layer = keras.layers.Discretization(num_bins=num_bins, epsilon=0.01)
    layer.adapt(x if whole else batches_of(x, 60))
    assert len(layer.bin_boundaries) == num_bins - 1
    shares = [(x < boundary).mean() for boundary in layer.bin_boundaries]
    np.testing.assert_allclose(shares, np.arange(1, num_bins) / num_bins, atol=0.06)
    np.testing.assert_array_equal(layer(x).numpy(), np.digitize(x, layer.bin_boundaries))


def test_bins_of_awkward_numbers(backend):
    x = np.array([np.nan, np.inf, -np.inf, 0.0, 1.0, -0.0], "float32")
    ours, theirs = (k.layers.Discretization(bin_boundaries=[0.0, 1.0]) for k in (keras, real()))
    np.testing.assert_array_equal(ours(x).numpy(), array(theirs(x)))


def test_bins_that_were_learned_go_with_the_config():
    layer = keras.layers.Discretization(num_bins=3)
    layer.adapt(X)
    again = keras.layers.Discretization.from_config(json.loads(json.dumps(layer.get_config())))
    assert again.bin_boundaries == layer.bin_boundaries
    assert keras.layers.Discretization.from_config(keras.layers.Discretization(num_bins=3).get_config()).num_bins == 3


def test_steps_end_an_endless_adaptation():
    layer = keras.layers.Discretization(num_bins=2)
    layer.adapt(itertools.repeat(np.arange(10.0)), steps=3)
    assert len(layer.bin_boundaries) == 1


# files ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("ours_first", [True, False])
def test_what_was_learned_goes_through_files_both_ways(ours_first, tmp_path):
    first, second = (keras, real()) if ours_first else (real(), keras)
    learns = dict(num_bins=4) if ours_first else dict(bin_boundaries=[-0.5, 0.0, 0.5])  # Keras's needs TensorFlow
    normalization, bins = first.layers.Normalization(), first.layers.Discretization(**learns)
    normalization.adapt(X[:, 0])
    if ours_first:
        bins.adapt(np.linspace(-1, 1, 100))
    model = first.Sequential([first.Input((3,)), normalization, bins, first.layers.CategoryEncoding(5, "count")])
    model.save(tmp_path / "model.keras")
    again = second.models.load_model(tmp_path / "model.keras")
    close(again.predict(X[:, 0], verbose=0), model.predict(X[:, 0], verbose=0))
    assert again.layers[1].bin_boundaries == bins.bin_boundaries


# mistakes -------------------------------------------------------------------------------------

MISTAKES = [
    (lambda k: k.Normalization(mean=1.0), ["mean", "variance", "both"]),
    (lambda k: k.Normalization(mean=[1.0], variance=[1.0, 2.0]), ["(1,)", "(2,)"]),
    (lambda k: k.Normalization(axis=None, mean=[1.0], variance=[1.0]), ["mean", "(1,)"]),
    (lambda k: k.Normalization(axis=3)(X), ["(50, 4, 3)", "3"]),
    (lambda k: k.Normalization().build((None, None)), ["fixed", "(None, None)"]),
    (lambda k: k.Normalization().adapt([[1.0, 2.0]]), ["np.array(data)"]),
    (lambda k: k.Normalization().adapt(3), ["int"]),
    (lambda k: k.Normalization().adapt([]), ["no data"]),
    (lambda k: k.Discretization(), ["bin_boundaries", "num_bins"]),
    (lambda k: k.Discretization(bin_boundaries=[1.0], num_bins=2), ["bin_boundaries", "num_bins"]),
    (lambda k: k.Discretization(num_bins=-1), ["num_bins", "-1"]),
    (lambda k: k.Discretization(bin_boundaries=[1.0]).adapt(X), ["nothing to adapt"]),
    (lambda k: k.Discretization(num_bins=2)(X), ["adapt(data)"]),
    (lambda k: k.Discretization(num_bins=2, output_mode="bins"), ["output_mode", "'bins'"]),
    (lambda k: k.CategoryEncoding(), ["num_tokens", "IntegerLookup"]),
    (lambda k: k.CategoryEncoding(0), ["num_tokens", "0"]),
    (lambda k: k.CategoryEncoding(3, output_mode="int"), ["output_mode", "'int'"]),
    (lambda k: k.CategoryEncoding(3)(np.ones(2, int), count_weights=np.ones(2)), ["count_weights", "'count'"]),
]


@pytest.mark.parametrize("make, words", MISTAKES, ids=[" ".join(words) for _, words in MISTAKES])
def test_mistakes_are_explained(make, words):
    with pytest.raises((ValueError, TypeError)) as caught:
        make(keras.layers)
    for word in words:
        assert word in str(caught.value)
    with pytest.raises(Exception):  # noqa: B017  (whatever Keras calls it)
        make(real().layers)


def test_adapting_to_other_data_is_refused_before_anything_changes():
    layer = keras.layers.Normalization()
    layer.adapt(X)
    before = layer.get_weights()
    with pytest.raises(ValueError, match="was built for inputs of shape"):
        layer.adapt(X[..., :2])
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="adapt nothing"):
        keras.layers.Normalization(mean=1.0, variance=1.0).adapt(X)


def test_boundaries_out_of_order_are_refused():
    with pytest.raises(ValueError, match="from small to large"):
        keras.layers.Discretization(bin_boundaries=[1.0, 0.0])
