"""Each test has a progress file of its own; masters are read once; lines are counted where seconds would be."""

import functools

import pytest

from kerastutor.grading import growth, masters

load = functools.cache(masters.load)


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    path = tmp_path / "progress" / "mine.json"
    path.parent.mkdir()
    monkeypatch.setenv("KERASTUTOR_PROGRESS", str(path))
    return path


@pytest.fixture(autouse=True)
def counted_lines(monkeypatch):
    """How much work a call is: the lines of Python it runs, so that no test depends on a clock."""
    monkeypatch.setattr(growth, "_took", growth.lines)
    monkeypatch.setattr(growth, "MOST", 1)
