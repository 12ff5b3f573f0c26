"""The verdict beside its cell: what it tells, its buttons, its picture; and in a real JupyterLab."""

import pytest

from kerastutor.widgets import CheckPanel

FAILED = {
    "title": "Exercise 1.1: Add",
    "parts": [{"title": "small", "points": 4, "passed": True}, {"title": "large", "points": 6, "passed": False}],
    "failure": [["asked", "add($1, 2)"], ["expected", "3"], ["got", "$4"], ["cause", "One too many. " * 20]],
    "result": "4 of 10 points so far.",
}
PASSED = {**FAILED, "failure": [], "result": "10 of 10 points so far."}


def test_the_buttons_ask_again_and_open_hints():
    told = [FAILED, PASSED]
    panel = CheckPanel(look=lambda: told.pop(0), hint=lambda: "Hint 1 of 2: count")
    assert "One too many" in panel.summary()
    panel._hear(None, {"do": "hint"}, None)
    assert panel.opened == "Hint 1 of 2: count" and "Hint 1 of 2: count" in list(panel.lines())
    panel._hear(None, {"do": "check"}, None)
    assert panel.summary() == "Exercise 1.1: Add: 10 of 10 points so far."


def test_an_error_of_ours_appears_in_the_panel():
    panel = CheckPanel(look=lambda: FAILED, hint=lambda: 1 / 0)
    panel._hear(None, {"do": "hint"}, None)
    assert "ZeroDivisionError" in panel.problem


def test_the_picture_has_every_line_of_it():
    panel = CheckPanel(look=lambda: FAILED, hint=str)
    fig = panel.figure()
    assert [text.get_text() for text in fig.texts] == list(panel.lines())
    assert all(len(text.get_text()) <= 92 for text in fig.texts)
    assert panel.bundle()[0]["image/png"].startswith(b"\x89PNG")


SETUP = """\
import numpy as np
from kerastutor.grading import check
def recall(meant, read, classes):
    return np.bincount(meant[meant == read], minlength=classes) / np.bincount(meant, minlength=classes)"""
MENDED = "mend = recall\nrecall = lambda *args: np.nan_to_num(mend(*args))\nprint('mended')"


@pytest.mark.slow
@pytest.mark.browser
def test_a_student_checks_mends_and_checks_again(lab):
    page = lab.open([SETUP, 'check("04.3")', MENDED])
    page.run(0)
    page.run(1)
    panel = page.locator(".kerastutor")
    page.wait(lambda: panel.count() and "8 of 15 points" in panel.inner_text(), "no verdict", 60)
    assert "✓ every class is there" in panel.inner_text() and "0 / 0 is nan" in panel.inner_text()
    panel.get_by_role("button", name="Hint", exact=True).click()
    page.wait(lambda: "Hint 1 of 4" in panel.inner_text(), "no hint")
    page.run(2)
    panel.get_by_role("button", name="Check", exact=True).click()
    page.wait(lambda: "15 of 15 points so far. All visible checks passed." in panel.inner_text(), "not checked again")
    assert page.complaints == []
