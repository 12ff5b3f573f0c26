"""Where no callback asks about single batches, `fit` works on many in one go: nothing else may differ."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.models import runner
from kerastutor.keras.models.data.feed import Feed

SIZES = {"many": 40, "part": 45, "one": 7}  # rows; batches of 8


class EachBatch(keras.callbacks.Callback):
    """Asks about every batch."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(batch)


class NowAndThen(EachBatch):
    seconds_between_batches = 1e-9


def data(rows):
    rng = np.random.default_rng(rows)
    return rng.normal(size=(rows, 5)).astype("float32"), np.eye(3, dtype="float32")[rng.integers(0, 3, rows)]


def trained(callback, optimizer, rows, epochs=3, x=None, **options):
    """Weights, optimizer state and history after a training."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dropout(0.2),
                              keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer(), "categorical_crossentropy", metrics=["accuracy"])
    ours, y = data(rows)
    history = model.fit(ours if x is None else x, y, batch_size=8, epochs=epochs, callbacks=[callback], verbose=0,
                        **options).history
    return model.get_weights(), [v.numpy() for v in model.optimizer.variables], history


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.1, momentum=0.9), "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam, "amsgrad": lambda: keras.optimizers.Adam(amsgrad=True),
    "nadam": keras.optimizers.Nadam, "adamax": keras.optimizers.Adamax, "lamb": keras.optimizers.Lamb,
    "adafactor": keras.optimizers.Adafactor, "free": lambda: keras.optimizers.ScheduleFreeAdamW(warmup_steps=3),
    "schedule": lambda: keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
    "average": lambda: keras.optimizers.Adam(use_ema=True, ema_overwrite_frequency=3),
    "accumulated": lambda: keras.optimizers.Adam(gradient_accumulation_steps=2),
}


@pytest.mark.parametrize("rows", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_the_same_numbers(optimizer, rows, backend):
    """To the last bit but for the factors, which NumPy may round in another way."""
    for one, other in zip(trained(EachBatch(), optimizer, rows)[:2], trained(NowAndThen(), optimizer, rows)[:2]):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)


def test_the_same_history_with_validation(backend):
    options = dict(validation_split=0.3, shuffle=True)
    one = trained(EachBatch(), keras.optimizers.Adam, 90, **options)[2]
    other = trained(NowAndThen(), keras.optimizers.Adam, 90, **options)[2]
    assert list(one) == list(other) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    for name in one:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-5)


@pytest.mark.parametrize("x", [np.asfortranarray(data(45)[0]), data(45)[0].astype("float64")], ids=["columns", "wide"])
def test_any_layout(x, backend):
    one, other = (trained(c, keras.optimizers.Adam, 45, x=x)[0] for c in (EachBatch(), NowAndThen()))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_hooks_are_called_between_stretches():
    """The last batch of each stretch is told, every batch to those who ask; both end with the epoch's last one."""
    each, skipping = EachBatch(), NowAndThen()
    trained(each, keras.optimizers.SGD, 804, epochs=2)
    trained(skipping, keras.optimizers.SGD, 804, epochs=2)
    assert each.seen == [*range(101)] * 2
    assert skipping.seen.count(100) == 2 and len(skipping.seen) < 60
    assert all(b > a or a == 100 for a, b in zip(skipping.seen, skipping.seen[1:]))


def test_a_stretch_ends_in_time(monkeypatch):
    """Python is asked again after some milliseconds. The clock is ours: a batch takes two."""
    clock = [0.0]
    run = runner.Program.run

    def timed(program, times=1):
        clock[0] += 0.002 * times
        run(program, times)

    monkeypatch.setattr(runner.Program, "run", timed)
    monkeypatch.setattr(runner, "perf_counter", lambda: clock[0])
    seen = NowAndThen()
    trained(seen, keras.optimizers.SGD, 804, epochs=1)
    assert seen.seen[0] == 0 and set(np.diff(seen.seen[1:-1])) == {3}


def test_stop_training_is_heard():
    class Stop(NowAndThen):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)
            self.model.stop_training = batch > 20

    stop = Stop()
    trained(stop, keras.optimizers.SGD, 8000, epochs=1)
    assert stop.seen[-2] <= 20 < stop.seen[-1]


def test_a_feed_takes_several_batches(backend):
    x, label = np.arange(24, dtype="float32").reshape(12, 2), np.arange(12)
    bx, bl = np.empty((3, 2), "float32"), np.empty(3, label.dtype)
    feed = Feed([x, label], [bx, bl])
    for rows in (slice(3, 12), np.array([11, 0, 5, 5, 2, 1, 7, 8, 9])):
        feed.choose(rows)
        for wanted in np.split(label[rows], 3):
            for kernel, arguments in feed.first:
                kernel(*arguments)
            np.testing.assert_array_equal(bl, wanted)
            np.testing.assert_array_equal(bx, x[wanted])
            for kernel, arguments in feed.last:
                kernel(*arguments)


def test_words_are_copied_in_python(backend):
    words, batch = np.array(["a", "bc", "d"]), np.empty(2, "<U2")
    feed = Feed([words], [batch])
    feed.choose(np.array([1, 0]))
    assert feed.at_once == 1 and not feed.first and list(batch) == ["bc", "a"]


@pytest.mark.parametrize("cores", ["alone", "shared"])
def test_a_bad_number_stops_in_time(cores, monkeypatch):
    """It is found before a kernel reads by it, its batch changes nothing, and the next training goes on."""
    pytest.importorskip("kerastutor.backends.cpu")
    if cores == "shared":
        for name, value in {"crew.CORES": 3, "plan.WORTH_SHARING": -1, "plan.WORTH_A_CREW": -1, "plan.FINE": 1}.items():
            monkeypatch.setattr(f"kerastutor.backends.cpu.{name}", value)
    monkeypatch.setattr(runner.Replayed, "most", lambda self: 64)
    good = np.random.default_rng(0).integers(0, 9, (8 * 60, 4))
    tokens, y = good.copy(), (good.sum(1) % 2).astype("float32")
    tokens[8 * 40 + 5, 2] = 99

    def model():
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Embedding(9, 3), keras.layers.Flatten(),
                                  keras.layers.Dense(1, activation="sigmoid")])
        model.compile("adam", "binary_crossentropy")
        return model

    stopped, expected = model(), model()
    with pytest.raises(IndexError, match=r"got the number 99 at place \(5, 2\) of the batch"):
        stopped.fit(tokens, y, batch_size=8, shuffle=False, verbose=0)
    assert stopped.optimizer.iterations.item() == 40
    expected.fit(tokens[: 8 * 40], y[: 8 * 40], batch_size=8, shuffle=False, verbose=0, callbacks=[EachBatch()])
    for a, b in zip(stopped.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)
    stopped.fit(good, y, batch_size=8, verbose=0)
    assert stopped.optimizer.iterations.item() == 100


def test_usual_nets_run_without_python_in_between(monkeypatch):
    """Labels, tokens, regularisers and scores that are sums: each is one native job."""
    pytest.importorskip("kerastutor.backends.cpu")
    layers, found = keras.layers, []
    run = runner.Program.run

    def noted(program, times=1):
        found.append(program.repeats)
        run(program, times)

    monkeypatch.setattr(runner.Program, "run", noted)
    tokens, labels = np.random.default_rng(0).integers(0, 9, (16, 6)), np.arange(16) % 3
    for stack, y, loss in [
        ([layers.Embedding(9, 4), layers.LSTM(4), layers.Dense(3, activation="softmax")], labels,
         "sparse_categorical_crossentropy"),
        ([layers.Dense(4, activation="tanh", kernel_regularizer="l2"), layers.Dropout(0.3), layers.Dense(1)], labels,
         "mse"),
        ([layers.BatchNormalization(), layers.Dense(1, activation="sigmoid")], labels > 1, "binary_crossentropy"),
    ]:
        model = keras.Sequential([keras.Input((6,)), *stack])
        model.compile("adam", loss)
        model.fit(tokens, y, batch_size=8, verbose=0)
    assert found and all(found)
