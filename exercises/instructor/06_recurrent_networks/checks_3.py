"""Exercise 06.3: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import slope


def forward(x, W, U, b):
    states = [np.zeros(len(b))]
    for row in x:
        states.append(np.tanh(row @ W + states[-1] @ U + b))
    return states


def nudged(steps, inputs, units, seed, scale=1.0):
    """A case whose answer is no formula: how the loss itself changes when each weight is nudged."""
    rng = np.random.default_rng(seed)
    shapes = [(steps, inputs), (inputs, units), (units, units), (units,), (units,)]
    x, W, U, b, last = (scale * rng.normal(size=shape).round(2) for shape in shapes)
    expected = tuple(
        slope(f, one) for f, one in (
            (lambda w: forward(x, w, U, b)[-1] @ last, W),
            (lambda u: forward(x, W, u, b)[-1] @ last, U),
            (lambda c: forward(x, W, U, c)[-1] @ last, b),
        )
    )
    about = f"against finite differences: {steps} step{'s' * (steps > 1)}, {inputs} inputs, {units} units"
    return Case("through_time", (x, W, U, b, last), expected=expected, rtol=1e-4, atol=1e-6, about=about)


exercise = Exercise(
    "06.3",
    "Back through time",
    ("through_time",),
    [
        "Go forward and keep all states, h_0 = 0 among them. Then go back, with the slope of h_t in hand: `last`, at "
        "first.",
        "Through tanh: dz = dh * (1 - h_t**2). This step adds its share to all three: the weights serve every step.",
        "Shares: dW += np.outer(x_t, dz), dU += np.outer(h_before, dz), db += dz. The slope of the state before is "
        "U @ dz.",
        "Read again lesson 6, part 2, *Why does it forget?*, the cell that defines `slope_lengths`: the same way back.",
    ],
    [
        Part("one step", 6, [nudged(1, 2, 3, 0), nudged(1, 3, 1, 1)], [nudged(1, 1, 2, 2), nudged(1, 4, 2, 3)]),
        Part("several steps", 9, [nudged(4, 2, 3, 4, 0.6), nudged(3, 1, 2, 5, 0.6)],
             [nudged(5, 3, 2, 6, 0.5), nudged(2, 2, 4, 7)]),
        Part("many steps", 5, [nudged(9, 1, 2, 8, 0.5)], [nudged(12, 2, 1, 9, 0.5), nudged(8, 3, 3, 10, 0.4)]),
    ],
)


def road(x, W, U, b, last, bend=lambda h: 1 - h**2, back=lambda U, dz: U @ dz, before=0, share=1.0, steps=None):
    states, dh = forward(x, W, U, b), last
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    for t in list(reversed(range(len(x))))[:steps]:
        dz = dh * bend(states[t + 1])
        dW, dU, db = dW + np.outer(x[t], dz), dU + np.outer(states[t + before], dz), db + dz
        dh = back(U, dz)
    return share * dW, share * dU, share * db


@exercise.wrong("Only the last step has its say. The same weights served every step: add up the shares of all of them.")
def through_time(*args):
    return road(*args, steps=1)


@exercise.wrong("Each step overwrites the share of the one after it, and the first step's alone is left: add them up.")
def through_time(x, W, U, b, last):
    whole, later = road(x, W, U, b, last), road(x, W, U, b, last, steps=len(x) - 1)
    return tuple(one - other for one, other in zip(whole, later))


@exercise.wrong("tanh is left out on the way back: multiply by its slope, 1 - h².")
def through_time(*args):
    return road(*args, bend=lambda h: 1)


@exercise.wrong("The slope goes back through U the wrong way round: forward it is h U, so back it is `U @ dz`.")
def through_time(*args):
    return road(*args, back=lambda U, dz: dz @ U)


@exercise.wrong("dU is off by one step: U met the state before, h_{t-1}, not h_t.")
def through_time(*args):
    return road(*args, before=1)


@exercise.wrong("These are means over the steps; the slopes are sums: each step's share counts in full.")
def through_time(*args):
    return road(*args, share=1 / len(args[0]))


@exercise.wrong("dU is turned over: its rows are those of h_{t-1}, np.outer(h_before, dz).")
def through_time(*args):
    dW, dU, db = road(*args)
    return dW, dU.T, db


@exercise.wrong("Right, but `last` is changed in place: `dh = last` makes no copy, and `dh *= ...` works on both.")
def through_time(x, W, U, b, last):
    result = road(x, W, U, b, last)
    last *= 1 - forward(x, W, U, b)[-1] ** 2
    return result


@exercise.otherwise
def through_time(x, W, U, b, last):
    # forward: how each state moves with every single weight
    units, inputs = len(b), W.shape[0]
    h, moves = np.zeros(units), np.zeros((inputs * units + units * units + units, units))
    for row in x:
        direct, place = np.zeros_like(moves), 0
        for source in (*row, *h, 1.0):
            for j in range(units):
                direct[place, j] = source
                place += 1
        h = np.tanh(row @ W + h @ U + b)
        moves = (direct + moves @ U) * (1 - h * h)
    slopes = moves @ last
    first, second = inputs * units, inputs * units + units * units
    return [slopes[:first].reshape(W.shape), slopes[first:second].reshape(U.shape), slopes[second:]]
