"""Ends a training that gets no better."""

from .monitor import MonitorCallback


class EarlyStopping(MonitorCallback):
    """Stops when the watched number has not become better for `patience` epochs.

    Parameters
    ----------
    monitor : str
    min_delta : float
        By how much it must be better to count.
    patience : int
        For how many epochs to wait.
    verbose : {0, 1}
        1: say when it stops.
    mode : {"auto", "min", "max"}
    baseline : float, optional
        Wait for a number better than this.
    restore_best_weights : bool
        At the end, go back to the weights of the best epoch.
    start_from_epoch : int
        Look on until then.

    Examples
    --------
    >>> from kerastutor import keras
    >>> stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    >>> model.fit(x, y, epochs=100, validation_split=0.2, callbacks=[stop])  # doctest: +SKIP

    Source: https://keras.io/api/callbacks/early_stopping/
    """

    def __init__(self, monitor="val_loss", min_delta=0, patience=0, verbose=0, mode="auto", baseline=None,
                 restore_best_weights=False, start_from_epoch=0):
        super().__init__(monitor, mode, min_delta=min_delta)
        self.patience, self.verbose, self.baseline = patience, verbose, baseline
        self.restore_best_weights, self.start_from_epoch = restore_best_weights, start_from_epoch
        self.on_train_begin()

    def on_train_begin(self, logs=None):
        self.wait, self.stopped_epoch = 0, 0
        self.best, self.best_weights, self.best_epoch = None, None, 0

    def on_epoch_end(self, epoch, logs=None):
        if self.monitor_op is None:
            self._set_monitor_op()
        current = self.get_monitor_value(logs)
        if current is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._remember(epoch)  # in case that no epoch is better
        self.wait += 1
        if self._is_improvement(current, self.best):
            self.best = current
            self._remember(epoch)
            if self.baseline is None or self._is_improvement(current, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def _remember(self, epoch):
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.best_weights is not None:
            if self.verbose > 0:
                print(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs):
        """The number that is watched, or None."""
        return self._watched(logs)
