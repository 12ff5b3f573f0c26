"""Bidirectional and TimeDistributed beyond what their cases show."""

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array, real

L = keras.layers


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def test_both_directions_are_made_new():
    layer = L.LSTM(3, name="reader")
    both = L.Bidirectional(layer)
    both(numbers(2, 4, 5))
    assert (both.forward_layer.name, both.backward_layer.name) == ("forward_reader", "backward_reader")
    assert both.forward_layer is not layer and not layer.built
    assert not both.forward_layer.go_backwards and both.backward_layer.go_backwards


def test_weights_are_set_when_they_are_made():
    x = numbers(2, 4, 5)
    model = L.Bidirectional(L.GRU(3))
    model(x)
    again = L.Bidirectional(L.GRU(3), weights=model.get_weights())
    np.testing.assert_array_equal(again(x).numpy(), model(x).numpy())


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: L.Bidirectional(3), "`layer` must be a recurrent layer"),
        (lambda: L.Bidirectional(L.GRU(3), merge_mode="add"), "`merge_mode` must be one of"),
        (lambda: L.Bidirectional(L.GRU(3), backward_layer=L.GRU(3)), "opposite directions"),
        (
            lambda: L.Bidirectional(L.GRU(3), backward_layer=L.GRU(3, go_backwards=True, return_sequences=True)),
            "`return_sequences` is False in the forward layer and True in the backward",
        ),
        (lambda: L.TimeDistributed(3), "TimeDistributed goes around a layer"),
        (lambda: L.TimeDistributed(L.Dense(3))(numbers(2, 3)), r"with three axes or more; got .*\(2, 3\)"),
        (lambda: L.TimeDistributed(L.Dense(3))(numbers(2, 3, 4), mask=np.ones((2, 4), bool)), "the mask has shape"),
        (lambda: L.Bidirectional(L.GRU(3)).reset_state(), "is not stateful"),
    ],
)
def test_what_does_not_fit_is_refused(make, message):
    with pytest.raises((ValueError, AttributeError), match=message):
        make()


@pytest.mark.slow
@pytest.mark.parametrize("merge_mode", ["concat", None])
def test_stateful_in_both_directions(merge_mode, backend):
    x = numbers(2, 4, 5)
    layers = [k.layers.Bidirectional(k.layers.GRU(3, stateful=True), merge_mode=merge_mode) for k in (keras, real())]
    for layer in layers:
        layer(x)
    layers[1].set_weights(layers[0].get_weights())
    for layer in layers:
        layer.reset_state()
    for seed in range(3):
        found, wanted = (keras.tree.flatten(layer(numbers(2, 4, 5, seed=seed))) for layer in layers)
        for a, b in zip(found, wanted, strict=True):
            np.testing.assert_allclose(a.numpy(), array(b), rtol=1e-5, atol=1e-6)
    layers[0].reset_states()
    assert not any(np.any(v.numpy()) for v in layers[0].states)


@pytest.mark.slow
def test_a_model_with_both_directions_trains_as_in_keras(backend):
    x, y = numbers(10, 4, 5), numbers(10, 1)
    losses = []
    for k in (keras, real()):
        inputs = k.Input((None, 5))
        h = k.layers.Bidirectional(k.layers.LSTM(3, return_sequences=True), merge_mode="ave")(inputs)
        h, *states = k.layers.Bidirectional(k.layers.GRU(2, return_state=True))(h)
        model = k.Model(inputs, k.layers.Dense(1)(k.layers.concatenate([h, *states])))
        model.set_weights([0.5 * numbers(*w.shape, seed=i) for i, w in enumerate(model.get_weights())])
        model.compile(k.optimizers.SGD(0.1), "mse")
        losses.append(model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0).history["loss"])
    np.testing.assert_allclose(*losses, rtol=2e-5)


# every step by itself --------------------------------------------------------------------------


@pytest.mark.parametrize("training", [False, True])
def test_batch_normalization_sees_one_step_after_the_other(training, backend):
    """As in Keras: each step has means of its own, and the moving means move once a step."""
    x = numbers(6, 4, 3) * 2 + 1
    ours, theirs = (k.layers.TimeDistributed(k.layers.BatchNormalization()) for k in (keras, real()))
    for _ in range(2):
        found, wanted = ours(x, training=training), theirs(x, training=training)
        np.testing.assert_allclose(found.numpy(), array(wanted), rtol=1e-4, atol=1e-5)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def of_the_whole_batch(k):
    """A student's layer in which samples are compared with one another."""

    class Centered(k.layers.Layer):
        def call(self, x):
            return x - k.ops.mean(x, axis=0, keepdims=True)

    return Centered()


@pytest.mark.parametrize("inside", [False, True], ids=["", "in a model"])
def test_a_students_layer_sees_one_step_after_the_other(inside, backend):
    x = numbers(6, 4, 3)
    found = []
    for k in (keras, real()):
        layer = of_the_whole_batch(k)
        layer = k.Sequential([k.Input((3,)), layer]) if inside else layer
        found.append(array(k.layers.TimeDistributed(layer)(x)))
    np.testing.assert_allclose(*found, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda k: k.layers.Conv2D(3, 2, activation="relu"),
        lambda k: k.layers.MaxPooling2D(2),
        lambda k: k.layers.Flatten(),
        lambda k: k.Sequential([k.Input((4, 5, 2)), k.layers.Conv2D(3, 2), k.layers.Flatten(), k.layers.Dense(2)]),
    ],
    ids=["conv", "pool", "flatten", "model"],
)
def test_films_go_through_a_layer_for_images(make, backend):
    x = numbers(2, 3, 4, 5, 2)
    ours, theirs = (k.layers.TimeDistributed(make(k)) for k in (keras, real()))
    ours(x), theirs(x)
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(ours(x).numpy(), array(theirs(x)), rtol=1e-5, atol=1e-5)
    assert ours.compute_output_shape((None, 3, 4, 5, 2)) == tuple(theirs.compute_output_shape((None, 3, 4, 5, 2)))


def test_dropout_differs_from_step_to_step(backend):
    y = L.TimeDistributed(L.Dropout(0.5))(np.ones((4, 3, 50), "float32"), training=True).numpy()
    assert np.any(y[:, 0] != y[:, 1])


@pytest.mark.slow
def test_the_layer_inside_gets_the_mask_of_each_step(backend):
    x, mask = numbers(2, 3, 4, 5), np.random.default_rng(1).random((2, 3, 4)) < 0.7
    ours, theirs = (k.layers.TimeDistributed(k.layers.LSTM(3)) for k in (keras, real()))
    ours(x), theirs(x)
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(ours(x, mask=mask).numpy(), array(theirs(x, mask=mask)), rtol=1e-5, atol=1e-6)
