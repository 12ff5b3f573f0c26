"""Every exercise: the solution and another one have full marks, the stub none, wrong answers their message."""

import functools
import json
import re

import numpy as np
import pytest

from kerastutor import backends
from kerastutor.grading import masters, probes, release, sheets
from kerastutor.grading.judge import WRITTEN_DOWN
from kerastutor.grading.notebook import check
from kerastutor.grading.verdict import ALL_VISIBLE, judge

PATHS = masters.paths()
NUMBERS = [(p, f"{p.name[:2]}.{file.stem[7:]}") for p in PATHS for file in sorted(p.glob("checks_*.py"))]


def wrong_answers():
    """The number of each; the checks compute what they expect, for which no kernel has to be compiled here."""
    before = backends.current()
    backends.use("numpy")
    exercises = [(p, number, masters._exercise(p / f"checks_{number[3:]}.py")) for p, number in NUMBERS]
    backends.use(before)
    return [(p, number, i) for p, number, exercise in exercises for i in range(len(exercise.wrong_answers))]


WRONG = wrong_answers()
load = functools.cache(masters.load)


@functools.cache
def released(path):
    source = release.source(load(path))
    return source, release.student(source)


def names(cases):
    return [pytest.param(*case, id="-".join(map(str, case[1:]))) for case in cases]


@pytest.mark.parametrize("path, number", names(NUMBERS))
def test_solution_full_marks_stub_none_another_way_full_marks(path, number):
    master = load(path)
    exercise, solution = master.exercises[number], master.solution
    right = masters.verdict(master, number, solution)
    assert right.points == exercise.points, right
    seen = check(number, solution)
    assert seen.points == exercise.points and ALL_VISIBLE in str(seen)

    untouched = {name: value for name, value in solution.items() if name not in exercise.defines}
    try:
        exec(release.stubs(released(path)[1])[number], untouched)
    except NotImplementedError:
        pass
    for verdict in (masters.verdict(master, number, untouched), check(number, untouched)):
        assert verdict.points == 0 and ("Nothing is written" in str(verdict) or "There is no `" in str(verdict))

    if exercise.another:  # a choice can be made in one way only
        assert set(exercise.another) == set(exercise.defines)
        assert masters.verdict(master, number, {**solution, **exercise.another}).points == exercise.points
        assert check(number, {**solution, **exercise.another}).points == exercise.points
    else:
        assert all(case.judge == "choice" for part in exercise.parts for case in part.public + part.hidden)


@pytest.mark.parametrize("path, number, i", names(WRONG))
def test_a_wrong_answer_loses_points_and_is_named(path, number, i):
    master = load(path)
    wrong = master.exercises[number].wrong_answers[i]
    verdict = masters.verdict(master, number, {**master.solution, **wrong.replaces})
    assert verdict.points < verdict.of and wrong.message in str(verdict), verdict
    assert wrong.message in str(check(number, {**master.solution, **wrong.replaces})), "not seen by the public checks"


@pytest.mark.parametrize("path, number", names(NUMBERS))
def test_a_public_case_s_answer_written_down_is_found_by_the_hidden_ones(path, number, monkeypatch):
    master = load(path)
    exercise, answers = master.exercises[number], {}
    for _, _, public in masters.cases(exercise, master.solution, hidden=False):
        for case, _ in public:
            if case.call:
                answers.setdefault(case.name, case.expected)
    everything = masters.cases(exercise, master.solution, hidden=True)
    for name, answer in answers.items():
        def always(*args, answer=answer):
            return answer

        with monkeypatch.context() as patch:  # what is asked through a probe gives that answer through each
            for case in (case for _, _, cases in everything for case, _ in cases if case.name == name and case.through):
                patch.setattr(probes, case.through, always)
            verdict = judge(number, exercise.title, everything, {**master.solution, name: always})
        assert verdict.points < verdict.of and verdict.failure.cause == WRITTEN_DOWN, verdict


@pytest.mark.parametrize("path, number", names(NUMBERS))
def test_an_exercise_is_whole(path, number):
    exercise = load(path).exercises[number]
    assert len({wrong.message for wrong in exercise.wrong_answers}) >= 3
    assert len(exercise.hints) >= 3 and re.search(r"[Rr]ead again lesson \d", exercise.hints[-1])
    for part in exercise.parts:
        assert part.public and (part.hidden or part.public[0].judge == "choice"), part.title


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_lesson_has_a_hundred_points_and_short_tasks(path):
    master = load(path)
    by_hand = sum(cell.metadata["points"] for cell in master.notebook.cells if "words" in cell.metadata)
    assert sum(one.points for one in master.exercises.values()) + by_hand == 100
    assert len(master.exercises) >= 5
    for cell in master.notebook.cells:
        if re.match(r"## \d\d\.\d", cell.source):
            text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`", "x", cell.source, flags=re.DOTALL)
            assert len(text.split()) <= 110, cell.source  # a hundred, and the heading


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_students_files_are_those_of_the_masters(path):
    for file, text in release.files(load(path), masters.folder().parent).items():
        kept = file.read_text(encoding="utf-8")
        same = alike(json.loads(kept), json.loads(text)) if file.suffix == ".json" else kept == text
        assert same, f"{file.name} is old: run `kerastutor exercises build`"


def alike(kept, new, trained=False):
    """Whether two records are the same but for rounding, and for what a training gave: processors differ in both."""
    if isinstance(new, dict):
        trained = trained or new.get("judge") in ("accuracy", "error")
        return kept.keys() == new.keys() and all(
            alike(kept[name], new[name], trained and name not in ("args", "expected")) for name in new
        )
    if isinstance(new, list):
        return len(kept) == len(new) and all(alike(a, b, trained) for a, b in zip(kept, new, strict=True))
    if isinstance(new, float | int) and not isinstance(new, bool):
        return isinstance(kept, float | int) and (trained or np.isclose(kept, new, 1e-4, 1e-6, equal_nan=True))
    return kept == new


def test_records_are_compared_to_the_digits_that_count():
    case = {"judge": "close", "expected": [1.0, float("nan")], "wrong": [[0, 3]]}
    assert alike(case, case | {"expected": [1.00001, float("nan")]})
    assert not alike(case, case | {"expected": [1.01, float("nan")]}) and not alike(case, case | {"wrong": [[0, 4]]})
    assert not alike(case, case | {"expected": [1.0]}) and not alike(case, case | {"more": 1})
    learned = case | {"judge": "accuracy"}
    assert alike(learned, learned | {"wrong": [[0, 4]]}) and not alike(learned, learned | {"wrong": [[0, 4, 4]]})
    assert not alike(learned, learned | {"expected": [2.0, float("nan")]})


def solution_lines(notebook):
    for cell in notebook.cells:
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL):
            yield from (line.strip() for line in region.splitlines() if len(line.strip()) > 9)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_students_have_no_solution_and_no_hidden_value(path):
    master = load(path)
    source, _ = released(path)
    exercises = masters.folder().parent
    notebook = (exercises / f"{path.name}.ipynb").read_text(encoding="utf-8")
    sheet = (sheets.FOLDER / f"{master.lesson}.json").read_text(encoding="utf-8")
    lines = list(solution_lines(source))
    assert len(lines) >= 10
    for text in (notebook, sheet):
        assert "BEGIN" not in text and "score(" not in text
        assert [line for line in lines if line in text.replace('\\"', '"')] == []
    words = [cell.source for cell in source.cells if cell.cell_type == "markdown" and "nbgrader" in cell.metadata]
    assert words and not any(text[:40] in notebook for text in words)

    public = {written(case) for part, case in cases(master, "public")}
    hidden = [(case, written(case)) for part, case in cases(master, "hidden")]
    recorded = re.findall(r'"args": (\{.*?\}), "expected"', sheet)
    assert public <= set(recorded)  # this is how they would look
    assert [case.shown() for case, text in hidden if text in recorded and text not in public] == []


def cases(master, kind):
    for exercise in master.exercises.values():
        for part in exercise.parts:
            yield from ((part, case) for case in getattr(part, kind))


def written(case):
    return release.json.dumps(sheets.encode(tuple(case.args)), ensure_ascii=False)
