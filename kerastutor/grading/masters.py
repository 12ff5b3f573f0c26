"""The instructor's side: the masters with their solutions, hidden checks and wrong answers; what is recorded of them.

A master is a folder ``NN_name`` with ``sheet.py``, the exercises as a percent-format notebook with solutions in it, and
for each exercise a ``checks_N.py`` that makes ``exercise``. Masters lie in a clone's ``exercises/instructor/``, or
where the environment variable KERASTUTOR_MASTERS says. Students have none of them.
"""

from __future__ import annotations

import functools
import importlib.util
import os
from dataclasses import dataclass, replace
from pathlib import Path

from kerastutor.grading import sheets
from kerastutor.grading.exercise import Exercise
from kerastutor.grading.outcome import close, run
from kerastutor.grading.verdict import judge
from kerastutor.keras.naming import look_up


@dataclass
class Master:
    """One lesson's exercises, with everything that students must not have."""

    path: Path
    notebook: object
    exercises: dict[str, Exercise]
    solution: dict

    @property
    def lesson(self):
        return self.path.name[:2]

    @property
    def title(self):
        return self.path.name[3:].replace("_", " ").capitalize()


def folder():
    """Where the masters are.

    Raises
    ------
    FileNotFoundError
        On a machine without masters.
    """
    place = os.environ.get("KERASTUTOR_MASTERS")
    place = Path(place) if place else Path(__file__).resolve().parents[2] / "exercises" / "instructor"
    if not place.is_dir():
        raise FileNotFoundError(
            f"There are no masters in {place}. Grading needs the folder exercises/instructor of a clone: "
            "set KERASTUTOR_MASTERS to where it is."
        )
    return place


def paths():
    return sorted(path.parent for path in folder().glob("[0-9][0-9]_*/sheet.py"))


def load(path):
    """Read one master and run its solution cells."""
    import jupytext

    notebook = jupytext.read(path / "sheet.py", fmt="py:percent")
    exercises = [_exercise(file) for file in path.glob("checks_*.py")]
    exercises = {one.number: one for one in sorted(exercises, key=lambda one: int(one.number[3:]))}
    solution = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and ("exercise" in cell.metadata or "setup" in cell.metadata.get("tags", ())):
            exec(compile(cell.source, f"<{path.name}>", "exec"), solution)
    return Master(path, notebook, exercises, solution)


def _exercise(file):
    specification = importlib.util.spec_from_file_location(f"{file.parent.name}_{file.stem}", file)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.exercise


def cases(exercise, solution, hidden):
    """The parts of an exercise as `verdict.judge` takes them, with the answers of solution and wrong answers."""
    return [
        (part.title, part.points, [_answered(exercise, case, solution)
                                   for case in part.public + (part.hidden if hidden else [])])
        for part in exercise.parts
    ]


def _answered(exercise, case, solution):
    if case.expected is None:
        outcome = run(replace(case, growth=None), solution)
        if outcome.failed or outcome.value is None:
            raise ValueError(f"Exercise {exercise.number}: the solution gives nothing for {case.shown()}: {outcome}")
        case = replace(case, expected=outcome.value)
    return case, [(outcome, wrong.message) for wrong, outcome in wrongs(exercise, case, solution)]


def wrongs(exercise, case, solution):
    """What each wrong answer gives for a case, where that tells it from the right one."""
    if case.judge in ("choice", "accuracy", "error"):  # the judge itself knows the causes
        return
    for wrong in exercise.wrong_answers:
        outcome = run(replace(case, growth=None), {**solution, **wrong.replaces})
        right = not outcome.failed and not outcome.changed and close(outcome.value, case.expected, case.rtol, case.atol)
        if not right:
            yield wrong, outcome


def record(master, stubs):
    """What students get of a master: titles, hints, `stubs`, public cases with answers. Plain data."""
    return {
        "title": master.title,
        "exercises": [_record(one, master, stubs[one.number]) for one in master.exercises.values()],
        "by_hand": sum(cell.metadata["points"] for cell in master.notebook.cells if "words" in cell.metadata),
    }


def _record(exercise, master, stub):
    messages = [wrong.message for wrong in exercise.wrong_answers]
    parts = []
    for part in exercise.parts:
        written = []
        for case in part.public:
            case, _ = _answered(exercise, case, master.solution)
            known = list(wrongs(exercise, case, master.solution))
            written.append(sheets.write_case(case, [(messages.index(w.message), outcome) for w, outcome in known]))
        parts.append({"title": part.title, "points": part.points, "cases": written})
    fields = {name: getattr(exercise, name) for name in ("number", "title", "hints", "points")}
    return fields | {"defines": list(exercise.defines), "stub": stub, "messages": messages, "parts": parts}


def verdict(master, number, names, hidden=True):
    """The verdict on what a student made, hidden checks included.

    A solution's own helpers are not lent: only `names` count.
    """
    exercise = look_up(number, master.exercises, "exercise")
    return judge(number, exercise.title, cases(exercise, master.solution, hidden), names)


def score(number, names):
    """The points for one exercise, hidden checks included, as nbgrader's autograde takes them: a number.

    Raises
    ------
    FileNotFoundError
        On a machine without masters.
    """
    by_lesson = {path.name[:2]: path for path in paths()}
    return float(verdict(_loaded(look_up(number[:2], by_lesson, "lesson")), number, names).points)


_loaded = functools.cache(load)
