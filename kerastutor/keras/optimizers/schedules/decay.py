"""Rates that fall in steps, as a power or as a fraction of the step."""

import numpy as np

from .schedule import Formula, positive


class ExponentialDecay(Formula):
    """Multiplied by `decay_rate` in every `decay_steps` steps, smoothly or, as a `staircase`, at once.

    rate = initial_learning_rate * decay_rate ** (step / decay_steps).

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
    decay_rate : float
    staircase : bool
        Round step / decay_steps down.
    name : str

    Examples
    --------
    >>> from kerastutor import keras
    >>> schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1000, decay_rate=0.5)
    >>> schedule([0, 1000, 2000]).numpy()
    array([0.1  , 0.05 , 0.025], dtype=float32)

    Source: https://keras.io/api/optimizers/learning_rate_schedules/exponential_decay/
    """

    arguments = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name")

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="ExponentialDecay"):
        self.initial_learning_rate, self.decay_rate = initial_learning_rate, decay_rate
        self.decay_steps = positive("decay_steps", decay_steps)
        self.staircase, self.name = staircase, name

    def rate(self, step):
        p = step / self.decay_steps
        return self.initial_learning_rate * np.power(self.decay_rate, np.floor(p) if self.staircase else p)


class InverseTimeDecay(Formula):
    """Divided by a number that grows evenly.

    rate = initial_learning_rate / (1 + decay_rate * step / decay_steps).

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
    decay_rate : float
    staircase : bool
        Round step / decay_steps down.
    name : str

    Source: https://keras.io/api/optimizers/learning_rate_schedules/inverse_time_decay/
    """

    arguments = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name")

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="InverseTimeDecay"):
        self.initial_learning_rate, self.decay_rate = initial_learning_rate, decay_rate
        self.decay_steps = positive("decay_steps", decay_steps)
        self.staircase, self.name = staircase, name

    def rate(self, step):
        p = step / self.decay_steps
        return self.initial_learning_rate / (1 + self.decay_rate * (np.floor(p) if self.staircase else p))


class PolynomialDecay(Formula):
    """From the first rate to the last in `decay_steps` steps: on a straight line, or on another power of it.

    rate = (initial_learning_rate - end_learning_rate) * (1 - step / decay_steps) ** power + end_learning_rate,
    and the last rate from then on. With `cycle`, `decay_steps` is doubled, tripled ... to hold the step.

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
    end_learning_rate : float
    power : float
    cycle : bool
    name : str

    Source: https://keras.io/api/optimizers/learning_rate_schedules/polynomial_decay/
    """

    arguments = ("initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle", "name")

    def __init__(self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False,
                 name="PolynomialDecay"):
        self.initial_learning_rate, self.end_learning_rate = initial_learning_rate, end_learning_rate
        self.decay_steps = positive("decay_steps", decay_steps)
        self.power, self.cycle, self.name = power, cycle, name

    def rate(self, step):
        steps = self.decay_steps
        if self.cycle:
            steps = steps * np.where(step == 0, step.dtype.type(1), np.ceil(step / steps))
        left = 1 - np.minimum(step, steps) / steps
        return (self.initial_learning_rate - self.end_learning_rate) * left**self.power + self.end_learning_rate


class PiecewiseConstantDecay(Formula):
    """`values[0]` up to the step `boundaries[0]`, itself included, then `values[1]` up to `boundaries[1]`, and so on.

    Parameters
    ----------
    boundaries : list of int
        Steps, in rising order.
    values : list of float
        One more than boundaries.
    name : str

    Examples
    --------
    >>> from kerastutor import keras
    >>> schedule = keras.optimizers.schedules.PiecewiseConstantDecay([100, 200], [1.0, 0.5, 0.25])
    >>> schedule([0, 100, 101, 500]).numpy()
    array([1.  , 1.  , 0.5 , 0.25], dtype=float32)

    Source: https://keras.io/api/optimizers/learning_rate_schedules/piecewise_constant_decay/
    """

    arguments = ("boundaries", "values", "name")

    def __init__(self, boundaries, values, name="PiecewiseConstant"):
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                f"PiecewiseConstantDecay needs one value more than boundaries; got {len(boundaries)} boundaries "
                f"{boundaries} and {len(values)} values {values}."
            )
        self.boundaries, self.values, self.name = boundaries, values, name

    def rate(self, step):
        return np.asarray(self.values, step.dtype)[np.searchsorted(np.asarray(self.boundaries, step.dtype), step)]
