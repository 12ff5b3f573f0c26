"""Cases in number, so that no answer is trusted on one example: sizes, seeds, dtypes; slopes from outside."""

from __future__ import annotations

import numpy as np

from kerastutor.grading.exercise import Case


def draws(name, make, sizes=((1, 3), (4, 2), (2, 5), (7, 3)), seeds=(0, 1), **options):
    """Cases for `name` over all `sizes` and `seeds`; ``make(rng, *size)`` gives the arguments.

    The usual sizes are a batch of one, and shapes that are not square.

    Examples
    --------
    >>> cases = draws("double", lambda rng, n, d: (rng.normal(size=(n, d)),), sizes=[(1, 3), (4, 2)], seeds=[0])
    >>> [case.args[0].shape for case in cases], cases[0].about
    ([(1, 3), (4, 2)], 'size 1 × 3, seed 0')
    """
    return [
        Case(name, make(np.random.default_rng(seed), *size), **{
            "about": f"size {' × '.join(map(str, size))}, seed {seed}", **options})
        for size in sizes
        for seed in seeds
    ]


def slope(f, x, step=1e-6):
    """The gradient of a number ``f(x)`` with respect to each entry of `x`, by central differences.

    >>> slope(lambda x: (x**2).sum(), np.array([1.0, 3.0])).round(4)
    array([2., 6.])
    """
    x = np.array(x, "float64")
    result = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        result[index] = (f(up) - f(down)) / (2 * step)
    return result


def choice(exercise, name, right, others, points, title=None):
    """Give an exercise a question with an answer in a variable: kept as a digest, each wrong one with its message.

    Parameters
    ----------
    right : str or int
    others : dict
        Wrong answer -> what it gets told. Of strings, these and the right one are all there are to choose from.
    """
    from kerastutor.grading.exercise import Part
    from kerastutor.grading.judge import digest

    allowed = sorted([right, *others]) if isinstance(right, str) else []
    expected = {
        "number": f"{exercise.number} {name}",
        "right": digest(f"{exercise.number} {name}", right),
        "allowed": allowed,
        "causes": {digest(f"{exercise.number} {name}", other): message for other, message in others.items()},
    }
    case = Case(name, judge="choice", call=False, expected=expected)
    exercise.parts.append(Part(title or name, points, [case]))
    for other, message in others.items():
        exercise.wrong(message, **{name: other})
