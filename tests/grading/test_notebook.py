"""check, hint, reset, progress: what is kept, in whose file, and what happens to it."""

import json

import pytest

from kerastutor.grading import hint, progress, reset, sheets, store
from kerastutor.grading.notebook import check


def recall(meant, read, classes):
    return [sum(m == r == c for m, r in zip(meant, read)) / max(1, sum(m == c for m in meant)) for c in range(classes)]


def test_points_are_kept_and_the_best_counts(progress_file):
    check("04.3", {"recall": lambda *args: None})
    assert not progress_file.exists()
    assert check("04.3", {"recall": recall}).points == 15
    check("04.3", {})
    assert json.loads(progress_file.read_text())["exercises"]["04.3"] == {"points": 15, "hints": 0, "passed": True}
    assert "15 of  15" in repr(progress()) and progress().points == 15


def test_hints_come_one_after_another_and_the_last_stays():
    hints = sheets.find("04.3")["hints"]
    told = [str(hint("04.3")) for _ in range(len(hints) + 1)]
    assert all(text in line for text, line in zip(hints, told)) and told[-1] == told[-2]
    assert "Read again lesson 4" in told[-1]
    assert "hints: 4" in repr(progress())


def test_reset_forgets_points_and_hints_and_gives_the_stub():
    check("04.3", {"recall": recall})
    check("04.1", {})
    hint("04.1")
    stub = str(reset("04.3"))
    assert stub.startswith("def recall(") and stub.endswith("raise NotImplementedError()")
    assert set(store.read()) == {"04.1"} and progress().points == 0


def test_reset_in_a_notebook_takes_the_names_away_and_opens_a_cell(monkeypatch):
    from kerastutor.grading import notebook

    class Shell:
        user_ns = {"recall": recall, "mine": 1}

        def set_next_input(self, text, replace):
            self.next = text, replace

    shell = Shell()
    monkeypatch.setattr(notebook, "_shell", lambda: shell)
    reset("04.3")
    assert shell.user_ns == {"mine": 1}
    assert shell.next == (sheets.find("04.3")["stub"], False)


@pytest.mark.parametrize("text", ["", "[]", '{"exercises": {"04.1": 3}}', '{"exercises": {"04.1": {"points": "x"}}}'])
def test_a_file_that_is_no_progress_is_left_alone(progress_file, text):
    progress_file.write_text(text)
    with pytest.raises(ValueError, match="mine.json can't be read as your progress"):
        progress()
    assert progress_file.read_text() == text
    assert "can't be read" in str(check("04.3", {"recall": recall}).remark)
    assert progress_file.read_text() == text


def test_an_interrupted_write_leaves_the_old_file(progress_file, monkeypatch):
    store.note("04.1", points=6)
    before = progress_file.read_text()
    monkeypatch.setattr(store.os, "replace", lambda *args: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError):
        store.note("04.1", points=15)
    assert progress_file.read_text() == before and list(progress_file.parent.iterdir()) == [progress_file]


def test_the_file_lies_in_the_course_s_folder_or_here(tmp_path, monkeypatch):
    monkeypatch.delenv("KERASTUTOR_PROGRESS")
    folder = tmp_path / "course" / "exercises"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert store.place() == folder / store.NAME
    (tmp_path / "course" / store.MANIFEST).write_text("{}")
    assert store.place() == tmp_path / "course" / store.NAME


def test_the_manifest_is_the_course_s():
    from kerastutor.course import lay

    assert store.MANIFEST == lay.MANIFEST


def test_the_panel_escapes_and_counts():
    lesson = {"exercises": [{"number": "1.1", "title": "<b>x", "points": 10}]}
    from kerastutor.grading.notebook import Progress

    html = Progress({"01": lesson}, {"1.1": {"points": 4.0, "hints": 1, "passed": False}})._repr_html_()
    assert "&lt;b&gt;x" in html and "<b>x" not in html and "4 of 10, hints: 1" in html
