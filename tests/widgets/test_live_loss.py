"""The callback: what it asks of fit, what it sends, what it leaves."""

import os
import subprocess
import sys
from collections.abc import Mapping

import numpy as np
import pytest

from kerastutor.widgets import LiveLoss, live_loss
from kerastutor.widgets import curves as curves_module
from kerastutor.widgets.live_loss import LossCurve

PARTS = ("begin", "end", "batch_begin", "batch_end")
HOOKS = [f"on_{mode}_{part}" for mode in ("train", "test", "predict") for part in PARTS]
HOOKS += ["on_epoch_begin", "on_epoch_end", "on_batch_begin", "on_batch_end"]


class Lazy(Mapping):
    """Logs that count how often a value is read."""

    def __init__(self, **values):
        self.values_, self.reads = values, 0

    def __getitem__(self, key):
        self.reads += 1
        return self.values_[key]

    def __iter__(self):
        return iter(self.values_)

    def __len__(self):
        return len(self.values_)


class Browser(LossCurve):
    """Keeps what a page would be sent, and the picture that a notebook would keep."""

    def __init__(self, curves):
        super().__init__()
        self.messages, self.picture, self.curves = [], None, curves

    def tell(self, content, buffers=None):
        self.messages.append(content)

    def keep_now(self):
        self.picture, _ = self.bundle()


@pytest.fixture
def live(monkeypatch):
    """A LiveLoss whose page is a Browser, `live.browser`."""
    live = LiveLoss()

    def open_():
        live.browser = live._widget = Browser(live.curves)

    monkeypatch.setattr(live, "_open", open_)
    return live


@pytest.fixture
def time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(live_loss, "perf_counter", lambda: now[0])
    monkeypatch.setattr(curves_module, "perf_counter", lambda: now[0])
    return now


def drive(live, time, epochs=3, steps=1000, tick=0.001):
    """Call the hooks as fit does; a batch takes `tick` seconds."""
    live.set_params({"epochs": epochs, "steps": steps, "verbose": 0})
    live.on_train_begin()
    logs = Lazy(loss=1.0, accuracy=0.5)
    for epoch in range(epochs):
        live.on_epoch_begin(epoch)
        for batch in range(steps):
            time[0] += tick
            live.on_train_batch_end(batch, logs)
        live.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1), "val_loss": 0.5})
    return logs


def test_the_import_of_widgets_loads_no_heavy_package():
    heavy = {"matplotlib", "anywidget", "ipywidgets", "IPython"}
    code = f"import sys, kerastutor.widgets; print({heavy} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_every_hook_of_keras_can_be_called():
    for hook in HOOKS:
        assert callable(getattr(LiveLoss(), hook))
    with pytest.raises(AttributeError, match="no attribute 'losses'"):
        LiveLoss().losses  # noqa: B018


def test_updates_come_twice_a_second_and_logs_are_read_only_then(time, live):
    times, append = [], LossCurve.append
    live._open, open_ = lambda: (open_(), setattr(
        live.browser, "append", lambda: (times.append(time[0]), append(live.browser)))), live._open
    logs = drive(live, time, epochs=6)  # 6 s
    assert len(times) == 12 and np.diff(times) == pytest.approx(0.5, abs=0.003)
    assert logs.reads <= 2 * len(live.browser.messages)


def test_fit_calls_no_oftener_than_that_and_its_curve_is_whole(live):
    """Where the number of batches is known. Where it is not, each one is counted."""
    from kerastutor import keras

    model, x, y = small_problem(keras)
    calls, hook = [], live.on_train_batch_end
    live.on_train_batch_end = lambda batch, logs=None: calls.append(batch) or hook(batch, logs)
    model.fit(x, y, batch_size=1, epochs=3, verbose=0, callbacks=[live])
    assert calls[0] == 0 and len(calls) < 20  # tiny batches are done many in one go
    assert [position for position, _ in live.curves.epochs["loss"]] == [1, 2, 3]
    calls.clear()
    model.fit(((x[i : i + 1], y[i : i + 1]) for i in range(200)), verbose=0, callbacks=[live])
    assert calls == list(range(200))
    assert live.curves.steps == 200


def test_messages_append_and_together_are_the_curve(time, live):
    drive(live, time)
    live.on_train_end()
    for kind in ("batches", "epochs"):
        for name, points in getattr(live.curves, kind).items():
            assert [p for message in live.browser.messages for p in message[kind].get(name, [])] == points
    assert live.browser.picture["image/png"].startswith(b"\x89PNG")


def test_a_page_that_opens_late_is_told_everything(time, live):
    drive(live, time)
    live.browser.messages.clear()
    live.browser.greet()
    (message,) = live.browser.messages
    assert message["whole"]
    assert message["batches"] == live.curves.batches
    assert message["epochs"] == live.curves.epochs
    live.browser.append()
    assert live.browser.messages[1]["epochs"] == {}


def test_earlier_runs_on_the_same_problem_are_drawn_and_no_others(capsys, monkeypatch):
    from kerastutor import keras

    monkeypatch.setattr(live_loss, "_runs", [])
    runs = [train(keras, units=1) for _ in range(5)]
    assert runs[0]._earlier == []
    expected = [run.curves.epochs for run in runs[1:4]]  # the latest three
    assert runs[4]._earlier == expected
    grey = [line.get_xydata() for line in runs[4].figure().axes[0].lines if line.get_label() == "earlier runs"]
    np.testing.assert_allclose(grey, [epochs["loss"] for epochs in expected])
    assert train(keras, units=2)._earlier == []
    alone = LiveLoss(compare=False)
    train(keras, units=1, live=alone)
    assert alone._earlier == []


def train(keras, units, live=None):
    live = live or LiveLoss()
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
    model.compile(loss="mse")
    model.fit(np.ones((8, 3), "float32"), np.zeros((8, units), "float32"), epochs=2, verbose=0, callbacks=[live])
    return live


def test_a_terminal_is_told_where_the_curve_is(time, capsys):
    live = LiveLoss()
    drive(live, time)
    live.on_train_end()
    assert ".figure()" in capsys.readouterr().out
    assert repr(live) == "LiveLoss: 3 epochs in 3.0 s; loss 0.3333, accuracy 0.5, val_loss 0.5"


def test_the_static_twin_draws_the_same_points(time):
    live = LiveLoss()
    drive(live, time)
    figure = live.figure()
    loss, accuracy = figure.axes
    assert [loss.get_title("left"), accuracy.get_title("left")] == ["loss", "accuracy"]
    drawn = {line.get_label(): line.get_xydata() for line in loss.lines}
    np.testing.assert_array_equal(drawn["training"], live.curves.epochs["loss"])
    np.testing.assert_array_equal(drawn["validation"], live.curves.epochs["val_loss"])


def test_the_static_twin_of_nothing_and_of_nan():
    live = LiveLoss()
    assert live.figure().axes
    live.curves.add_epoch({"loss": float("nan")})
    assert live.figure().axes[0].get_title("right") == "not finite"


def small_problem(keras):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 4)).astype("float32")
    y = (x[:, :1] > 0).astype("float32")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")])
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model, x, y


@pytest.mark.parametrize("library", ["kerastutor.keras", "keras"])
def test_what_is_drawn_is_what_history_holds(library, capsys):
    if library == "keras":
        os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip(library)
    model, x, y = small_problem(keras)
    live = LiveLoss()
    history = model.fit(x, y, epochs=4, validation_split=0.25, callbacks=[live], verbose=0).history
    assert set(live.curves.epochs) == set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    for name, values in history.items():
        assert [value for _, value in live.curves.epochs[name]] == pytest.approx(values)
    assert live.curves.finished
