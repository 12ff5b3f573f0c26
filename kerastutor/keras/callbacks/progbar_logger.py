"""The progress bar of `fit`, `evaluate` and `predict`."""

import time

from ..utils.progbar import Progbar
from .callback import Callback


class ProgbarLogger(Callback):
    """Prints the progress bar; `fit` adds one unless verbose=0."""

    lazy_logs = True
    _interval = 0.05  # seconds, as in Keras

    @property
    def seconds_between_batches(self):
        return self._interval if self.target else 0  # where the number of batches is unknown, they are counted

    def __init__(self):
        super().__init__()
        self.seen, self.progbar, self.target, self.verbose, self.epochs = 0, None, None, 1, 1
        self._in_fit = False

    def set_params(self, params):
        super().set_params(params)
        self.verbose = 1 if params["verbose"] == "auto" else params["verbose"]
        self.epochs, self.target = params["epochs"], params["steps"]

    def _start(self):
        self.seen, self._next = 0, 0.0
        self.progbar = Progbar(self.target, verbose=self.verbose, interval=self._interval, stateless_metrics=set())

    def _batch(self, batch, logs):
        self.seen = batch + 1
        if self.verbose != 1:
            return
        now = time.time()
        if batch == 0 or now >= self._next:  # the bar would leave out the others; the logs need not be computed
            self._next = now + self._interval
            self.progbar.update(self.seen, list((logs or {}).items()), finalize=False)

    def _finish(self, logs):
        if self.target is None:
            self.target = self.progbar.target = self.seen
        self.progbar.update(self.target, list((logs or {}).items()), finalize=True)

    def on_train_begin(self, logs=None):
        self._in_fit = True

    def on_epoch_begin(self, epoch, logs=None):
        self._start()
        if self.verbose and self.epochs > 1:
            print(f"Epoch {epoch + 1}/{self.epochs}", flush=True)

    def on_train_batch_end(self, batch, logs=None):
        self._batch(batch, logs)

    def on_epoch_end(self, epoch, logs=None):
        self._finish(logs)

    def on_test_begin(self, logs=None):
        if not self._in_fit:
            self._start()

    def on_test_batch_end(self, batch, logs=None):
        if not self._in_fit:
            self._batch(batch, logs)

    def on_test_end(self, logs=None):
        if not self._in_fit:
            self._finish(logs)

    def on_predict_begin(self, logs=None):
        self._start()

    def on_predict_batch_end(self, batch, logs=None):
        self._batch(batch, None)

    def on_predict_end(self, logs=None):
        self._finish(None)
