"""Batches that workers load ahead: the same batches, in the same order, and nobody is left when the training ends."""

import multiprocessing
import os
import signal
import threading
import time

import numpy as np
import pytest

from kerastutor import keras

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4)).astype("float32")
Y = X.sum(1, keepdims=True)


class Slices(keras.utils.PyDataset):
    """Six batches; notes who loaded them."""

    def __init__(self, **options):
        super().__init__(**options)
        self.loaded_by = set()

    def __len__(self):
        return 6

    def __getitem__(self, index):
        self.loaded_by.add(threading.current_thread().name)
        time.sleep(0.002 * (index % 3))  # so that they are ready in another order
        return X[index * 10 : index * 10 + 10], Y[index * 10 : index * 10 + 10]


class Breaks(Slices):
    def __getitem__(self, index):
        if index == 3:
            raise OSError("the disk is gone")
        return super().__getitem__(index)


class Dies(Slices):
    def __getitem__(self, index):
        os._exit(1)


def net():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile("sgd", "mse")
    return model


@pytest.fixture(autouse=True)
def nobody_is_left():
    before = set(threading.enumerate())
    yield
    deadline = time.time() + 10
    while (left := set(threading.enumerate()) - before - backend_threads()) and time.time() < deadline:
        time.sleep(0.01)
    assert left == set()
    assert multiprocessing.active_children() == []


def backend_threads():
    return {t for t in threading.enumerate() if "kerastutor-data" not in t.name and "Executor" not in t.name
            and "Queue" not in t.name}


PROCESSES = pytest.param(dict(workers=2, use_multiprocessing=True), marks=pytest.mark.slow, id="processes")


@pytest.mark.parametrize("options", [dict(workers=3), dict(workers=2, max_queue_size=1), PROCESSES])
def test_workers_change_nothing_but_who_loads(options):
    histories, weights = [], []
    for more in ({}, options):
        keras.utils.set_random_seed(2)
        model, data = net(), Slices(**more)
        histories.append(model.fit(data, epochs=3, verbose=0, validation_data=Slices(**more)).history)
        weights.append(model.get_weights())
        np.testing.assert_allclose(model.predict(data, verbose=0), model.predict(X, verbose=0), rtol=1e-6)
    assert histories[0] == histories[1]
    for a, b in zip(*weights, strict=True):
        np.testing.assert_array_equal(a, b)
    if "use_multiprocessing" not in options:
        assert any("kerastutor-data" in name for name in data.loaded_by)


@pytest.mark.parametrize("options", [{}, dict(workers=3), PROCESSES])
def test_an_error_while_loading_is_the_users_own(options):
    model = net()
    with pytest.raises(OSError, match="the disk is gone"):
        model.fit(Breaks(**options), epochs=2, shuffle=False, verbose=0)
    assert int(model.optimizer.iterations) == 3
    model.fit(X, Y, verbose=0)


@pytest.mark.slow
def test_a_process_that_dies_is_told():
    with pytest.raises(RuntimeError, match="has died.*use_multiprocessing=False"):
        net().predict(Dies(workers=1, use_multiprocessing=True), verbose=0)


def test_what_processes_cannot_take_is_refused():
    data = Slices(workers=2, use_multiprocessing=True)
    data.file = threading.Lock()
    with pytest.raises(ValueError, match="Slices.*cannot be pickled.*use threads"):
        net().fit(data, verbose=0)


@pytest.mark.parametrize("where", ["callback", "loading"])
def test_ctrl_c_ends_the_training_and_the_workers(where, capsys):
    class PressCtrlC(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if where == "callback" and batch == 3:
                os.kill(os.getpid(), signal.SIGINT)

    class Pressed(Slices):
        def __getitem__(self, index):
            if where == "loading" and index == 3:
                os.kill(os.getpid(), signal.SIGINT)
            return super().__getitem__(index)

    model = net()
    history = model.fit(Pressed(workers=2), epochs=50, shuffle=False, verbose=0, callbacks=[PressCtrlC()])
    assert len(history.history.get("loss", [])) == 0
    assert "Training stopped in epoch 1 of 50" in capsys.readouterr().out
    assert 1 <= int(model.optimizer.iterations) <= 6


def test_a_callback_that_stops_leaves_no_worker():
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = True

    model = net()
    model.fit(Slices(workers=3), epochs=5, verbose=0, callbacks=[Stop()])
    assert int(model.optimizer.iterations) == 1


def test_no_more_is_loaded_ahead_than_the_queue_holds():
    class Counted(Slices):
        loaded = 0

        def __len__(self):
            return 40

        def __getitem__(self, index):
            self.loaded = max(self.loaded, index + 1)
            return X[:10], Y[:10]

    ahead = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            time.sleep(0.002)
            ahead.append(data.loaded - batch)

    data = Counted(workers=2, max_queue_size=5)
    net().fit(data, shuffle=False, verbose=0, callbacks=[Look()])
    assert 2 < max(ahead) <= 6
