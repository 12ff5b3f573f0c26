"""What came of one case, as plain data: only this leaves the place where a student's code runs."""

from __future__ import annotations

import base64
import contextlib
import copy
import functools
import io
import time
import traceback
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kerastutor.grading import growth

PICTURE = 1000  # arrays of more bytes than that are kept as bytes


class Remark(Exception):
    """What a probe noticed: the text says what happened, the class's first line why that is no good."""


@dataclass
class Outcome:
    """What a call gave, which arguments it changed, how long it took, or how it failed.

    ``growth`` is how many times as long 4 times the rows took, where the case asks.
    ``failed`` is "" or one of "missing", "empty" (NotImplementedError), "error", "strange" (not plain data), "remark"
    (a `Remark`; what it teaches stands in ``line``).
    """

    value: Any = None
    changed: list[int] = field(default_factory=list)
    seconds: float = 0.0
    growth: float = 0.0
    failed: str = ""
    error: str = ""
    line: str = ""

    def like(self, other):
        """Whether the two would look the same from outside: the same value, or the same kind of failure."""
        mine, theirs = (self.failed, self.changed, self.error.partition(":")[0]), other
        if mine != (theirs.failed, theirs.changed, theirs.error.partition(":")[0]):
            return False
        return close(self.value, other.value, 1e-4, 1e-6)


def run(case, names):
    """Ask `case` of the student's `names` (a dict); whatever happens in there becomes an `Outcome`.

    Examples
    --------
    >>> from kerastutor.grading.exercise import Case
    >>> run(Case("double", (3,)), {"double": lambda x: 2 * x}).value
    6
    >>> run(Case("double", (3,)), {}).failed
    'missing'
    """
    if case.name not in names:
        return Outcome(failed="missing")
    if not case.call:
        return _plain(names[case.name], Outcome())
    if not callable(names[case.name]):
        return Outcome(failed="error", error=f"TypeError: {case.name} is no function any more")
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            ask = _ask(case, names[case.name])
            value, args, seconds = _timed(ask, case.args)
            if seconds > case.seconds:  # the first call may have compiled something
                value, args, seconds = _timed(ask, case.args)
            took = growth.lines if case.lines else None
            grown = 0.0 if case.growth is None else growth.measure(ask, case.args, case.growth, took)
    except NotImplementedError:
        return Outcome(failed="empty")
    except Remark as problem:
        return Outcome(failed="remark", error=f"{type(problem).__name__}: {problem}", line=type(problem).__doc__)
    except Exception as problem:
        return Outcome(failed="error", error=f"{type(problem).__name__}: {problem}", line=_line(problem))
    changed = [i for i, (now, before) in enumerate(zip(args, case.args)) if not _identical(now, before)]
    return _plain(value, Outcome(changed=changed, seconds=seconds, growth=grown))


def _ask(case, thing):
    if not case.through:
        return thing
    from kerastutor.grading import probes

    return functools.partial(getattr(probes, case.through), thing)


def _timed(function, args):
    """What a call gives, its arguments thereafter, and its seconds: of its own work, where others use the machine."""
    args, clock, cpu = copy.deepcopy(args), time.perf_counter(), time.process_time()
    value = function(*args)
    return value, args, min(time.perf_counter() - clock, time.process_time() - cpu)


def _plain(value, outcome):
    try:
        outcome.value = decode(encode(value))
    except TypeError as problem:
        outcome.failed, outcome.error = "strange", str(problem)
    return outcome


def _line(problem):
    """The deepest line of the student's own code on the way to the error."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__)[2:] if frame.line]
    own = [frame for frame in frames if "ipykernel" in frame.filename or frame.filename.startswith("<")]
    return (own or frames or [None])[-1].line if own or frames else ""


def encode(value):
    """Turn arrays, numbers, strings, lists, tuples, dicts and None into what JSON can hold.

    Raises
    ------
    TypeError
        For anything else.

    Examples
    --------
    >>> encode(np.float32([1, 2]))
    {'array': [1.0, 2.0], 'dtype': 'float32'}
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple):
        return {"tuple": [encode(one) for one in value]}
    if isinstance(value, list):
        return [encode(one) for one in value]
    if isinstance(value, dict):
        return {"dict": {str(name): encode(one) for name, one in value.items()}}
    if not isinstance(value, np.ndarray | np.generic):
        if not hasattr(value, "__array__"):
            raise TypeError(f"{type(value).__name__} is neither a number, a string, an array nor a list of them")
        value = np.asarray(value)
    if value.dtype.kind not in "biufU":
        raise TypeError(f"an array of {value.dtype} is neither numbers nor strings")
    if value.dtype == "uint8" and value.size > PICTURE:
        return {"bytes": base64.b64encode(value.tobytes()).decode(), "dtype": "uint8", "shape": value.shape}
    return {"array": value.tolist(), "dtype": str(value.dtype)} | ({} if value.size else {"shape": value.shape})


def decode(value):
    """Undo `encode`."""
    if isinstance(value, list):
        return [decode(one) for one in value]
    if isinstance(value, dict):
        if "tuple" in value:
            return tuple(decode(one) for one in value["tuple"])
        if "dict" in value:
            return {name: decode(one) for name, one in value["dict"].items()}
        if "bytes" in value:
            return np.frombuffer(base64.b64decode(value["bytes"]), value["dtype"]).reshape(value["shape"]).copy()
        array = np.array(value["array"], value["dtype"])
        return array.reshape(value["shape"]) if "shape" in value else array[()]
    return value


def close(got, expected, rtol, atol):
    """Whether two plain values agree: the same structure and shapes, numbers within the tolerance.

    >>> close((1.0, [2]), (1.0 + 1e-9, np.array([2.0])), 1e-6, 0)
    True
    >>> close(np.zeros((2, 1)), np.zeros(2), 1e-6, 0)
    False
    """
    if isinstance(expected, tuple) or isinstance(got, tuple):
        both = isinstance(got, tuple | list) and isinstance(expected, tuple | list) and len(got) == len(expected)
        return both and all(close(a, b, rtol, atol) for a, b in zip(got, expected))
    if got is None or expected is None:
        return got is expected
    if isinstance(got, dict) or isinstance(expected, dict):
        both = isinstance(got, dict) and isinstance(expected, dict) and got.keys() == expected.keys()
        return both and all(close(got[name], expected[name], rtol, atol) for name in got)
    try:
        got, expected = np.asarray(got), np.asarray(expected)
        if got.dtype.kind == "U" or expected.dtype.kind == "U":
            return bool(np.array_equal(got, expected))
        return got.shape == expected.shape and bool(np.allclose(got, expected, rtol, atol, equal_nan=True))
    except (TypeError, ValueError):  # rows of different length
        return bool(_same_length(got, expected)) and all(close(a, b, rtol, atol) for a, b in zip(got, expected))


def _same_length(got, expected):
    return isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected)


def _identical(now, before):
    if isinstance(before, dict):
        return isinstance(now, dict) and now.keys() == before.keys() and _identical([*now.values()], [*before.values()])
    if isinstance(before, list | tuple):
        return isinstance(now, list | tuple) and len(now) == len(before) and all(map(_identical, now, before))
    a, b = np.asarray(now), np.asarray(before)
    same = a.shape == b.shape and a.dtype == b.dtype
    return same and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))


def short(value, limit=70):
    """A value in one line: small ones whole, large ones by shape and dtype.

    >>> short(np.array([1.0, 2.0])), short(np.zeros((30, 9), "int8"))
    ('[1, 2]', 'int8 array of shape (30, 9)')
    >>> short([(np.array([1.0]), 2), (np.array([3]), 4)]), short((7,))
    ('[([1], 2), ([3], 4)]', '(7,)')
    >>> short({"w": np.ones(2), "b": 0.5})
    '{w: [1, 1], b: 0.5}'
    """
    if isinstance(value, dict):
        text = ", ".join(f"{name}: {short(one, limit)}" for name, one in value.items())
        return "{" + (text if len(text) <= 2 * limit else ", ".join(map(str, value))) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(short(one, limit) for one in value) + (",)" if len(value) == 1 else ")")
    if isinstance(value, list) and any(isinstance(one, list | tuple | dict | np.ndarray) for one in value):
        more = [f"… {len(value) - 4} more"] if len(value) > 4 else []
        return "[" + ", ".join([short(one, limit) for one in value[:4]] + more) + "]"
    if isinstance(value, np.ndarray):
        text = " ".join(np.array2string(value, precision=5, separator=", ", suppress_small=False).split())
        text = text.replace(". ", " ").replace(".,", ",").replace(".]", "]")
        return text if len(text) <= limit else f"{value.dtype} array of shape {value.shape}"
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    text = str(value) if isinstance(value, np.generic) else repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
