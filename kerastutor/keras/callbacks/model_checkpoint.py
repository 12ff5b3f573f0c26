"""Saves the model while it learns."""

import os

import numpy as np

from .. import naming
from .monitor import MonitorCallback


class ModelCheckpoint(MonitorCallback):
    """Saves the model, or its weights, after each epoch or every so many batches.

    Parameters
    ----------
    filepath : str or path
        Ends in ".keras"; in ".weights.h5" with `save_weights_only`. May hold names in braces, which become numbers:
        "model-{epoch:02d}-{val_loss:.2f}.keras".
    monitor : str
    verbose : {0, 1}
        1: say each file.
    save_best_only : bool
        Only if the watched number is better than ever.
    save_weights_only : bool
    mode : {"auto", "min", "max"}
    save_freq : "epoch" or int
        An int is a number of batches.
    initial_value_threshold : float, optional
        With `save_best_only`: save only what is better than this.

    Raises
    ------
    ValueError
        If the file name does not end as it must.

    Examples
    --------
    >>> from kerastutor import keras
    >>> best = keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True)
    >>> model.fit(x, y, epochs=10, validation_split=0.2, callbacks=[best])  # doctest: +SKIP

    Source: https://keras.io/api/callbacks/model_checkpoint/
    """

    def __init__(self, filepath, monitor="val_loss", verbose=0, save_best_only=False, save_weights_only=False,
                 mode="auto", save_freq="epoch", initial_value_threshold=None):
        super().__init__(monitor, mode, initial_value_threshold)
        self.filepath, self.verbose = os.fspath(filepath), verbose
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self.save_freq = check_save_freq(save_freq)
        self._batches = BatchCounter(save_freq)
        endings = (".weights.h5",) if save_weights_only else (".keras", ".h5")
        if not self.filepath.endswith(endings):
            kind = "weights only, save_weights_only=True," if save_weights_only else "a whole model"
            raise ValueError(f"The file of {kind} must end in {endings[0]!r}; got filepath={self.filepath!r}.")

    def on_epoch_begin(self, epoch, logs=None):
        self._current_epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self._batches.due(batch):
            self._save(self._current_epoch, batch, logs)

    def on_epoch_end(self, epoch, logs=None):
        if self.save_freq == "epoch":
            self._save(epoch, None, logs)

    def _save(self, epoch, batch, logs):
        logs = logs or {}
        path = self._path(epoch, batch, logs)
        if not self._should_save(epoch, logs, path):
            return
        if os.path.isdir(path):
            raise IsADirectoryError(f"ModelCheckpoint writes a file, but {path!r} is a folder: choose another name.")
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        save = self.model.save_weights if self.save_weights_only else self.model.save
        save(path, overwrite=True)
        self._say(f"\nEpoch {epoch + 1}: finished saving model to {path}")

    def _path(self, epoch, batch, logs):
        """The file's name with the epoch, the batch and the numbers of `logs` in place of their names."""
        numbers = {"epoch": epoch + 1, **({} if batch is None else {"batch": batch + 1}), **logs}
        try:
            return self.filepath.format(**numbers)
        except KeyError as missing:
            raise KeyError(
                f"ModelCheckpoint: there is no {missing} to put into the file name {self.filepath!r}; there are: "
                f"{', '.join(numbers)}."
            ) from None

    def _should_save(self, epoch, logs, path):
        if not self.save_best_only:
            self._say(f"\nEpoch {epoch + 1}: saving model to {path}")
            return True
        value = logs.get(self.monitor)
        if value is None or np.ndim(value) > 0:
            why = f"reports only: {', '.join(logs)}" if value is None else "reports several numbers for it"
            naming.warn(
                f"ModelCheckpoint(save_best_only=True) watches {self.monitor!r}, but this training {why}. "
                "The model is saved each time."
            )
            return True
        if self.monitor_op is None:
            self._set_monitor_op()
        best = "None" if self.best is None else f"{self.best:.5f}"
        if not self._is_improvement(value, self.best):
            self._say(f"\nEpoch {epoch + 1}: {self.monitor} did not improve from {best}")
            return False
        self._say(f"\nEpoch {epoch + 1}: {self.monitor} improved from {best} to {value:.5f}, saving model to {path}")
        self.best = value
        return True

    def _say(self, text):
        if self.verbose > 0:
            print(text)


class BatchCounter:
    """Whether a file is to be written after a batch: after `save_freq` of them, counted across epochs."""

    def __init__(self, save_freq):
        self.save_freq, self.since_saving, self.last = save_freq, 0, None

    def due(self, batch):
        if self.save_freq == "epoch":
            return False
        new_epoch = self.last is None or batch <= self.last
        self.since_saving += batch + 1 if new_epoch else batch - self.last
        self.last = batch
        if self.since_saving < self.save_freq:
            return False
        self.since_saving = 0
        return True


def check_save_freq(save_freq):
    """`save_freq`, "epoch" or a number of batches."""
    if save_freq != "epoch" and not isinstance(save_freq, int):
        raise ValueError(f"`save_freq` must be 'epoch' or a number of batches; got {save_freq!r}.")
    return save_freq
