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
@pytest.mark.parametrize("path", masters.paths(), ids=lambda path: path.name)
def test_stock_nbgrader_goes_all_the_way(tmp_path, path):
    """generate_assignment, autograde, export, generate_feedback: each gets what is due, and nothing hidden is shown."""
    master, name = masters.load(path), path.name
    source = release.source(master)
    (tmp_path / "source" / name).mkdir(parents=True)
    nbformat.write(source, tmp_path / "source" / name / f"{name}.ipynb")
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    nbgrader(tmp_path, "generate_assignment", name)
    released = nbformat.read(tmp_path / "release" / name / f"{name}.ipynb", as_version=4)
    assert [cell.source for cell in released.cells] == [cell.source for cell in release.student(source).cells]

    submissions = {"all": source, "none": released}
    by_number = sum(one.points for one in master.exercises.values())
    due = {"all": by_number, "none": 0}  # the answer in words is read by a person
    if name.startswith("04"):
        submissions["half"], due["half"] = half_of(released, source), 15 + 8
    for student, notebook in submissions.items():
        folder = tmp_path / "submitted" / student / name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    nbgrader(tmp_path, "autograde", name)
    nbgrader(tmp_path, "export")
    nbgrader(tmp_path, "generate_feedback", name, "--force")
    with open(tmp_path / "grades.csv", newline="") as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == due
    pages = {who: (tmp_path / "feedback" / who / name / f"{name}.html").read_text() for who in due}
    for who, page in pages.items():
        assert all(f"Exercise {number}" in page for number in master.exercises), who
        assert "tuple" not in page and "&#39;array&#39;" not in page  # no case in its written form
    assert "0 / 0 is nan" in pages.get("half", "0 / 0 is nan")


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
