"""Compare what came of a case with what was expected, and find the likely cause of a difference."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from kerastutor.grading import growth
from kerastutor.grading.outcome import close, short

FLIPPED = "The answers are turned round: where 1 is right it says 0, and the other way."
NOT_LABELS = "These are no labels: the task wants one 0 or 1 for each row. Compare probabilities with 0.5."
WRITTEN_DOWN = ("It gives the same answer whatever comes in: the one to a single question, written down. Compute it "
                "from the arguments; other data will come.")
DTYPE = ("NumPy makes float64 wherever it is not told: `np.zeros(n)` and `np.array([0.5])` are. Make arrays with "
         "`dtype=x.dtype`, or write `.astype(x.dtype)` at the end.")
NO_CLASSES = "These are no labels: the task wants the number of a class for each row. Probabilities: `argmax(axis=1)`."
NEVER = "It never says {}. Has the last layer a unit for each class, and softmax? Are all inputs on one scale?"
NOT_COMPILED = ("Numba can't compile this; what came says what it does not know. Inside `@njit` there is room for "
                "numbers, tuples, arrays, loops and simple functions of NumPy.")
TOO_FEW = "More epochs, a hidden layer, or inputs that say more, will help."
COPIED = "These are a column of the rows that were given, as they stand; nothing has been learned yet."
UNSCALED = "Numbers that were divided before learning must be multiplied again after it."
TOO_FAR = "More epochs, or numbers near 1 while it learns, will help."


@dataclass
class Finding:
    """What one case showed. `cause` is "" when it passed."""

    passed: bool
    asked: str = ""
    expected: str = ""
    got: str = ""
    cause: str = ""
    missing: bool = False


def look(case, outcome, wrong=()):
    """Judge an `Outcome` of a case whose ``expected`` is known.

    Parameters
    ----------
    wrong : sequence of (Outcome, str)
        What the usual wrong answers gave for this very case, and the message each gets.

    Examples
    --------
    >>> from kerastutor.grading.exercise import Case
    >>> from kerastutor.grading.outcome import run
    >>> case = Case("double", (3,), expected=6)
    >>> look(case, run(case, {"double": lambda x: x * x}), [(run(case, {"double": lambda x: x * x}), "squared")]).cause
    'squared'
    """
    asked = case.shown() + (f"   ({case.about})" if case.about else "")
    expected = "" if case.judge == "choice" else _wish(case)
    got = _came(outcome)
    cause = _failure(case, outcome) or _JUDGES[case.judge](case, outcome.value)
    if not cause and outcome.changed:
        cause = (f"Right, but the call changes its argument {outcome.changed[0] + 1} in place; whoever called still "
                 "needs it. Work on a copy, or write `a = a + b` where `a += b` stands.")
    if not cause and outcome.seconds > case.seconds:
        cause = f"Right, but it took {outcome.seconds:.1f} s; {case.seconds:g} s are plenty for an efficient way."
    if not cause and case.growth is not None and outcome.growth > growth.limit(case.growth):
        more = "as large a first argument" if isinstance(case.args[0], int) else "the rows"
        cost = "ran {:.0f} times as many lines of Python" if case.lines else "took {:.0f} times as long"
        cause = f"Right, but {growth.TIMES} times {more} {cost.format(outcome.growth)}: {case.slow}"
    if not cause and case.dtype:
        cause = _other_dtype(case, outcome.value)
    if not cause:
        return Finding(True)
    cause = next((message for known, message in wrong if outcome.like(known)), cause)
    return Finding(False, asked, expected, got, cause, outcome.failed == "missing")


def digest(number, value):
    """A choice as it is kept with the student: not readable, yet comparable. 6 and 6.0 are the same choice."""
    if isinstance(value, float | np.floating) and value == round(value):
        value = int(value)
    return hashlib.sha256(f"kerastutor {number} {str(value).strip().lower()}".encode()).hexdigest()[:16]


def _wish(case):
    if case.judge == "accuracy":
        return f"at least {case.at_least:.0%} of {len(case.expected)} right"
    if case.judge == "error":
        return f"{len(case.expected)} numbers, off by {case.atol:g} or less on average"
    return short(case.expected)


def _came(outcome):
    if outcome.failed in ("missing", "empty"):
        return "nothing"
    if outcome.failed == "remark":
        return outcome.error.partition(": ")[2]
    if outcome.failed:
        return outcome.error if len(outcome.error) < 400 else f"{outcome.error[:400]} …"
    return short(outcome.value)


def _failure(case, outcome):
    if outcome.failed == "missing":
        return (f"There is no `{case.name}` in this notebook's memory. Run the cell that makes it (after a restart: "
                "all cells above), and keep its name as the task has it.")
    if outcome.failed == "empty":
        return "Nothing is written yet: put your code where `raise NotImplementedError()` stands."
    if outcome.failed == "remark":
        return outcome.line
    if outcome.failed == "error":
        if outcome.error.startswith(("Numba", "TypingError", "LoweringError", "Unsupported")):
            return NOT_COMPILED
        where = f" Your line: `{outcome.line}`." if outcome.line else ""
        return f"Your code stopped with an error.{where}"
    if outcome.failed == "strange":
        return f"The answer is of a kind that can't be compared: {outcome.error}."
    if outcome.value is None and case.expected is not None:
        return "None came back: is there a `return` at the end?" if case.call else "Put your answer in place of None."
    return ""


def _close(case, value):
    limits = case.rtol, case.atol
    return "" if close(value, case.expected, *limits) else _difference(value, case.expected, limits)


def _same(case, value):
    return "" if close(value, case.expected, 0, 0) else _difference(value, case.expected, (0, 0))


def _other_dtype(case, value):
    for one in value if isinstance(case.expected, tuple) else (value,):
        if np.asarray(one).dtype != case.dtype:
            given = any(getattr(arg, "dtype", None) == case.dtype for arg in case.args)
            way = DTYPE if given else f"Write `.astype('{case.dtype}')` at the end, or make the array with that dtype."
            return f"The numbers are right, but they are {np.asarray(one).dtype}; {case.dtype} is promised. {way}"
    return ""


def _difference(got, expected, limits=(1e-5, 1e-7)):
    """In which way two plain values differ: number of results, shape, NaN, sign, order, factor."""
    if isinstance(expected, dict):
        if not isinstance(got, dict) or got.keys() != expected.keys():
            there = (", ".join(got) or "none") if isinstance(got, dict) else f"a {type(got).__name__}"
            return f"These names are wanted: {', '.join(expected)}; there are: {there}."
        name = [*expected][_first_unlike([got[name] for name in expected], expected.values(), limits)]
        return f"{name}: " + _difference(got[name], expected[name], limits)
    came = f"one of {len(got)} came" if isinstance(got, tuple | list) else "none came"
    if isinstance(expected, tuple):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            if len(expected) == 1:
                return f"A tuple of one is wanted, `(a,)`; {came}."
            return f"{len(expected)} results are wanted, one after another, returned as `a, b`; {came}."
        i = _first_unlike(got, expected, limits)
        return f"Result {i + 1} of {len(expected)}: " + _difference(got[i], expected[i], limits)
    if isinstance(expected, list) and any(isinstance(one, tuple | np.ndarray) for one in expected):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return f"A list of {len(expected)} is wanted; {came}."
        i = _first_unlike(got, expected, limits)
        return f"At [{i}] of the list: " + _difference(got[i], expected[i], limits)
    try:
        a, b = np.asarray(got, "float64"), np.asarray(expected, "float64")
    except (TypeError, ValueError):
        return f"Numbers are wanted, in shape {np.shape(expected)}."
    if a.shape != b.shape:
        turned = " It is turned over: a transpose is missing, or too many." if a.shape == b.T.shape else ""
        return f"The shape is {a.shape}, but {b.shape} is wanted.{turned}"
    if not np.isfinite(a).all() and np.isfinite(b).all():
        return "There are inf or nan in it: look for an exp that overflows, log(0), or a division by 0."
    if np.allclose(a, -b, 1e-4):
        return "The sign is turned round."
    ratio = a[b != 0] / b[b != 0]
    if ratio.size and np.allclose(ratio, ratio.flat[0], 1e-4) and np.allclose(a[b == 0], 0):
        return f"Every number is {ratio.flat[0]:.4g} times what it should be: a mean for a sum, or the other way?"
    off = int((~np.isclose(a, b, 1e-5)).sum())
    return f"{off} of {a.size} numbers differ, the largest by {np.abs(a - b).max():.3g}."


def _first_unlike(got, expected, limits):
    """The place of the first two that differ by more than the limits, or, where none do, at all."""
    for rtol, atol in (limits, (0, 0)):
        for i, (a, b) in enumerate(zip(got, expected)):
            if not close(a, b, rtol, atol):
                return i
    return 0


def _choice(case, value):
    number, right, allowed, causes = (case.expected[name] for name in ("number", "right", "allowed", "causes"))
    if allowed and str(value).strip().lower() not in [one.lower() for one in allowed]:
        return f"{short(value)} is none of the answers; there are: {', '.join(allowed)}."
    mine = digest(number, value)
    return "" if mine == right else causes.get(mine, "Not so. Look again at what the question shows.")


def _accuracy(case, value):
    labels = np.asarray(case.expected)
    classes = np.unique(labels)
    two = set(classes) <= {0, 1}
    try:
        value = np.asarray(value)
    except ValueError:  # rows of different length
        return NOT_LABELS if two else NO_CLASSES
    if value.shape != labels.shape:
        return f"The shape is {value.shape}, but one label for each row is wanted: {labels.shape}."
    if value.dtype.kind == "U" or not (np.isin(value, (0, 1)) if two else value == np.round(value)).all():
        return NOT_LABELS if two else NO_CLASSES
    share = float((value == labels).mean())
    if share >= case.at_least:
        return ""
    if two and 1 - share >= case.at_least:
        return FLIPPED
    if (value == value.flat[0]).all():
        return f"It says {value.flat[0]:g} whatever it is shown: it has learned nothing from what it was given."
    if never := [f"{one:g}" for one in np.setdiff1d(classes, value)]:
        return NEVER.format(", ".join(never))
    return f"{share:.1%} are right. {case.advice or TOO_FEW}"


def _error(case, value):
    expected = np.asarray(case.expected, "float64")
    try:
        value = np.asarray(value, "float64")
    except (TypeError, ValueError):
        return f"Numbers are wanted, one for each row: shape {expected.shape}."
    if value.shape != expected.shape:
        column = " Take its column: `[:, 0]`." if value.shape == (*expected.shape, 1) else ""
        return f"The shape is {value.shape}, but one number for each row is wanted: {expected.shape}.{column}"
    if not np.isfinite(value).all():
        return "There are inf or nan in it. Did the training run away? Try a smaller learning rate."
    off = np.abs(value - expected).mean()
    if off <= case.atol:
        return ""
    if (value == value[0]).all():
        return f"It says {value[0]:g} whatever it is shown: it has learned nothing from what it was given."
    if any(np.allclose(column, value) for column in _columns(case.args, len(value))):
        return COPIED
    scale = value @ expected / (value @ value)
    if not 0.2 < scale < 5 and np.abs(scale * value - expected).mean() <= case.atol:
        return f"Times {scale:.3g} they would be good. {UNSCALED}"
    return f"Off by {off:.3g} on average. {TOO_FAR}"


def _columns(args, rows):
    """All columns of the tables among `args` that have so many rows."""
    for arg in args:
        if isinstance(arg, np.ndarray) and arg.ndim > 1 and len(arg) == rows:
            yield from arg.reshape(rows, -1).T


_JUDGES = {"close": _close, "same": _same, "choice": _choice, "accuracy": _accuracy, "error": _error}
