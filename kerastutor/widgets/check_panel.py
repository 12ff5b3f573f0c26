"""CheckPanel: the verdict on an exercise beside its cell, with buttons to check again and for a hint."""

import textwrap

import traitlets

from kerastutor.widgets import style
from kerastutor.widgets.base import Widget


class CheckPanel(Widget):
    """Show a verdict, and ask for it again when the student presses Check.

    Parameters
    ----------
    look : callable
        Gives the verdict as plain data: ``title``, ``parts`` (``title``, ``points``, ``passed`` each), ``failure``
        (pairs of a word and a text, empty when all passed) and ``result``.
    hint : callable
        Gives the next hint.

    Examples
    --------
    >>> said = {"title": "Exercise 1.1", "parts": [], "failure": [], "result": "5 of 5 points so far."}
    >>> CheckPanel(look=lambda: said, hint=lambda: "Count again.")
    CheckPanel: Exercise 1.1: 5 of 5 points so far.
    """

    _script = "check_panel.js"
    verdict = traitlets.Dict().tag(sync=True)
    opened = traitlets.Unicode("").tag(sync=True)  # the hint that is shown

    def __init__(self, look, hint):
        self.look, self.hint = look, hint
        super().__init__(verdict=look())

    def do_check(self):
        self.verdict = self.look()
        self.keep()

    def do_hint(self):
        self.opened = self.hint()
        self.keep()

    def lines(self):
        """The verdict as lines of text."""
        told = self.verdict
        yield told["title"]
        for part in told["parts"]:
            yield f"{'passed' if part['passed'] else 'not yet'}: {part['title']} ({part['points']} points)"
        for word, text in told["failure"]:
            yield from textwrap.wrap(f"{word}: {text}", 92, initial_indent="    ", subsequent_indent="        ")
        yield told["result"]
        if self.opened:
            yield from textwrap.wrap(self.opened, 92)

    def figure(self):
        lines = list(self.lines())
        fig = style.new_figure(height=0.3 + 0.2 * len(lines), layout=None)
        for i, line in enumerate(lines):
            fig.text(0.02, 1 - (i + 1) / (len(lines) + 1), line, fontsize=9, va="center", parse_math=False)
        return fig

    def summary(self):
        causes = [text for word, text in self.verdict["failure"] if word == "cause"]
        return " ".join([f"{self.verdict['title']}: {self.verdict['result']}", *causes])
