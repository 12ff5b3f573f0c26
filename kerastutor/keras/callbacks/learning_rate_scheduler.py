"""The learning rate as a function of the epoch."""

import numpy as np

from .callback import Callback


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Parameters
    ----------
    schedule : callable
        `schedule(epoch, learning_rate)`, or `schedule(epoch)`, gives the rate, a float. The first epoch is 0.
    verbose : {0, 1}
        1: say each new rate.

    Examples
    --------
    >>> from kerastutor import keras
    >>> def schedule(epoch, learning_rate):
    ...     return learning_rate if epoch < 10 else learning_rate * 0.9
    >>> callback = keras.callbacks.LearningRateScheduler(schedule)

    Source: https://keras.io/api/callbacks/learning_rate_scheduler/
    """

    def __init__(self, schedule, verbose=0):
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch, logs=None):
        for optimizer, name in named_optimizers(self.model.optimizer):
            rate = self._rate(epoch, optimizer)
            optimizer.learning_rate = rate
            if self.verbose > 0:
                print(f"\nEpoch {epoch + 1}: LearningRateScheduler setting{name} learning rate to {rate}.")

    def _rate(self, epoch, optimizer):
        try:
            rate = self.schedule(epoch, float(optimizer.learning_rate))
        except TypeError:  # it takes the epoch alone
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.float32, np.float64)):
            raise ValueError(
                f"LearningRateScheduler: `schedule` must give a float, as 0.001; for epoch {epoch} it gave {rate!r} "
                f"({type(rate).__name__})."
            )
        return rate

    def on_epoch_end(self, epoch, logs=None):
        put_into_logs(self.model.optimizer, {} if logs is None else logs)


def named_optimizers(optimizer):
    """(optimizer, ""); of a MultiOptimizer all of its own, with their names."""
    several = getattr(optimizer, "optimizers", None)
    return [(optimizer, "")] if several is None else [(o, f" {o.name}") for o in several]


def put_into_logs(optimizer, logs):
    """Add "learning_rate" to the numbers that the other callbacks get, History too."""
    for o, name in named_optimizers(optimizer):
        logs[f"learning_rate{name.replace(' ', '_', 1)}"] = float(o.learning_rate)
