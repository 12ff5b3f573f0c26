"""Training on arrays on disk: the numbers of arrays in memory, and only a window of rows in memory."""

import subprocess
import sys

import h5py
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.models import data as data_module
from kerastutor.keras.models.data import Files, files
from tests.keras.oracle import real

RNG = np.random.default_rng(0)
N = 230
X = RNG.normal(size=(N, 6)).astype("float32")
LABELS = RNG.integers(0, 4, N)


def net(k=keras, **options):
    model = k.Sequential([k.Input((6,)), k.layers.Dense(8, activation="tanh"), k.layers.Dense(4, activation="softmax")])
    rng = np.random.default_rng(1)
    model.set_weights([rng.normal(size=w.shape).astype("float32") for w in model.get_weights()])
    model.compile(k.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"], **options)
    return model


def assert_alike(ours, theirs, history, expected):
    assert list(history.history) == list(expected.history)
    for name, values in expected.history.items():
        np.testing.assert_allclose(history.history[name], values, rtol=2e-5, atol=2e-5, err_msg=name)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5)


@pytest.fixture(params=["h5", "h5 chunks", "h5 float64", "memmap", "memmap float64", "part of a memmap"])
def stored(request, tmp_path):
    """X and the labels on disk, in several forms."""
    kind, dtype = request.param, "float64" if "64" in request.param else "float32"
    if kind.startswith("h5"):
        with h5py.File(tmp_path / "data.h5", "w") as file:
            file.create_dataset("x", data=X.astype(dtype), chunks=(7, 3) if "chunks" in kind else None)
            file["y"] = LABELS
        file = h5py.File(tmp_path / "data.h5")
        yield file["x"], file["y"]
        file.close()
    else:
        whole = np.memmap(tmp_path / "x.bin", dtype, "w+", shape=(2 * N, 6))
        whole[:N], whole[N:] = X, X[::-1]
        x = np.memmap(tmp_path / "x.bin", dtype, "r", shape=(2 * N, 6))
        yield (np.asarray(x)[N:][::-1] if "part" in kind else x[:N]), LABELS


@pytest.fixture(params=["one window", "many windows"])
def window(request, monkeypatch):
    if request.param == "many windows":
        monkeypatch.setattr(files, "BLOCK", 400)  # bytes: ten rows or so
        monkeypatch.setattr(files, "WINDOWS", 2000)


OPTIONS = {
    "all": {},
    "part for validation": dict(validation_split=0.3),
    "steps": dict(steps_per_epoch=3, epochs=5),
    "large batches": dict(batch_size=100),
    "class_weight": dict(class_weight={1: 3.0}),
    "weights": dict(sample_weight=np.linspace(0, 1, N)),
}


@pytest.mark.filterwarnings("ignore:The data ran out")
@pytest.mark.parametrize("option", OPTIONS)
def test_a_training_gives_the_numbers_of_arrays_in_memory(stored, window, option, backend):
    options = dict(batch_size=32, epochs=2, shuffle=False, verbose=0) | OPTIONS[option]
    assert type(data_module.data_for(*stored)) is Files
    ours, theirs = net(), net()
    assert_alike(ours, theirs, ours.fit(*stored, **options), theirs.fit(X, LABELS, **options))
    np.testing.assert_allclose(ours.evaluate(*stored, verbose=0), theirs.evaluate(X, LABELS, verbose=0), rtol=1e-5)
    np.testing.assert_allclose(ours.predict(stored[0], verbose=0), theirs.predict(X, verbose=0), rtol=1e-5, atol=1e-6)


def test_what_fits_into_memory_is_shuffled_as_in_keras(stored):
    check_against_keras(stored, shuffle=True)


def test_rows_within_batches_are_shuffled_as_in_keras(stored, window):
    check_against_keras(stored, shuffle="batch")


def test_rows_of_arrays_within_batches_are_shuffled_as_in_keras():
    check_against_keras((X, LABELS), shuffle="batch")


def check_against_keras(stored, **options):
    ours, theirs = net(), net(real(), run_eagerly=True)
    histories = []
    for model, arrays in ((ours, stored), (theirs, (X, LABELS))):
        np.random.seed(7)
        histories.append(model.fit(*arrays, epochs=2, verbose=0, **options))
    assert_alike(ours, theirs, *histories)


class Watched:
    """An array in chunks that notes which rows are read."""

    chunks = (5, 1)

    def __init__(self, a):
        self.a, self.shape, self.dtype, self.reads = a, a.shape, a.dtype, []

    def __getitem__(self, rows):
        self.reads.append((rows.start, rows.stop))
        return self.a[rows]


def in_order(data, shuffle):
    """What is in the batches of one epoch, one after the other."""
    return [data.arrays[0][rows].copy() for _, rows in data.epoch(shuffle)]


def test_shuffling_reads_whole_chunks_one_after_the_other_and_every_row_once(window, monkeypatch):
    monkeypatch.setattr(files, "WINDOWS", 60 * 8)
    monkeypatch.setattr(files, "BLOCK", 10 * 8)
    numbers = Watched(np.arange(233).reshape(-1, 1))
    data = Files(numbers, batch_size=8)
    numbers.reads.clear()
    first, second = in_order(data, True), in_order(data, True)
    assert [len(batch) for batch in first] == [8] * 29 + [1]
    for batches in (first, second):
        np.testing.assert_array_equal(np.sort(np.concatenate(batches)[:, 0]), np.arange(233))
    assert not np.array_equal(np.concatenate(first), np.concatenate(second))
    blocks = [(i, min(i + 10, 233)) for i in range(0, 233, 10)]
    assert sorted(numbers.reads[:24]) == sorted(numbers.reads[24:]) == blocks
    for start in range(0, 24, 3):  # within a window, from the beginning to the end of the file
        assert numbers.reads[start : start + 3] == sorted(numbers.reads[start : start + 3])
    assert len(data.arrays[0]) <= 60 + 2 * 8
    far = np.abs(np.diff(np.concatenate(first)[:, 0].astype(int)))
    assert np.median(far) > 20  # neighbours in the file are no neighbours in the training


def test_a_shuffled_training_gives_the_numbers_of_its_order_in_memory(stored, monkeypatch):
    monkeypatch.setattr(files, "BLOCK", 400)
    monkeypatch.setattr(files, "WINDOWS", 2000)
    x, _ = stored
    numbered = Files(x, np.arange(N), batch_size=32)
    np.random.seed(3)
    order = np.concatenate([numbered.arrays[1][rows] for _, rows in numbered.epoch(True)])
    ours, theirs = net(), net()
    ours._prepare(data_module.Arrays(X, LABELS))  # a built model draws no order in advance
    np.random.seed(3)
    history = ours.fit(*stored, batch_size=32, verbose=0)
    expected = theirs.fit(X[order], LABELS[order], batch_size=32, shuffle=False, verbose=0)
    assert_alike(ours, theirs, history, expected)


@pytest.mark.parametrize("shuffle", [False, True])
def test_several_batches_in_one_go_are_those_that_come_one_by_one(window, shuffle):
    data = Files(Watched(np.arange(N).reshape(-1, 1)), batch_size=8)
    np.random.seed(3)
    single = np.concatenate(in_order(data, shuffle))
    np.random.seed(3)
    found, steps = [], []
    for step, n, rows in data.stretches(shuffle, lambda: 3):
        steps.append((step, n))
        found.append(data.arrays[0][rows].copy())
        assert len(found[-1]) == 8 * n or step == N // 8
    assert [step for step, _ in steps] == list(np.cumsum([0] + [n for _, n in steps])[:-1])
    assert sum(n for _, n in steps) == 29 and max(n for _, n in steps) == 3
    np.testing.assert_array_equal(np.concatenate(found), single)


def test_bad_numbers_are_found_when_they_are_read(window):
    x = X.copy()
    x[200, 3] = np.nan
    with pytest.raises(ValueError, match=r"`x` holds 1 NaN .* x\[200, 3\] = nan"):
        net().fit(Watched(x), LABELS, verbose=0, shuffle=False)
    with pytest.raises(ValueError, match=r"x\[200, 3\] = nan"):  # places are those in the whole file
        net().fit(Watched(x), LABELS, verbose=0, shuffle=False, validation_split=0.4)
    labels = LABELS.copy()
    labels[220] = 7
    with pytest.raises(ValueError, match="not a class number"):
        net().fit(X, Watched(labels), verbose=0, shuffle=False)


REFUSED = {
    "text": (np.array(["a", "b"] * 20), LABELS[:40], TypeError, "`x` has dtype <U1"),
    "lengths": (X, LABELS[:40], ValueError, "`x` has 230 samples and `y` has 40"),
    "shape": (X[:, :3], LABELS, ValueError, "samples of shape \\(3,\\)"),
    "empty": (X[:0], LABELS[:0], ValueError, "`x` is empty"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_without_reading(case):
    x, y, error, words = REFUSED[case]
    model = net()
    before = model.get_weights()
    with pytest.raises(error, match=words):
        model.fit(Watched(x), Watched(y), verbose=0)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


LIMITED = """
import resource, sys
import h5py
import numpy as np
from kerastutor import keras
from kerastutor.keras.models.data import Files

name, rows, shuffle, limited = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "shuffle", sys.argv[4] == "limited"
train = rows * 8 // 10

def net():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1000,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    return model

def in_memory(x, y):
    order = np.arange(train)
    if shuffle:
        net()  # the seed
        np.random.permutation(train)  # Keras draws an order for the batch that it builds a model with
        part = Files(x[:train], y[:train], batch_size=128)
        order = np.concatenate([part.arrays[1][rows] for _, rows in part.epoch(True)])
        order = np.rint(order * rows).astype(int)
    x = np.array(x)
    return (x[order], y[order]), (x[train:], y[train:]), x

small = np.zeros((256, 1000), "float32")
net().fit(small, small[:, :1], batch_size=128, verbose=0)  # kernels are loaded, threads are there
y = np.arange(rows) / rows
x = h5py.File(name)["x"] if name.endswith("h5") else np.memmap(name, "float32", "r", shape=(rows, 1000))
if limited:
    now = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmData")) * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (now + 160 * 2**20,) * 2)
    try:
        np.array(x)
    except MemoryError:
        print("the limit holds")
    history = net().fit(x, y, batch_size=128, shuffle=shuffle, validation_split=0.2, verbose=0)
else:
    print()
    given, validation, x = in_memory(np.memmap(name, "float32", "r", shape=(rows, 1000)), y)
    history = net().fit(*given, batch_size=128, shuffle=False, validation_data=validation, verbose=0)
predictions = history.model.predict(x, batch_size=128, verbose=0)
print(*history.history["loss"], *history.history["val_loss"], predictions.mean(), predictions.std())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_data_larger_than_the_memory_train_as_if_they_were_in_memory(tmp_path):
    """600 MB of data; the process may take 160 MB more than it has after a first training."""
    rows = 150_000
    x = np.random.default_rng(0).integers(0, 4, (1000, 1000)).astype("float32")
    with open(tmp_path / "x.bin", "wb") as plain, h5py.File(tmp_path / "x.h5", "w") as file:
        chunks = file.create_dataset("x", (rows, 1000), "float32", chunks=(250, 1000), compression="lzf")
        for start in range(0, rows, 1000):
            x[:, 0] = np.arange(start, start + 1000) / rows
            x.tofile(plain)
            chunks[start : start + 1000] = x

    def numbers(kind, shuffle, limited):
        run = [sys.executable, "-c", LIMITED, str(tmp_path / kind), str(rows), shuffle, limited]
        done = subprocess.run(run, capture_output=True, text=True, timeout=150)
        assert done.returncode == 0, done.stderr[-2000:]
        first, found = done.stdout.splitlines()
        assert first == ("the limit holds" if limited == "limited" else "")
        return [float(number) for number in found.split()]

    for kind, shuffle in (("x.bin", "shuffle"), ("x.h5", "in order")):
        wanted = numbers("x.bin", shuffle, "free")
        np.testing.assert_allclose(numbers(kind, shuffle, "limited"), wanted, rtol=2e-5)
    for path in tmp_path.iterdir():
        path.unlink()


def adapted(layer, data):
    layer.adapt(data)
    return layer


def test_layers_adapt_to_arrays_on_disk_and_to_tables(tmp_path, monkeypatch):
    pandas = pytest.importorskip("pandas")
    monkeypatch.setattr("kerastutor.keras.utils.data.in_blocks.__defaults__", (600,))  # bytes: a few rows each
    words = np.array(["red", "green", "blue", "red"] * 20)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["words"] = X, words.astype("S5")
    with h5py.File(tmp_path / "data.h5") as file:
        for data in (file["x"], pandas.DataFrame(X)):
            ours, theirs = adapted(keras.layers.Normalization(), data), adapted(real().layers.Normalization(), X)
            np.testing.assert_allclose(np.asarray(ours(X).numpy()), np.asarray(theirs(X)), rtol=1e-4, atol=1e-5)
            ours = adapted(keras.layers.Discretization(num_bins=4), data)
            counts = np.bincount(np.asarray(ours(X).numpy()).ravel())
            assert len(counts) == 4 and counts.min() > X.size / 5  # quarters, about
        for data in (file["words"], pandas.Series(words)):
            layer = adapted(keras.layers.StringLookup(), data)
            assert layer.get_vocabulary() == ["[UNK]", "red", "green", "blue"]
            layer = adapted(keras.layers.TextVectorization(), data)
            assert layer.get_vocabulary() == ["", "[UNK]", "red", "green", "blue"]
