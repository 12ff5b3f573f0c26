"""A new exercise at the end of a lesson's master: small, complete, and there to be changed."""

from __future__ import annotations

import re

from kerastutor.grading import masters

HEAD = """# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises to lesson {lesson}

# %% tags=["setup"]
import numpy as np

from kerastutor import keras
from kerastutor.grading import check, hint, progress, reset
from kerastutor.widgets import figure
"""

SHEET = '''
# %% [markdown]
# ## {number} {title} (10 points)
#
# What to do, in at most 100 words. The formula: $y = x^2$, for each number of `x`, shape (n, d). About 1 line.


# %% exercise="{number}" tags=["raises-exception"]
def {name}(x):
    """The squares of x, in x's shape."""
    ### BEGIN SOLUTION
    return x**2
    ### END SOLUTION


# %% [markdown]
# Try it:

# %% tags=["raises-exception"]
x = np.linspace(-2, 2, 50)
with figure("A parabola, 0 at 0 and 4 at both ends.") as ax:
    ax.plot(x, {name}(x))

# %% check="{number}"
'''

CHECKS = '''"""Exercise {number}: its checks, public and hidden, and the usual wrong answers. The solution: sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def inputs(rng, n, d):
    return (rng.normal(size=(n, d)).round(3),)


exercise = Exercise(
    "{number}",
    "{title}",
    ("{name}",),
    ["A number times itself.", "`x * x` works on whole arrays.", "Read again lesson {lesson}, part ..., the cell ..."],
    [
        Part("small arrays", 10,
             [Case("{name}", (np.array([[-3.0, 0.0]]),), expected=np.array([[9.0, 0.0]]), about="a batch of one"),
              *draws("{name}", inputs, seeds=[0])],
             draws("{name}", inputs, seeds=[1, 2])),
    ],
)


@exercise.wrong("That doubles x; x squared is x times x.")
def {name}(x):
    return 2 * x


@exercise.wrong("That is the absolute value.")
def {name}(x):
    return np.abs(x)


@exercise.wrong("The sum of the squares is one number; the task wants one for each of x.")
def {name}(x):
    return (x**2).sum()


@exercise.otherwise
def {name}(x):
    return [[one * one for one in row] for row in x]
'''


def add(number, title):
    """Add an exercise to the master of its lesson, which is begun where there is none.

    Returns
    -------
    list of pathlib.Path
        The two files that were written.

    Raises
    ------
    ValueError
        If `number` does not read like ``04.8``, the title has no letters, or there is such an exercise already.
    """
    name = re.sub(r"\W+", "_", title.lower()).strip("_")
    if not re.fullmatch(r"\d\d\.\d+", number):
        raise ValueError(f"An exercise's number reads like 04.8: lesson in two digits, point, place; not {number!r}.")
    if not name.isidentifier() or set(title) & set('"\\'):
        raise ValueError(f"The title becomes a function's name: a letter first, no quotes in it; not {title!r}.")
    lesson = number[:2]
    folder = next(iter(masters.folder().glob(f"{lesson}_*")), masters.folder() / f"{lesson}_lesson")
    sheet, checks = folder / "sheet.py", folder / f"checks_{number[3:]}.py"
    if checks.exists():
        raise ValueError(f"There is an exercise {number} already: {checks}.")
    folder.mkdir(exist_ok=True)
    before = sheet.read_text(encoding="utf-8") if sheet.exists() else HEAD.replace("{lesson}", lesson)
    for path, text in ((sheet, SHEET), (checks, CHECKS)):
        for key, value in (("number", number), ("title", title), ("name", name), ("lesson", lesson)):
            text = text.replace(f"{{{key}}}", value)
        path.write_text((before if path == sheet else "") + text, encoding="utf-8")
    return [sheet, checks]
