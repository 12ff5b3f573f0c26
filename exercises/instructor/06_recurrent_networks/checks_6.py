"""Exercise 06.6: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def tables(rng, n, k):
    p = rng.dirichlet(np.ones(k), size=n)
    return p, float(rng.choice([0.3, 0.5, 1.0, 2.5]))


def distinct(rng, n, k):
    """Probabilities in 32nds, so that sums are exact, and draws that lie between them."""
    q = rng.multinomial(32, np.full(k, 1 / k), size=n) / 32
    return q, (rng.integers(32, size=n) + rng.choice([0, 0.5], size=n)) / 32


PAIR = np.array([[0.6, 0.3, 0.1]])
SIZES = [(1, 3), (4, 2), (2, 6)]

exercise = Exercise(
    "06.6",
    "Timid or bold",
    ("heat", "draw"),
    [
        "0.6 to the power of 100,000 is 0 for a computer, so all becomes 0 / 0. What if the largest of a row were 1?",
        "Divide each row by its largest first: 1 to any power is 1, and the scaling at the end puts the sum right. "
        "For draw: `q.cumsum(axis=1)` gives each row's running sums.",
        "How many of a row's running sums are at most u? So many are passed over: `(sums <= u[:, None]).sum(axis=1)`.",
        "Read again lesson 6, part 6, *Can it write?*, the cells that define `heated` and `write`.",
    ],
    [
        Part("heat", 4,
             [Case("heat", (PAIR, 0.5), expected=np.array([[0.36, 0.09, 0.01]]) / 0.46, about="from the lesson"),
              *draws("heat", tables, [(4, 2), (2, 5)], [0])],
             draws("heat", tables, SIZES)),
        Part("heat, nearly frozen", 3,
             [Case("heat", (PAIR, 1e-5), expected=np.array([[1.0, 0.0, 0.0]]), about="temperature 0.00001"),
              Case("heat", (np.array([[0.4, 0.0, 0.4, 0.2], [0.0, 1.0, 0.0, 0.0]]), 1e-4), about="a tie, and zeros",
                   expected=np.array([[0.5, 0, 0.5, 0], [0, 1, 0, 0]]))],
             [Case("heat", (np.array([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]]), 1e-6), expected=np.eye(3)[[2, 2]]),
              Case("heat", (np.array([[1e-9, 3e-9, 1.0], [0.0, 0.25, 0.75]]), 0.01), atol=1e-9,
                   expected=np.array([[0, 0, 1], [0, 3.0**-100, 1]]))]),
        Part("draw", 3,
             [Case("draw", (np.array([[0.5, 0.25, 0.25]] * 3), np.array([0.1, 0.6, 0.99])), "same", np.array([0, 1, 2]),
                   about="one row, three draws"),
              Case("draw", (np.array([[0.0, 0.5, 0.5]] * 2), np.array([0.0, 0.5])), "same", np.array([1, 2]),
                   about="on the border; what has probability 0 never comes"),
              *draws("draw", distinct, [(1, 4), (5, 3)], [2], judge="same")],
             [*draws("draw", distinct, [(1, 4), (6, 3), (9, 8)], [3, 4, 5], judge="same")]),
    ],
)


@exercise.wrong("0 / 0 is nan: so high a power of a number below 1 is 0 in a float. Divide by the row's largest first.")
def heat(p, temperature):
    q = p ** (1 / temperature)
    return q / q.sum(axis=1, keepdims=True)


@exercise.wrong("The power is turned round: 1 / T. So a small T would make bold, and a large one timid.")
def heat(p, temperature):
    q = (p / p.max(axis=1, keepdims=True)) ** temperature
    return q / q.sum(axis=1, keepdims=True)


@exercise.wrong("The rows do not add up to 1: divide each one by its sum.")
def heat(p, temperature):
    return p ** (1 / temperature)


@exercise.wrong("You divide by the sum of the whole table; each row is a choice of its own: axis=1, keepdims=True.")
def heat(p, temperature):
    q = (p / p.max(axis=1, keepdims=True)) ** (1 / temperature)
    return q / q.sum()


@exercise.wrong("That is always the most probable one, whatever u is: it would write the same for ever.")
def draw(q, u):
    return q.argmax(axis=1)


@exercise.wrong("On the border you stop too early: the running sum must lie above u, not at it.")
def draw(q, u):
    return (q.cumsum(axis=1) < u[:, None]).sum(axis=1)


@exercise.wrong("All places are one too far: a computer counts them from 0.")
def draw(q, u):
    return (q.cumsum(axis=1) <= u[:, None]).sum(axis=1) + 1


@exercise.wrong("All rows are drawn with the first u; each has one of its own: u[:, None].")
def draw(q, u):
    return (q.cumsum(axis=1) <= u[0]).sum(axis=1)


@exercise.otherwise
def heat(p, temperature):
    result = []
    for row in p:
        logs = [np.log(one) / temperature if one > 0 else -np.inf for one in row]
        powers = [np.exp(one - max(logs)) for one in logs]
        result.append([one / sum(powers) for one in powers])
    return result


@exercise.otherwise
def draw(q, u):
    result = []
    for row, height in zip(q, u):
        place = 0
        while row[place] <= height:
            height -= row[place]
            place += 1
        result.append(place)
    return result
