"""Each test has a progress file of its own; masters are read once; lines are counted where seconds would be."""

import functools
import sys

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

    def work(call, args):
        count = 0

        def trace(frame, event, arg):
            nonlocal count
            count += 1
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            call(*args)
        finally:
            sys.settrace(before)
        return count

    monkeypatch.setattr(growth, "_took", work)
    monkeypatch.setattr(growth, "MOST", 1)
