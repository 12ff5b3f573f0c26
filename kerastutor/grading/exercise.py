"""What an instructor writes about an exercise: its parts, the cases in them, the usual wrong answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kerastutor.grading.growth import LOOP

JUDGES = ("close", "same", "choice", "accuracy", "error")


@dataclass
class Case:
    """One question put to the student's code.

    Parameters
    ----------
    name : str
        A function to call, or a variable to look at.
    args : tuple
        What the function is called with: arrays, numbers, strings, lists of them. Empty with ``call=False``.
    judge : str
        ``"close"`` (numbers within `rtol`, `atol`), ``"same"`` (equal, type of number left aside), ``"choice"``
        (a variable's answer, kept as a digest), ``"accuracy"`` (share of labels equal to `expected`), ``"error"``
        (mean absolute difference from `expected` at most `atol`).
    expected : optional
        The answer; without it, the master's solution tells. From outside (a finite difference) it proves more.
    at_least : float
        What ``"accuracy"`` asks for.
    advice : str
        What an answer gets told that is not accurate enough, after "71.3% are right."
    seconds : float
        A call that takes longer fails; on a busy machine its CPU time counts. Be generous.
    growth : float, optional
        For exercises that ask for an efficient way: the time may grow like ``rows ** growth``. The rows are those of
        the first argument, and of all that are as long; a quarter of them must be a question too. Some thousand.
    slow : str
        What an answer gets told whose time grows faster, after "4 times the rows took 16 times as long:".
    lines : bool
        Let `growth` be that of the lines of Python that run, not of the time: 0 allows no loop over rows but those of
        NumPy or Numba.
    dtype : str
        The dtype that the task promises: ``"float32"``. Of several results each must have it.
    through : str
        For things that are no functions of arrays: the way to ask them, a name in `probes`: ``"layer"``.
    about : str
        What the case tries: "a batch of one".

    Examples
    --------
    >>> Case("double", ([1, 2],), about="two numbers").shown()
    'double([1, 2])'
    """

    name: str
    args: tuple = ()
    judge: str = "close"
    expected: Any = None
    call: bool = True
    rtol: float = 1e-5
    atol: float = 1e-7
    at_least: float = 0.0
    advice: str = ""
    seconds: float = 60.0
    growth: float | None = None
    slow: str = LOOP
    lines: bool = False
    dtype: str = ""
    through: str = ""
    about: str = ""

    def __post_init__(self):
        if self.judge not in JUDGES:
            raise ValueError(f"Case {self.name!r}: unknown judge {self.judge!r}; there are: {', '.join(JUDGES)}.")

    def shown(self):
        from kerastutor.grading.outcome import short

        if not self.call:
            return self.name
        args = ", ".join(short(arg) for arg in self.args)
        return f"{self.name} ({self.through}): {args}" if self.through else f"{self.name}({args})"


@dataclass
class Part:
    """Some of an exercise's points, for cases that must all pass: those the student sees, and hidden ones."""

    title: str
    points: int
    public: list[Case]
    hidden: list[Case] = field(default_factory=list)


@dataclass
class Wrong:
    """A usual wrong answer: names and what stands behind them, and the message it must get."""

    replaces: dict[str, Any]
    message: str


@dataclass
class Exercise:
    """An exercise: number, title, what the student writes, hints, parts, wrong answers, another right one.

    Parameters
    ----------
    number : str
        ``"04.2"``: lesson and place.
    defines : tuple of str
        The names that the student's cell makes.
    hints : list of str
        From a nudge to nearly the answer; the last says which cell of which lesson to read again.
    parts : list of Part
    """

    number: str
    title: str
    defines: tuple[str, ...]
    hints: list[str]
    parts: list[Part]
    wrong_answers: list[Wrong] = field(default_factory=list)
    another: dict[str, Any] = field(default_factory=dict)

    @property
    def points(self):
        return sum(part.points for part in self.parts)

    def wrong(self, message: str, **values) -> Callable:
        """Note a usual wrong answer: as a decorator of a function with the student's name for it, or ``name=value``."""
        if values:
            self.wrong_answers.append(Wrong(values, message))

        def note(function):
            self.wrong_answers.append(Wrong({function.__name__: function}, message))
            return function

        return note

    def otherwise(self, function):
        """Note a right answer that is written in another way: it must have full marks."""
        self.another[function.__name__] = function
        return function
