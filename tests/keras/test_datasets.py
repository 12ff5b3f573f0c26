"""The digits are the real ones, whole and in order, and a damaged file is refused."""

import gzip
import hashlib
import shutil

import numpy as np
import pytest

from kerastutor.keras.datasets import mnist

SHA256 = {  # of the original, uncompressed files
    "mnist-train-images-idx3-ubyte.gz": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "mnist-train-labels-idx1-ubyte.gz": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "mnist-t10k-images-idx3-ubyte.gz": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "mnist-t10k-labels-idx1-ubyte.gz": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
COUNTS = (
    [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
)


@pytest.mark.parametrize("name", SHA256)
def test_files(name):
    assert hashlib.sha256(gzip.decompress((mnist.DATA / name).read_bytes())).hexdigest() == SHA256[name]


def test_licence_lies_beside_the_data():
    text = (mnist.DATA / "LICENSES.md").read_text(encoding="utf-8")
    assert "CC BY-SA 3.0" in text and "LeCun" in text and "Cortes" in text and "Burges" in text
    assert all(sha in text for sha in SHA256.values())


@pytest.mark.slow
def test_what_is_loaded():
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert y_train.shape == (60000,) and y_test.shape == (10000,)
    assert {a.dtype.name for a in (x_train, y_train, x_test, y_test)} == {"uint8"}
    assert np.bincount(y_train).tolist() == COUNTS[0] and np.bincount(y_test).tolist() == COUNTS[1]
    assert round(x_train.mean() / 255, 5) == 0.13066 and round((x_train / 255).std(), 5) == 0.30811
    x_train[0] = 0  # a student may write into the arrays
    assert mnist.load_data(path="mnist.npz")[0][0][0].any()


def damage(name, change):
    """Rewrites a file's bytes."""
    path = mnist.DATA / name
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize("change", [
    lambda b: b[: len(b) // 2],
    lambda b: b"",
    lambda b: b[:2000] + bytes([b[2000] ^ 1]) + b[2001:],
    lambda b: b[:-3],
    lambda b: gzip.compress(gzip.decompress(b)[:-1]),
    lambda b: gzip.compress(gzip.decompress(b) + b"0"),
    lambda b: gzip.compress(b"\x00\x00\x0d\x01" + gzip.decompress(b)[4:]),
], ids=["half", "empty", "one bit", "end", "short", "long", "other type"])
@pytest.mark.parametrize("name", ["mnist-t10k-labels-idx1-ubyte.gz"])
def test_damaged(name, change, tmp_path, monkeypatch):
    for file in mnist.FILES:
        shutil.copy(mnist.DATA / file, tmp_path)
    monkeypatch.setattr(mnist, "DATA", tmp_path)
    damage(name, change)
    with pytest.raises(ValueError, match=name) as error:
        mnist.load_data()
    assert "Install kerastutor again" in str(error.value)


def test_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist, "DATA", tmp_path)
    with pytest.raises(FileNotFoundError, match="Install kerastutor again"):
        mnist.load_data()
