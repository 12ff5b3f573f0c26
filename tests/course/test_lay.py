"""A student's work is never overwritten; whatever they have not touched follows the course."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerastutor.course.lay import MANIFEST, lay

ONE = "lessons/01_one.ipynb"
BESIDE = "lessons/01_one.new.ipynb"


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def read(root):
    paths = [path for path in root.rglob("*") if path.is_file() and path.name != MANIFEST]
    return {path.relative_to(root).as_posix(): path.read_text() for path in paths}


@pytest.fixture
def course(tmp_path):
    write(tmp_path / "course", {ONE: "version 1", "exercises/README.md": "soon"})
    return tmp_path / "course"


@pytest.fixture
def mine(tmp_path, course):
    lay(course, tmp_path / "mine")
    return tmp_path / "mine"


def test_lays_everything_and_then_nothing(course, tmp_path):
    laid = lay(course, tmp_path / "mine")
    assert sorted(laid.added) == ["exercises/README.md", ONE]
    assert read(tmp_path / "mine") == read(course)
    again = lay(course, tmp_path / "mine")
    assert not (again.added or again.updated or again.kept or again.beside)


def test_untouched_file_follows_the_course(course, mine):
    write(course, {ONE: "version 2"})
    assert lay(course, mine).updated == [ONE]
    assert read(mine)[ONE] == "version 2"


def test_changed_file_stays_and_the_newer_one_is_laid_beside_it_once(course, mine):
    write(mine, {ONE: "my work"})
    assert lay(course, mine).kept == [ONE]
    assert BESIDE not in read(mine)  # nothing newer yet

    write(course, {ONE: "version 2"})
    assert lay(course, mine).beside == {ONE: BESIDE}
    assert read(mine)[ONE] == "my work" and read(mine)[BESIDE] == "version 2"

    (mine / BESIDE).unlink()  # seen, not wanted
    assert lay(course, mine).kept == [ONE]
    assert BESIDE not in read(mine)


def test_work_in_the_copy_beside_is_kept_too(course, mine):
    write(mine, {ONE: "my work"})
    write(course, {ONE: "version 2"})
    lay(course, mine)
    write(mine, {BESIDE: "my work in the newer one"})
    write(course, {ONE: "version 3"})
    assert lay(course, mine).beside == {ONE: "lessons/01_one.new2.ipynb"}
    assert read(mine)[BESIDE] == "my work in the newer one"


def test_deleted_file_comes_back_clean(course, mine):
    (mine / ONE).unlink()
    assert lay(course, mine).added == [ONE]
    assert read(mine)[ONE] == "version 1"


def test_files_of_the_students_own_are_left_alone(course, mine):
    write(mine, {"lessons/notes.ipynb": "mine"})
    lay(course, mine)
    assert read(mine)["lessons/notes.ipynb"] == "mine"


@pytest.mark.parametrize("manifest", [None, "", "{", "[]", '{"files": 3}'])
def test_without_a_readable_manifest_a_differing_file_counts_as_the_students(course, mine, manifest):
    write(course, {ONE: "version 2"})
    (mine / MANIFEST).unlink() if manifest is None else (mine / MANIFEST).write_text(manifest)
    assert lay(course, mine).beside == {ONE: BESIDE}
    assert read(mine)[ONE] == "version 1"


def test_hidden_files_and_caches_are_not_laid(course, tmp_path):
    write(course, {"lessons/.ipynb_checkpoints/01_one.ipynb": "", "lessons/__pycache__/x.pyc": ""})
    assert sorted(lay(course, tmp_path / "mine").added) == ["exercises/README.md", ONE]


@pytest.mark.parametrize("clash", ["file for folder", "folder for file"])
def test_clash_of_file_and_folder_is_refused_before_anything_is_written(course, tmp_path, clash):
    target = tmp_path / "mine"
    if clash == "file for folder":
        write(target, {"lessons": "a file"})
    else:
        (target / ONE).mkdir(parents=True)
    before = sorted(target.rglob("*"))
    with pytest.raises(FileExistsError, match="but the course has a f"):
        lay(course, target)
    assert sorted(target.rglob("*")) == before


def test_interrupted_call_leaves_whole_files_and_the_next_one_finishes(course, mine, monkeypatch):
    write(course, {ONE: "version 2", "lessons/02_two.ipynb": "new"})
    calls = []

    def replace(old, new, real=os.replace):
        calls.append(new)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(old, new)

    monkeypatch.setattr("kerastutor.course.lay.os.replace", replace)
    with pytest.raises(KeyboardInterrupt):
        lay(course, mine)
    assert set(read(mine).values()) <= {"version 1", "version 2", "new", "soon"}
    monkeypatch.undo()
    lay(course, mine)
    assert read(mine) == read(course)


NAMES = [ONE, "lessons/02_two.ipynb", "exercises/a/b.md"]
STEPS = st.lists(
    st.tuples(st.sampled_from(["release", "edit", "edit beside", "delete"]), st.sampled_from(NAMES)), max_size=14
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_any_order_of_releases_edits_and_deletions(steps):
    with TemporaryDirectory() as folder:
        course, mine = Path(folder, "course"), Path(folder, "mine")
        write(course, {name: f"release 0 of {name}" for name in NAMES})
        lay(course, mine)
        for number, (step, name) in enumerate(steps, start=1):
            if step == "release":
                write(course, {name: f"release {number} of {name}"})
            elif step == "edit":
                write(mine, {name: f"work {number} in {name}"})
            elif step == "edit beside":
                write(mine, {beside: f"work {number}" for beside in read(mine) if ".new" in beside})
            else:
                (mine / name).unlink(missing_ok=True)
            before = read(mine)
            lay(course, mine)
            after, release = read(mine), read(course)
            assert {n: text for n, text in before.items() if text.startswith("work")}.items() <= after.items()
            for n in NAMES:
                assert after[n] == release[n] or (after[n] == before[n] and after[n].startswith("work"))
                assert release[n] in after.values() or step != "release" or n != name  # a new one is always offered
