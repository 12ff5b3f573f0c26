"""fit, evaluate and predict against real Keras: the same weights, the same data, the same numbers."""

import re

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import real

RNG = np.random.default_rng(0)
X = RNG.normal(size=(150, 6)).astype("float32")
LABELS = RNG.integers(0, 4, 150)
ONE_HOT = np.eye(4, dtype="float32")[LABELS]
YES_NO = (X.sum(1, keepdims=True) > 0).astype("float32")
NUMBERS = RNG.normal(size=(150, 2)).astype("float32")


def nets(last, activation, name="model"):
    """The same net twice, ours and Keras's, with the same weights."""
    built = []
    for k in (keras, real()):
        built.append(k.Sequential([
            k.Input((6,)),
            k.layers.Dense(8, activation="relu", name="hidden"),
            k.layers.Dense(5, activation="tanh", name="second"),
            k.layers.Dense(last, activation=activation, name="last"),
        ], name=name))
    built[0].set_weights(built[1].get_weights())
    return built


# name: optimizer (a function of the keras module), loss, metrics, last layer, activation, targets
CASES = {
    "sgd mse": (lambda k: "sgd", "mse", ["mae"], 2, None, NUMBERS),
    "rmsprop categorical": (lambda k: "rmsprop", "categorical_crossentropy", ["accuracy"], 4, "softmax", ONE_HOT),
    "adam sparse": (lambda k: "adam", "sparse_categorical_crossentropy", ["accuracy"], 4, "softmax", LABELS),
    "adam binary": (lambda k: k.optimizers.Adam(0.01), "binary_crossentropy", ["acc"], 1, "sigmoid", YES_NO),
    "flat targets": (lambda k: "adam", "binary_crossentropy", ["accuracy"], 1, "sigmoid", YES_NO[:, 0]),
    "no metric": (lambda k: "sgd", "mae", None, 2, None, NUMBERS),
    "momentum": (lambda k: k.optimizers.SGD(0.05, momentum=0.9), "mse", ["mse"], 2, None, NUMBERS),
    "nesterov": (lambda k: k.optimizers.SGD(0.05, momentum=0.9, nesterov=True), "mse", ["mae"], 2, None, NUMBERS),
    "rmsprop centered": (lambda k: k.optimizers.RMSprop(0.01, momentum=0.5, centered=True), "mse", [], 2, None,
                         NUMBERS),
    "amsgrad": (lambda k: k.optimizers.Adam(0.01, amsgrad=True), "mse", [], 2, None, NUMBERS),
    "weight decay": (lambda k: k.optimizers.Adam(0.01, weight_decay=0.1), "mse", [], 2, None, NUMBERS),
    "clipnorm": (lambda k: k.optimizers.SGD(0.1, clipnorm=0.1), "mse", [], 2, None, NUMBERS),
    "clipvalue": (lambda k: k.optimizers.SGD(0.1, clipvalue=0.01), "mse", [], 2, None, NUMBERS),
    "global_clipnorm": (lambda k: k.optimizers.SGD(0.1, global_clipnorm=0.1), "mse", [], 2, None, NUMBERS),
    "logits": (lambda k: "sgd", lambda k: k.losses.SparseCategoricalCrossentropy(from_logits=True), ["accuracy"], 4,
               None, LABELS),
    "binary logits": (lambda k: "sgd", lambda k: k.losses.BinaryCrossentropy(from_logits=True), [], 1, None, YES_NO),
    "smoothing": (lambda k: "sgd", lambda k: k.losses.CategoricalCrossentropy(label_smoothing=0.1), [], 4, "softmax",
                  ONE_HOT),
    "crossentropy by shape": (lambda k: "sgd", "crossentropy", [], 4, "softmax", LABELS),
    "huber": (lambda k: "sgd", "huber", ["mse", "mae"], 2, None, NUMBERS),
}


def compile_both(case, **options):
    """Both models, compiled. Keras runs eagerly: compiling each little net would take longer than its training."""
    optimizer, loss, metrics, last, activation, y = CASES[case]
    models = nets(last, activation)
    for model, k in zip(models, (keras, real()), strict=True):
        model.compile(
            optimizer(k), loss(k) if callable(loss) else loss, metrics=metrics if metrics is None else list(metrics),
            run_eagerly=k is not keras, **options
        )
    return *models, y


def assert_alike(ours, theirs, history, expected, tolerance=2e-5):
    assert list(history.history) == list(expected.history)
    for name, values in expected.history.items():
        np.testing.assert_allclose(history.history[name], values, rtol=tolerance, atol=tolerance, err_msg=name)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def mostly_slow(cases, quick):
    """All cases, those outside `quick` marked slow: real Keras takes a second or two for each."""
    return [case if case in quick else pytest.param(case, marks=pytest.mark.slow) for case in cases]


@pytest.mark.parametrize("case", mostly_slow(CASES, ["adam sparse", "rmsprop categorical"]))
def test_a_training_gives_the_numbers_of_keras(case, backend):
    ours, theirs, y = compile_both(case)
    options = dict(batch_size=32, epochs=3, shuffle=False, verbose=0, validation_split=0.2)  # 24 rows in the last batch
    assert_alike(ours, theirs, ours.fit(X, y, **options), theirs.fit(X, y, **options))
    np.testing.assert_allclose(ours.predict(X, verbose=0), theirs.predict(X, verbose=0), rtol=1e-4, atol=1e-5)
    result, expected = ours.evaluate(X, y, verbose=0), theirs.evaluate(X, y, verbose=0)
    assert type(result) is type(expected)
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-5)
    by_name = ours.evaluate(X, y, verbose=0, return_dict=True)
    expected = theirs.evaluate(X, y, verbose=0, return_dict=True)
    assert list(by_name) == list(expected)


FIT_OPTIONS = {
    "sample_weight": dict(sample_weight=np.linspace(0, 2, 150, dtype="float32")),
    "class_weight": dict(class_weight={0: 1.0, 1: 5.0, 2: 0.5}),
    "validation_data": dict(validation_data=(X[:50], LABELS[:50]), validation_batch_size=20),
    "weighted validation": dict(
        validation_data=(X[:50], LABELS[:50], np.arange(50, dtype="float32")), validation_freq=2
    ),
    "steps": dict(steps_per_epoch=3, initial_epoch=1),
    "one batch": dict(batch_size=1000),
    "batch of one": dict(batch_size=1, epochs=1),
}


@pytest.mark.parametrize("option", mostly_slow(FIT_OPTIONS, ["sample_weight"]))
def test_options_of_fit_mean_what_they_mean_in_keras(option):
    ours, theirs, y = compile_both("adam sparse", weighted_metrics=["accuracy"])
    options = dict(batch_size=32, epochs=3, shuffle=False, verbose=0) | FIT_OPTIONS[option]
    assert_alike(ours, theirs, ours.fit(X, y, **options), theirs.fit(X, y, **options))


def test_a_warning_blames_the_line_of_the_user():
    model = nets(4, "softmax")[0]
    model.compile(loss="sparse_categorical_crossentropy")
    with pytest.warns(UserWarning, match="ran out after 2 of 3 steps") as caught:
        model.fit(X, LABELS, batch_size=32, epochs=2, steps_per_epoch=3, shuffle=False, verbose=0)
    assert {warning.filename for warning in caught} == {__file__}


def test_shuffling_draws_the_same_order_as_keras():
    ours, theirs, y = compile_both("adam sparse")
    histories = []
    for model in (ours, theirs):
        np.random.seed(3)
        model.fit(X, y, batch_size=32, epochs=2, verbose=0)
        histories.append(model.fit(X, y, batch_size=32, epochs=2, verbose=0))  # a second fit draws one order fewer
    assert_alike(ours, theirs, *histories)


@pytest.mark.slow
def test_single_batches_count_as_in_keras():
    ours, theirs, y = compile_both("adam sparse")
    for method in ("train_on_batch", "train_on_batch", "test_on_batch"):
        result, expected = (getattr(model, method)(X[:40], y[:40]) for model in (ours, theirs))
        np.testing.assert_allclose(result, expected, rtol=1e-5)
    assert ours.train_on_batch(X, y, return_dict=True).keys() == theirs.train_on_batch(X, y, return_dict=True).keys()
    np.testing.assert_allclose(ours.predict_on_batch(X[:3]), theirs.predict_on_batch(X[:3]), rtol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float16", "uint8", "int64", "bool"])
def test_any_numbers_are_taken(dtype):
    ours, theirs, y = compile_both("sgd mse")
    x = (X * 3).astype(dtype)
    options = dict(epochs=1, shuffle=False, verbose=0)
    assert_alike(ours, theirs, ours.fit(x, y, **options), theirs.fit(x, y, **options), tolerance=1e-4)


def test_pandas_like_and_strided_data_are_taken():
    class Table:  # what pandas offers
        def __init__(self, a):
            self.a = a

        def to_numpy(self):
            return self.a

    ours, _, y = compile_both("sgd mse")
    start = ours.get_weights()
    expected = ours.fit(X[::-1].copy(), y, epochs=2, shuffle=False, verbose=0).history
    for data in (Table(X[::-1]), X[::-1], np.asfortranarray(X[::-1])):
        ours.set_weights(start)
        assert ours.fit(data, y, epochs=2, shuffle=False, verbose=0).history == expected


# what is printed -------------------------------------------------------------------------------


def without_times(text):
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"\x08+\r", "\n", text)
    last = [line for line in re.split(r"[\n\r]", text) if line.strip()]
    return [re.sub(r"\d+(s|ms|us)\b", "T", line).rstrip() for line in last]


@pytest.mark.slow
@pytest.mark.parametrize("verbose", [1, 2])
def test_progress_is_printed_as_keras_prints_it(verbose, capsys):
    ours, theirs, y = compile_both("adam sparse")
    printed = []
    for model in (ours, theirs):
        options = dict(batch_size=50, epochs=2, shuffle=False, verbose=verbose)
        model.fit(X, y, validation_split=0.2, **options)
        model.fit(X, y, **options | {"epochs": 1})
        model.evaluate(X, y, verbose=verbose)
        model.predict(X, verbose=verbose)
        lines = without_times(capsys.readouterr().out)
        printed.append(_final(line for line in lines))
    assert printed[0] == printed[1]


def _final(lines):
    """What stays on the screen: of the bar's many states, which depend on the clock, the last."""
    stays = []
    for line in lines:
        bars = stays and all(re.match(r"\s*\d+/\d+", text) for text in (stays[-1], line))
        if bars and not _complete(stays[-1], line):
            stays.pop()
        stays.append(line)
    return stays


def _complete(before, line):
    """Whether `before` was the end of one bar and `line` belongs to the next."""
    done, target = re.match(r"\s*(\d+)/(\d+)", before).groups()
    return done == target and not line.startswith(before)


def test_silence(capsys):
    ours, _, y = compile_both("adam sparse")
    ours.fit(X, y, verbose=0)
    ours.evaluate(X, y, verbose=0)
    ours.predict(X, verbose=0)
    assert capsys.readouterr().out == ""


# callbacks -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_hooks_come_in_the_order_and_with_the_logs_of_keras():
    seen = []

    def spy(base):
        class Spy(base):
            pass

        def note(hook):
            def method(self, *arguments, **named):
                logs = named.get("logs", arguments[-1] if arguments and not isinstance(arguments[-1], int) else None)
                seen.append((hook, arguments[:1] if "batch" in hook or "epoch" in hook else (), sorted(logs or {})))
            return method

        from kerastutor.keras.callbacks import HOOKS
        for hook in HOOKS:
            setattr(Spy, hook, note(hook))
        return Spy()

    traces = []
    for model, k in zip(compile_both("adam sparse")[:2], (keras, real()), strict=True):
        seen.clear()
        callback = [spy(k.callbacks.Callback)]
        model.fit(X, LABELS, batch_size=64, epochs=2, validation_split=0.2, verbose=0, callbacks=callback)
        model.evaluate(X, LABELS, batch_size=64, verbose=0, callbacks=callback)
        model.predict(X, batch_size=64, verbose=0, callbacks=callback)
        traces.append(list(seen))
    assert traces[0] == traces[1]


def test_a_callback_can_stop_the_training():
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    ours, _, y = compile_both("sgd mse")
    history = ours.fit(X, y, epochs=9, verbose=0, callbacks=[Stop()])
    assert history.epoch == [0, 1] and len(history.history["loss"]) == 2


def test_a_new_learning_rate_is_seen_by_the_next_step():
    class Freeze(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.optimizer.learning_rate = 0.0

    ours, _, y = compile_both("sgd mse")
    before = ours.get_weights()
    ours.fit(X, y, verbose=0, callbacks=[Freeze()])
    for a, b in zip(before, ours.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
