"""Arrays on disk are read ahead by a thread: how far, when it ends, and what is said when reading goes wrong."""

import contextlib
import gc
import signal
import threading
import time
import weakref

import h5py
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.models.data import Files, files
from tests.keras.test_data_files import LABELS, N, Watched, X, net


def small_windows(monkeypatch):
    monkeypatch.setattr(files, "BLOCK", 400)  # bytes: ten rows or so
    monkeypatch.setattr(files, "WINDOWS", 2000)


def readers():
    return [thread for thread in threading.enumerate() if thread.name.startswith("kerastutor-data")]


class Slow(Watched):
    """Reads where and when it is let."""

    def __init__(self, a):
        super().__init__(a)
        self.threads, self.let = set(), threading.Event()
        self.let.set()

    def __getitem__(self, rows):
        self.let.wait(20)
        self.threads.add(threading.current_thread().name)
        return super().__getitem__(rows)


def test_the_next_window_is_read_while_one_is_trained_on_and_no_more(monkeypatch):
    small_windows(monkeypatch)
    numbers = Slow(X)
    data = Files(numbers, batch_size=10)
    window = data._at_once[False] * data._block
    numbers.reads.clear()
    numbers.threads.clear()
    batches = data.epoch()
    for _ in range(1, N // 10):
        step, rows = next(batches)
        np.testing.assert_array_equal(data.arrays[0][rows], X[step * 10 : step * 10 + 10])
        ahead = min(N, (step * 10 // window + 2) * window)  # the window of this batch, and the one after it
        deadline = time.monotonic() + 20
        while numbers.reads[-1][1] < ahead and time.monotonic() < deadline:
            time.sleep(0.001)
        assert numbers.reads[-1][1] == ahead
    assert all(name.startswith("kerastutor-data") for name in numbers.threads)
    data.close()
    assert not readers() and data.arrays is None


ENDS = ["all epochs", "steps", "stop_training", "error", "Ctrl-C", "bad number"]


@pytest.mark.parametrize("how", ENDS)
def test_the_reading_thread_and_the_windows_end_with_the_training(how, monkeypatch):
    small_windows(monkeypatch)
    windows, opened = [], Files._open_windows

    def watched(self, mixed):
        before = self.arrays
        opened(self, mixed)
        if before is None:
            windows.extend(weakref.ref(a) for a in self.arrays)

    monkeypatch.setattr(Files, "_open_windows", watched)

    class End(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 3 and how == "stop_training":
                self.model.stop_training = True
            if batch == 3 and how == "error":
                raise ZeroDivisionError
            if batch == 3 and how == "Ctrl-C":
                signal.raise_signal(signal.SIGINT)

    x = X.copy()
    if how == "bad number":
        x[150] = np.inf
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.collect()
    gc.disable()
    try:
        problem = {"error": ZeroDivisionError, "bad number": ValueError}.get(how)
        with pytest.raises(problem) if problem else contextlib.nullcontext():
            options = dict(steps_per_epoch=5, epochs=3) if how == "steps" else {}
            history = net().fit(Watched(x), LABELS, batch_size=8, verbose=0, callbacks=[End()], **options)
        assert not readers()
        if problem is None:
            assert len(history.epoch) == {"steps": 3, "Ctrl-C": 0}.get(how, 1)
            assert windows and not any(window() is not None for window in windows)
    finally:
        gc.enable()
        signal.signal(signal.SIGINT, before)


def test_a_file_that_is_closed_under_way_is_named(tmp_path, monkeypatch):
    small_windows(monkeypatch)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"] = X
    file = h5py.File(tmp_path / "data.h5")
    closing = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: batch == 3 and file.close())
    with pytest.raises(OSError, match=r"x\[\d+:\d+\]: the file .*data\.h5 was closed before all of it was read"):
        net().fit(file["x"], LABELS, batch_size=8, verbose=0, callbacks=[closing])
    assert not readers()


def test_a_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    """Chunks whose bytes have been written over: the first are good."""
    small_windows(monkeypatch)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        x = file.create_dataset("x", data=X, chunks=(10, 6), compression="gzip")
        place = x.id.get_chunk_info(15).byte_offset
    with open(tmp_path / "data.h5", "r+b") as raw:
        raw.seek(place)
        raw.write(b"\xff" * 60)
    with h5py.File(tmp_path / "data.h5") as file:
        with pytest.raises(OSError, match=r"x\[140:160\]: the file .*data\.h5 could not be read \(.+\)"):
            net().fit(file["x"], LABELS, batch_size=8, verbose=0, shuffle=False)


def test_what_reading_itself_raises_arrives_as_it_is(monkeypatch):
    small_windows(monkeypatch)

    class Broken(Watched):
        def __getitem__(self, rows):
            if rows.start >= 150:
                raise LookupError("the shelf is empty")
            return super().__getitem__(rows)

    with pytest.raises(LookupError, match="the shelf is empty"):
        net().fit(Broken(X), LABELS, batch_size=8, verbose=0)
    assert not readers()


FORMS = {
    "plain": dict(data=X),
    "big end first": dict(data=X.astype(">f4")),
    "true or false": dict(data=X > 0),
    "half": dict(data=X.astype("float16")),
    "never written": dict(shape=X.shape, dtype="float32", fillvalue=3.0),
    "in chunks": dict(data=X, chunks=(10, 3)),
    "compressed": dict(data=X, compression="lzf"),
    "elsewhere": dict(shape=X.shape, dtype="float32", external="raw.bin"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("options", [dict(), dict(userblock_size=512), dict(driver="core")], ids=str)
def test_what_lies_in_one_piece_in_a_file_is_read_without_h5py_and_alike(form, options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with h5py.File("data.h5", "w", **options) as file:
        before = file.create_dataset("before", data=np.arange(7))
        x = file.create_dataset("x", **FORMS[form])
        if form == "elsewhere":
            x[...] = X
        file["view"] = x[:]
        assert before.shape == (7,) and files.mapped(x) is None  # who writes may not have written it yet
    (tmp_path / "data.h5").rename(tmp_path / "moved.h5")
    with h5py.File("moved.h5", "r", **({} if "userblock_size" in options else options)) as file:
        x, mapped = file["x"], files.mapped(file["x"])
        in_one_piece = form in ("plain", "big end first", "true or false", "half") and "driver" not in options
        assert (mapped is not None) is in_one_piece
        if mapped is not None:
            np.testing.assert_array_equal(mapped, x[:])
        column = files.Column("x", x, 20, 60)
        for dtype in (column.dtype, "float64"):
            room = np.empty((10, 6), dtype)
            column.read_into(room, 5, 15)
            np.testing.assert_array_equal(room, x[25:35].astype(column.dtype))
