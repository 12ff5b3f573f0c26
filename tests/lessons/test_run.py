"""The lessons run: here, with the outputs stored in them; and on real Keras, when the import line is changed."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kerastutor.course import check
from kerastutor.datasets import catalogue
from tests.lessons.figures import apart, figures

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "lessons").glob("[0-9]*.ipynb"))

ON_REAL_KERAS = """
import keras
from kerastutor.keras.datasets import {datasets}
for ours in ({datasets},):
    theirs = getattr(keras.datasets, ours.__name__.rpartition(".")[2])
    for name in {{"load_data", "get_word_index"}} & set(dir(ours)):
        setattr(theirs, name, getattr(ours, name))
"""
"""The data is the same; what the package embeds is not fetched again."""


def test_an_unknown_lesson_is_named_together_with_those_there_are(capsys):
    assert check.run_lessons(["04_frist_models"]) == 2
    complaint = capsys.readouterr().err
    assert "04_frist_models" in complaint
    assert "04_first_models" in complaint


def test_a_name_may_end_in_ipynb_and_no_name_means_all():
    assert check.select(["04_first_models.ipynb"]) == check.select(["04_first_models"])
    assert [path.name for path in check.select()] == [path.name for path in NOTEBOOKS]


def test_figures_that_differ_too_much_or_are_missing_are_noticed():
    def printed(text):
        cell = nbformat.v4.new_code_cell("", metadata={"tags": ["figures"]})
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
        return figures(nbformat.v4.new_notebook(cells=[cell]))

    here = printed("test accuracy     0.978 ± 0.004\nboards, in all     1,958 ± 1\n")
    assert here == {"test accuracy": (0.978, 0.004), "boards, in all": (1958, 1)}
    assert apart(here, here) == []
    assert apart(here, printed("test accuracy  0.9745 ± 0.004\nboards, in all  1,958 ± 1")) == []
    assert "test accuracy" in apart(here, printed("test accuracy 0.973 ± 0.004\nboards, in all  1,958 ± 1"))[0]
    assert "boards" in apart(here, printed("test accuracy  0.978 ± 0.004"))[0]
    assert "test accuracy" in apart(here, printed("test accuracy  nan ± 0.004\nboards, in all  1,958 ± 1"))[0]


def test_the_map_of_the_course_leads_to_every_lesson():
    course = nbformat.read(NOTEBOOKS[0], as_version=4)
    prose = "\n".join(cell.source for cell in course.cells if cell.cell_type == "markdown")
    assert NOTEBOOKS[0].name == "00_start_here.ipynb"
    assert [path.name for path in NOTEBOOKS[1:] if f"]({path.name})" not in prose] == []


@pytest.mark.slow
def test_an_output_that_changed_is_noticed(tmp_path, monkeypatch):
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    cell = nbformat.v4.new_code_cell("print(1 + 1)", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="3\n")]
    notebook.cells = [cell]
    nbformat.write(notebook, tmp_path / "sums.ipynb")
    (tmp_path / "sanitize.cfg").write_text("")
    monkeypatch.setattr(check.places, "lessons", lambda: [tmp_path / "sums.ipynb"])
    assert check.run_lessons() == 1
    cell.outputs[0].text = "2\n"
    nbformat.write(notebook, tmp_path / "sums.ipynb")
    assert check.run_lessons() == 0


def skip_without_its_data(path):
    """A machine that can't get a dataset skips the lessons that need it, naming it."""
    for name, entry in catalogue.ENTRIES.items():
        if entry.parts and f"datasets.{name}" in path.read_text(encoding="utf-8") and not entry.where():
            pytest.skip(f"the dataset {name} is not here: kerastutor data get {name}")


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_a_lesson_prints_what_is_stored_in_it(name):
    skip_without_its_data(ROOT / "lessons" / f"{name}.ipynb")
    assert check.run_lessons([name]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_runs_on_real_keras_and_ends_at_the_same_figures(path, monkeypatch):
    pytest.importorskip("keras")
    pytest.importorskip("jax")
    skip_without_its_data(path)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))
    notebook = nbformat.read(path, as_version=4)
    stored = figures(notebook)
    notebook.cells = [cell for cell in notebook.cells if "kerastutor-only" not in cell.metadata.get("tags", [])]
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    used = sorted(set(re.findall(r"keras\.datasets\.(\w+)", source)))
    real = ON_REAL_KERAS.format(datasets=", ".join(used)) if used else "import keras"
    for cell in notebook.cells:
        cell.source = cell.source.replace("from kerastutor import keras", real)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert apart(stored, figures(notebook)) == []
