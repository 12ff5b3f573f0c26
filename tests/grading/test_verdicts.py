"""Outcomes, causes and verdicts: whatever a student writes becomes a clear word."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from kerastutor.grading import outcome
from kerastutor.grading.exercise import Case
from kerastutor.grading.judge import NOT_COMPILED, TOO_FEW, look
from kerastutor.grading.notebook import check
from kerastutor.grading.outcome import close, decode, encode, run
from kerastutor.grading.trials import slope
from kerastutor.grading.verdict import judge

MATRIX = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def cause(function, expected, *args, **options):
    case = Case("f", args or (MATRIX.copy(),), expected=expected, **options)
    return look(case, run(case, {"f": function})).cause


@pytest.mark.parametrize(
    "function, word",
    [
        (lambda x: x.T, "turned over"),
        (lambda x: -x, "sign"),
        (lambda x: x / 3, "0.3333 times"),
        (lambda x: x[:1], "shape is (1, 3)"),
        (lambda x: np.where(x > 5, np.nan, x), "inf or nan"),
        (lambda x: np.where(x > 5, 0, x), "1 of 6 numbers differ"),
        (lambda x: None, "return"),
        (lambda x: "six", "Numbers are wanted"),
        (lambda x: x.nonsense, "stopped with an error"),
        (lambda x: object(), "can't be compared"),
        (lambda: 1, "stopped with an error"),
        (7, "stopped with an error"),
    ],
)
def test_the_likely_cause(function, word):
    assert word in cause(function, MATRIX)


def test_right_answers_in_other_clothes_pass():
    assert cause(lambda x: x.tolist(), MATRIX) == ""
    assert cause(lambda x: x.astype("float32"), MATRIX) == ""
    assert cause(lambda x: [x.sum(), 2], (21.0, 2)) == ""


def test_an_argument_that_is_changed_is_seen_and_the_next_case_is_not_spoilt():
    def in_place(x):
        x *= 2
        return x

    case = Case("f", (MATRIX.copy(),), expected=2 * MATRIX)
    for _ in range(2):
        assert "changes its argument 1 in place" in look(case, run(case, {"f": in_place})).cause


def test_a_list_of_arrays_of_several_shapes_can_be_asked_for_and_given():
    weights = [np.ones((2, 3)), np.zeros(3)]
    rows = [(MATRIX, np.arange(2)), (MATRIX[:1], np.arange(1))]

    def in_place(weights):
        weights[1] += 1
        return 1

    assert cause(lambda w: sum(one.sum() for one in w), 6.0, weights) == ""
    assert "changes its argument 1 in place" in cause(in_place, 1, weights)
    assert cause(lambda x: [list(one) for one in rows], rows) == ""
    assert "A list of 2 is wanted; one of 1 came" in cause(lambda x: rows[:1], rows)
    assert "A list of 2 is wanted; none came" in cause(lambda x: x, rows)
    assert "A tuple of one is wanted, `(a,)`; none came" in cause(lambda x: 3, (3,))
    assert "returned as `a, b`; one of 3 came" in cause(np.shape, (2, 3), np.ones((1, 2, 3)))
    assert "At [1] of the list: Result 1 of 2: The sign" in cause(lambda x: [rows[0], (-MATRIX[:1], [0])], rows)


def test_results_that_differ_by_less_than_rounding_have_a_cause_too():
    assert "Result 2 of 2" in cause(lambda x: (1, 2 + 1e-12), (1, 2), judge="same")


@pytest.mark.parametrize(
    "answer, word",
    [
        ([0, 1, 2, 2, 1, 0], ""),
        ([0, 1, 2, 2, 1, 1], ""),
        ([0, 1, 1, 0, 1, 0], "It never says 2."),
        ([2, 1, 0, 0, 1, 2], "33.3% are right"),
        ([1, 1, 1, 1, 1, 1], "It says 1 whatever"),
        ([0.1, 0.9, 2, 2, 1, 0], "argmax"),
        ([0, 1, 2, 2, 1, 3], ""),  # a class that does not come here is a label too
        ([0, 1, 2, 3, 4, 5], "50.0% are right"),
        ([0, 1, 2, np.nan, 1, 0], "argmax"),
        ([[0], [1, 2], 2, 2, 1, 0], "argmax"),
        (np.eye(3)[[0, 1, 2, 2, 1, 0]], "one label for each row"),
    ],
)
def test_labels_of_several_classes(answer, word):
    found = cause(lambda x: answer, np.array([0, 1, 2, 2, 1, 0]), judge="accuracy", at_least=0.8)
    assert word in found and bool(word) == bool(found)


ROWS, TRUTH = np.array([[10.0, 20.0], [30.0, 10.0], [20.0, 40.0]]), np.array([22.0, 14.0, 38.0])


@pytest.mark.parametrize(
    "answer, word",
    [
        (TRUTH, ""),
        (TRUTH + [3, -3, 3], ""),  # off by as much as may be
        ([25, 11, 41], ""),
        (TRUTH + [3, -3, 3.1], "Off by 3.03 on average"),
        (ROWS[:, 1], ""),  # a column that is good enough
        (ROWS[:, 0], "a column of the rows"),
        ([24.0, 24.0, 24.0], "It says 24 whatever"),
        (TRUTH / 100, "Times 100 they"),
        (TRUTH[:, None], "Take its column"),
        (TRUTH[:2], "one number for each row is wanted: (3,)"),
        ([1, np.nan, 2], "learning rate"),
        (["a", "b", "c"], "Numbers are wanted"),
        ([[1], [2, 3], 4], "Numbers are wanted"),
    ],
)
def test_forecasts_are_judged_by_their_mean_error(answer, word):
    found = cause(lambda x: answer, TRUTH, ROWS, judge="error", atol=3.0)
    assert word in found and bool(word) == bool(found)


def test_too_slow_is_a_failure():
    case = Case("f", (1,), expected=1, seconds=1.0)
    slow = run(case, {"f": lambda x: x})
    slow.seconds = 1.5
    assert "1.5 s" in look(case, slow).cause and look(case, run(case, {"f": lambda x: x})).passed


def test_a_first_call_that_compiles_is_not_held_against_anybody(monkeypatch):
    took = iter([9.0, 0.1])
    monkeypatch.setattr(outcome, "_timed", lambda call, args: (call(*args), args, next(took)))
    case = Case("f", (1,), expected=1, seconds=1.0)
    assert look(case, run(case, {"f": lambda x: x})).passed and next(took, None) is None


def test_waiting_for_a_busy_machine_is_not_counted(monkeypatch):
    wall, cpu = iter([0.0, 30.0]), iter([0.0, 2.0])
    clocks = SimpleNamespace(perf_counter=lambda: next(wall), process_time=lambda: next(cpu))
    monkeypatch.setattr(outcome, "time", clocks)
    assert outcome._timed(lambda x: x, (1,)) == (1, (1,), 2.0)


def test_advice_for_an_answer_that_is_not_accurate_enough():
    right, half = np.arange(8) % 4, np.array([0, 1, 2, 3, 1, 2, 3, 0])
    options = dict(judge="accuracy", at_least=0.75)
    assert cause(lambda x: half, right, **options) == f"50.0% are right. {TOO_FEW}"
    assert cause(lambda x: half, right, advice="Move them.", **options) == "50.0% are right. Move them."
    assert cause(lambda x: right, right, advice="Move them.", **options) == ""


def test_an_error_in_the_call_itself_blames_no_line_of_ours():
    assert "Your line" not in cause(lambda: 1, 1)


def test_what_numba_can_not_compile_is_said_in_short():
    from numba import njit

    case = Case("f", (MATRIX,), expected=1)
    finding = look(case, run(case, {"f": njit(lambda x: open(x))}))
    assert finding.cause == NOT_COMPILED and finding.got.startswith("TypingError") and len(finding.got) < 410


def test_what_a_student_prints_or_warns_stays_out_of_the_verdict(capsys):
    def loud(x):
        print("here")
        return np.log(x * 0) * 0 + x

    assert "inf or nan" in cause(loud, MATRIX)
    assert capsys.readouterr() == ("", "")


def test_of_two_wrong_answers_that_look_alike_the_one_that_explains_all_is_named():
    def half(x):
        return x / 2

    names = {"f": half}
    cases = [Case("f", (0,), expected=1), Case("f", (4,), expected=9)]
    zero, halved = run(cases[0], names), run(cases[1], names)
    known = [[(zero, "always 0"), (zero, "halved")], [(zero, "always 0"), (halved, "halved")]]
    parts = [("one", 5, [(cases[0], known[0])]), ("two", 5, [(cases[1], known[1])])]
    assert judge("1.1", "t", parts, names).failure.cause == "halved"


def test_a_right_answer_is_right_however_near_a_wrong_one_lies():
    case = Case("f", (1.0,), expected=1.0)
    near = run(case, {"f": lambda x: x + 5e-5})
    assert look(case, run(case, {"f": lambda x: x}), [(near, "wrong")]).passed
    assert look(case, near, [(near, "wrong")]).cause == "wrong"


def test_names_that_are_not_there():
    verdict = check("04.2", {})
    assert verdict.points == 0 and "There is no `gradients`" in verdict.failure.cause


def test_an_unknown_exercise_says_which_there_are():
    with pytest.raises(ValueError, match="Did you mean '04.2'"):
        check("04.22")
    assert check("4.2", {}).number == "04.2"


@pytest.mark.parametrize(
    "value",
    [1, 1.5, "text", None, True, [1, [2.0]], (1, np.zeros((0, 3))), np.float32(2), np.zeros((2, 3), "int8"),
     {"a": np.array([np.nan, np.inf])}, np.arange(2 * 30 * 40, dtype="uint8").reshape(2, 30, 40)],
)
def test_plain_values_survive_the_way_through_json(value):
    back = decode(json.loads(json.dumps(encode(value))))
    assert close(back, value, 0, 0)
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype and back.shape == value.shape


def test_what_is_not_plain_is_refused():
    for value in (object(), {1, 2}, np.array([object()])):
        with pytest.raises(TypeError):
            encode(value)


def test_slope_is_that_of_a_known_function():
    x = np.array([[0.5, -1.0], [2.0, 0.1]])
    np.testing.assert_allclose(slope(lambda x: np.sin(x).sum(), x), np.cos(x), rtol=1e-8)
