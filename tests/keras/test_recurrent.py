"""Recurrent layers: the op for a whole sequence beside the loop over steps, and both beside real Keras."""

import random

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor, recording
from tests.keras.oracle import array, real

L = keras.layers
FUSED = {"SimpleRNN": "simple_rnn", "LSTM": "lstm", "GRU": "gru"}
ALL = {"return_sequences": True, "return_state": True}
MASK = np.array([[True, True, False, True], [False, True, True, False], [True, True, True, True]])


def numbers(*shape, seed=0, dtype="float32"):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def kernels(layer, *args, **kwargs):
    """The names of the kernels that a call of the layer runs."""
    with recording() as calls:
        layer(*args, **kwargs)
    return [getattr(kernel, "__name__", "") for kernel, _ in calls]


def alike(make, x):
    """A layer of ours and one of real Keras's with the same weights, none of them 0 or 1, after a call on x."""
    ours, theirs = make(keras), make(real())
    ours(x), theirs(x)
    rng = np.random.default_rng(3)
    weights = [w + (0.3 * rng.random(w.shape)).astype("float32") for w in ours.get_weights()]
    ours.set_weights(weights), theirs.set_weights(weights)
    return ours, theirs


def assert_same(found, wanted, rtol=1e-5, atol=2e-6):
    found, wanted = keras.tree.flatten(found), keras.tree.flatten(wanted)
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(array(a), array(b), rtol=rtol, atol=atol)


# one op for all steps --------------------------------------------------------------------------


def looped(name):
    """The same layer, whose cell's class is another one: its steps are run one by one."""
    layer = getattr(L, name)
    cell = getattr(L, f"{name}Cell")
    subclass = type("Copied", (cell,), {})

    def make(*args, **kwargs):
        made = layer(*args, **kwargs)
        copied = subclass.from_config(made.cell.get_config())
        return L.RNN(copied, **{k: v for k, v in kwargs.items() if k not in ("units",)})

    return make


@pytest.mark.slow
@pytest.mark.parametrize("name", FUSED)
@pytest.mark.parametrize("options", [{}, {"go_backwards": True}, ALL, {"go_backwards": True, **ALL}], ids=str)
@pytest.mark.parametrize("mask", [None, MASK], ids=["", "mask"])
def test_the_op_for_a_sequence_is_its_steps_one_by_one(name, options, mask, backend, float64):
    """Values, and gradients by input, first states and weights."""
    x = numbers(3, 4, 2, dtype="float64")
    states = [numbers(3, 5, seed=i, dtype="float64") for i in range(2 if name == "LSTM" else 1)]
    fused, loop = getattr(L, name)(5, **options), looped(name)(5, **options)
    assert FUSED[name] in kernels(fused, x, mask=mask) and FUSED[name] not in kernels(loop, x, mask=mask)
    rng = np.random.default_rng(3)
    fused.set_weights([w + 0.3 * rng.random(w.shape) for w in fused.get_weights()])
    loop.set_weights(fused.get_weights())
    results = []
    for layer in (fused, loop):
        with Tape() as tape:
            inputs = [Tensor(a, tracked=True) for a in (x, *states)]
            outputs = keras.tree.flatten(layer(inputs[0], initial_state=inputs[1:], mask=mask))
            loss = sum(ops.sum(y * y * (i + 1.0)) for i, y in enumerate(outputs))
        results.append([*[y.numpy() for y in outputs], *tape.gradients(loss, [*inputs, *layer.trainable_variables])])
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-13)


@pytest.mark.slow
@pytest.mark.parametrize("state", [1, 2])
def test_the_loss_may_depend_on_the_last_states_alone(state, backend, float64):
    results = []
    for make in (L.LSTM, looped("LSTM")):
        layer = make(4, return_sequences=True, return_state=True)
        layer(numbers(2, 3, 2))
        layer.set_weights([numbers(*w.shape, seed=i) for i, w in enumerate(layer.get_weights())])
        with Tape() as tape:
            loss = ops.sum(layer(numbers(2, 3, 2))[state] ** 2)
        results.append([np.ravel(g) for g in tape.gradients(loss, layer.trainable_variables)])
    np.testing.assert_allclose(np.concatenate(results[0]), np.concatenate(results[1]), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "make",
    [
        lambda: L.LSTM(3, activation="relu"), lambda: L.GRU(3, recurrent_activation="hard_sigmoid"),
        lambda: L.GRU(3, reset_after=False), lambda: L.SimpleRNN(3, activation=None),
        lambda: L.LSTM(3, recurrent_dropout=0.5), lambda: L.RNN(type("Own", (L.LSTMCell,), {})(3)),
    ],
)
def test_whatever_the_op_does_not_do_runs_step_by_step(make):
    assert not set(FUSED.values()) & set(kernels(make(), numbers(2, 3, 4), training=True))


def test_dropped_states_need_the_loop_in_training_alone():
    layer = L.LSTM(3, recurrent_dropout=0.5)
    assert "lstm" in kernels(layer, numbers(2, 3, 4), training=False)


def test_a_subclass_of_a_cell_may_have_another_call(backend):
    class Twice(L.SimpleRNNCell):
        def call(self, sequence, states, training=False):
            h, states = super().call(sequence, states, training)
            return 2.0 * h, states

    x = numbers(2, 3, 4)
    layer, plain = L.RNN(Twice(3)), L.SimpleRNN(3)
    layer(x), plain(x)
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(x).numpy(), 2 * plain(x).numpy(), rtol=1e-6)


@pytest.mark.parametrize("name", FUSED)
def test_the_number_of_cores_changes_rounding_alone(name, monkeypatch):
    crew = pytest.importorskip("kerastutor.backends.cpu.crew")
    x, y = numbers(130, 6, 3), numbers(130, 5)
    results = []
    for cores in (1, 3):
        monkeypatch.setattr(crew, "CORES", cores)
        keras.utils.set_random_seed(1)
        layer = getattr(L, name)
        model = keras.Sequential([keras.Input((6, 3)), layer(20, return_sequences=True), layer(5)])
        model.compile("sgd", "mse")
        results.append([*model.fit(x, y, batch_size=65, epochs=2, verbose=0).history["loss"], *model.get_weights()])
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


# cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, count", [("SimpleRNNCell", 1), ("LSTMCell", 2), ("GRUCell", 1)])
def test_a_step_of_a_cell(name, count, backend):
    x, states = numbers(3, 2), [numbers(3, 5, seed=i) for i in range(count)]
    ours, theirs = getattr(L, name)(5), getattr(real().layers, name)(5)
    ours(x, states), theirs(x, states)
    theirs.set_weights(ours.get_weights())
    assert_same(ours(x, states), theirs(x, states))
    assert [v.name for v in ours.weights] == [v.name for v in theirs.weights]
    for a, b in zip(ours.get_initial_state(batch_size=4), theirs.get_initial_state(batch_size=4), strict=True):
        np.testing.assert_array_equal(a.numpy(), array(b))


def own_cell(k, sizes=5):
    """A student's cell, for real Keras or ours: the state decays, and a second one counts the steps."""

    class Decaying(k.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.state_size = [sizes, 1]
            self.output_size = sizes

        def build(self, input_shape):
            self.kernel = self.add_weight(shape=(input_shape[-1], sizes), initializer="uniform", name="kernel")
            self.rate = self.add_weight(shape=(sizes,), initializer="ones", name="rate")

        def call(self, inputs, states):
            h, steps = states
            h = k.ops.tanh(k.ops.matmul(inputs, self.kernel) + h * self.rate)
            return h, [h, steps + 1.0]

        def get_initial_state(self, batch_size=None):
            return [k.ops.ones((batch_size, sizes)), k.ops.zeros((batch_size, 1))]

    return Decaying()


@pytest.mark.parametrize("mask", [None, MASK], ids=["", "mask"])
def test_a_cell_of_a_students_own(mask, backend):
    x = numbers(3, 4, 2)
    make = lambda k: k.layers.RNN(own_cell(k), return_sequences=True, return_state=True)
    ours, theirs = alike(make, x)
    assert_same(ours(x, mask=mask), theirs(x, mask=mask))
    steps = ours(x, mask=mask)[2].numpy()[:, 0]
    np.testing.assert_array_equal(steps, [4, 4, 4] if mask is None else mask.sum(1))


@pytest.mark.slow
def test_a_cell_of_ones_own_in_both_directions_and_on_top_of_others(backend):
    x = numbers(3, 4, 2)
    ours, theirs = alike(lambda k: k.layers.RNN([k.layers.GRUCell(3), own_cell(k), k.layers.LSTMCell(4)]), x)
    assert_same(ours(x, mask=MASK), theirs(x, mask=MASK))
    both = L.Bidirectional(L.RNN(own_cell(keras)))
    assert both(x).shape == (3, 10)
    assert type(both.backward_layer.cell).__name__ == "Decaying"


def test_a_model_with_a_cell_of_ones_own_trains_as_in_keras(backend):
    x, y = numbers(6, 4, 2), numbers(6, 1)
    losses = []
    for k in (keras, real()):
        model = k.Sequential([k.Input((4, 2)), k.layers.RNN(own_cell(k)), k.layers.Dense(1)])
        model.set_weights([numbers(*w.shape, seed=i) * 0.5 for i, w in enumerate(model.get_weights())])
        model.compile(k.optimizers.SGD(0.1), "mse")
        losses.append(model.fit(x, y, batch_size=3, epochs=3, shuffle=False, verbose=0).history["loss"])
    np.testing.assert_allclose(*losses, rtol=1e-5)


class Sum:
    """A cell that is no layer, with a single state."""

    state_size = 2

    def call(self, inputs, states):
        total = states[0] + inputs
        return total, total


def test_a_cell_need_not_be_a_layer(backend):
    y, state = L.RNN(Sum(), return_sequences=True, return_state=True)(np.ones((1, 3, 2), "float32"))
    np.testing.assert_array_equal(y.numpy()[0, :, 0], [1, 2, 3])
    np.testing.assert_array_equal(state.numpy(), [[3, 3]])


def test_stacked_cells_are_layers_on_top_of_each_other(backend):
    x = numbers(3, 4, 2)
    stack = L.RNN([L.LSTMCell(5), L.GRUCell(3)], return_sequences=True)
    stack(x)
    layers = [L.LSTM(5, return_sequences=True), L.GRU(3, return_sequences=True)]
    layers[1](layers[0](x))
    layers[0].set_weights(stack.get_weights()[:3]), layers[1].set_weights(stack.get_weights()[3:])
    np.testing.assert_allclose(stack(x).numpy(), layers[1](layers[0](x)).numpy(), rtol=1e-5, atol=1e-6)
    one = L.RNN([L.LSTMCell(5)], return_state=True)(x)
    assert [s.shape for s in keras.tree.flatten(one)] == [(3, 5)] * 3


@pytest.mark.parametrize("cell, missing", [(3, "call"), (L.Dense(3), "state_size"), ([Sum(), "x"], "call")])
def test_what_is_no_cell_is_refused(cell, missing):
    with pytest.raises(ValueError, match=f"no `{missing}`"):
        L.RNN(cell)


def test_units_must_be_a_positive_whole_number():
    for units in (0, -1, 2.5, "3", True):
        with pytest.raises(ValueError, match="LSTMCell: `units` must be a positive whole number"):
            L.LSTM(units)


# states ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*FUSED, "own"])
def test_a_stateful_layer_goes_on_where_the_last_batch_ended(name, backend):
    def make(k):
        cell = own_cell(k) if name == "own" else getattr(k.layers, f"{name}Cell")(5)
        return k.layers.RNN(cell, stateful=True)

    x = numbers(3, 4, 2)
    ours, theirs = alike(make, x)
    ours.reset_state(), theirs.reset_state()
    for seed in range(3):
        assert_same(ours(numbers(3, 4, 2, seed=seed)), theirs(numbers(3, 4, 2, seed=seed)))
    assert_same(ours.states, theirs.states)
    ours.reset_states()
    assert not np.any([np.any(v.numpy()) for v in ours.states])
    assert len(ours.weights) == len(theirs.weights)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FUSED, "loop"])
def test_a_stateful_model_trains_like_one_that_is_given_its_states(name, backend):
    """The way back starts from the states before the step, though they have been assigned to since.

    The judge is handed the states by hand: on JAX, real Keras's `fit` leaves those of a stateful layer at 0.
    """
    x, y = numbers(12, 4, 2), numbers(12, 1)

    def make(k, **options):
        return k.layers.LSTM(3, "relu", **options) if name == "loop" else getattr(k.layers, name)(3, **options)

    layer = make(keras, stateful=True)
    model = keras.Sequential([keras.Input(batch_shape=(4, 4, 2)), layer, L.Dense(1)])
    model.set_weights([numbers(*w.shape, seed=i) * 0.5 for i, w in enumerate(model.get_weights())])
    model.compile(keras.optimizers.SGD(0.1), "mse")

    k = real()
    inputs = [k.Input((4, 2)), *[k.Input((3,)) for _ in layer.states]]
    last, *states = make(k, return_state=True)(inputs[0], initial_state=inputs[1:])
    judge = k.Model(inputs, [k.layers.Dense(1)(last), *states])
    judge.set_weights(model.get_weights())
    judge.compile(k.optimizers.SGD(0.1), ["mse", *[None] * len(states)])

    found, wanted = model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0).history["loss"], []
    now = [np.zeros((4, 3), "float32") for _ in states]
    for _ in range(2):
        losses = []
        for i in range(0, 12, 4):
            after = judge.predict_on_batch([x[i : i + 4], *now])[1:]
            targets = [y[i : i + 4], *after]
            losses.append(np.ravel(judge.train_on_batch([x[i : i + 4], *now], targets))[0])
            now = after
        wanted.append(np.mean(losses))
    np.testing.assert_allclose(found, wanted, rtol=2e-5)
    assert_same(layer.states, now)
    for a, b in zip(model.get_weights(), judge.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-6)


def test_a_stateful_layer_wants_batches_of_one_size():
    with pytest.raises(ValueError, match="'lstm.*' .LSTM.: with stateful=True the batch must have a fixed size"):
        keras.Sequential([keras.Input((4, 2)), L.LSTM(3, stateful=True)])
    layer = L.LSTM(3, stateful=True)
    layer(numbers(4, 3, 2))
    before = [v.numpy() for v in layer.states]
    with pytest.raises(ValueError, match="built for batches of 4; this one has 3 samples"):
        layer(numbers(3, 3, 2))
    assert_same(layer.states, before, rtol=0, atol=0)


@pytest.mark.slow
def test_translation_model_hands_states_from_encoder_to_decoder(backend):
    """The functional sequence-to-sequence model of Keras's examples: predictions and training."""
    a, b, y = numbers(6, 4, 2), numbers(6, 3, 2, seed=1), numbers(6, 3, 2, seed=2)
    results = []
    for k in (keras, real()):
        source, target = k.Input((None, 2)), k.Input((None, 2))
        _, h, c = k.layers.LSTM(5, return_state=True)(source)
        decoded, _, _ = k.layers.LSTM(5, return_sequences=True, return_state=True)(target, initial_state=[h, c])
        model = k.Model([source, target], k.layers.Dense(2)(decoded))
        model.set_weights([numbers(*w.shape, seed=i) * 0.4 for i, w in enumerate(model.get_weights())])
        model.compile(k.optimizers.SGD(0.1), "mse")
        losses = model.fit([a, b], y, batch_size=3, epochs=2, shuffle=False, verbose=0).history["loss"]
        results.append(np.append(np.ravel(model.predict([a[:, :2], b], verbose=0)), losses))
    np.testing.assert_allclose(*results, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize(
    "states, message",
    [
        ([np.zeros((3, 5))], r"2 tensors of shape \(3, 5\) and \(3, 5\); got \(3, 5\)"),
        ([np.zeros((3, 5)), np.zeros((3, 4))], r"got \(3, 5\) and \(3, 4\)"),
        (np.zeros((3, 5)), "initial_state must be 2 tensors"),
    ],
)
def test_first_states_that_do_not_fit_are_refused(states, message):
    with pytest.raises(ValueError, match=message):
        L.LSTM(5)(numbers(3, 4, 2), initial_state=states)


def test_sequences_and_masks_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="it takes 3 axes"):
        L.LSTM(5)(numbers(3, 4))
    layer = L.LSTM(5, name="reader")
    layer(numbers(3, 4, 2))
    with pytest.raises(ValueError, match="'reader' .LSTM. got an input of shape .3, 4, 7.: its axis -1 has size 7"):
        layer(numbers(3, 4, 7))
    layer = L.RNN(L.LSTMCell(5))
    layer(numbers(3, 4, 2))
    with pytest.raises(ValueError, match=r"shape \(3, 4, 7\) do not fit a kernel of shape \(2, 20\)"):
        layer(numbers(3, 4, 7))
    with pytest.raises(ValueError, match="sequences without a step"):
        L.GRU(5)(numbers(3, 0, 4))
    with pytest.raises(ValueError, match=r"mask of shape \(3, 5\) does not fit sequences of shape \(3, 4, 2\)"):
        L.SimpleRNN(5)(numbers(3, 4, 2), mask=np.ones((3, 5), bool))
    with pytest.raises(ValueError, match="features of a step, must have a fixed size"):
        L.SimpleRNN(5)(keras.Input((4, None)))


# dropout ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", None], ids=["one op", "step by step"])
def test_the_dropped_inputs_are_the_same_at_all_steps(activation, backend):
    """Ones in, each to a unit of its own: the outputs of all steps show the mask."""
    layer = L.SimpleRNN(
        50, activation, kernel_initializer="identity", recurrent_initializer="zeros", dropout=0.4, return_sequences=True
    )
    x = np.ones((40, 3, 50), "float32")
    y = layer(x, training=True).numpy()
    np.testing.assert_array_equal(y[:, 0], y[:, 1])
    np.testing.assert_array_equal(y[:, 0], y[:, 2])
    assert 0.3 < (y == 0).mean() < 0.5
    np.testing.assert_allclose(y[y != 0], np.tanh(1 / 0.6) if activation else 1 / 0.6, rtol=1e-6)
    assert np.any(layer(x, training=True).numpy() != y)  # the next sequence gets another mask
    np.testing.assert_array_equal(layer(x, training=False).numpy() == 0, False)


def test_dropped_states_are_the_same_at_all_steps(backend):
    """The state, 1 at first, is handed on as it is: what is dropped at one step is dropped at all."""
    layer = L.SimpleRNN(
        50, None, kernel_initializer="zeros", recurrent_initializer="identity", recurrent_dropout=0.4,
        return_sequences=True,
    )
    y = layer(np.ones((40, 3, 1), "float32"), initial_state=np.ones((40, 50), "float32"), training=True).numpy()
    assert 0.3 < (y[:, 0] == 0).mean() < 0.5
    np.testing.assert_array_equal(y[:, 2] == 0, y[:, 0] == 0)
    np.testing.assert_allclose(y[:, 2][y[:, 0] != 0], 1 / 0.6**3, rtol=1e-5)


@pytest.mark.parametrize("name, gates", [("LSTM", 4), ("GRU", 3)])
def test_with_dropped_states_each_gate_has_a_mask_of_its_own(name, gates):
    layer = getattr(L, name)(7, dropout=0.5, recurrent_dropout=0.5)
    layer(numbers(2, 3, 7), training=True)
    for draw in (layer.cell.get_dropout_mask, layer.cell.get_recurrent_dropout_mask):
        masks = [m.numpy() for m in draw(ops.ones((40, 7)))]
        assert len(masks) == gates
        assert np.any(masks[0] != masks[1])


def test_replayed_steps_draw_new_masks(backend):
    """Each epoch's loss differs, although nothing is learned."""
    model = keras.Sequential([keras.Input((4, 3)), L.LSTM(8, dropout=0.5, recurrent_dropout=0.2)])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    losses = model.fit(numbers(8, 4, 3), numbers(8, 8), epochs=5, verbose=0).history["loss"]
    assert len(set(losses)) == 5


# seeds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [lambda k: k.layers.SimpleRNN(3), lambda k: k.layers.LSTM(3), lambda k: k.layers.GRU(3),
             lambda k: k.layers.Bidirectional(k.layers.LSTM(3)).backward_layer],
    ids=[*FUSED, "Bidirectional"],
)
def test_unseeded_layers_draw_their_seeds_in_keras_order(make):
    """So that keras.utils.set_random_seed gives the first weights that it gives there."""
    drawn = []
    for k in (keras, real()):
        k.utils.set_random_seed(5)
        cell = make(k).cell
        drawn.append([cell.kernel_initializer.seed, cell.recurrent_initializer.seed, random.random()])
    assert drawn[0] == drawn[1]
