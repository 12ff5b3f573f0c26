"""What load_data gives: as real Keras gives it from the same file; and for the real data, the published numbers."""

import importlib
import io
import itertools
import pickle
import tarfile

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.datasets import fashion_mnist, imdb, pickled, store
from tests.keras.oracle import real, same_signature

NAMES = "boston_housing", "california_housing", "cifar10", "cifar100", "fashion_mnist", "imdb", "mnist", "reuters"


@pytest.mark.parametrize("name", NAMES)
def test_functions_and_arguments_are_those_of_keras(name):
    ours, theirs = getattr(keras.datasets, name), getattr(real().datasets, name)
    functions = [f for f in dir(theirs) if not f.startswith("_")]
    assert [f for f in functions if not hasattr(ours, f)] == []
    assert [fault for f in functions for fault in same_signature(getattr(ours, f), getattr(theirs, f))] == []


@pytest.fixture
def same_file(monkeypatch):
    """Both libraries get the same file, in place of the real one."""
    def use(name, path, inside=None):
        theirs = importlib.import_module(f"keras.src.datasets.{name}")
        monkeypatch.setattr(theirs, "get_file", lambda *a, **k: str(inside or path))
        ours = importlib.import_module(f"kerastutor.keras.datasets.{name}")
        for module in (ours, keras.datasets.cifar10.cifar, keras.datasets.boston_housing.tables):
            if hasattr(module, "obtain"):
                monkeypatch.setattr(module, "obtain", lambda dataset, forms: (forms[0], [path]))
        return ours.load_data, theirs.load_data
    return use


def same(ours, theirs):
    for part, expected in zip(itertools.chain(*ours), itertools.chain(*theirs), strict=True):
        assert part.dtype == expected.dtype and part.shape == expected.shape
        assert all(np.array_equal(a, b) for a, b in zip(part, expected))


def ragged(rng, count):
    lists = np.empty(count, object)
    lists[:] = [rng.integers(1, 50, size=rng.integers(1, 20)).tolist() for _ in range(count)]
    return lists


WORDS = [
    {}, dict(num_words=20), dict(num_words=20, skip_top=5), dict(num_words=15, oov_char=None), dict(maxlen=8),
    dict(seed=4), dict(start_char=None), dict(start_char=None, index_from=0), dict(start_char=7, index_from=10),
    dict(start_char=None, index_from=None, maxlen=12), dict(skip_top=9, oov_char=0, maxlen=12, num_words=40),
]


@pytest.mark.parametrize("options", WORDS, ids=str)
def test_imdb_and_reuters(options, rng, tmp_path, same_file):
    path = tmp_path / "words.npz"
    labels = rng.integers(0, 2, 90)
    np.savez(path, x_train=ragged(rng, 90), y_train=labels, x_test=ragged(rng, 90), y_test=labels, x=ragged(rng, 90),
             y=labels)
    for name, more in (("imdb", {}), ("reuters", dict(test_split=0.3))):
        ours, theirs = same_file(name, path)
        same(ours(**options, **more), theirs(**options, **more))


def test_nothing_kept(rng, tmp_path, same_file):
    path = tmp_path / "words.npz"
    np.savez(path, x_train=ragged(rng, 9), y_train=np.ones(9), x_test=ragged(rng, 9), y_test=np.ones(9))
    ours, theirs = same_file("imdb", path)
    for load in (ours, theirs):
        with pytest.raises(ValueError, match="Increase maxlen"):
            load(maxlen=2)


def test_arguments_of_an_older_keras():
    with pytest.raises(TypeError, match="num_words"):
        imdb.load_data(nb_words=10)
    with pytest.raises(ValueError, match="KERAS_HOME"):
        imdb.load_data(path="/some/where/imdb.npz")


@pytest.mark.parametrize("name, options", [
    ("california_housing", {}), ("california_housing", dict(version="small", test_split=0.5, seed=1)),
    ("boston_housing", {}), ("boston_housing", dict(test_split=0)),
])
def test_house_prices(name, options, rng, tmp_path, same_file):
    path = tmp_path / "table.npz"
    np.savez(path, x=rng.normal(size=(700, 8)).astype("float32"), y=rng.normal(size=700))
    ours, theirs = same_file(name, path)
    same(ours(**options), theirs(**options))
    for load in (ours, theirs):
        with pytest.raises(ValueError, match="test_split"):
            load(test_split=1)


@pytest.mark.slow
@pytest.mark.parametrize("order", ["channels_last", "channels_first"])
def test_cifar(order, rng, tmp_path, same_file):
    def batch(n, *keys):
        pixels = rng.integers(0, 256, (n, 3072)).astype("uint8")
        return {b"data": pixels, **{key: rng.integers(0, 9, n).tolist() for key in keys}}

    ten, hundred = "cifar-10-batches-py/", "cifar-100-python/"
    members = {f"{ten}data_batch_{i}": batch(10000, b"labels") for i in range(1, 6)}
    members |= {f"{ten}test_batch": batch(20, b"labels")}
    members |= {hundred + part: batch(30, b"fine_labels", b"coarse_labels") for part in ("train", "test")}
    with tarfile.open(tmp_path / "archive", "w") as tar:
        for name, content in members.items():
            info, data = tarfile.TarInfo(name), pickle.dumps(content, 4)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with tarfile.open(tmp_path / "archive") as tar:
        tar.extractall(tmp_path / "out", filter="data")
    for library in (keras, real()):
        library.config.set_image_data_format(order)
    try:
        ours, theirs = same_file("cifar10", tmp_path / "archive", tmp_path / "out")
        same(ours(), theirs())
        ours, theirs = same_file("cifar100", tmp_path / "archive", tmp_path / "out")
        for mode in ("fine", "coarse"):
            same(ours(label_mode=mode), theirs(label_mode=mode))
    finally:
        for library in (keras, real()):
            library.config.set_image_data_format("channels_last")
    with pytest.raises(ValueError, match="label_mode"):
        ours(label_mode="rough")


class Harm:
    def __reduce__(self):
        return print, ("harm is done",)


def test_a_pickle_runs_no_code(tmp_path, capsys):
    harm = np.empty(1, object)
    harm[0] = Harm()
    np.savez(tmp_path / "x.npz", x=harm)
    with pytest.raises(pickle.UnpicklingError, match="print"):
        pickled.load_npz(tmp_path / "x.npz")
    assert capsys.readouterr().out == ""


def need(name, module):
    """Skips, naming the dataset, where it is not prepared: tests download nothing."""
    try:
        return store.obtain(name, module.FORMS, steps=[store.look_in_cache])
    except store.DatasetNotFound:
        pytest.skip(f"the dataset {name} is not here: kerastutor data get {name}")


@pytest.mark.slow
def test_fashion_mnist():
    need("fashion_mnist", fashion_mnist)
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert {a.dtype.name for a in (x_train, y_train, x_test, y_test)} == {"uint8"}
    assert np.bincount(y_train).tolist() == [6000] * 10 and np.bincount(y_test).tolist() == [1000] * 10
    assert y_train[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]  # as in TensorFlow's tutorial on classification
    assert round(x_train.mean() / 255, 4) == 0.2860 and round((x_train / 255).std(), 4) == 0.3530
    x_train[0] = 0  # a student may write into the arrays


FIRST = """
1 14 22 16 43 530 973 1622 1385 65 458 4468 66 3941 4 173 36 256 5 25 100 43 838 112 50 670 22665 9 35 480
284 5 150 4 172 112 167 21631 336 385 39 4 172 4536 1111 17 546 38 13 447 4 192 50 16 6 147 2025 19 14 22 4
1920 4613 469 4 22 71 87 12 16 43 530 38 76 15 13 1247 4 22 17 515 17 12 16 626 18 19193 5 62 386 12 8 316 8
106 5 4 2223 5244 16 480 66 3785 33 4 130 12 16 38 619 5 25 124 51 36 135 48 25 1415 33 6 22 12 215 28 77 52
5 14 407 16 82 10311 8 4 107 117 5952 15 256 4 31050 7 3766 5 723 36 71 43 530 476 26 400 317 46 7 4 12118
1029 13 104 88 4 381 15 297 98 32 2071 56 26 141 6 194 7486 18 4 226 22 21 134 476 26 480 5 144 30 5535 18
51 36 28 224 92 25 104 4 226 65 16 38 1334 88 12 16 283 5 16 4472 113 103 32 15 16 5345 19 178 32
"""
"""The first review, as Keras's and TensorFlow's tutorials print it."""


@pytest.mark.slow
def test_imdb_is_the_one_of_the_tutorials():
    need("imdb", imdb)
    (x_train, y_train), (x_test, y_test) = imdb.load_data()
    assert len(x_train) == len(x_test) == 25000 and y_train.sum() == y_test.sum() == 12500
    assert x_train.dtype == object and y_train.dtype == "int64" and type(x_train[0]) is list
    assert x_train[0] == list(map(int, FIRST.split()))
    assert y_train[:10].tolist() == [1, 0, 0, 1, 0, 0, 1, 0, 1, 0]
    assert [len(x_train[0]), len(x_train[1])] == [218, 189]
    lengths = np.array([len(x) for x in x_train])
    assert lengths.max() == 2494 and round(lengths.mean(), 5) == 238.71364
    words = imdb.get_word_index()
    assert len(words) == 88584
    published = dict(fawn=34701, tsukino=52006, nunnery=52007, sonja=16816, vani=63951, woods=1408, spiders=16115)
    assert {word: words[word] for word in published} == published
    back = {number + 3: word for word, number in words.items()}
    assert " ".join(back[k] for k in x_train[0][1:8]) == "this film was just brilliant casting location"
