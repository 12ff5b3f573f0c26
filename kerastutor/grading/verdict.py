"""The verdict on one exercise: which parts stand, the first thing that does not, the points."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kerastutor.grading.judge import WRITTEN_DOWN, Finding, look
from kerastutor.grading.outcome import run

ALL_VISIBLE = "All visible checks passed."


@dataclass
class Verdict:
    """What `check` shows.

    Attributes
    ----------
    parts : list of (title, points, Finding)
        For each part its first failed case, or a `Finding` that passed.
    remark : str
        What else the student should know: that the points could not be kept.
    """

    number: str
    title: str
    parts: list[tuple[str, int, Finding]]
    remark: str = ""

    @property
    def points(self):
        return sum(points for _, points, finding in self.parts if finding.passed)

    @property
    def of(self):
        return sum(points for _, points, _ in self.parts)

    @property
    def failure(self):
        """The first failed part's `Finding`, or None."""
        return next((finding for _, _, finding in self.parts if not finding.passed), None)

    def as_dict(self):
        """Plain data for the panel."""
        failure = self.failure
        wanted = ("asked", "expected", "got", "cause")
        result = f"{self.points} of {self.of} points so far." + ("" if failure else f" {ALL_VISIBLE}")
        return {
            "title": f"Exercise {self.number}: {self.title}",
            "parts": [{"title": title, "points": points, "passed": f.passed} for title, points, f in self.parts],
            "failure": [[key, getattr(failure, key)] for key in wanted if getattr(failure, key)] if failure else [],
            "result": result + self.remark,
        }

    def __str__(self):
        told = self.as_dict()
        lines = [told["title"]]
        lines += [f"  {'✓' if one['passed'] else '✗'} {one['title']}   {one['points']} points" for one in told["parts"]]
        names = {"cause": "likely cause"}
        lines += [f"    {names.get(key, key) + ':':14}{text}" for key, text in told["failure"]]
        return "\n".join([*lines, told["result"]])

    __repr__ = __str__


def judge(number, title, parts, names):
    """Put each part's cases to the student's names, until one fails.

    Parameters
    ----------
    parts : list of (title, points, [(Case, [(Outcome, message), ...]), ...])
        Each case with what the usual wrong answers give for it.
    names : dict
        What the student has made, such as a notebook's globals.
    """
    tried = [
        (what, points, [(case, run(case, names), list(wrong)) for case, wrong in cases])
        for what, points, cases in parts
    ]
    everything = [each for _, _, cases in tried for each in cases]
    likeness = _likeness(everything)
    _look_for_one_answer(everything, likeness)
    return Verdict(number, title, [(what, points, _first(cases, likeness)) for what, points, cases in tried])


def _likeness(tried):
    """How well each wrong answer explains all that was seen; several may look alike in one case."""
    likeness = Counter()
    for case, outcome, wrong in tried:
        passed = look(case, outcome).passed
        for known, message in wrong:
            likeness[message] += 1 if outcome.like(known) else -1 if passed else 0
    return likeness


def _look_for_one_answer(tried, likeness):
    """Where the same comes to all questions, and is right for one of them, add that to the known wrong answers."""
    for name in {case.name for case, _, _ in tried}:
        mine = [(look(case, outcome).passed, outcome, wrong) for case, outcome, wrong in tried if case.name == name]
        same = all(outcome.like(mine[0][1]) for _, outcome, _ in mine)
        failed = [wrong for passed, _, wrong in mine if not passed]
        if same and 0 < len(failed) < len(mine):
            for wrong in failed:
                wrong.append((mine[0][1], WRITTEN_DOWN))
            likeness[WRITTEN_DOWN] += len(failed) - 0.5  # behind a wrong answer of the exercise's that explains all


def _first(cases, likeness):
    for case, outcome, wrong in cases:
        finding = look(case, outcome, sorted(wrong, key=lambda known: -likeness[known[1]]))
        if not finding.passed:
            return finding
    return Finding(bool(cases), cause="" if cases else "This part has no cases.")
