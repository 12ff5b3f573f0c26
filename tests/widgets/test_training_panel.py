"""TrainingPanel in Python: it is `fit`, held and let go by a hand."""

import threading
import time

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.widgets import TrainingPanel, live_loss, training_panel

X = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
Y = X @ np.array([[1.0], [-2.0], [0.5]], "float32")
BATCHES = 4  # of 16 rows


def a_model(optimizer="adam", **options):
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
    model.compile(optimizer=optimizer, loss="mse", metrics=["mae"], **options)
    return model


@pytest.fixture(autouse=True)
def no_earlier_runs(monkeypatch):
    monkeypatch.setattr(live_loss, "_runs", [])


@pytest.fixture
def panel():
    panel = TrainingPanel(a_model(), X, Y, epochs=5, batch_size=16, shuffle=False, validation_data=(X[:8], Y[:8]))
    yield panel
    panel.stop()
    assert panel.wait(10)


def until(for_, seconds=10):
    end = time.monotonic() + seconds
    while not for_():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def steps(panel):
    return int(panel.model.optimizer.iterations.numpy())


def hold(panel, batches):
    """Train so many batches, one by one."""
    for _ in range(batches):
        done = steps(panel)
        panel.one_batch()
        until(lambda done=done: steps(panel) == done + 1 and panel.state in ("paused", "done"))


def test_play_gives_the_history_and_the_weights_of_fit(panel):
    panel.play()
    assert panel.wait(20)
    assert panel.state == "done"
    model = a_model()
    expected = model.fit(X, Y, epochs=5, batch_size=16, shuffle=False, validation_data=(X[:8], Y[:8]), verbose=0)
    assert panel.history.history == expected.history
    for mine, theirs in zip(panel.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert [y for _, y in panel.curves.epochs["val_mae"]] == pytest.approx(expected.history["val_mae"])


def test_a_batch_at_a_time_is_the_same_training(panel):
    hold(panel, 3)
    assert panel.state == "paused"
    assert panel.curves.batch == 3
    panel.one_epoch()
    until(lambda: panel.state == "paused" and steps(panel) == BATCHES)
    assert len(panel.curves.epochs["loss"]) == 1
    panel.one_epoch()
    until(lambda: panel.state == "paused" and steps(panel) == 2 * BATCHES)
    panel.play()
    assert panel.wait(20)
    model = a_model()
    expected = model.fit(X, Y, epochs=5, batch_size=16, shuffle=False, validation_data=(X[:8], Y[:8]), verbose=0)
    assert panel.history.history == expected.history


def test_stop_keeps_the_epochs_so_far_and_play_trains_on(panel, capsys):
    panel.one_epoch()
    until(lambda: panel.state == "paused")
    hold(panel, 2)
    panel.stop()
    assert panel.wait(10)
    assert panel.state == "stopped"
    assert len(panel.history.history["loss"]) == 1
    assert panel.curves.status.startswith("1.5 of 5 epochs")
    panel.play()
    assert panel.wait(20)
    assert steps(panel) == BATCHES + 2 + 5 * BATCHES
    assert len(panel.history.history["loss"]) == 5
    assert len(panel.earlier) == 1


def test_stop_ends_a_long_validation():
    seen = threading.Event()

    class Slow(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            seen.set()
            time.sleep(0.02)

    panel = TrainingPanel(a_model(), X, Y, validation_data=(X, Y), validation_batch_size=1, callbacks=[Slow()])
    panel.play()
    assert seen.wait(20)
    panel.stop()
    assert panel.wait(10)
    assert panel.state == "stopped"
    assert panel.history.history.get("loss", []) == []


def test_reset_makes_the_same_training_again(panel):
    before = [w.copy() for w in panel.model.get_weights()]
    panel.play()
    panel.wait(20)
    first = panel.history.history
    panel.learning_rate = 1.0
    panel.reset()
    assert panel.state == "ready"
    assert panel.history is None
    assert steps(panel) == 0
    assert panel.learning_rate == pytest.approx(1e-3)
    for now, then in zip(panel.model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
    panel.play()
    panel.wait(20)
    assert panel.history.history == first


def test_reset_while_it_trains(panel):
    panel.one_epoch()
    until(lambda: panel.state == "paused")
    panel.reset()
    assert panel.state == "ready"
    assert steps(panel) == 0


def test_a_second_play_is_harmless(panel):
    hold(panel, 1)
    panel.play()
    panel.play()
    panel.play()
    assert panel.wait(20)
    assert steps(panel) == 5 * BATCHES


def test_two_panels_do_not_train_one_model_at_once(panel):
    other = TrainingPanel(panel.model, X, Y)
    hold(panel, 1)
    other._hear(other, {"do": "play"}, [])
    assert "Another panel is training this model" in other.problem
    panel.stop()
    panel.wait(10)
    other._hear(other, {"do": "one_batch"}, [])
    until(lambda: other.state == "paused")
    other.stop()
    assert other.wait(10)
    assert other.problem == ""


def test_the_learning_rate_can_be_turned_while_it_waits(panel):
    hold(panel, 1)
    weights = panel.model.get_weights()
    panel._hear(panel, {"do": "rate", "values": {"value": 1e-30}}, [])
    assert panel.rate == pytest.approx(1e-30)
    hold(panel, 1)
    for now, then in zip(panel.model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)


def test_a_schedule_keeps_its_rate():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    panel = TrainingPanel(a_model(keras.optimizers.SGD(schedule)), X, Y)
    assert panel.rate is None
    panel._hear(panel, {"do": "rate", "values": {"value": 0.5}}, [])
    assert "can't be set" in panel.problem


def test_observers_hear_each_batch_in_the_training_thread_and_a_broken_one_is_shown(panel):
    heard, threads = [], set()
    end = panel.on_batch(lambda batch, logs: (heard.append((batch, logs["loss"])), threads.add(threading.get_ident())))
    panel.on_batch(lambda batch, logs: 1 / 0)
    hold(panel, 2)
    assert panel.problem == "ZeroDivisionError: division by zero"
    end()
    panel.play()
    assert panel.wait(20)
    assert [batch for batch, _ in heard] == [0, 1]
    assert heard[1][1] == pytest.approx(panel.curves.batches["loss"][1][1])
    assert threading.get_ident() not in threads


def test_what_fails_in_the_background_is_shown():
    panel = TrainingPanel(a_model(), X, Y[:5])
    panel.play()
    assert panel.wait(10)
    assert panel.state == "failed"
    assert panel.problem.startswith("ValueError:")
    assert "64" in panel.problem


@pytest.fixture
def long_panel():
    """2000 batches an epoch, which go by many at a time."""
    x, y = np.tile(X, (250, 1)), np.tile(Y, (250, 1))
    panel = TrainingPanel(a_model(), x, y, epochs=3, batch_size=8)
    yield panel
    panel.stop()
    assert panel.wait(10)


def test_playing_is_done_in_long_stretches_and_is_the_training_of_fit(long_panel, monkeypatch):
    ends, pressed, begin = [], [], training_panel.Gate.on_train_batch_begin

    def begins(gate, batch, logs=None):  # a hand that presses Pause while a stretch goes on
        due = gate.granted > 1 and long_panel.curves.epoch == 1 and batch >= [5, 400, 900, 10**9][len(pressed)]
        if due:
            long_panel.pause()
        begin(gate, batch, logs)
        if due:
            pressed.append(batch)

    at_end = training_panel.Gate.on_train_batch_end
    monkeypatch.setattr(training_panel.Gate, "on_train_batch_begin", begins)
    monkeypatch.setattr(training_panel.Gate, "on_train_batch_end",
                        lambda gate, batch, logs=None: (ends.append(batch), at_end(gate, batch, logs)))
    model = long_panel.model
    long_panel.play()
    for n in (1, 2, 3):
        until(lambda n=n: len(pressed) == n and long_panel.state == "paused")
        assert long_panel.curves.batch == ends[-1] + 1
        held = steps(long_panel)
        hold(long_panel, 2)
        assert steps(long_panel) == held + 2
        assert [point[0] for point in long_panel.curves.batches["loss"][-2:]] == pytest.approx(
            [long_panel.curves.epoch + (ends[-1] + n) / 2000 for n in (0, 1)], abs=1e-4)
        long_panel.play()
    assert long_panel.wait(60)
    assert steps(long_panel) == 6000 and ends.count(1999) == 3
    assert len(ends) < 3000
    keras.utils.set_random_seed(3)
    expected = a_model()
    history = expected.fit(np.tile(X, (250, 1)), np.tile(Y, (250, 1)), epochs=3, batch_size=8, verbose=0).history
    assert long_panel.history.history.keys() == history.keys()
    for name, values in history.items():
        np.testing.assert_allclose(long_panel.history.history[name], values, rtol=1e-4)
    for mine, theirs in zip(model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-5)


def test_the_rate_is_heard_while_it_plays(long_panel):
    long_panel._fit["epochs"] = 10**6
    long_panel.model.optimizer.learning_rate = 1e-9
    long_panel.play()
    until(lambda: steps(long_panel) > 0)
    before = long_panel.model.get_weights()
    long_panel.learning_rate = 0.01
    heard = steps(long_panel)
    until(lambda: steps(long_panel) > heard + 400)
    long_panel.pause()
    until(lambda: long_panel.state == "paused")
    change = max(np.abs(a - b).max() for a, b in zip(long_panel.model.get_weights(), before, strict=True))
    assert change > 0.02  # a million steps of Adam at the first rate could not go so far


def test_another_model_trains_meanwhile(panel):
    hold(panel, 1)
    panel.play()
    model = a_model()
    model.fit(X, Y, epochs=3, batch_size=16, verbose=0)
    assert panel.wait(20)
    assert len(panel.history.history["loss"]) == 5


def test_bad_arguments_are_told_at_once():
    with pytest.raises(ValueError, match="not compiled"):
        TrainingPanel(keras.Sequential([keras.layers.Dense(1)]), X, Y)
    for epochs in (0, -1, 2.5, True, "3"):
        with pytest.raises(ValueError, match="whole number from 1"):
            TrainingPanel(a_model(), X, Y, epochs=epochs)
    with pytest.raises(TypeError, match="Did you mean 'batch_size'"):
        TrainingPanel(a_model(), X, Y, batchsize=3)


def test_a_terminal_is_told_what_it_does(panel):
    assert repr(panel) == "TrainingPanel: Training panel, ready: nothing trained yet"
    panel.play()
    panel.wait(20)
    assert repr(panel).startswith("TrainingPanel: Training panel, done: 5 epochs in ")
    assert panel.figure().axes[0].get_title("left") == "loss"
