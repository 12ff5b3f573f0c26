"""Callbacks beside real Keras's: the same hooks, printed lines, stopping epochs, learning rates and files."""

import contextlib
import inspect
import io
import os
import re

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.callbacks import HOOKS
from tests.keras.oracle import real, same_signature

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3)).astype("float32")
Y = RNG.normal(size=(40, 1)).astype("float32")
LABELS = (X.sum(1) > 0).astype("float32")
CLASSES = {n: c for n, c in vars(keras.callbacks).items()
           if inspect.isclass(c) and issubclass(c, keras.callbacks.Callback)}
MISSING = {
    "RemoteMonitor": "sends what it sees to a server; write a LambdaCallback that does",
    "OrbaxCheckpoint": "saves with JAX's Orbax; ModelCheckpoint and BackupAndRestore save here",
}
"""Public names of keras.callbacks that are left out, and why."""
BOTH = pytest.mark.parametrize("k", [pytest.param(keras, id="ours"), pytest.param(None, id="keras")])


def model(k, optimizer=lambda k: k.optimizers.SGD(0.5), loss="mse", metrics=None, activation=None):
    """One weight matrix of zeros, compiled; Keras runs eagerly, for compiling takes longer."""
    m = k.Sequential([k.Input((3,)), k.layers.Dense(1, activation, use_bias=False, kernel_initializer="zeros")])
    m.compile(optimizer(k), loss, metrics=metrics, run_eagerly=k is not keras)
    return m


# callbacks by themselves, fed with numbers -------------------------------------------------------


def feed(k, make, numbers, monitor="val_loss", batches=3):
    """What a callback does in a training whose epochs report `numbers`: a list of what can be seen after each.

    In epoch e the model's weights are e + 1; with them one sees which ones were restored.
    """
    m, seen = model(k), []
    m.save = lambda path, overwrite=None: seen.append(("saved", path))
    m.save_weights = lambda path, overwrite=None: seen.append(("weights saved", path))
    m.stop_training = False
    callbacks = k.callbacks.CallbackList([make(k)], add_history=True, model=m, epochs=len(numbers), steps=batches)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        callbacks.on_train_begin()
        for epoch, number in enumerate(numbers):
            callbacks.on_epoch_begin(epoch)
            for batch in range(batches):
                callbacks.on_train_batch_begin(batch)
                callbacks.on_train_batch_end(batch, {"loss": number + 1.0})
            m.set_weights([np.full((3, 1), epoch + 1.0)])
            callbacks.on_epoch_end(epoch, {} if number is None else {monitor: number, "loss": 1.0})
            seen.append((epoch, m.stop_training, float(m.optimizer.learning_rate)))
            if m.stop_training:
                break
        callbacks.on_train_end({})
    return seen, m.get_weights()[0][0, 0], m.history.history, printed.getvalue()


FALLING = [5.0, 4.0, 3.9, 4.2, 4.1, 4.0, 3.0, 3.1, 3.2, 3.3, 3.4, 3.35, 2.0]
FED = {  # callback: (its name, its arguments, numbers)
    "stop": ("EarlyStopping", {}, FALLING),
    "stop patiently": ("EarlyStopping", dict(patience=2, verbose=1), FALLING),
    "stop and restore": ("EarlyStopping", dict(patience=3, restore_best_weights=True, verbose=1), FALLING),
    "restore without stopping": ("EarlyStopping", dict(patience=30, restore_best_weights=True, verbose=1), FALLING[:9]),
    "stop at small gains": ("EarlyStopping", dict(patience=2, min_delta=0.5), FALLING),
    "stop, larger is better": ("EarlyStopping", dict(patience=1, mode="max", min_delta=-0.05), FALLING),
    "stop above a baseline": ("EarlyStopping", dict(patience=3, baseline=3.5, restore_best_weights=True), FALLING),
    "stop below no baseline": ("EarlyStopping", dict(patience=2, baseline=1.0, restore_best_weights=True), FALLING),
    "stop late": ("EarlyStopping", dict(patience=1, start_from_epoch=5, restore_best_weights=True), FALLING),
    "stop at the first epoch": ("EarlyStopping", dict(mode="max"), [1.0, 0.5, 0.4]),
    "stop at NaN": ("EarlyStopping", dict(patience=1), [1.0, np.nan, np.nan, 0.5]),
    "stop by the loss": ("EarlyStopping", dict(monitor="loss", patience=1), FALLING),
    "slower": ("ReduceLROnPlateau", dict(patience=2, verbose=1), FALLING),
    "slower at once": ("ReduceLROnPlateau", dict(factor=0.5, patience=0, min_delta=0), FALLING),
    "slower, cooling down": ("ReduceLROnPlateau", dict(factor=0.5, patience=1, cooldown=2, verbose=1), FALLING),
    "slower, to a limit": ("ReduceLROnPlateau", dict(factor=0.1, patience=1, min_lr=0.02, verbose=1), FALLING),
    "slower, larger is better": ("ReduceLROnPlateau", dict(factor=0.5, patience=1, mode="max"), FALLING),
    "slower at small gains": ("ReduceLROnPlateau", dict(factor=0.5, patience=1, min_delta=1.0), FALLING),
    "schedule": ("LearningRateScheduler", dict(schedule=lambda epoch: 0.1 / (epoch + 1), verbose=1), FALLING[:3]),
    "schedule from the last": ("LearningRateScheduler", dict(schedule=lambda epoch, rate: rate / 2), FALLING[:3]),
    "save": ("ModelCheckpoint", dict(filepath="a.keras", verbose=1), FALLING[:4]),
    "save the best": ("ModelCheckpoint", dict(filepath="a.keras", save_best_only=True, verbose=1), FALLING),
    "save above a threshold": ("ModelCheckpoint", dict(
        filepath="a.keras", save_best_only=True, initial_value_threshold=3.95, verbose=1), FALLING),
    "save the largest": ("ModelCheckpoint", dict(
        filepath="a.weights.h5", save_weights_only=True, save_best_only=True, mode="max", verbose=1), FALLING),
    "save by name": ("ModelCheckpoint", dict(filepath="{epoch:03d}-{val_loss:.1f}.h5"), FALLING[:4]),
    "save by batches": ("ModelCheckpoint", dict(filepath="{epoch}-{batch}-{loss:.2f}.keras", save_freq=4), FALLING),
    "nothing": ("TerminateOnNaN", {}, FALLING),
    "NaN": ("TerminateOnNaN", {}, [1.0, 2.0, np.nan, 1.0]),
    "infinity": ("TerminateOnNaN", {}, [1.0, np.inf, 2.0]),
}


@pytest.mark.parametrize("case", FED)
def test_a_callback_does_what_it_does_in_keras(case):
    name, arguments, numbers = FED[case]
    make = lambda k: getattr(k.callbacks, name)(**arguments)
    (seen, weight, history, printed), wanted = feed(keras, make, numbers), feed(real(), make, numbers)
    assert (seen, weight, printed) == (wanted[0], wanted[1], wanted[3])
    assert list(history) == list(wanted[2])
    np.testing.assert_array_equal([history[n] for n in history], [wanted[2][n] for n in history])


@BOTH
@pytest.mark.parametrize("make", [
    lambda c: c.EarlyStopping(mode="maxi", monitor="loss"),
    lambda c: c.ReduceLROnPlateau(mode="smaller", monitor="loss"),
])
def test_an_unknown_mode_is_taken_for_auto_with_a_warning(k, make):
    with pytest.warns(UserWarning, match="mode"):
        assert make((k or real()).callbacks).mode == "auto"


@pytest.mark.parametrize("name, options", [
    ("EarlyStopping", {}), ("ReduceLROnPlateau", {}),
    ("ModelCheckpoint", dict(filepath="a.keras", save_best_only=True)),
])
def test_without_validation_a_warning_says_what_to_do(name, options):
    m = model(keras)
    m.save = lambda path, overwrite: None
    with pytest.warns(UserWarning, match=f"{name}.*val_loss.*loss"):
        m.fit(X, Y, verbose=0, callbacks=[getattr(keras.callbacks, name)(**options)])


REFUSED = {  # name: (what to do, exception, words that the message must hold)
    "factor": (lambda c: c.ReduceLROnPlateau(factor=1.0), ValueError, ["factor", "1.0"]),
    "file of a model": (lambda c: c.ModelCheckpoint("a.ckpt"), ValueError, [".keras", "a.ckpt"]),
    "file of weights": (lambda c: c.ModelCheckpoint("a.keras", save_weights_only=True), ValueError, [".weights.h5"]),
    "how often": (lambda c: c.ModelCheckpoint("a.keras", save_freq=0.5), ValueError, ["save_freq", "0.5"]),
    "backup folder": (lambda c: c.BackupAndRestore(""), ValueError, ["backup_dir"]),
    "how often to back up": (lambda c: c.BackupAndRestore("a", save_freq="batch"), ValueError, ["save_freq"]),
}


@BOTH
@pytest.mark.parametrize("case", REFUSED)
def test_what_keras_refuses_is_refused_and_says_why(k, case):
    do, error, words = REFUSED[case]
    with pytest.raises(error) as caught:
        do((k or real()).callbacks)
    for word in words if k else ():
        assert word in str(caught.value), str(caught.value)


@BOTH
def test_what_keras_refuses_at_the_end_of_an_epoch(k, tmp_path):
    k = k or real()
    for callback, error, words in [
        (k.callbacks.EarlyStopping(monitor="speed"), ValueError, ["speed", "mode"]),
        (k.callbacks.LearningRateScheduler(lambda epoch: 1), ValueError, ["float", "1"]),
        (k.callbacks.LearningRateScheduler(lambda epoch: "fast"), ValueError, ["float", "fast"]),
        (k.callbacks.ModelCheckpoint(str(tmp_path / "{accuracy}.keras")), KeyError, ["accuracy"]),
        (k.callbacks.SwapEMAWeights(swap_on_epoch=True), ValueError, ["use_ema"]),
    ]:
        with pytest.raises(error) as caught:
            model(k).fit(X, Y, verbose=0, callbacks=[callback])
        for word in words if k is keras else ():
            assert word in str(caught.value), str(caught.value)
    os.mkdir(tmp_path / "folder.keras")
    with pytest.raises(OSError, match="(?i)director|folder"):
        model(k).fit(X, Y, verbose=0, callbacks=[k.callbacks.ModelCheckpoint(tmp_path / "folder.keras")])


@BOTH
def test_a_failed_training_can_be_made_an_error(k):
    k = k or real()
    callback = k.callbacks.TerminateOnNaN(raise_error=True)
    with pytest.raises(RuntimeError, match="inf"):
        callback.on_batch_end(3, {"loss": np.inf})


# files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator, append, logs", [
    (",", False, [{"loss": 1.5, "acc": 0.25}, {"loss": 0.5, "acc": 0.5, "val_loss": 2.0}]),
    (";", True, [{"loss": 1.5, "val_loss": 2.0}, {"loss": 1e-9, "val_loss": np.nan}]),
    (",", False, [{"loss": 1.0, "many": np.array([1.0, 2.0])}, {"loss": 2.0, "many": 3.0}]),
    (",", True, [{}, {"loss": 1.0}]),
])
def test_the_csv_file_is_that_of_keras(separator, append, logs, tmp_path):
    written = []
    for k in (keras, real()):
        path = tmp_path / ("ours.csv" if k is keras else "theirs.csv")
        for _ in range(2):  # the second training appends, or writes anew
            callbacks = k.callbacks.CallbackList([k.callbacks.CSVLogger(path, separator, append)], model=model(k))
            callbacks.on_train_begin()
            for epoch, values in enumerate(logs):
                with contextlib.suppress(ValueError):  # a name that the first epoch had not
                    callbacks.on_epoch_end(epoch, dict(values))
            callbacks.on_train_end()
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_the_best_model_is_saved_and_loads(tmp_path):
    m = model(keras)
    best = keras.callbacks.ModelCheckpoint(tmp_path / "new" / "{epoch}.keras", "loss", save_best_only=True)
    weights = keras.callbacks.ModelCheckpoint(tmp_path / "last.weights.h5", save_weights_only=True, save_freq=3)
    slow = keras.callbacks.LearningRateScheduler(lambda epoch: 0.01 if epoch < 2 else 10.0)  # gets worse from there on
    m.fit(X, Y, batch_size=20, epochs=4, verbose=0, callbacks=[slow, best, weights])
    assert {file.name for file in (tmp_path / "new").iterdir()} >= {"1.keras", "2.keras"}
    loaded = keras.models.load_model(tmp_path / "new" / "2.keras")
    assert loaded.evaluate(X, Y, verbose=0) < m.evaluate(X, Y, verbose=0)
    m.load_weights(tmp_path / "last.weights.h5")
    assert int(m.optimizer.iterations) == 6


@pytest.mark.parametrize("double", [False, True])
def test_an_interrupted_training_goes_on_where_it_was(double, tmp_path):
    class PowerCut(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 3:
                raise ZeroDivisionError

    make = lambda: model(keras, lambda k: k.optimizers.Adam(0.1))
    fit = lambda m, *callbacks: m.fit(X, Y, batch_size=20, epochs=5, shuffle=False, verbose=0, callbacks=callbacks)
    backup = lambda **more: keras.callbacks.BackupAndRestore(tmp_path / "backup", double_checkpoint=double, **more)
    whole, first, second = make(), make(), make()
    fit(whole)
    with pytest.raises(ZeroDivisionError):
        fit(first, backup(), PowerCut())
    if double:  # the last file is broken: the one before is taken
        (tmp_path / "backup" / "latest.weights.h5").write_bytes(b"half a file")
    history = fit(second, backup(delete_checkpoint=False))
    assert history.epoch == ([2, 3, 4] if double else [3, 4])
    np.testing.assert_allclose(second.get_weights()[0], whole.get_weights()[0], rtol=1e-6)
    assert fit(make(), backup()).epoch == []  # it has come to its end already
    assert not (tmp_path / "backup").exists()


# hooks -----------------------------------------------------------------------------------------


def spy(k, seen, hooks=HOOKS):
    class Spy(k.callbacks.Callback):
        pass

    for hook in hooks:
        def note(self, *index, hook=hook, logs=None):
            seen.append((hook, *index, logs))

        if "batch" in hook or "epoch" in hook:
            setattr(Spy, hook, lambda self, index, logs=None, note=note: note(self, index, logs=dict(logs)))
        else:
            setattr(Spy, hook, lambda self, logs=None, note=note: note(self, logs=dict(logs)))
    return Spy()


def test_hooks_get_what_they_get_in_keras():
    """Every hook with its number and a dict, empty where nothing is known; the values of `fit` in the same places."""
    traces = []
    for k in (keras, real()):
        seen = []
        m, callbacks = model(k, loss="mse", metrics=["mae"]), [spy(k, seen)]
        m.fit(X, Y, batch_size=16, epochs=2, validation_split=0.25, shuffle=False, verbose=0, callbacks=callbacks)
        m.evaluate(X, Y, verbose=0, callbacks=callbacks)
        m.predict(X, verbose=0, callbacks=callbacks)
        traces.append(seen)
    assert [t[:-1] for t in traces[0]] == [t[:-1] for t in traces[1]]
    for (*_, ours), (*_, theirs) in zip(*traces, strict=True):
        assert list(ours) == list(theirs)
        for name in ours:
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("hooks", [HOOKS, ["on_batch_begin", "on_batch_end"]], ids=["all", "short names"])
def test_a_list_of_callbacks_serves_a_loop_of_ones_own(hooks):
    traces = []
    for k in (keras, real()):
        seen, m = [], model(k)
        callbacks = k.callbacks.CallbackList(
            [spy(k, seen, hooks)], add_history=True, model=m, verbose=0, epochs=2, steps=5
        )
        callbacks.on_train_begin()
        for epoch in range(2):
            callbacks.on_epoch_begin(epoch)
            callbacks.on_train_batch_begin(0)
            callbacks.on_train_batch_end(0, {"loss": k.ops.convert_to_tensor(0.5), "b": np.float32(2)})
            callbacks.on_epoch_end(epoch, logs={"loss": 0.5, "a": 1})  # the names come in alphabetical order
        callbacks.on_train_end(logs={"loss": 0.5})
        callbacks.on_test_begin()
        callbacks.on_test_batch_begin(0)
        callbacks.on_test_batch_end(0)
        callbacks.on_test_end({})
        order = [list(logs) for *_, logs in seen]
        traces.append((seen, order, m.history.history, m.history.epoch, callbacks.callbacks[0].params))
        assert isinstance(callbacks, k.callbacks.Callback)
        assert all(type(v) is float for *_, logs in seen for v in logs.values())
    assert traces[0] == traces[1]


def test_params_are_those_of_keras():
    found = []
    for k in (keras, real()):
        seen = spy(k, [])
        m = model(k)
        for verbose in (0, 2):
            m.fit(X, Y, batch_size=16, epochs=3, verbose=verbose, callbacks=seen)
            found.append(dict(seen.params))
        assert seen.model is m
    assert found[:2] == found[2:]


@BOTH
def test_functions_as_callbacks(k):
    k, seen = k or real(), []
    given = {hook: lambda *index, logs=None, hook=hook: seen.append(hook) for hook in HOOKS if "test_batch" not in hook}
    callback = k.callbacks.LambdaCallback(**given, extra=3)
    model(k).fit(X, Y, batch_size=20, validation_data=(X, Y), verbose=0, callbacks=[callback])
    assert seen == ["on_train_begin", "on_epoch_begin", *["on_train_batch_begin", "on_train_batch_end"] * 2,
                    "on_test_begin", "on_test_end", "on_epoch_end", "on_train_end"]
    assert callback.extra == 3


@BOTH
def test_a_short_name_given_as_a_function_is_called(k):
    k, seen = k or real(), []
    callback = k.callbacks.LambdaCallback(on_batch_end=lambda batch, logs: seen.append(batch))
    model(k).fit(X, Y, batch_size=20, verbose=0, callbacks=[callback])
    assert seen == [0, 1]


def test_what_is_no_callback_is_refused():
    with pytest.raises(ValueError, match=r"History\(\)"):
        keras.callbacks.CallbackList([keras.callbacks.History])
    with pytest.raises(ValueError, match="callbacks"):
        keras.callbacks.CallbackList([3])


def test_logs_that_nobody_reads_are_not_computed():
    class Idle(keras.callbacks.Callback):
        lazy_logs = True
        read = 0

        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                Idle.read = logs["loss"]

    computed = []
    m = model(keras)
    m.get_metrics_result = lambda original=m.get_metrics_result: computed.append(1) or original()
    m.fit(X, Y, batch_size=10, verbose=0, callbacks=[Idle()])
    assert Idle.read > 0 and len(computed) < 4


# whole trainings -------------------------------------------------------------------------------


def train(k, make, capsys, optimizer=lambda k: k.optimizers.SGD(0.5), **options):
    m = model(k, optimizer, "binary_crossentropy", ["accuracy"], "sigmoid")
    callback = make(k)
    options = dict(batch_size=16, epochs=12, shuffle=False, verbose=0, validation_split=0.25) | options
    history = m.fit(X, LABELS, callbacks=[callback], **options)
    return history, m.get_weights(), float(m.optimizer.learning_rate), capsys.readouterr().out.splitlines()


TRAININGS = {
    "stop": lambda k: k.callbacks.EarlyStopping("val_accuracy", patience=1, verbose=1, restore_best_weights=True),
    "stop at a small loss": lambda k: k.callbacks.EarlyStopping("loss", min_delta=0.05, patience=1),
    "slower": lambda k: k.callbacks.ReduceLROnPlateau("accuracy", factor=0.5, patience=1, verbose=1),
    "schedule": lambda k: k.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.8, verbose=1),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", TRAININGS)
def test_a_training_takes_the_course_that_it_takes_in_keras(case, capsys):
    ours, theirs = train(keras, TRAININGS[case], capsys), train(real(), TRAININGS[case], capsys)
    assert list(ours[0].history) == list(theirs[0].history) and ours[0].epoch == theirs[0].epoch
    for name, values in theirs[0].history.items():
        np.testing.assert_allclose(ours[0].history[name], values, rtol=1e-4, err_msg=name)
    np.testing.assert_allclose(ours[1][0], theirs[1][0], rtol=1e-4, atol=1e-5)
    assert ours[2] == pytest.approx(theirs[2])
    assert _rounded(ours[3]) == _rounded(theirs[3])


def _rounded(lines):
    """Their long numbers to four digits."""
    return [re.sub(r"0\.\d{5,}", lambda found: f"{float(found[0]):.4f}", line) for line in lines]


@pytest.mark.slow
@pytest.mark.parametrize("swap_on_epoch", [False, True])
def test_evaluation_with_averages_is_that_of_keras(swap_on_epoch, capsys):
    make = lambda k: k.callbacks.SwapEMAWeights(swap_on_epoch)
    averaging = lambda k: k.optimizers.SGD(0.5, use_ema=True, ema_momentum=0.7)
    ours, theirs = (train(k, make, capsys, averaging, epochs=3) for k in (keras, real()))
    for name, values in theirs[0].history.items():
        np.testing.assert_allclose(ours[0].history[name], values, rtol=1e-4, err_msg=name)
    np.testing.assert_allclose(ours[1][0], theirs[1][0], rtol=1e-4, atol=1e-5)


def test_predicting_with_averages_leaves_the_weights():
    m = model(keras, lambda k: k.optimizers.SGD(0.5, use_ema=True, ema_momentum=0.7))
    m.train_on_batch(X, Y)
    m.train_on_batch(X, Y)
    weights, plain = m.get_weights()[0], m.predict(X, verbose=0)
    averaged = m.predict(X, verbose=0, callbacks=[keras.callbacks.SwapEMAWeights()])
    assert np.abs(averaged - plain).max() > 1e-3
    np.testing.assert_array_equal(m.get_weights()[0], weights)


@pytest.mark.parametrize("name", CLASSES)
def test_arguments_are_named_as_in_keras(name):
    if hasattr(real().callbacks, name):
        ours, theirs = CLASSES[name].__init__, getattr(real().callbacks, name).__init__
        assert list(same_signature(ours, theirs)) == []
        assert set(inspect.signature(ours).parameters) == set(inspect.signature(theirs).parameters)


def test_all_of_keras_is_here_or_has_a_reason():
    public = lambda thing: {n for n in dir(thing) if not n.startswith("_")}
    assert public(real().callbacks) - public(keras.callbacks) == set(MISSING)
    assert {h for h in public(real().callbacks.Callback) if h.startswith("on_")} == \
        {*HOOKS, "on_batch_begin", "on_batch_end"}
