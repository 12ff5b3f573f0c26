"""The recorded public checks, ``sheets/NN.json``: what `check` needs, and nothing that gives a solution away."""

from __future__ import annotations

import json
import re
from pathlib import Path

from kerastutor.grading.exercise import Case
from kerastutor.grading.outcome import Outcome, decode, encode
from kerastutor.keras.naming import look_up

FOLDER = Path(__file__).parent / "sheets"
FIELDS = ("name", "judge", "call", "rtol", "atol", "at_least", "seconds", "about")
RARE = ("growth", "slow", "lines", "dtype", "through", "advice")  # written where they are set


def lessons():
    """The recorded lessons, in order: ``{"04": {"title": ..., "exercises": [...]}}``."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def find(number):
    """One exercise's record.

    Raises
    ------
    ValueError
        If there is no such exercise; says which there are.
    """
    number = str(number).strip()
    if re.fullmatch(r"\d\.\d+", number):
        number = f"0{number}"  # 4.2, as one says it
    known = {one["number"]: one for lesson in lessons().values() for one in lesson["exercises"]}
    return look_up(number, known, "exercise")


def parts(record):
    """The parts of a record as `verdict.judge` takes them."""
    return [
        (part["title"], part["points"], [_case(record, one) for one in part["cases"]]) for part in record["parts"]
    ]


def _case(record, one):
    fields = {name: one[name] for name in FIELDS} | {name: one[name] for name in RARE if name in one}
    case = Case(args=decode(one["args"]), expected=decode(one["expected"]), **fields)
    wrong = [(_outcome(outcome), record["messages"][i]) for i, outcome in one["wrong"]]
    return case, wrong


def _outcome(fields):
    return Outcome(**{**fields, "value": decode(fields["value"])})


def write_case(case, wrong):
    """A case, its answer and the wrong ones, as JSON holds them; `wrong` is a list of (message's number, Outcome)."""
    rare = {name: getattr(case, name) for name in RARE if getattr(case, name) != getattr(Case, name)}
    return {name: getattr(case, name) for name in FIELDS} | rare | {
        "args": encode(tuple(case.args)),
        "expected": encode(case.expected),
        "wrong": [[i, _fields(outcome)] for i, outcome in wrong],
    }


def _fields(outcome):
    error = outcome.error.partition(":")[0]
    return {"value": encode(outcome.value), "changed": outcome.changed, "failed": outcome.failed, "error": error}
