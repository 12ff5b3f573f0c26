"""Each test has a progress file of its own; masters are read once."""

import functools

import pytest

from kerastutor.grading import masters

load = functools.cache(masters.load)


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    path = tmp_path / "progress" / "mine.json"
    path.parent.mkdir()
    monkeypatch.setenv("KERASTUTOR_PROGRESS", str(path))
    return path
