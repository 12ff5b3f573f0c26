"""Where compiled kernels are kept: each case in a process of its own, as the folder is chosen once a process."""

import os
import subprocess
import sys

import pytest

TRAIN = """
import numpy as np
from kerastutor import keras
from kerastutor.backends import cache
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
model.compile("sgd", "mse")
history = model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0).history
assert np.isfinite(history["loss"][0])
print(cache.in_use())
"""


def train(folder):
    """Train a tiny net in a new process with its cache in `folder`: its output and its messages."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder), "KERASTUTOR_BACKEND": "cpu"}
    done = subprocess.run([sys.executable, "-c", TRAIN], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


@pytest.mark.slow
def test_the_first_training_says_that_it_compiles_and_the_second_does_not_compile(tmp_path):
    place, said = train(tmp_path)
    assert place.startswith(str(tmp_path))
    assert "Compiling kernels for this processor, this once: 1 of " in said and "kept on disk" in said
    kept = sorted(f.name for f in tmp_path.rglob("*.nbi"))
    assert any("mean" in name for name in kept)
    assert train(tmp_path) == (place, "")
    assert sorted(f.name for f in tmp_path.rglob("*.nbi")) == kept


@pytest.mark.slow
def test_without_a_folder_to_write_it_works_and_says_so(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")  # root may write into any folder, but nobody into a file
    place, said = train(file)
    assert not place.startswith(str(file))
    assert "can't be kept in" in said and "NUMBA_CACHE_DIR" in said


def test_the_folder_changes_with_the_kernels(tmp_path, monkeypatch):
    from kerastutor.backends import cache

    monkeypatch.setattr(cache, "SOURCES", tmp_path)
    (tmp_path / "kernels.py").write_text("a = 1")
    before = cache._hash()
    (tmp_path / "kernels.py").write_text("a = 2")
    assert cache._hash() != before
