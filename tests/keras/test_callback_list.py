"""Callbacks that are called now and then, by the clock."""

import numpy as np

from kerastutor import keras


def test_a_callback_may_ask_to_be_called_seldom(monkeypatch):
    """By the clock, but at each epoch's first batch; others are still called at every batch, in the list's order."""
    now, seen = [100.0], []
    monkeypatch.setattr("kerastutor.keras.callbacks.callback_list.perf_counter", lambda: now[0])

    def callback(name, seconds=0):
        made = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append((name, batch, logs)))
        made.seconds_between_batches = seconds
        return made

    seldom = keras.callbacks.CallbackList([callback("a", 0.2)])
    mixed = keras.callbacks.CallbackList([callback("a", 0.2), callback("b"), callback("c", 0.3)])
    for _ in range(2):
        for batch in range(10):
            seldom.on_train_batch_end(batch, {"loss": float(batch)})
            now[0] += 0.0625
    assert seen == [("a", batch, {"loss": batch}) for batch in (0, 4, 8, 0, 4, 8)]
    seen.clear()
    for batch in range(10):
        mixed.on_train_batch_end(batch, {"loss": 1.0})
        now[0] += 0.0625
    assert [(name, batch) for name, batch, _ in seen] == [
        (name, batch) for batch in range(10) for name in "abc" if name == "b" or batch % (4 if name == "a" else 5) == 0]


def test_the_progress_bar_counts_batches_of_unknown_number(capsys):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    one = np.ones((10, 3), "float32"), np.ones((10, 1), "float32")
    batches = [one] * 300  # in less time than lies between two drawings of the bar, mostly
    model.fit(iter(batches), verbose=1)
    assert "300/300" in capsys.readouterr().out.replace("\x1b[1m", "").replace("\x1b[0m", "")
