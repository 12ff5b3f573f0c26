"""What a trace holds, against NumPy, finite differences and the tape; and that the model stays as it was."""

import threading

import numpy as np
import pytest

from kerastutor import Tape, keras
from kerastutor.inspect import trace
from kerastutor.inspect.trace import ROWS, Tracer
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tensor

L = keras.layers


@pytest.fixture
def net():
    keras.utils.set_random_seed(0)
    layers = [L.Dense(5, "tanh", name="hidden"), L.Dense(3, "softmax", name="out")]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    rng = np.random.default_rng(1)
    return model, rng.normal(size=(6, 4)).astype("float32"), rng.integers(0, 3, 6)


def test_what_goes_through_each_layer_is_numpy_s(net):
    model, x, y = net
    w, b, v, c = model.get_weights()
    seen = trace(model, x, y)
    z = x @ w + b
    np.testing.assert_allclose(seen["hidden"].z, z, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(seen["hidden"].output, np.tanh(z), rtol=1e-5, atol=1e-6)
    e = np.exp(np.tanh(z) @ v + c)
    p = e / e.sum(1, keepdims=True)
    np.testing.assert_allclose(seen["out"].output, p, rtol=1e-5)
    assert seen.loss == pytest.approx(-np.log(p[np.arange(6), y]).mean(), rel=1e-5)
    dz = (p - np.eye(3)[y]) / 6  # what softmax and cross-entropy come to, by hand
    np.testing.assert_allclose(seen["out"].dz, dz, atol=1e-6)
    np.testing.assert_allclose(seen["out"].gradients["kernel"], np.tanh(z).T @ dz, atol=1e-6)
    np.testing.assert_allclose(seen["hidden"].output_gradient, dz @ v.T, atol=1e-6)
    np.testing.assert_allclose(seen["hidden"].dz, dz @ v.T * (1 - np.tanh(z) ** 2), atol=1e-6)
    np.testing.assert_allclose(seen["hidden"].input_gradients[0], seen["hidden"].dz @ w.T, atol=1e-6)


def test_gradients_of_activations_are_what_a_small_change_does():
    """Finite differences: the part of the model behind a layer is run on that layer's output, changed a little."""
    keras.utils.set_random_seed(3)
    layers = [L.Conv2D(2, 3, activation="tanh", name="conv"), L.AveragePooling2D(2), L.Flatten(), L.Dense(1)]
    model = keras.Sequential([keras.Input((6, 6, 1)), *layers])
    model.compile(loss="mse")
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 6, 6, 1)), rng.normal(size=(2, 1))
    seen = trace(model, x, y)

    def loss(a):
        for layer in layers[1:]:
            a = layer(a)
        return np.mean((a.numpy().astype("float64") - y) ** 2)

    a = seen["conv"].output
    for place in [(0, 0, 0, 0), (1, 2, 3, 1), (1, 1, 1, 0)]:
        ends = []
        for step in (1e-2, -1e-2):  # the rest is quadratic: a large step is exact
            changed = a.copy()
            changed[place] += step
            ends.append(loss(changed))
        assert seen["conv"].output_gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-2, rel=2e-3, abs=1e-6)


def test_weights_gradients_are_the_tape_s(net):
    model, x, y = net
    seen = trace(model, x, y)
    with Tape() as tape:
        loss = model.compute_loss_of(Tensor(y), model(x, training=False))
    wanted = tape.gradients(loss, model.trainable_variables)
    found = [seen[name].gradients[weight] for name in ("hidden", "out") for weight in ("kernel", "bias")]
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_model_stays_as_it_was():
    layers = [L.BatchNormalization(), L.Dropout(0.5, name="dropped"), L.Dense(2, activity_regularizer="l2")]
    model = keras.Sequential([keras.Input((3,)), *layers])
    model.compile(loss="mse", optimizer="adam")
    x, y = np.ones((8, 3), "float32"), np.zeros((8, 2), "float32")
    model.fit(x, y, epochs=1, verbose=0)
    before, state = model.get_weights(), [v.numpy() for v in model.optimizer.variables]
    losses, grads = list(model.losses), [v.grad for v in model.variables]
    seen = trace(model, x, y, training=True)
    assert (seen["dropped"].output == 0).any()
    for a, b in zip(before + state, model.get_weights() + [v.numpy() for v in model.optimizer.variables], strict=True):
        np.testing.assert_array_equal(a, b)
    assert [v.grad for v in model.variables] == grads
    assert len(model.losses) == len(losses)


def test_a_graph_with_a_model_inside_and_ops():
    given = keras.Input((4,))
    a = L.Dense(4, name="a")(given)
    inner = keras.Sequential([keras.Input((4,)), L.Dense(5, name="b"), L.LayerNormalization(name="n")], name="inner")
    model = keras.Model(given, L.Dense(1, name="c")(inner(L.Add(name="add")([a, given])) * 2.0))
    seen = trace(model, np.ones((3, 4)))
    assert list(seen.layers) == ["a", "add", "inner", "inner/b", "inner/n", "multiply", "c"] or \
        [k.rstrip("_0123456789") for k in seen.layers] == ["a", "add", "inner", "inner/b", "inner/n", "multiply", "c"]
    assert seen["add"].sources == ["a"] and seen["add"].from_input
    assert seen["inner"].sources == ["add"] and seen["inner"].children == ["inner/b", "inner/n"]
    assert seen["n"].sources == ["inner/b"] and seen["b"].from_input
    assert seen["c"].sources[0].startswith("multiply")
    np.testing.assert_allclose(seen["c"].inputs[0], 2 * seen["inner"].output)
    assert seen.loss is None and seen["a"].output_gradient is None


def test_a_subclassed_model_shows_its_layers_and_what_feeds_what():
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.two = L.Dense(3, name="one"), L.Dense(3, name="two")

        def call(self, x):
            return self.two(ops.relu(self.one(x)) + 1.0) + self.one(x)

    seen = trace(Net(), np.ones((2, 3)))
    assert list(seen.layers) == ["one", "two", "one:2"]
    assert seen["two"].sources == ["one"] and not seen["two"].from_input


def test_an_rnn_is_one_layer_and_both_directions_are_inside():
    model = keras.Sequential([L.Embedding(9, 4, mask_zero=True), L.Bidirectional(L.LSTM(3, name="l"), name="both")])
    seen = trace(model, np.array([[1, 2, 0], [3, 0, 0]]))
    assert seen["both"].children == ["both/forward_l", "both/backward_l"]
    assert len(seen["both/forward_l"].inputs) == 1  # the mask is none


def test_an_op_that_only_makes_a_mask_is_no_layer():
    given = keras.Input((3,), dtype="int32")
    words = L.Embedding(9, 4, mask_zero=True, name="words")(given)
    model = keras.Model(given, L.Dense(1, name="d")(L.LSTM(3, name="l")(words)))
    assert list(trace(model, np.array([[1, 2, 0]])).layers) == ["words", "l", "d"]


def test_ten_thousand_samples_are_sampled_and_that_is_said(net):
    model, _, _ = net
    x = np.arange(40_000, dtype="float32").reshape(10_000, 4)
    seen = trace(model, x)
    assert len(seen.rows) == ROWS and seen.total == 10_000
    assert "256 of 10,000 samples" in seen.note
    assert seen.rows[0] == 0 and seen.rows[-1] == 9999
    np.testing.assert_array_equal(seen["hidden"].inputs[0], x[seen.rows])


def test_large_activations_take_fewer_samples():
    model = keras.Sequential([keras.Input((256, 256, 1)), L.Conv2D(32, 1)])
    assert len(trace(model, np.zeros((64, 256, 256, 1), "float32")).rows) < 16


def test_one_sample(net):
    model, x, y = net
    seen, all_of_them = trace(model, x, y, samples=4), trace(model, x, y)
    assert seen.rows.tolist() == [4]
    np.testing.assert_allclose(seen["out"].output[0], all_of_them["out"].output[4], rtol=1e-5)
    np.testing.assert_allclose(seen["out"].dz[0], 6 * all_of_them["out"].dz[4], rtol=1e-4, atol=1e-7)


def test_several_inputs_and_outputs():
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    joined = L.Concatenate(name="joined")([a, b])
    model = keras.Model([a, b], [L.Dense(1, name="p")(joined), L.Dense(2, name="q")(joined)])
    model.compile(loss=["mse", "mae"])
    x, y = [np.ones((4, 2)), np.ones((4, 3))], [np.zeros((4, 1)), np.zeros((4, 2))]
    seen = trace(model, x, y)
    assert seen["p"].output_gradient.shape == (4, 1) and seen["q"].output_gradient.shape == (4, 2)
    assert [p.shape for p in seen.prediction] == [(4, 1), (4, 2)]


@pytest.mark.parametrize(
    ("x", "y", "samples", "complaint"),
    [
        (np.ones((3, 4)), np.zeros(2, int), None, "has 2 samples where x has 3"),
        (np.ones((3, 4)), np.zeros(3, int), 3, "no sample 3: the data has 3, 0..2"),
        (np.ones((3, 4)), np.full(3, 7), None, "not a class number"),
        (np.ones((3, 5)), np.zeros(3, int), None, r"samples of shape \(5,\)"),
        (np.ones((0, 4)), np.zeros(0, int), None, "empty"),
    ],
)
def test_bad_data_is_refused_in_a_sentence(net, x, y, samples, complaint):
    with pytest.raises((ValueError, IndexError), match=complaint):
        trace(net[0], x, y, samples)


def test_an_unknown_layer(net):
    seen = trace(*net)
    with pytest.raises(ValueError, match="Did you mean 'hidden'"):
        seen["hiden"]


def test_weights_of_another_moment(net):
    model, x, y = net
    tracer = Tracer(model, x, y)
    first = tracer.trace().loss
    old = [v.value.copy() for v in model.variables]
    model.set_weights([w + 1 for w in model.get_weights()])
    assert tracer.trace().loss == first
    tracer.take_weights()
    assert tracer.trace().loss != first
    tracer.take_weights(old)
    assert tracer.trace().loss == first


def test_a_stateful_layer_gets_its_batches_and_begins_anew_each_time():
    model = keras.Sequential([keras.Input((5, 2), batch_size=4), L.LSTM(3, stateful=True, name="l"), L.Dense(1)])
    model.compile(loss="mse")
    rng = np.random.default_rng(0)
    tracer = Tracer(model, rng.normal(size=(10, 5, 2)), rng.normal(size=(10, 1)))
    first, again = tracer.trace(samples=8), tracer.trace(samples=8)
    assert first.rows.tolist() == [8, 9, 0, 1] and "batches of 4" in first.note
    np.testing.assert_array_equal(first["l"].output, again["l"].output)
    assert len(tracer.trace().rows) == 4


def test_a_model_that_can_t_be_copied_says_why():
    class Locked(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.key = threading.Lock()

        def call(self, x):
            return x * 2.0

    with pytest.raises(TypeError, match="can't be copied .*lock"):
        trace(keras.Sequential([Locked()], name="locked"), np.ones((2, 2)))


def test_a_hundred_layers():
    x = given = keras.Input((8,))
    for _ in range(100):
        x = L.Dense(8, "relu")(x)
    assert len(trace(keras.Model(given, x), np.ones((3, 8)))) == 100


def test_other_threads_are_not_watched(net):
    """A training in the background neither appears in a trace nor is disturbed by it."""
    model, x, y = net
    stop, broken = threading.Event(), []

    def train():
        try:
            while not stop.is_set():
                model.fit(x, y, epochs=2, verbose=0)
        except BaseException as problem:
            broken.append(problem)

    thread = threading.Thread(target=train)
    tracer = Tracer(model, x, y)
    thread.start()
    try:
        for _ in range(20):
            tracer.take_weights()
            assert list(tracer.trace().layers) == ["hidden", "out"]
    finally:
        stop.set()
        thread.join(60)
    assert broken == []
