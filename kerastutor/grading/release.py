"""From the masters to what students get: ``python -m kerastutor.grading.release``, or ``kerastutor exercises build``.

For each master two files are written anew: the notebook ``exercises/NN_name.ipynb``, with nbgrader's metadata and
without solutions and hidden tests, and the recorded public checks ``kerastutor/grading/sheets/NN.json``. nbgrader's own
preprocessors do the stripping. A sheet's cells say what they are by a key in their percent line:

===================== =======================================================================
``exercise="04.2"``   the student writes here; ``part="b"`` for a second cell
``check="04.2"``      left empty: `check("04.2")`, and behind it the points, hidden checks too
``words="04.7"``      an answer in words, read by a person; ``points=5``
===================== =======================================================================
"""

from __future__ import annotations

import json
from pathlib import Path

from kerastutor.grading import masters, sheets

TEST = """check("{number}")
### BEGIN HIDDEN TESTS
from kerastutor.grading import score

print(check("{number}"))  # for the feedback page
score("{number}", globals())
### END HIDDEN TESTS"""

STEPS = ("CheckCellMetadata", "LockCells", "ClearSolutions", "ClearOutput", "ClearHiddenTests", "ComputeChecksums")
"""nbgrader's preprocessors, as its generate_assignment has them."""


def source(master):
    """The instructor's notebook, as nbgrader's ``source/`` folder wants it: solutions, hidden tests, points."""
    import nbformat

    notebook = nbformat.v4.new_notebook()
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    for number, cell in enumerate(master.notebook.cells):
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        own = make(cell.source, id=f"cell-{number:03}")
        tags = list(cell.metadata.get("tags", ()))
        own.metadata = {"tags": tags} if tags else {}
        if "exercise" in cell.metadata:
            name = cell.metadata["exercise"] + cell.metadata.get("part", "")
            own.metadata["nbgrader"] = _grading(name, solution=True)
        elif "check" in cell.metadata:
            own.source = TEST.format(number=cell.metadata["check"])
            points = master.exercises[cell.metadata["check"]].points
            own.metadata["nbgrader"] = _grading(cell.metadata["check"] + "-check", points=points, locked=True)
        elif "words" in cell.metadata:
            points = cell.metadata["points"]
            own.metadata["nbgrader"] = _grading(cell.metadata["words"], points=points, solution=True)
        notebook.cells.append(own)
    return notebook


def _grading(name, solution=False, points=None, locked=False):
    grade = {"points": points} if points is not None else {}
    return {"schema_version": 3, "grade_id": name.replace(".", "-"), "grade": points is not None, "solution": solution,
            "locked": locked, "task": False} | grade


def student(notebook):
    """The student's copy of an instructor's notebook."""
    import copy

    from nbgrader import preprocessors

    notebook = copy.deepcopy(notebook)
    for name in STEPS:
        notebook, _ = getattr(preprocessors, name)().preprocess(notebook, {})
    return notebook


def stubs(notebook):
    """Each exercise's untouched cells, as one text: ``{"04.2": "def ..."}``."""
    result = {}
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and grading.get("solution"):
            number = grading["grade_id"].rstrip("abcdef").replace("-", ".")
            result[number] = "\n\n".join(filter(None, [result.get(number), cell.source]))
    return result


def files(master, exercises, recorded=sheets.FOLDER):
    """What one master becomes: ``{path: text}``."""
    import nbformat

    notebook = student(source(master))
    sheet = masters.record(master, stubs(notebook))
    lines = [json.dumps(one, ensure_ascii=False) for one in sheet.pop("exercises")]  # one exercise, one line
    text = json.dumps(sheet)[:-1] + ', "exercises": [\n' + ",\n".join(lines) + "\n]}\n"
    return {
        Path(exercises) / f"{master.path.name}.ipynb": nbformat.writes(notebook) + "\n",
        Path(recorded) / f"{master.lesson}.json": text,
    }


def build(say=print):
    """Write every student's notebook and record anew.

    Raises
    ------
    FileNotFoundError
        On a machine without masters.
    ModuleNotFoundError
        Without nbgrader and jupytext: ``pip install 'kerastutor[instructor]'``.
    """
    for path in masters.paths():
        for file, text in files(masters.load(path), masters.folder().parent).items():
            _write(file, text, say)


def write_sources(folder, say=print):
    """Write every master as nbgrader's ``source/`` has it: ``folder/NN_name/NN_name.ipynb``.

    Raises
    ------
    FileNotFoundError, ModuleNotFoundError
        As `build` does.
    """
    import nbformat

    for path in masters.paths():
        text = nbformat.writes(source(masters.load(path))) + "\n"
        _write(Path(folder) / path.name / f"{path.name}.ipynb", text, say)


def _write(file, text, say):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    say(f"{file} written")


if __name__ == "__main__":
    build()
