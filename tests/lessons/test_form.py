"""The form of the lessons: short cells, figures that speak, outputs kept, nothing of one machine in them."""

import re
import statistics
from pathlib import Path

import jupytext
import nbformat
import pytest

from tests.lessons.figures import figures

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
NOTEBOOKS = sorted(LESSONS.glob("[0-9]*.ipynb"))

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def cells(path, kind):
    return [cell for cell in read(path).cells if cell.cell_type == kind]


def prose(cell):
    """The words of a cell that is read through: no formulas, no code, nothing folded."""
    text = re.sub(r"<details>.*?</details>|\$\$.*?\$\$|```.*?```", "", cell.source, flags=re.S)
    return re.findall(r"[^\W\d_][\w'’-]*", re.sub(r"\$.*?\$|`.*?`", "", text))


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def outputs(path):
    return [output for cell in cells(path, "code") for output in cell.outputs]


def test_it_is_a_valid_notebook_under_2_mb_that_names_its_kernel(path):
    nbformat.validate(read(path))
    assert read(path).metadata.kernelspec.name == "python3"
    assert path.stat().st_size < 2_000_000


def test_it_has_40_to_60_cells(path):
    count = len(read(path).cells)
    if path.stem == "00_start_here":
        assert count <= 25  # a network in a minute
    else:
        assert 40 <= count <= 60


def test_prose_is_short(path):
    counts = [len(prose(cell)) for cell in cells(path, "markdown")]
    assert statistics.mean(counts) <= 45
    assert max(counts) <= 90, [cell.source for cell in cells(path, "markdown") if len(prose(cell)) > 90]


def test_code_is_short(path):
    counts = [len(lines(cell)) for cell in cells(path, "code")]
    assert statistics.median(counts) <= 6
    assert max(counts) <= 25
    assert max(len(line) for cell in cells(path, "code") for line in cell.source.splitlines()) <= 100


def test_something_is_shown_or_checked_at_least_every_five_cells(path):
    shows = [bool(cell.get("outputs")) or "assert" in cell.source for cell in read(path).cells]
    upto = max(i for i, cell in enumerate(read(path).cells) if "Try it yourself" in cell.source)
    assert all(any(shows[i : i + 5]) for i in range(upto - 4))


def test_it_opens_and_ends_as_all_lessons_do(path):
    first, last = read(path).cells[0].source, read(path).cells[-1].source
    for part in ("You will**", "You will learn**", "You need**", "Time:**"):
        assert part in first
    points = re.findall(r"^- ", last.partition("## Summary")[2], flags=re.M)
    assert 3 <= len(points) <= 5
    assert any("Predict before you run" in cell.source for cell in cells(path, "markdown"))


def test_every_cell_was_run_in_order_and_none_failed(path):
    assert [cell.execution_count for cell in cells(path, "code")] == list(range(1, len(cells(path, "code")) + 1))
    assert [output for output in outputs(path) if output.output_type == "error"] == []
    assert [output for output in outputs(path) if output.get("name") == "stderr"] == []


def test_every_picture_has_alternative_text(path):
    pictures = [output for output in outputs(path) if "image/png" in output.get("data", {})]
    assert pictures
    for picture in pictures:
        assert len(picture.metadata["image/png"]["alt"]) > 20
    assert not any("image/svg" in "".join(output.get("data", {})) for output in outputs(path))
    assert not any(re.search(r"!\[\]\(", cell.source) for cell in cells(path, "markdown"))


def test_no_widget_is_left_that_needs_a_kernel(path):
    assert "widgets" not in read(path).metadata
    assert not any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs(path))


def test_nothing_of_one_machine_is_in_it(path):
    text = re.sub(r'"image/png": ".*?"', "", path.read_text(encoding="utf-8"))
    assert not re.search(r"(?<![\w.<])/(?:home|root|Users|tmp|work|usr|opt|var)/|[A-Z]:\\\\", text)


def test_the_percent_format_twin_says_the_same(path):
    twin = jupytext.read(path.with_suffix(".py"))

    def told(notebook):
        return [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells]

    assert told(twin) == told(read(path))


def test_only_tagged_cells_use_what_keras_does_not_have(path):
    """`from kerastutor import keras` is the one line to change; widgets and data work with real Keras as well."""
    plain = [cell for cell in cells(path, "code") if "kerastutor-only" not in cell.metadata.get("tags", [])]
    used = {line for cell in plain for line in cell.source.splitlines() if "kerastutor" in line}
    shared = re.compile(r"from kerastutor(\.(widgets|datasets)[. ]| import datasets$)")
    assert {line for line in used if not shared.match(line)} == {"from kerastutor import keras"}


def test_links_lead_somewhere(path):
    """Links to other lessons and to files beside them."""
    links = {link for cell in cells(path, "markdown") for link in re.findall(r"\]\(([^)#]+)", cell.source)}
    local = {link for link in links if "://" not in link}
    assert [link for link in local if not (LESSONS / link).exists()] == []


def test_its_figures_are_printed_with_how_far_they_may_be_off(path):
    """They are what a run on real Keras is compared by; see test_run.py."""
    found = figures(read(path))
    assert found
    assert all(0 < tolerance < max(abs(value), 1) for value, tolerance in found.values())
