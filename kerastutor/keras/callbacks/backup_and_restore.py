"""Goes on with a training that was interrupted."""

import json
import os
import shutil

from .callback import Callback
from .model_checkpoint import BatchCounter, check_save_freq


class BackupAndRestore(Callback):
    """Keeps weights, optimizer and epoch in a folder; a `fit` that finds them there goes on from them.

    Parameters
    ----------
    backup_dir : str or path
        For this training alone.
    save_freq : "epoch" or int
        An int is a number of batches.
    double_checkpoint : bool
        Keep the backup before the last one too, in case that the last one can't be read.
    delete_checkpoint : bool
        Delete the folder when the training has come to its end.

    Examples
    --------
    >>> from kerastutor import keras
    >>> backup = keras.callbacks.BackupAndRestore("backup")
    >>> model.fit(x, y, epochs=100, callbacks=[backup])  # doctest: +SKIP

    Source: https://keras.io/api/callbacks/backup_and_restore/
    """

    def __init__(self, backup_dir, save_freq="epoch", double_checkpoint=False, delete_checkpoint=True):
        super().__init__()
        if not backup_dir:
            raise ValueError("BackupAndRestore: `backup_dir` is empty: name a folder.")
        self.backup_dir, self.save_freq = os.fspath(backup_dir), check_save_freq(save_freq)
        self.double_checkpoint, self.delete_checkpoint = double_checkpoint, delete_checkpoint
        self._batches, self._epoch, self._batch = BatchCounter(save_freq), 0, 0
        self._weights_path = os.path.join(self.backup_dir, "latest.weights.h5")
        self._metadata_path = os.path.join(self.backup_dir, "training_metadata.json")

    def on_train_begin(self, logs=None):
        if not self.model.built:
            raise ValueError(
                f"BackupAndRestore: model {self.model.name!r} has no weights yet: call it on a batch of data first."
            )
        try:
            self._load()
        except (OSError, ValueError):  # the last file is damaged
            if not os.path.exists(f"{self._weights_path}.bkp"):
                raise
            for path in (self._weights_path, self._metadata_path):
                _copy(f"{path}.bkp", path)
            self._load()

    def _load(self):
        if os.path.exists(self._weights_path):
            self.model.optimizer.prepare(self.model.trainable_variables)
            self.model.load_weights(self._weights_path)
        if os.path.exists(self._metadata_path):
            with open(self._metadata_path) as file:
                self.model._initial_epoch = json.load(file)["epoch"]

    def on_train_batch_end(self, batch, logs=None):
        self._batch = batch
        if self._batches.due(batch):
            self._save()

    def on_epoch_end(self, epoch, logs=None):
        self._epoch, self._batch = epoch + 1, 0
        if self.save_freq == "epoch":
            self._save()

    def _save(self):
        os.makedirs(self.backup_dir, exist_ok=True)
        if self.double_checkpoint:
            for path in (self._weights_path, self._metadata_path):
                _copy(path, f"{path}.bkp")
        self.model.save_weights(self._weights_path, overwrite=True)
        written = f"{self._metadata_path}.new"
        with open(written, "w") as file:
            json.dump({"epoch": self._epoch, "batch": self._batch}, file)
        os.replace(written, self._metadata_path)

    def on_train_end(self, logs=None):
        if self.delete_checkpoint:
            shutil.rmtree(self.backup_dir, ignore_errors=True)


def _copy(source, target):
    """A copy of a file, at once or not at all; without a source there is no target either."""
    if os.path.exists(source):
        shutil.copyfile(source, f"{target}.new")
        os.replace(f"{target}.new", target)
    elif os.path.exists(target):
        os.remove(target)
