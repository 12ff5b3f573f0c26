"""The road of a new exercise, and stock nbgrader on what the masters become."""

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from click.testing import CliRunner

from kerastutor.cli import main
from kerastutor.grading import masters, release
from kerastutor.grading.verdict import judge


def test_a_new_exercise_is_whole_from_the_start(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASTUTOR_MASTERS", str(tmp_path))
    for number, title in (("08.1", "Square it"), ("08.2", "Once more: squares")):
        assert CliRunner().invoke(main, ["new-exercise", number, title]).exit_code == 0
    (path,) = masters.paths()
    master = masters.load(path)
    assert list(master.exercises) == ["08.1", "08.2"]
    exercise = master.exercises["08.2"]
    assert masters.verdict(master, "08.2", master.solution).points == 10
    assert masters.verdict(master, "08.2", exercise.another).points == 10
    for wrong in exercise.wrong_answers:
        assert wrong.message in str(masters.verdict(master, "08.2", wrong.replaces))

    made = release.files(master, tmp_path, tmp_path)
    notebook, sheet = made
    assert "return x**2" not in made[notebook] and 'check(\\"08.2\\")' in made[notebook]
    assert "once_more_squares" in made[sheet]

    before = (path / "sheet.py").read_text()
    again = CliRunner().invoke(main, ["new-exercise", "08.1", "Square it"])
    assert again.exit_code == 1 and "an exercise 08.1 already" in again.output
    assert (path / "sheet.py").read_text() == before


NO_EXERCISES = [("8.1", "x"), ("08", "x"), ("08.1", "1 x"), ("08.1", 'a "b"'), ("../../1", "x")]


@pytest.mark.parametrize("number, title", NO_EXERCISES)
def test_numbers_and_titles_that_make_no_exercise(tmp_path, monkeypatch, number, title):
    monkeypatch.setenv("KERASTUTOR_MASTERS", str(tmp_path))
    result = CliRunner().invoke(main, ["new-exercise", "--", number, title])
    assert result.exit_code == 1 and "Error: " in result.output and not list(tmp_path.glob("**/*.py"))


def test_without_masters_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASTUTOR_MASTERS", str(tmp_path / "none"))
    result = CliRunner().invoke(main, ["exercises", "build"])
    assert result.exit_code == 1 and "exercises/instructor of a clone" in result.output


def test_a_part_without_cases_is_not_passed():
    assert judge("1.1", "t", [("empty", 5, [])], {}).points == 0


@pytest.mark.slow
def test_the_sources_are_written_one_folder_a_lesson(tmp_path):
    result = CliRunner().invoke(main, ["exercises", "source", str(tmp_path / "source")])
    assert result.exit_code == 0, result.output
    written = sorted((tmp_path / "source").glob("*/*.ipynb"))
    assert [file.stem for file in written] == [path.name for path in masters.paths()]
    assert all(file.stem == file.parent.name and str(file) in result.output for file in written)
    text = written[0].read_text(encoding="utf-8")
    assert "### BEGIN SOLUTION" in text and "### BEGIN HIDDEN TESTS" in text and '"points"' in text


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "source").write_text("mine")
    for place in ("source", "source/below"):
        result = CliRunner().invoke(main, ["exercises", "source", str(tmp_path / place)])
        assert result.exit_code in (1, 2) and "Error: " in result.output
    assert (tmp_path / "source").read_text() == "mine"


@pytest.mark.slow
def test_stock_nbgrader_goes_all_the_way_on_every_master(tmp_path):
    """generate_assignment, autograde, export, generate_feedback: each gets what is due, and nothing hidden is shown."""
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    release.write_sources(tmp_path / "source", say=lambda line: None)
    nbgrader(tmp_path, "generate_assignment", "*")
    due, numbers = {}, {}
    for path in masters.paths():
        name, master = path.name, masters.load(path)
        source, released = (nbformat.read(tmp_path / where / name / f"{name}.ipynb", as_version=4)
                            for where in ("source", "release"))
        assert [cell.source for cell in released.cells] == [cell.source for cell in release.student(source).cells]
        numbers[name] = list(master.exercises)
        by_number = sum(one.points for one in master.exercises.values())  # answers in words are read by a person
        submit(tmp_path, due, "all", name, source, by_number)
        submit(tmp_path, due, "none", name, released, 0)
        if name.startswith("04"):
            submit(tmp_path, due, "half", name, half_of(released, source), 15 + 8)
    nbgrader(tmp_path, "autograde", "*")
    nbgrader(tmp_path, "export")
    nbgrader(tmp_path, "generate_feedback", "*", "--force")
    with open(tmp_path / "grades.csv", newline="") as file:
        got = {(row["student_id"], row["assignment"]): float(row["score"] or 0) for row in csv.DictReader(file)}
    assert {one: got[one] for one in due} == due
    for who, name in due:
        page = (tmp_path / "feedback" / who / name / f"{name}.html").read_text()
        assert all(f"Exercise {number}" in page for number in numbers[name]), (who, name)
        assert "tuple" not in page and "&#39;array&#39;" not in page  # no case in its written form
        assert who != "half" or "0 / 0 is nan" in page


def submit(folder, due, student, name, notebook, points):
    place = folder / "submitted" / student / name
    place.mkdir(parents=True)
    nbformat.write(notebook, place / f"{name}.ipynb")
    due[student, name] = points


CONFIG = """c = get_config()
c.CourseDirectory.course_id = "course"
c.ExecutePreprocessor.timeout = c.ExecutePreprocessor.startup_timeout = 600
"""


def half_of(released, source):
    """A student of lesson 4 who has two exercises right, and precision for recall."""
    half = nbformat.from_dict(released)
    for mine, theirs in zip(half.cells, source.cells):
        if theirs.metadata.get("nbgrader", {}).get("grade_id") in ("04-3", "04-5"):
            mine.source = theirs.source
    half.cells[[c.metadata.get("nbgrader", {}).get("grade_id") for c in half.cells].index("04-3")].source = PRECISION
    return half


PRECISION = """def recall(meant, read, classes):
    return np.bincount(meant[meant == read], minlength=classes) / np.bincount(meant, minlength=classes)
"""


def nbgrader(folder, *words):
    tools = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])  # it calls others of its own
    paths = filter(None, [str(masters.folder().parents[1]), os.environ.get("PYTHONPATH")])
    settings = {"PATH": tools, "KERASTUTOR_MASTERS": str(masters.folder()),
                "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
                "PYTHONPATH": os.pathsep.join(paths), "KERASTUTOR_PROGRESS": str(folder / "progress.json")}
    call = [shutil.which("nbgrader", path=tools), *words]
    done = subprocess.run(call, cwd=folder, env={**os.environ, **settings}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-20000:]
