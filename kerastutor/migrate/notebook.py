"""Notebooks: the code cells as one program, so that a name imported in one cell is known in the next."""

import json
import re

from . import Migration, Note, migrate

MAGIC = re.compile(r"^(?P<indent>\s*)(?P<line>[%!?].*|\w[\w.]*\?{1,2}|[\w, ]+=\s*[!%].*)$")
HIDDEN = "pass  # notebook line: "
SEAM = "\n#%% kerastutor seam {}\n"


def migrate_notebook(text, target="keras"):
    """`migrate` for the text of an .ipynb file. Outputs, metadata and other cells stay as they are.

    A note's line is counted over all code cells, and its message begins with the cell it is in.
    """
    notebook = json.loads(text)
    cells = [c for c in notebook.get("cells", []) if c.get("cell_type") == "code" and not _is_foreign(_source(c))]
    sources = [_hidden(_source(cell)) for cell in cells]
    done = migrate("".join(source + SEAM.format(i) for i, source in enumerate(sources)), target)
    changed, rest = [], done.source
    for i in range(len(sources)):
        source, seam, rest = rest.partition(SEAM.format(i))
        if not seam:
            raise ValueError("migrate: the notebook's cells could not be told apart again; nothing was changed.")
        changed.append(_shown(source))
    notes = tuple(_in_cell(note, sources, cells, notebook) for note in done.notes)
    if all(new == _source(cell) for new, cell in zip(changed, cells)):
        return Migration(text, notes)
    for cell, new in zip(cells, changed):
        if new != _source(cell):
            cell["source"] = new.splitlines(keepends=True) if isinstance(cell["source"], list) else new
    return Migration(_written(notebook, text), notes)


def code_of(text):
    """The code cells' text, one after the other, to show what has changed."""
    cells = [c for c in json.loads(text).get("cells", []) if c.get("cell_type") == "code"]
    return "\n".join(f"# In [{i}]\n{_source(cell).rstrip()}\n" for i, cell in enumerate(cells, 1))


def _source(cell):
    return "".join(cell["source"])


def _is_foreign(source):
    """Whether a cell is a shell script or the like, by its first line."""
    return source.lstrip().startswith("%%") and not re.match(r"\s*%%(time|timeit|capture)\b", source)


def _hidden(source):
    """Magics and shell lines as comments behind `pass`, which is Python."""
    lines = []
    for line in source.split("\n"):
        found = MAGIC.match(line)
        lines.append(f"{found['indent']}{HIDDEN}{found['line']}" if found else line)
    return "\n".join(lines)


def _shown(source):
    return source.replace(HIDDEN, "")


def _in_cell(note, sources, cells, notebook):
    """A note that says which cell and which line in it."""
    line, code_cells = note.line, [c for c in notebook["cells"] if c["cell_type"] == "code"]
    for source, cell in zip(sources, cells):
        length = source.count("\n") + 2
        if line <= length:
            number = next(i for i, c in enumerate(code_cells, 1) if c is cell)
            return Note(note.line, f"cell {number}, line {line}: {note.message}")
        line -= length
    return note


def _written(notebook, text):
    """JSON in the layout of the file as it was: its indent, non-ASCII letters, and the end of the last line."""
    found = re.match(r"\{\r?\n([ \t]+)", text)
    new = json.dumps(notebook, indent=found[1] if found else None, ensure_ascii=bool(re.search(r"\\u[0-9a-f]{4}", text))
                     and text.isascii())
    return new + text[len(text.rstrip()):]
