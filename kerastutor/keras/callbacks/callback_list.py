"""All callbacks of a training as one."""

import math
from collections.abc import Mapping
from time import perf_counter

from .. import tree
from .callback import HOOKS, Callback
from .history import History
from .progbar_logger import ProgbarLogger

SHORT = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}


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


class CallbackList(Callback):
    """Calls each hook of each callback that has overridden it; also for a training loop of your own.

    Parameters
    ----------
    callbacks : list of Callback, optional
    add_history, add_progbar : bool
        Add a History and a ProgbarLogger, if there is none yet.
    model : Model, optional
    **params
        What the callbacks get as `params`: verbose, epochs, steps.

    Raises
    ------
    ValueError
        If something in the list is no callback, or a class in place of an object.

    Examples
    --------
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> callbacks = keras.callbacks.CallbackList([], add_history=True, model=model, epochs=1, steps=1, verbose=0)
    >>> callbacks.on_train_begin()
    >>> callbacks.on_epoch_begin(0)
    >>> callbacks.on_epoch_end(0, {"loss": 0.5})
    >>> model.history.history
    {'loss': [0.5]}
    """

    def __init__(self, callbacks=None, add_history=False, add_progbar=False, model=None, **params):
        super().__init__()
        self.callbacks = [_checked(c) for c in tree.flatten(callbacks)] if callbacks else []
        self.history = next((c for c in self.callbacks if isinstance(c, History)), None)
        if self.history is None and add_history:
            self.history = History()
            self.callbacks.append(self.history)
        if add_progbar and not any(isinstance(c, ProgbarLogger) for c in self.callbacks):
            self.callbacks.append(ProgbarLogger())
        self.set_params(params)
        self.set_model(model)
        for hook in [*HOOKS, *SHORT.values()]:
            setattr(self, hook, self._caller(hook))
        self._counting = [c for c in self.callbacks if getattr(c, "batches_at_once", None)]
        self.train_at_once, self.test_at_once = self._at_once("train"), self._at_once("test")

    def _at_once(self, what):
        """Whether no callback asks about every single batch: then several may be worked on in one go."""
        hooks = (f"on_{what}_batch_begin", f"on_{what}_batch_end")
        every = [c for c in self.callbacks
                 if not getattr(c, "seconds_between_batches", 0) and c not in self._counting]
        return not any(_overrides(c, hook) for c in every for hook in hooks)

    def batches_at_once(self):
        """How many training batches may go by until the batch hooks are called: the fewest that any of them says."""
        return min((c.batches_at_once() for c in self._counting), default=math.inf)

    def set_params(self, params):
        self.params = params
        if params:
            for c in self.callbacks:
                c.set_params(params)

    def set_model(self, model):
        self._model = model
        if model is not None:
            if self.history is not None:
                model.history = self.history
            for c in self.callbacks:
                c.set_model(model)

    def _caller(self, hook):
        """One function that calls all overridden hooks of this name, in the order of the list."""
        called = [c for c in self.callbacks if _overrides(c, hook)]
        if not called:
            return _nothing
        plain = _as_they_are if "predict" in hook else _plain
        if "batch" in hook:
            return _batch_caller(called, hook, plain)
        hooks = [getattr(c, hook) for c in called]

        def call_epoch(epoch, logs=None):
            values = plain(logs)
            for f in hooks:
                f(epoch, values)

        def call(logs=None):
            values = plain(logs)
            for f in hooks:
                f(values)

        return call_epoch if "epoch" in hook else call


def _batch_caller(callbacks, hook, plain):
    """A function that calls these callbacks' hook: at an epoch's first batch, then whenever their time has come."""
    hooks = [(getattr(c, hook), getattr(c, "lazy_logs", False), getattr(c, "seconds_between_batches", 0))
             for c in callbacks]
    times = [0.0] * len(hooks)
    due = 0.0  # the least of them: a batch that nobody asks for costs a look at the clock

    def call_batch(batch, logs=None):
        nonlocal due
        now = perf_counter()
        if now < due and batch:
            return
        values = None
        for i, (f, lazy, seconds) in enumerate(hooks):
            if now < times[i] and batch:
                continue
            if not lazy and values is None:
                values = plain(logs)
            f(batch, logs=logs if lazy else values)
            if seconds:
                times[i] = perf_counter() + seconds
        due = min(times)

    return call_batch


def _checked(callback):
    if isinstance(callback, type) or not callable(getattr(callback, "set_model", None)):
        hint = f": write {callback.__name__}()" if isinstance(callback, type) else ""
        raise ValueError(
            f"`callbacks` must hold callbacks, instances of keras.callbacks.Callback{hint}; got {callback!r}."
        )
    return callback


def _nothing(*_, **__):
    pass


def _plain(logs):
    """What callbacks get, as in Keras: a new dict in alphabetical order, of Python's numbers where they are numbers."""
    return {name: _number(value) for name, value in sorted((logs or {}).items())}


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _as_they_are(logs):
    return logs or {}


def _overrides(callback, hook):
    """Whether a callback has its own hook of this name, or of the short name that stands for it."""
    own, mine = getattr(callback, "__dict__", {}), getattr(type(callback), hook, None)
    if hook in own or (mine is not None and mine is not getattr(Callback, hook)):
        return True
    short = SHORT.get(hook)
    return short in own or (short is not None and getattr(type(callback), short, None)
                            not in (None, getattr(Callback, short)))
