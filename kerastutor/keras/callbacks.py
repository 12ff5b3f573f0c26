"""Callbacks: what happens beside training, at each epoch and batch. Source: https://keras.io/api/callbacks/"""

import time
from collections.abc import Mapping

HOOKS = [
    "on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end", "on_train_batch_begin", "on_train_batch_end",
    "on_test_begin", "on_test_end", "on_test_batch_begin", "on_test_batch_end", "on_predict_begin", "on_predict_end",
    "on_predict_batch_begin", "on_predict_batch_end",
]


class Callback:
    """Base of callbacks: override the hooks that you need. A hook left as it is costs nothing: it is never called.

    `self.model` is the model, `self.params` a dict with "verbose", "epochs" and "steps". Setting
    `self.model.stop_training = True` ends the training after the current batch.

    Examples
    --------
    >>> from kerastutor import keras
    >>> class Announce(keras.callbacks.Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         print(epoch, sorted(logs))
    """

    lazy_logs = False  # True: batch hooks get a Mapping that computes its values only when it is read

    def __init__(self):
        self.params = None
        self._model = None

    @property
    def model(self):
        return self._model

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self._model = model

    def on_epoch_begin(self, epoch, logs=None):
        """Before an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        """After an epoch and its validation; `logs` has the epoch's loss and metrics, and val_... ones."""

    def on_train_begin(self, logs=None):
        """Before the first epoch."""

    def on_train_end(self, logs=None):
        """After the last epoch."""

    def on_batch_begin(self, batch, logs=None):
        """Another name of on_train_batch_begin."""

    def on_batch_end(self, batch, logs=None):
        """Another name of on_train_batch_end."""

    def on_train_batch_begin(self, batch, logs=None):
        """Before a training batch."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch, logs=None):
        """After a training batch; `logs` has the means since the epoch began."""
        self.on_batch_end(batch, logs=logs)

    def on_test_begin(self, logs=None):
        """Before an evaluation or validation."""

    def on_test_end(self, logs=None):
        """After an evaluation or validation."""

    def on_test_batch_begin(self, batch, logs=None):
        """Before a batch of it."""

    def on_test_batch_end(self, batch, logs=None):
        """After a batch of it."""

    def on_predict_begin(self, logs=None):
        """Before a prediction."""

    def on_predict_end(self, logs=None):
        """After a prediction."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Before a batch of it."""

    def on_predict_batch_end(self, batch, logs=None):
        """After a batch of it; `logs` has "outputs"."""


class History(Callback):
    """What `fit` returns: `history.history[name]` is a list with one value an epoch, names in alphabetical order."""

    def __init__(self):
        super().__init__()
        self.history = {}

    def on_train_begin(self, logs=None):
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        self.model.history = self


class ProgbarLogger(Callback):
    """Prints the progress bar; `fit` adds one unless verbose=0."""

    lazy_logs = True

    def __init__(self):
        super().__init__()
        self.progbar, self.in_fit = None, False

    def _start(self):
        from .utils.progbar import Progbar

        self.progbar = Progbar(self.params["steps"], verbose=self.params["verbose"], stateless_metrics=set())
        self._bar = self.params["verbose"] == 1
        self.seen = 0

    def _batch(self, batch, logs):
        self.seen = batch + 1
        if not self._bar:
            return
        now = time.time()
        if batch == 0 or now >= self._next:  # the bar would leave out the others; the logs need not be computed
            self._next = now + self.progbar.interval
            self.progbar.update(self.seen, list((logs or {}).items()), finalize=False)

    def _finish(self, logs):
        if self.progbar.target is None:
            self.progbar.target = self.seen
        self.progbar.update(self.progbar.target, list((logs or {}).items()), finalize=True)

    def on_train_begin(self, logs=None):
        self.in_fit = True

    def on_epoch_begin(self, epoch, logs=None):
        self._start()
        if self.params["verbose"] and self.params["epochs"] > 1:
            print(f"Epoch {epoch + 1}/{self.params['epochs']}", flush=True)

    def on_train_batch_end(self, batch, logs=None):
        self._batch(batch, logs)

    def on_epoch_end(self, epoch, logs=None):
        self._finish(logs)

    def on_test_begin(self, logs=None):
        if not self.in_fit:
            self._start()

    def on_test_batch_end(self, batch, logs=None):
        if not self.in_fit:
            self._batch(batch, logs)

    def on_test_end(self, logs=None):
        if not self.in_fit:
            self._finish(logs)

    def on_predict_begin(self, logs=None):
        self._start()

    def on_predict_batch_end(self, batch, logs=None):
        self._batch(batch, None)

    def on_predict_end(self, logs=None):
        self._finish(None)


class Logs(Mapping):
    """Names and values that are computed when they are first read: a batch which nobody looks at costs nothing."""

    def __init__(self, compute):
        self._compute, self._values = compute, None

    def forget(self):
        """Compute anew at the next reading."""
        self._values = None
        return self

    @property
    def values_now(self):
        if self._values is None:
            self._values = self._compute()
        return self._values

    def __getitem__(self, name):
        return self.values_now[name]

    def __iter__(self):
        return iter(self.values_now)

    def __len__(self):
        return len(self.values_now)

    def __repr__(self):
        return repr(self.values_now)


class CallbackList:
    """Calls each hook of each callback that has overridden it: `callbacks.on_epoch_end(epoch, logs or None)`."""

    def __init__(
        self, callbacks=None, add_history=False, add_progbar=False, model=None, verbose=0, epochs=1, steps=None
    ):
        callbacks = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks] if callbacks else []
        for c in callbacks:
            if isinstance(c, type) or not callable(getattr(c, "set_model", None)):
                hint = f": write {c.__name__}()" if isinstance(c, type) else ""
                raise ValueError(
                    f"`callbacks` must hold callbacks, instances of keras.callbacks.Callback{hint}; got {c!r}."
                )
        self.history = next((c for c in callbacks if isinstance(c, History)), None)
        if self.history is None and add_history:
            self.history = History()
            callbacks.append(self.history)
        if add_progbar and not any(isinstance(c, ProgbarLogger) for c in callbacks):
            callbacks.append(ProgbarLogger())
        self.callbacks = callbacks
        params = {"verbose": 1 if verbose == "auto" else verbose, "epochs": epochs, "steps": steps}
        for c in callbacks:
            c.set_params(params)
            c.set_model(model)
        if self.history is not None:
            model.history = self.history
        for hook in HOOKS:
            setattr(self, hook, self._caller(hook))

    def _caller(self, hook):
        """One function that calls all overridden hooks of this name; None-like and free where there are none."""
        overridden = [c for c in self.callbacks if _overrides(c, hook)]
        lazy = [getattr(c, hook) for c in overridden if getattr(c, "lazy_logs", False)]
        eager = [getattr(c, hook) for c in overridden if not getattr(c, "lazy_logs", False)]
        if not lazy and not eager:
            return _nothing
        if len(lazy) == 1 and not eager:
            return lazy[0]

        def call(*arguments):
            *index, logs = arguments
            if eager:
                plain = dict(logs) if isinstance(logs, Logs) else logs
                for f in eager:
                    f(*index, plain)
            for f in lazy:
                f(*index, logs)

        return call


def _nothing(*_):
    pass


def _overrides(callback, hook):
    mine = getattr(type(callback), hook, None)
    if mine is None:
        return hook in vars(callback)
    same = getattr(Callback, hook)
    if mine is not same or hook in vars(callback):
        return True
    short = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}.get(hook)
    return short is not None and getattr(type(callback), short, None) is not getattr(Callback, short)
