"""Exercises that grade themselves: for the student `check`, `hint`, `reset` and `progress`.

How a verdict comes about: a `Case` calls what the student wrote (`outcome.run` gives plain data), a judge compares that
with what was expected (`judge.look`), and an exercise's findings make a `Verdict`. Expected values and those of the
usual wrong answers were recorded from the instructor's master (`masters.record`) into `sheets/NN.json`, so that a
student's machine holds values, and no solution.
"""

from importlib import import_module

_HOME = {
    "Case": "exercise",
    "Exercise": "exercise",
    "Part": "exercise",
    "check": "notebook",
    "hint": "notebook",
    "progress": "notebook",
    "reset": "notebook",
    "score": "masters",
}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return __all__
