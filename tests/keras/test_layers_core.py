"""What the table of cases can't say of the base layer and the core layers."""

import warnings

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.oracle import real

# dropout ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_drops_its_share_and_keeps_the_mean(rate, backend):
    layer, n = keras.layers.Dropout(rate, seed=1), 100_000
    y = layer(np.ones((n // 100, 100), "float32"), training=True).numpy()
    assert set(np.unique(y)) == {0, np.float32(1 / (1 - rate))}
    assert abs((y == 0).mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / n)  # five standard errors
    again = layer(np.ones((n // 100, 100), "float32"), training=True).numpy()
    both_dropped = ((y == 0) & (again == 0)).mean()
    assert abs(both_dropped - rate**2) < 5 * np.sqrt(rate**2 * (1 - rate**2) / n), "each call draws anew"


def test_dropout_of_everything_and_of_nothing(backend):
    x = np.ones((3, 4), "float32")
    assert not keras.layers.Dropout(1.0)(x, training=True).numpy().any()
    assert keras.layers.Dropout(0.0)(x, training=True).numpy().all()


def test_dropout_decides_once_for_an_axis_of_its_noise_shape(backend):
    layer = keras.layers.Dropout(0.5, noise_shape=(None, 1, 7), seed=2)
    y = layer(np.ones((50, 9, 7), "float32"), training=True).numpy()
    assert (y == y[:, :1]).all()
    assert 0 < (y == 0).mean() < 1


def test_dropout_repeats_itself_with_its_seed_on_every_backend():
    from kerastutor import backends

    masks = []
    for name in ("numpy", "cpu", "cpu"):
        backends.use(name)
        layer = keras.layers.Dropout(0.5, seed=11)
        masks.append([layer(np.ones((6, 7), "float32"), training=True).numpy() for _ in range(3)])
    np.testing.assert_array_equal(masks[0], masks[1])
    np.testing.assert_array_equal(masks[1], masks[2])


def test_the_gradient_passes_where_the_number_passed(backend):
    x = Tensor(np.ones((4, 5), "float32"), tracked=True)
    with Tape() as tape:
        y = keras.layers.Dropout(0.5, seed=1)(x, training=True)
        loss = ops.sum(y)
    np.testing.assert_array_equal(tape.gradients(loss, [x])[0], y.numpy())


# layers of one's own ---------------------------------------------------------------------------


class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.shape_seen = input_shape
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False, name="count")

    def call(self, x, training=None):
        return ops.relu(x * self.factor) * (2.0 if training else 1.0)


class Pair(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = Scale()
        self.rest = [keras.layers.Dense(2), keras.layers.Dense(2)]

    def call(self, x):
        x = self.first(x)
        for layer in self.rest:
            x = layer(x)
        return x


def test_a_layer_of_ones_own_has_weights_and_gradients(backend):
    layer, x = Scale(), np.array([[1.0, -2.0], [3.0, 4.0]], "float32")
    with Tape() as tape:
        loss = ops.sum(layer(x))
    assert [v.name for v in layer.weights] == ["factor", "count"]
    assert [v.name for v in layer.trainable_weights] == ["factor"]
    assert tape.gradients(loss, layer.trainable_variables)[0].tolist() == [4, 4]
    assert layer(x, training=True).numpy().tolist() == [[2, 0], [6, 8]]


def test_layers_inside_layers(backend):
    layer = Pair()
    assert layer(np.ones((3, 2), "float32")).shape == (3, 2)
    assert len(layer.weights) == 2 + 2 + 2
    assert len(layer.trainable_weights) == 5
    layer.trainable = False
    assert layer.trainable_weights == []
    layer.trainable = True
    assert len(layer.trainable_weights) == 5, "what never was trainable stays so"


def test_training_reaches_the_layers_inside(backend):
    layer, x = Pair(), np.ones((1, 2), "float32")
    layer(x)
    assert np.allclose(layer(x, training=True).numpy(), 2 * layer(x, training=False).numpy(), rtol=1e-5)


def test_build_is_told_that_the_batch_varies():
    """As in Keras, whose `build` gets None for the batch from an Input, and so must not count on its size."""
    ours, theirs = Scale(), None

    class Theirs(real().layers.Layer):
        def build(self, input_shape):
            self.shape_seen = input_shape

        def call(self, x):
            return x

    theirs = Theirs()
    ours(keras.Input((3,))), theirs(real().Input((3,)))
    assert ours.shape_seen == theirs.shape_seen == (None, 3)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: keras.layers.Dense(0), ["Dense", "units", "0"]),
        (lambda: keras.layers.Dense("10"), ["Dense", "units", "'10'"]),
        (lambda: keras.layers.Dense(10, activation="rellu"), ["rellu", "relu"]),
        (lambda: keras.layers.Dense(10, kernel_initializer="glorot"), ["glorot"]),
        (lambda: keras.layers.Dense(10, unit=3), ["unit"]),
        (lambda: keras.layers.Dense(10, border_mode="same"), ["border_mode"]),
        (lambda: keras.layers.Dense(3, name="d")(np.ones(4, "float32")), ["d", "(4,)", "x[None, ...]"]),
        (lambda: keras.layers.Dropout(25), ["Dropout", "25", "0.25"]),
        (lambda: keras.layers.Dropout(-0.1), ["Dropout", "-0.1"]),
        (lambda: keras.layers.Dropout("half"), ["Dropout", "half"]),
        (lambda: keras.layers.Reshape((3, 4), name="r")(np.ones((2, 11), "float32")), ["r", "(11,)", "(3, 4)", "12"]),
        (lambda: keras.layers.Reshape((-1, 4), name="r")(np.ones((2, 11), "float32")), ["r", "(11,)", "(-1, 4)"]),
        (lambda: keras.layers.Reshape((-1, -1))(np.ones((2, 11), "float32")), ["(-1, -1)"]),
        (lambda: keras.Input(("a",)), ["Input", "shape"]),
        (lambda: keras.Input(), ["shape", "784"]),
        (lambda: keras.layers.Dense(3).count_params(), ["dense", "build"]),
        (lambda: keras.layers.Layer(name="a/b"), ["a/b"]),
    ],
)
def test_mistakes_are_explained(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_an_input_of_another_size_is_refused_by_name():
    layer = keras.layers.Dense(3, name="hidden")
    layer(np.ones((2, 4), "float32"))
    with pytest.raises(ValueError) as caught:
        layer(np.ones((2, 5), "float32"))
    for word in ("hidden", "(2, 5)", "4"):
        assert word in str(caught.value)


@pytest.mark.parametrize("shapes", [[], [(4, 3)], [(3, 4), (3,)], [(4, 3), (4,)]])
def test_wrong_weights_change_none(shapes):
    layer = keras.layers.Dense(3, name="hidden")
    layer(np.ones((2, 4), "float32"))
    before = layer.get_weights()
    with pytest.raises(ValueError, match="hidden"):
        layer.set_weights([np.zeros(shape) for shape in shapes])
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_names_count_up_as_in_keras():
    keras.utils.clear_session(), real().utils.clear_session()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        make = lambda k: [k.layers.Dense(1), k.layers.Dense(1), k.layers.Flatten(), k.layers.Dense(1), Named(k)]
        assert [layer.name for layer in make(keras)] == [layer.name for layer in make(real())]


def Named(keras):
    return type("MyConv2DLayer", (keras.layers.Layer,), {})()
