"""Exercise 06.4: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

from itertools import accumulate

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def signals(rng, steps):
    return rng.uniform(0.2, 1, steps).round(2), rng.normal(size=steps).round(2)


def shut_now_and_then(rng, steps):
    f, x = signals(rng, steps)
    f[rng.random(steps) < 0.3] = 0
    return f, x


SLOW = "what step t holds is made of what step t - 1 held. Carry it along instead of adding up from the start again."


def long(steps, seed):
    f, x = shut_now_and_then(np.random.default_rng(seed), steps)
    return Case("memory", (f, x), growth=1, slow=SLOW, about=f"{steps} steps, in time that grows with the steps")


exercise = Exercise(
    "06.4",
    "A memory in one walk",
    ("memory",),
    [
        "Write out m_1, m_2 and m_3. What of m_2 stands in m_3?",
        "All of it, times f_3: the product only grows longer by one factor. And x_3 comes in anew.",
        "`m = f_t * m + x_t`, from m = 0, once a step; keep each m in a list.",
        "Read again lesson 6, part 3, *What do the LSTM's gates do?*: the line with c_t, and the cell that reckons it.",
    ],
    [
        Part("what is held", 4,
             [Case("memory", (np.array([0.9, 0.5, 0.5]), np.array([4.0, 0.0, 1.0])), expected=np.array([4.0, 2.0, 2.0]),
                   about="by hand"),
              *draws("memory", signals, [(1,), (6,)], [0])],
             draws("memory", signals, [(1,), (5,), (17,)])),
        Part("gates that shut", 3,
             [Case("memory", (np.array([0.5, 0.0, 1.0, 1.0]), np.array([3.0, 1.0, 0.0, -2.0])),
                   expected=np.array([3.0, 1.0, 1.0, -1.0]), about="f = 0 wipes all before"),
              *draws("memory", shut_now_and_then, [(9,)], [1])],
             [*draws("memory", shut_now_and_then, [(8,), (30,)]),
              Case("memory", (np.zeros(3), np.array([1.0, 2.0, 3.0])), expected=np.array([1.0, 2.0, 3.0]))]),
        Part("a long walk", 3, [long(400, 2)], [long(1200, 3)]),
    ],
)


@exercise.wrong(SLOW)
def memory(f, x):
    result = []
    for t in range(len(x)):
        total, factor = 0.0, 1.0
        for k in range(t, -1, -1):
            total += factor * x[k]
            factor *= f[k]
        result.append(total)
    return np.array(result)


@exercise.wrong("x_t fades in the very step that brings it: f_t multiplies what was there before, and x_t not yet.")
def memory(f, x):
    return walk(f, x, lambda t, m: f[t] * (m + x[t]))


@exercise.wrong("Gates of 0 make nan: you divide by a product of gates, and it is 0 once one shuts. Divide by nothing.")
def memory(f, x):
    products = np.cumprod(f)
    return products * np.cumsum(x / products)


@exercise.wrong("The gates are one step late: f_t, not f_{t-1}, decides what is left of m_{t-1}.")
def memory(f, x):
    return walk(f, x, lambda t, m: f[t - 1] * m + x[t])


@exercise.wrong("That is m at the last step alone; one for each step is wanted.")
def memory(f, x):
    return walk(f, x, lambda t, m: f[t] * m + x[t])[-1]


@exercise.wrong("The numbers are right, but they are written into x, which the caller still needs. Make a new array.")
def memory(f, x):
    x[:] = walk(f, x.copy(), lambda t, m: f[t] * m + x[t])
    return x


def walk(f, x, step):
    m, result = 0.0, []
    for t in range(len(x)):
        m = step(t, m)
        result.append(m)
    return np.array(result)


@exercise.otherwise
def memory(f, x):
    return list(accumulate(range(len(x)), lambda m, t: f[t] * m + x[t], initial=0.0))[1:]
