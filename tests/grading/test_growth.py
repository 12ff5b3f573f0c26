"""Growth of time, dtype, and one answer for all: found, named, and never laid at a right answer's door."""

import numpy as np
import pytest

from kerastutor.grading import growth, sheets
from kerastutor.grading.exercise import Case
from kerastutor.grading.judge import DTYPE, WRITTEN_DOWN, look
from kerastutor.grading.outcome import run
from kerastutor.grading.verdict import judge


def pairs(x):
    return sum(a > b for a in x for b in x)


def by_sorting(x):
    below = above = 0
    for i, one in enumerate(ordered := sorted(x)):
        below = i if i == 0 or one > ordered[i - 1] else below
        above += below
    return above


def looked_at(function, **options):
    x = np.arange(200) % 7
    case = Case("f", (x,), expected=pairs(x), growth=1, **options)
    return look(case, run(case, {"f": function}))


def test_a_way_that_grows_too_fast_is_named():
    finding = looked_at(pairs, slow="sort first.")
    assert finding.cause == "Right, but 4 times the rows took 16 times as long: sort first."
    assert looked_at(by_sorting).passed
    assert "loop inside a loop" in looked_at(pairs).cause


def test_a_number_that_makes_the_work_grow_is_named_as_such():
    case = Case("f", (200,), expected=200, growth=0, slow="why count?")
    cause = look(case, run(case, {"f": lambda n: sum(1 for _ in range(n))})).cause
    assert cause == "Right, but 4 times as large a first argument took 4 times as long: why count?"


def test_a_wrong_value_is_told_before_its_time():
    assert "Right, but" not in looked_at(lambda x: -pairs(x)).cause


GROWN = [(1, 1, True), (2, 1, False), (2, 2, True), (1, 0, False), (0, 0, True)]


def test_loops_that_python_runs_itself_are_told_from_those_it_does_not(monkeypatch):
    monkeypatch.setattr(growth, "_took", None)  # no clock
    from numba import njit

    def doubled(x):
        result = np.zeros_like(x)
        for i in range(len(x)):
            result[i] = 2 * x[i]
        return result

    case = Case("f", (np.arange(40.0),), expected=2 * np.arange(40.0), growth=0, lines=True, slow="write @njit.")
    for right in (njit(doubled), lambda x: 2 * x):
        assert look(case, run(case, {"f": right})).passed
    for loop in (doubled, lambda x: [2 * one for one in x], lambda x: [*(2 * one for one in x)]):
        cause = look(case, run(case, {"f": loop})).cause
        assert "4 times the rows ran" in cause and cause.endswith("times as many lines of Python: write @njit.")


@pytest.mark.parametrize("power, asked, passes", GROWN)
def test_the_growth_is_that_of_the_work(monkeypatch, power, asked, passes):
    monkeypatch.setattr(growth, "_took", lambda call, args: call(*args))
    grown = growth.measure(lambda n: 3.0 * n**power, (100,), asked)
    assert grown == 4**power and (grown <= growth.limit(asked)) == passes
    log = growth.measure(lambda n: n * np.log(n), (2000,), 1)
    assert 4 < log < growth.limit(1)


def test_a_machine_that_is_busy_now_and_then_accuses_nobody(monkeypatch):
    monkeypatch.setattr(growth, "MOST", 9)
    noise = iter([1, 30, 1, 25, 1, 40, 1, 1, 1, 1])
    monkeypatch.setattr(growth, "_took", lambda call, args: args[0] * next(noise))
    assert growth.measure(None, (100,), 1) == 4
    monkeypatch.setattr(growth, "_took", lambda call, args: args[0] ** 2)
    assert growth.measure(None, (100,), 1) == 16


def test_the_clock_is_read_around_the_call_alone(monkeypatch):
    monkeypatch.undo()
    now = [0.0]
    monkeypatch.setattr(growth, "clock", lambda: now[0])

    def work(x):
        now[0] += 1e-3 * len(x)
        x.clear()

    x = list(range(40))
    assert growth.measure(work, (x,), 1) == pytest.approx(4) and len(x) == 40


def test_what_goes_wrong_with_fewer_rows_is_an_error_like_another():
    case = Case("f", (np.zeros(8),), expected=8, growth=1)
    outcome = run(case, {"f": lambda x: len(x) if len(x) == 8 else 1 / 0})
    assert outcome.failed == "error" and "ZeroDivisionError" in outcome.error


def test_the_dtype_that_is_promised():
    x = np.ones((2, 3), "float32")
    case = Case("f", (x,), expected=(2 * x, x.sum(0)), dtype="float32")
    assert look(case, run(case, {"f": lambda x: (x + x, x.sum(axis=0))})).passed
    for wide in (lambda x: (2 * x.astype(float), x.sum(0)), lambda x: (x + x, [2.0, 2.0, 2.0])):
        cause = look(case, run(case, {"f": wide})).cause
        assert "are float64; float32 is promised" in cause and DTYPE in cause


def test_a_dtype_that_no_argument_has_is_named():
    case = Case("f", (np.array([0, 2]),), expected=np.array([0, 1]), dtype="float32")
    assert "float32" not in look(case, run(case, {"f": lambda x: x})).cause  # the numbers come first
    cause = look(case, run(case, {"f": lambda x: x > 0})).cause
    assert "are bool; float32 is promised" in cause and ".astype('float32')" in cause and DTYPE not in cause


def test_growth_and_dtype_are_kept_with_the_student_and_only_where_asked():
    case = Case("f", (3,), expected=1, growth=0, slow="so", lines=True, dtype="int64", advice="do")
    back, _ = sheets._case({"messages": []}, sheets.write_case(case, []))
    assert (back.growth, back.slow, back.lines, back.dtype, back.advice) == (0, "so", True, "int64", "do")
    plain = sheets.write_case(Case("f", (3,), expected=1), [])
    assert not set(sheets.RARE) & set(plain)


def squares(answer, *known):
    cases = [(Case("f", (n,), expected=n * n), list(known) if n else []) for n in (0, 2, 3)]
    return judge("1.1", "t", [("one", 5, cases[:2]), ("two", 5, cases[2:])], {"f": answer})


def test_one_answer_for_all_questions_is_named():
    for number in (0, 4):
        verdict = squares(lambda n, number=number: number)
        assert verdict.points == 0 and verdict.failure.cause == WRITTEN_DOWN
    assert squares(lambda n: n * n).points == 10


def test_what_only_looks_like_one_answer_is_not():
    assert WRITTEN_DOWN not in str(squares(lambda n: 7))  # right for none: nothing was written down
    assert WRITTEN_DOWN not in str(squares(lambda n: 2 * n))
    zero = run(Case("f", (1,)), {"f": lambda n: 0})
    assert squares(lambda n: 0, (zero, "always 0")).failure.cause == "always 0"
