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


def test_a_callback_may_say_how_many_batches_go_by():
    """Its hooks are called around them; a wish of 1 is one batch, even behind a stretch of many."""
    seen = []

    class Counts(keras.callbacks.Callback):
        wish = 1

        def batches_at_once(self):
            return self.wish

        def on_train_batch_begin(self, batch, logs=None):
            self.begun = batch

        def on_train_batch_end(self, batch, logs=None):
            seen.append((self.wish, batch + 1 - self.begun))
            self.wish = {1: 3, 3: float("inf"), float("inf"): 1}[self.wish]

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((4000, 3)), np.ones((4000, 1)), batch_size=4, epochs=2, verbose=0, callbacks=[Counts()])
    assert sum(n for _, n in seen) == 2000
    assert all(n == 1 for wish, n in seen if wish == 1) and all(n <= 3 for wish, n in seen if wish == 3)
    assert max(n for _, n in seen) > 3


def test_the_progress_bar_counts_batches_of_unknown_number(capsys):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    one = np.ones((10, 3), "float32"), np.ones((10, 1), "float32")
    batches = [one] * 300  # in less time than lies between two drawings of the bar, mostly
    model.fit(iter(batches), verbose=1)
    assert "300/300" in capsys.readouterr().out.replace("\x1b[1m", "").replace("\x1b[0m", "")
