"""A table of all epochs, in a file."""

import csv
import os
from collections.abc import Iterable

import numpy as np

from .callback import Callback


class CSVLogger(Callback):
    """Writes a row with the epoch's numbers to a CSV file at the end of each epoch.

    Parameters
    ----------
    filename : str or path
    separator : str
    append : bool
        Go on with a file that is there already.

    Examples
    --------
    >>> from kerastutor import keras
    >>> logger = keras.callbacks.CSVLogger("training.csv")
    >>> model.fit(x, y, epochs=10, callbacks=[logger])  # doctest: +SKIP

    Source: https://keras.io/api/callbacks/csv_logger/
    """

    def __init__(self, filename, separator=",", append=False):
        super().__init__()
        self.filename, self.sep, self.append = os.fspath(filename), separator, append
        self.writer = self.keys = self.csv_file = None
        self.append_header = True

    def on_train_begin(self, logs=None):
        if self.append and os.path.exists(self.filename):
            with open(self.filename) as file:
                self.append_header = not file.readline()
        self._close()
        self.csv_file = open(self.filename, "a" if self.append else "w")  # noqa: SIM115
        self.writer = self.keys = None

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.keys is None:
            self.keys = sorted(logs)
            if not any(key.startswith("val_") for key in self.keys):  # there may be a validation in a later epoch
                self.keys += [f"val_{key}" for key in self.keys]
            self.writer = csv.DictWriter(self.csv_file, ["epoch", *self.keys], delimiter=self.sep)
            if self.append_header:
                self.writer.writeheader()
        self.writer.writerow({"epoch": epoch} | {key: _cell(logs.get(key, "NA")) for key in self.keys})
        self.csv_file.flush()

    def on_train_end(self, logs=None):
        self._close()
        self.writer = None

    def _close(self):
        if self.csv_file is not None and not self.csv_file.closed:
            self.csv_file.close()


def _cell(value):
    """A number or text as it is; several numbers as text in brackets."""
    several = isinstance(value, Iterable) and not isinstance(value, str)
    if not several or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value
    return f'"[{", ".join(map(str, value))}]"'
