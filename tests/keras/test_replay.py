"""What is recorded once and replayed does, on new numbers, what running eagerly does.

Every op and every layer with a case is replayed (`op_cases/`, `cases/`), and whole models: a step that reads a
value too early, keeps one from the first batch, or adds to an array that it should have cleared, shows here.
"""

import gc
import weakref

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from kerastutor.keras.models import replay
from kerastutor.keras.models.replay import Program
from tests.keras.cases import LAYERS
from tests.keras.op_cases import CASES as OPS
from tests.keras.op_cases import flat

ROUNDS = 3


def other_numbers(x, number):
    """Other inputs of the same kind: the rows in another order, floats also a little larger."""
    x = np.roll(x, number, axis=0) if x.ndim else x
    return np.asarray(x * (1 + 0.1 * number), x.dtype) if x.dtype.kind == "f" else x


def check_replay(function, inputs):
    """`function(*arrays)` gives a list of arrays or None: recorded once, it must follow its inputs."""
    buffers = [x.copy() for x in inputs]
    program = Program(lambda *tensors: function(*[t.value for t in tensors]), buffers)
    for number in range(ROUNDS):
        now = [other_numbers(x, number) for x in inputs]
        for buffer, x in zip(buffers, now, strict=True):
            buffer[...] = x
        program.run()
        wanted = function(*now)
        for found, result in zip(program.result, wanted, strict=True):
            assert (found is None) == (result is None)
            if result is not None:
                # BLAS rounds by where arrays lie, and a recorded sum adds up in another order
                np.testing.assert_allclose(found, result, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "case", [case for case in OPS if case.replay], ids=[f"{i}-{case.id}" for i, case in enumerate(OPS) if case.replay]
)
def test_ops(case, backend):
    """The values, and the gradients by all float inputs."""

    def function(*arrays):
        tensors = [Tensor(x, tracked=x.dtype.kind == "f") for x in arrays]
        with Tape() as tape:
            results = flat(case.call(ops, tensors))
            loss = sum((ops.sum(y * y) for y in results if y.value.dtype.kind == "f"), start=ops.zeros(()))
        gradients = tape.gradients(loss, [t for t in tensors if t.tracked]) if case.gradient else []
        return [*(y.value for y in results), *gradients]

    check_replay(function, case.inputs("float32"))


@pytest.mark.parametrize("key", [0, slice(1, None), (slice(None), 1), (..., None)], ids=str)
def test_getitem(key, backend):
    def function(x):
        t = Tensor(x, tracked=True)
        with Tape() as tape:
            loss = ops.sum(t[key] * t[key])
        return [loss.value, *tape.gradients(loss, [t])]

    check_replay(function, [np.arange(12, dtype="float32").reshape(3, 4)])


REPLAYED = [c for c in LAYERS if not c.random and c.gradient and not c.call_arguments]


@pytest.mark.parametrize("case", REPLAYED, ids=[c.id for c in REPLAYED])
def test_layers(case, backend):
    """The outputs, the gradients by all weights, and what the layer keeps for itself."""
    layer, x = case.make(keras), case.input()
    layer(x)
    kept = [(v, v.numpy()) for v in layer.non_trainable_variables]

    def function(*arrays):
        for v, start in kept:
            v.assign(start)
        layer._clear_losses()
        inputs = [Tensor(a) for a in arrays]
        with Tape() as tape:
            outputs = flat(layer(inputs if case.several else inputs[0], training=True))
            loss = sum((ops.sum(y * y) for y in outputs), start=ops.zeros(()))
            for cost in layer.losses:
                loss = loss + cost
        found = tape.gradients(loss, layer.trainable_variables)
        return [*(y.value for y in outputs), *found, *(v.value for v, _ in kept)]

    check_replay(function, x if case.several else [x])


def test_labels_are_checked_at_each_step(backend):
    labels, p = np.array([0, 2], "int32"), np.full((2, 3), 1 / 3, "float32")
    program = Program(ops.sparse_categorical_crossentropy, [labels, p])
    program.run()
    labels[1] = 3
    with pytest.raises(ValueError, match=r"label 3 \(row 1"):
        program.run()


def test_dropout_draws_anew_at_each_step(backend):
    layer = keras.layers.Dropout(0.5, seed=1)
    program = Program(lambda x: layer(x, training=True), [np.ones((20, 30), "float32")])
    masks = []
    for _ in range(3):
        program.run()
        masks.append(program.result.value.copy())
    eager = keras.layers.Dropout(0.5, seed=1)
    for mask in masks:
        np.testing.assert_array_equal(mask, eager(np.ones((20, 30), "float32"), training=True).numpy())
    assert (masks[0] != masks[1]).any() and (masks[1] != masks[2]).any()


# whole models ----------------------------------------------------------------------------------

RNG = np.random.default_rng(3)
X = RNG.normal(size=(83, 6)).astype("float32")  # 83 = 5 * 16 + 3: the last batch is ragged
CLASSES = RNG.integers(0, 3, 83)
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]
NUMBERS = (X @ RNG.normal(size=(6, 1)) + 1).astype("float32")


def dense(units, **options):
    return keras.layers.Dense(units, **options)


class Halve(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.model.optimizer.learning_rate = float(self.model.optimizer.learning_rate) / 2


def decay(step=0):
    return 0.1 * 0.9**step


SETUPS = {
    # name: (layers, targets, arguments of compile, arguments of fit)
    "sgd mse": (lambda: [dense(4, activation="relu"), dense(1)], NUMBERS, {"optimizer": "sgd", "loss": "mse"}, {}),
    "adam softmax": (
        lambda: [dense(8, activation="tanh"), dense(3, activation="softmax")], ONE_HOT,
        {"optimizer": "adam", "loss": "categorical_crossentropy", "metrics": ["accuracy"]}, {},
    ),
    "rmsprop sparse": (
        lambda: [dense(8, activation="relu"), dense(3, activation="softmax")], CLASSES,
        {"optimizer": "rmsprop", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}, {},
    ),
    "binary": (
        lambda: [dense(5, activation="sigmoid"), dense(1, activation="sigmoid")], (CLASSES == 1).astype("float32"),
        {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy", "mae"]}, {},
    ),
    "momentum": (
        lambda: [dense(4), dense(1)], NUMBERS,
        {"optimizer": lambda: keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True), "loss": "mae"}, {},
    ),
    "dropout": (
        lambda: [dense(16, activation="relu"), keras.layers.Dropout(0.5), dense(3, activation="softmax")], CLASSES,
        {"optimizer": "adam", "loss": "sparse_categorical_crossentropy"}, {},
    ),
    "regularized": (
        lambda: [dense(8, kernel_regularizer="l2"), dense(1, kernel_regularizer="l1", bias_regularizer="l2")], NUMBERS,
        {"optimizer": "sgd", "loss": "mse"}, {},
    ),
    "constrained": (
        lambda: [dense(8, kernel_constraint="non_neg", bias_constraint="max_norm"), dense(1)], NUMBERS,
        {"optimizer": "sgd", "loss": "mse"}, {},
    ),
    "reshaped": (
        lambda: [keras.layers.Reshape((3, 2)), dense(4, activation="relu"), keras.layers.Flatten(), dense(1)], NUMBERS,
        {"optimizer": "adam", "loss": "mse"}, {},
    ),
    "frozen": (lambda: [dense(4, trainable=False), dense(1)], NUMBERS, {"optimizer": "adam", "loss": "mse"}, {}),
    "weighted": (
        lambda: [dense(4, activation="relu"), dense(1)], NUMBERS,
        {"optimizer": "sgd", "loss": "mse", "weighted_metrics": ["mae"]},
        {"sample_weight": np.linspace(0, 2, 83).astype("float32")},
    ),
    "schedule by step": (
        lambda: [dense(4), dense(1)], NUMBERS,
        {"optimizer": lambda: keras.optimizers.SGD(decay), "loss": "mse"}, {},
    ),
    "schedule by epoch": (
        lambda: [dense(4), dense(1)], NUMBERS, {"optimizer": "adam", "loss": "mse"}, {"callbacks": lambda: [Halve()]},
    ),
    **{
        f"{option} {value}": (
            lambda: [dense(4), dense(1)], NUMBERS,
            {"optimizer": lambda o=option, v=value: keras.optimizers.Adam(**{o: v}), "loss": "mse"}, {},
        )
        for option, value in [("weight_decay", 0.1), ("clipnorm", 0.5), ("clipvalue", 0.1), ("global_clipnorm", 0.5)]
    },
    "validation": (
        lambda: [dense(8, activation="relu"), keras.layers.Dropout(0.3), dense(3, activation="softmax")], CLASSES,
        {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
        {"validation_split": 0.3},
    ),
}


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=2e-4, atol=1e-5)


SAME = {"numpy": np.testing.assert_array_equal, "cpu": close}  # replayed, products are shared or come without Python


def trained(setup, eagerly, model=keras.Sequential, **more):
    """(model, history) after three epochs from the same seed."""
    layers, y, compile_arguments, fit_arguments = SETUPS[setup]
    made = lambda d: {k: v() if callable(v) else v for k, v in d.items()}
    keras.utils.clear_session()
    keras.utils.set_random_seed(5)
    m = model([keras.Input((6,)), *layers()])
    m.compile(**made(compile_arguments), run_eagerly=eagerly)
    history = m.fit(X, y, batch_size=16, epochs=3, verbose=0, **made(fit_arguments), **more)
    return m, history.history


@pytest.mark.parametrize("setup", SETUPS)
def test_fit(setup, backend):
    """The same weights, curve, predictions and evaluation: the same kernels ran on the same numbers."""
    replayed, curve = trained(setup, eagerly=False)
    eager, wanted = trained(setup, eagerly=True)
    assert replayed._replays() or setup == "schedule by step", "a schedule of one's own may do anything"
    assert not eager._replays()
    same = SAME[backend]
    same(list(curve.values()), list(wanted.values()))
    for a, b in zip(replayed.get_weights(), eager.get_weights(), strict=True):
        same(a, b)
    same(replayed.predict(X, verbose=0), eager.predict(X, verbose=0))
    y = SETUPS[setup][1]
    same(replayed.evaluate(X, y, verbose=0), eager.evaluate(X, y, verbose=0))


def test_the_learning_rate_is_read_at_each_step(backend):
    """A callback that sets it to 0 stops all learning, replayed or not."""

    class Stop(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 2:
                self.model.optimizer.learning_rate = 0.0
                self.weights = self.model.get_weights()

    stop = Stop()
    m, _ = trained("sgd mse", eagerly=False, callbacks=[stop])
    for a, b in zip(stop.weights, m.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_weights_set_during_training_count(backend):
    """`set_weights` from a callback writes into the arrays that the recorded step reads."""

    class Zero(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.set_weights([np.zeros_like(w) for w in self.model.get_weights()])

    _, curve = trained("adam softmax", eagerly=False, callbacks=[Zero()])
    _, wanted = trained("adam softmax", eagerly=True, callbacks=[Zero()])
    SAME[backend](list(curve.values()), list(wanted.values()))


def test_a_second_fit_goes_on_where_the_first_ended(backend):
    m, _ = trained("adam softmax", eagerly=False)
    other, _ = trained("adam softmax", eagerly=True)
    for each in (m, other):
        keras.utils.set_random_seed(8)
        each.fit(X[:40], ONE_HOT[:40], batch_size=7, epochs=2, verbose=0)
    for a, b in zip(m.get_weights(), other.get_weights(), strict=True):
        SAME[backend](a, b)


def test_predictions_do_not_change_when_more_are_made(backend):
    m, _ = trained("sgd mse", eagerly=False)
    first = m.predict(X[:16], verbose=0)
    kept = first.copy()
    m.predict(X[16:32], verbose=0)
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("kept", [{"AT_MOST": 3}, {"BYTES": 1}, {"BYTES": 2000, "AT_MOST": 5}], ids=str)
def test_batches_of_ever_new_sizes_keep_few_programs(kept, backend, monkeypatch):
    """And their arrays are freed, at once; the training is that of a model that runs eagerly."""
    for name, value in ({"ALWAYS": 2} | kept).items():
        monkeypatch.setattr(replay, name, value)
    alive, most, make = set(), [], Program.__init__

    def made(self, step, inputs, **options):
        make(self, step, inputs, **options)
        alive.add(len(most))
        weakref.finalize(inputs[0], alive.discard, len(most))
        most.append(len(alive))

    def train(eagerly):
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        model.set_weights([np.ones((3, 2)), np.zeros(2)])
        model.compile("sgd", "mse", run_eagerly=eagerly)
        sizes = [*range(1, 12), 1, 2, 1]
        model.fit(((X[:n, :3], ONE_HOT[:n, :2]) for n in sizes), epochs=1, verbose=0)
        return model.get_weights()

    eager = train(True)
    monkeypatch.setattr(Program, "__init__", made)
    gc.disable()
    try:
        for a, b in zip(train(False), eager, strict=True):
            SAME[backend](a, b)
    finally:
        gc.enable()
    assert len(most) >= 11 and 2 <= max(most) <= kept.get("AT_MOST", 2) + 1
