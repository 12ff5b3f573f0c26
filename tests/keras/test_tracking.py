"""What a layer finds in itself: weights made by `build`, in lists and dicts, fixed ones; and smaller points."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import copy

import keras as real
import numpy as np
import pytest

from kerastutor import Tape, check_gradients, keras
from kerastutor.keras import ops

BOTH = pytest.mark.parametrize("k", [keras, real], ids=["ours", "Keras"])
X = np.ones((2, 4), "float32")


def net(k, fill, call):
    class Net(k.Model):
        def __init__(self):
            super().__init__()
            fill(self, k.layers.Dense)

        def call(self, x):
            return call(self, x)

    model = Net()
    model(X)
    return model


def in_list(self, Dense):
    self.blocks = []
    self.blocks.append(Dense(3))
    self.blocks += [Dense(2)]


def in_private_dict(self, Dense):
    self._blocks = {"a": Dense(3)}
    self._blocks["b"] = Dense(2)


def nested(self, Dense):
    self.blocks = [[Dense(3)], {"b": Dense(2)}]


CONTAINERS = {
    "list": (in_list, lambda self, x: self.blocks[1](self.blocks[0](x))),
    "private dict": (in_private_dict, lambda self, x: self._blocks["b"](self._blocks["a"](x))),
    "nested": (nested, lambda self, x: self.blocks[1]["b"](self.blocks[0][0](x))),
}


@BOTH
@pytest.mark.parametrize("name", CONTAINERS)
def test_layers_in_containers_are_found(k, name):
    model = net(k, *CONTAINERS[name])
    assert [w.shape for w in model.get_weights()] == [(4, 3), (3,), (3, 2), (2,)]
    assert len(model.layers) == 2


@pytest.mark.parametrize("name, blocks", [("list", "blocks"), ("private dict", "_blocks")])
def test_a_copied_model_has_its_own_weights(name, blocks):
    model = net(keras, *CONTAINERS[name])
    twin = copy.deepcopy(model)
    twin.more = [keras.layers.Dense(5)]
    first = 0 if name == "list" else "a"
    getattr(twin, blocks)[first].kernel.assign(np.zeros((4, 3)))
    assert len(model.layers) == 2 and len(twin.layers) == 3
    assert model.get_weights()[0].any() and not twin.get_weights()[0].any()


@BOTH
def test_build_called_by_hand_builds_once(k):
    class Outer(k.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = k.layers.Dense(3)

        def build(self, input_shape):
            self.inner.build(input_shape)

        def call(self, x):
            return self.inner(x)

    layer = Outer()
    layer.build((None, 4))
    before = layer.get_weights()
    layer(X)
    assert layer.built and layer.inner.built
    assert len(layer.get_weights()) == 2
    np.testing.assert_array_equal(layer.get_weights()[0], before[0])


@BOTH
def test_own_trainable_weights_come_first_and_fixed_ones_stay_fixed(k):
    class Counter(k.layers.Layer):
        def __init__(self):
            super().__init__()
            self.seen = k.Variable(0.0, trainable=False, name="seen")

        def build(self, input_shape):
            self.total = self.add_weight(shape=(1,), initializer="zeros", trainable=False, name="total")
            self.scale = self.add_weight(shape=(1,), initializer="ones", name="scale")

        def call(self, x):
            return x * self.scale

    layer = Counter()
    layer(X)
    assert [w.name for w in layer.weights] == ["scale", "seen", "total"]
    layer.trainable = False
    assert not layer.trainable_weights
    layer.trainable = True
    assert [w.name for w in layer.trainable_weights] == ["scale"]


@BOTH
def test_the_default_of_training_counts_where_nobody_says_otherwise(k):
    class Doubling(k.layers.Layer):
        def call(self, x, training=True):
            return x * 2 if training else x

    assert float(Doubling()(X)[0, 0]) == 2
    assert float(Doubling()(X, training=False)[0, 0]) == 1


@BOTH
def test_whole_numbers_enter_a_sequential_as_floats(k):
    class Shift(k.layers.Layer):
        def call(self, x):
            return x * 2 - 255

    data = np.array([[200, 100, 0]], "uint8")
    for layers in ([k.Input((3,)), Shift()], [Shift()], [k.Input((3,)), k.layers.Flatten(), Shift()]):
        result = k.Sequential(layers).predict(data, verbose=0)
        assert result.dtype == "float32" and result.tolist() == [[145, -55, -255]]


@BOTH
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int16", "uint16", "int32", "float32"])
def test_a_sum_of_small_numbers_does_not_overflow(k, dtype):
    x = np.full(1000, 100 if dtype != "bool" else 1, dtype)
    total = k.ops.sum(x)
    assert int(total) == x.sum(dtype="int64")
    assert np.dtype(total.dtype).name == {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32",
                                          "uint16": "uint32"}.get(dtype, dtype)


def test_pop_and_a_refused_layer_leave_the_shapes_right():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(2)])
    model.pop()
    assert model.output_shape == (None, 4)
    with pytest.raises(ValueError, match="Reshape"):
        model.add(keras.layers.Reshape((5,)))
    assert model.output_shape == (None, 4) and len(model.layers) == 1
    empty = keras.Sequential()
    with pytest.warns(UserWarning, match="input_shape"), pytest.raises(ValueError, match="Reshape"):
        empty.add(keras.layers.Reshape((5,), input_shape=(3,)))
    empty.add(keras.layers.Dense(1))
    assert empty.predict(X, verbose=0).shape == (2, 1)


def test_a_tape_gives_gradients_of_values_in_between():
    x = ops.convert_to_tensor([3.0])
    with Tape() as tape:
        tape.watch(x)
        y = x * x
        z = y * 2.0
    dy, dx = tape.gradients(z, [y, x])
    assert dy.tolist() == [2.0] and dx.tolist() == [12.0]


def test_gradients_of_the_wrong_shape_are_refused_before_anything_changes():
    v, optimizer = keras.Variable(np.zeros(5, "float32")), keras.optimizers.SGD(0.1)
    with pytest.raises(ValueError, match=r"\(5,\).*\(2,\)"):
        optimizer.apply([np.ones(2, "float32")], [v])
    assert int(optimizer.iterations) == 0 and not v.numpy().any()
    optimizer.apply([[1.0, 0.0, 0.0, 0.0, 2.0]], [v])
    np.testing.assert_allclose(v.numpy(), [-0.1, 0, 0, 0, -0.2], rtol=1e-6)


@BOTH
@pytest.mark.parametrize("limit", ["clipnorm", "clipvalue", "global_clipnorm"])
def test_a_limit_of_zero_is_no_limit(k, limit):
    v = k.Variable([1.0, 2.0])
    k.optimizers.SGD(0.1, **{limit: 0.0}).apply([k.ops.convert_to_tensor([1.0, 1.0])], [v])
    np.testing.assert_allclose(np.array(v), [0.9, 1.9], rtol=1e-6)


def test_random_numbers_in_a_replayed_step_are_new_in_each():
    class Noise(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.seeds = keras.random.SeedGenerator(1)

        def call(self, x):
            return x + keras.random.normal(x.shape, seed=self.seeds)

    model = keras.Sequential([keras.Input((1,)), Noise()])
    model.compile("sgd", "mse", jit_compile=True)
    assert len(np.unique(model.predict(np.zeros((6, 1)), batch_size=2, verbose=0))) == 6


@pytest.mark.parametrize("noise_shape", [(3, 4), (2, 3, 5), (2, 3, 4, 1)])
def test_a_noise_shape_that_does_not_fit_is_refused(noise_shape):
    with pytest.raises(ValueError, match="noise_shape"):
        keras.random.dropout(np.ones((2, 3, 4)), 0.5, noise_shape)


def test_check_gradients_with_a_loss_checks_the_weights_of_a_model_not_built_yet():
    model = keras.Sequential([keras.layers.Dense(2, activation="tanh")])
    found = check_gradients(model, X, np.zeros((2, 2)), loss=keras.losses.MeanSquaredError())
    assert found.passed and len({d.weight for d in found.checked}) == 3
    assert {w.dtype for w in model.weights} == {"float32"}


def test_a_model_that_overrides_what_is_never_called_is_refused():
    with pytest.raises(NotImplementedError, match="make_train_function"):
        type("Net", (keras.Model,), {"make_train_function": lambda self, *_: None})


@pytest.mark.parametrize("step", [lambda self, state, data: None, lambda self, x, y, sample_weight=None: None])
def test_a_train_step_in_another_form_is_refused(step):
    with pytest.raises(NotImplementedError, match=r"train_step\(self, data\)"):
        type("Net", (keras.Model,), {"train_step": step})
