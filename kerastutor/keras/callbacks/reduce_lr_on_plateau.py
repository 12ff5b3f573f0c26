"""Lowers the learning rate where the loss goes on a level."""

import numpy as np

from .learning_rate_scheduler import named_optimizers, put_into_logs
from .monitor import MonitorCallback


class ReduceLROnPlateau(MonitorCallback):
    """Multiplies the learning rate by `factor` when the watched number has not become better for `patience` epochs.

    Parameters
    ----------
    monitor : str
    factor : float
        Below 1.
    patience : int
    verbose : {0, 1}
        1: say each new rate.
    mode : {"auto", "min", "max"}
    min_delta : float
        By how much the number must be better to count.
    cooldown : int
        For how many epochs to leave the new rate alone.
    min_lr : float
        The rate does not go below.

    Examples
    --------
    >>> from kerastutor import keras
    >>> slower = keras.callbacks.ReduceLROnPlateau(factor=0.2, patience=5, min_lr=1e-5)
    >>> model.fit(x, y, epochs=100, validation_split=0.2, callbacks=[slower])  # doctest: +SKIP

    Source: https://keras.io/api/callbacks/reduce_lr_on_plateau/
    """

    def __init__(self, monitor="val_loss", factor=0.1, patience=10, verbose=0, mode="auto", min_delta=1e-4, cooldown=0,
                 min_lr=0.0, **kwargs):
        super().__init__(monitor, mode, min_delta=min_delta)
        if factor >= 1.0:
            raise ValueError(f"ReduceLROnPlateau multiplies the rate by `factor`, which must be below 1; got {factor}.")
        self.factor, self.patience, self.verbose = factor, patience, verbose
        self.cooldown, self.min_lr = cooldown, min_lr
        self.on_train_begin()

    def on_train_begin(self, logs=None):
        self.best, self.wait, self.cooldown_counter = None, 0, 0

    def on_epoch_end(self, epoch, logs=None):
        if self.monitor_op is None:
            self._set_monitor_op()
        logs = {} if logs is None else logs
        put_into_logs(self.model.optimizer, logs)
        current = self._watched(logs)
        if current is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_improvement(current, self.best):
            self.best, self.wait = current, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                reduced = [self._reduce(o, name, epoch) for o, name in named_optimizers(self.model.optimizer)]
                if any(reduced):
                    self.cooldown_counter, self.wait = self.cooldown, 0

    def _reduce(self, optimizer, name, epoch):
        """Lower one optimizer's rate; whether that was possible."""
        old = float(optimizer.learning_rate)
        if not old > np.float32(self.min_lr):
            return False
        new = max(old * self.factor, self.min_lr)
        optimizer.learning_rate = new
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing{name} learning rate to {new}.")
        return True

    def in_cooldown(self):
        """Whether the last new rate is still left alone."""
        return self.cooldown_counter > 0
