"""What every schedule is: a function of the number of steps done."""

import numpy as np

from ... import config
from ...autodiff import tensor


class LearningRateSchedule:
    """Base of all schedules, also of your own: `__call__(step)` gives the learning rate after `step` steps.

    Examples
    --------
    >>> from kerastutor import keras
    >>> class Slower(keras.optimizers.schedules.LearningRateSchedule):
    ...     def __call__(self, step):
    ...         return 0.5 / (1 + step / 100)
    >>> optimizer = keras.optimizers.SGD(Slower())
    >>> float(optimizer.learning_rate)
    0.5
    """

    def __call__(self, step):
        raise NotImplementedError(f"{type(self).__name__} has no `__call__(self, step)`: it says the learning rate.")

    def get_config(self):
        """The arguments, for a file."""
        raise NotImplementedError(f"{type(self).__name__} has no `get_config(self)`: a file keeps what it gives.")

    @classmethod
    def from_config(cls, config):
        """The schedule with these arguments."""
        return cls(**config)


class Formula(LearningRateSchedule):
    """A schedule of the package: `rate(step)` is its formula, on NumPy arrays; `arguments` are what it was made with.

    A step may be one number or an array of them, to draw the curve.
    """

    arguments = ()

    def __call__(self, step):
        return tensor(np.asarray(self.rate(np.asarray(step, config.floatx())), config.floatx()))

    def get_config(self):
        return {name: getattr(self, name) for name in self.arguments}


def positive(name, value):
    """`value`, a number of steps above 0."""
    if value <= 0:
        raise ValueError(f"`{name}` must be above 0: it is a number of steps; got {value!r}.")
    return value
