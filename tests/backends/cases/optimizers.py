"""One step of each optimizer."""

import numpy as np

from .case import ELEMENTS, Case, InOut, normal, positive


def step(*slots, settings=(), factors=False):
    """w, g, the optimizer's own variables, the learning rate, what depends on the step's number, then its settings."""

    def make(rng, n, dtype):
        own = [InOut(draw(rng, n, dtype)) for draw in slots]
        numbers = [np.array([0.01], dtype), *([np.array([0.9, 0.2, 1.1, 0], dtype)] if factors else [])]
        return InOut(normal(rng, n, dtype)), normal(rng, n, dtype), *own, *numbers, *settings

    return make


def _weight_decay(rng, n, dtype):
    return InOut(normal(rng, n, dtype)), np.array([0.01], dtype), 0.3


def _running_mean(rng, n, dtype):
    return normal(rng, n, dtype), InOut(normal(rng, n, dtype)), np.array([0.1], dtype)


BETAS = (0.9, 0.999, 1e-7)
POWERS = lambda n: 3000  # a difference of powers, divided by a small learning rate, makes roundings large
NO_INF = (np.nan, 0.0)  # what a step makes of infinite numbers is left open: training is over by then

CASES = {
    "sgd": Case(step(), ELEMENTS),
    "momentum": Case(step(normal, settings=(0.9, False)), ELEMENTS),
    "rmsprop": Case(step(positive, settings=(0.9, 1e-7)), ELEMENTS),
    "adam": Case(step(normal, positive, factors=True, settings=BETAS), ELEMENTS),
    "nadam": Case(step(normal, positive, factors=True, settings=BETAS), ELEMENTS),
    "adamax": Case(step(normal, positive, factors=True, settings=BETAS), ELEMENTS),
    "adagrad": Case(step(positive, settings=(1e-7,)), ELEMENTS, special=NO_INF),
    "adadelta": Case(step(positive, positive, settings=(0.95, 1e-7)), ELEMENTS, special=NO_INF),
    "ftrl": Case(step(positive, normal, settings=(-0.5, 0.1, 0.2, 0.3, 0.4)), ELEMENTS, special=NO_INF, terms=POWERS),
    "lion": Case(step(normal, settings=(0.9, 0.99)), ELEMENTS, special=NO_INF),
    "weight_decay": Case(_weight_decay, ELEMENTS),
    "running_mean": Case(_running_mean, ELEMENTS),
    "count_on": Case(lambda rng, n, dtype: (InOut(np.array([n], np.int32)),), ELEMENTS, exact=True, special=()),
}
CASES_OF_OPTIONS = {
    "momentum": [Case(step(normal, settings=(0.9, True)), ELEMENTS)],
    "ftrl": [Case(step(positive, normal, settings=(-0.3, 0, 0, 0, 0)), ELEMENTS, special=NO_INF, terms=POWERS)],
}
