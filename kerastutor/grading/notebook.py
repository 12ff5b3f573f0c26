"""What a student calls: `check`, `hint`, `reset`, `progress`. Nothing leaves the machine."""

from __future__ import annotations

import sys
from html import escape

from kerastutor.grading import sheets, store
from kerastutor.grading.verdict import judge


def check(number, names=None):
    """Run the visible checks of an exercise and say what stands, what does not, and why not.

    Parameters
    ----------
    number : str
        Such as ``"04.2"``.
    names : dict, optional
        Where to look for your functions and answers; the notebook's own names without.

    Returns
    -------
    Verdict, or in a notebook a panel with buttons to check again and for a hint

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> def stop_epoch(val_loss, patience):
    ...     raise NotImplementedError()
    >>> check("04.5", {"stop_epoch": stop_epoch}).points
    0
    """
    record = sheets.find(number)
    names = _names() if names is None else names

    def look():
        verdict = judge(record["number"], record["title"], sheets.parts(record), names)
        _note(verdict)
        return verdict

    return _panel(record, look) if _page_open() else look()


def hint(number):
    """Open the next hint of an exercise; after the last one, that one again.

    >>> print(hint("99.9"))
    Traceback (most recent call last):
    ...
    ValueError: Unknown exercise: '99.9'. ...
    """
    record = sheets.find(number)
    number, hints = record["number"], record["hints"]
    opened = min(store.read().get(number, {}).get("hints", 0) + 1, len(hints))
    store.note(number, hints=opened)
    return Text(f"Hint {opened} of {len(hints)}: {hints[opened - 1]}")


def reset(number):
    """Begin an exercise anew: its points, hints and names are forgotten, and its empty stub comes in a new cell."""
    record = sheets.find(number)
    store.forget(record["number"])
    names, shell = _names(), _shell()
    for name in record["defines"]:
        names.pop(name, None)
    if shell is None:
        return Text(record["stub"])
    shell.set_next_input(record["stub"], replace=False)
    return Text(f"Exercise {record['number']} is as new; its empty stub is in the cell below.")


def progress():
    """Your points in all lessons, from ``kerastutor-progress.json``."""
    return Progress(sheets.lessons(), store.read())


class Text(str):
    """A text that a notebook shows without quotes."""

    def __repr__(self):
        return str(self)


class Progress:
    """The panel over all lessons: one line an exercise in a terminal, a table in a notebook."""

    def __init__(self, lessons, reached):
        self.rows = [
            (one["number"], one["title"], reached.get(one["number"], {}), one["points"])
            for lesson in lessons.values()
            for one in lesson["exercises"]
        ]

    @property
    def points(self):
        return sum(entry.get("points", 0) for _, _, entry, _ in self.rows)

    @property
    def of(self):
        return sum(points for *_, points in self.rows)

    def __repr__(self):
        lines = [f"{number}  {title:44} {entry.get('points', 0):3g} of {of:3}{_hinted(entry)}"
                 for number, title, entry, of in self.rows]
        return "\n".join([*lines, f"{self.points:g} of {self.of} points. Kept in {store.place()}"])

    def _repr_html_(self):
        rows = "".join(
            f"<tr><td>{escape(number)}</td><td style='text-align:left'>{escape(title)}</td>"
            f"<td><progress max='{of}' value='{entry.get('points', 0):g}'></progress></td>"
            f"<td>{entry.get('points', 0):g} of {of}{_hinted(entry)}</td></tr>"
            for number, title, entry, of in self.rows
        )
        kept = escape(str(store.place().name))
        return f"<table>{rows}</table><p><b>{self.points:g} of {self.of} points.</b> Kept in {kept}</p>"


def _hinted(entry):
    return f", hints: {entry['hints']}" if entry.get("hints") else ""


def _note(verdict):
    try:
        best = store.read().get(verdict.number, {}).get("points", 0)
        if verdict.points > best or verdict.points == verdict.of:
            store.note(verdict.number, points=verdict.points, passed=verdict.failure is None)
    except (ValueError, OSError) as error:
        verdict.remark = f" They could not be kept: {error}"


def _panel(record, look):
    from kerastutor.widgets.check_panel import CheckPanel

    return CheckPanel(look=lambda: look().as_dict(), hint=lambda: str(hint(record["number"])))


def _shell():
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def _names():
    shell = _shell()
    return shell.user_ns if shell is not None else vars(sys.modules["__main__"])


def _page_open():
    """Whether somebody sits at a notebook; a program that runs one gets plain text."""
    kernel = getattr(_shell(), "kernel", None)
    return kernel is not None and kernel._allow_stdin
