"""Play, Pause, one batch, one epoch, Stop, Reset, and a slider for the learning rate, around a model's own `fit`."""

import difflib
import inspect
import math
import threading
from time import perf_counter

import numpy as np
import traitlets

from kerastutor import backends
from kerastutor.keras.callbacks import Callback
from kerastutor.widgets.base import Worker
from kerastutor.widgets.live_loss import LiveLoss, LossCurve

RATES = (1e-6, 10.0)  # the slider's ends
_in_training = {}  # the panel that trains a model now, by the model's id


class Stopped(KeyboardInterrupt):
    """Stop was pressed: `fit` ends as it does after Ctrl-C, at the end of a batch, with the History so far."""


class Gate(Callback):
    """Lets `fit` pass a number of batches, then holds it; all hooks run in the thread that trains.

    While it stands open, `fit` does many batches in one go, for some milliseconds; the hooks are called around them.
    """

    lazy_logs = True

    def __init__(self, panel):
        super().__init__()
        self.panel = panel
        self.open = threading.Condition()
        self.allowed, self.whole_epoch, self.stopping = 0, False, False
        self.granted = 1  # batches in the go that comes next
        self.begun = 0

    def allow(self, batches, whole_epoch=False):
        with self.open:
            self.allowed, self.whole_epoch = batches, whole_epoch
            self.open.notify_all()

    def stop(self):
        with self.open:
            self.stopping = True
            self.open.notify_all()

    def on_train_begin(self, logs=None):
        self.panel._remember_start()

    def batches_at_once(self):
        """All that are allowed; one where it will have to wait, or where somebody listens to each."""
        with self.open:
            self.granted = 1 if self.panel._observers else max(1, self.allowed)
        return self.granted

    def on_train_batch_begin(self, batch, logs=None):
        self.begun = batch
        if self.granted == 1:  # more have been let pass already
            self._wait()
        self.panel._set_state("training")

    def on_train_batch_end(self, batch, logs=None):
        with self.open:
            self.allowed -= batch + 1 - self.begun  # infinity stays infinity
        self.panel._saw_batch(batch, logs)
        if self.stopping:
            raise Stopped
        if self.allowed <= 0:
            self.panel._set_state("paused")

    def on_epoch_end(self, epoch, logs=None):
        with self.open:
            if self.whole_epoch:
                self.allowed, self.whole_epoch = 0, False

    def on_test_batch_begin(self, batch, logs=None):
        if self.stopping:
            raise Stopped

    def _wait(self):
        with self.open:
            if self.allowed <= 0 and not self.stopping:
                began = perf_counter()
                self.panel._set_state("paused")
                self.open.wait_for(lambda: self.allowed > 0 or self.stopping)
                self.panel.curves.skip(perf_counter() - began)
        if self.stopping:
            raise Stopped


class Recorder(LiveLoss):
    """Draws into the panel's own chart."""

    seconds_between_batches = 0  # the last one before a pause is shown at once, whenever it comes

    def batches_at_once(self):
        return math.inf

    def __init__(self, panel):
        super().__init__()
        self.panel = panel

    def on_train_batch_end(self, batch, logs=None):
        if self.panel._gate.allowed < math.inf:  # a pause comes
            self._due = 0.0
        super().on_train_batch_end(batch, logs)

    def _open(self):
        panel = self._widget = self.panel
        panel.curves, panel.earlier = self.curves, self._earlier
        panel.first, panel.total = 0, self.curves.total
        panel.greet()


class TrainingPanel(LossCurve):
    """Train a model by hand: Play, Pause, one batch, one epoch, Stop, Reset, and a learning rate to turn.

    ``model.fit`` runs in a background thread, so that other cells can run meanwhile; a callback holds it where the
    buttons say. Stop ends `fit` after the batch that is running, with the History of the epochs done. Play after that
    trains on, as calling `fit` again does. Reset puts all weights and the optimizer's state back to what they were
    before the panel's first batch; the order of the rows goes on. For each button there is a method.

    Parameters
    ----------
    model : kerastutor.keras.Model
        Compiled.
    x, y
        As for ``fit``.
    epochs : int
        How far one Play goes.
    callbacks : list of keras.callbacks.Callback
        They are called in the thread that trains.
    **options
        Any other argument of ``fit``, as `validation_data` or `batch_size`.

    Attributes
    ----------
    history : History
        What the latest `fit` gave; None before its first epoch.
    state : str
        "ready", "training", "paused", "stopped", "done" or "failed".

    Raises
    ------
    ValueError
        If the model is not compiled, or `epochs` is not a whole number from 1 on.
    TypeError
        If ``fit`` has no such argument.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.widgets import TrainingPanel
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile(optimizer="sgd", loss="mse")
    >>> panel = TrainingPanel(model, np.ones((64, 1)), np.ones((64, 1)), epochs=3)  # in a notebook: panel
    >>> panel.play()
    >>> panel.wait()
    True
    >>> panel.state, len(panel.history.history["loss"])
    ('done', 3)
    """

    _script = ("chart.js", "training_panel.js")
    _later = False
    state = traitlets.Unicode("ready").tag(sync=True)
    backend = traitlets.Unicode("").tag(sync=True)
    rate = traitlets.Float(None, allow_none=True).tag(sync=True)  # None: a schedule sets it
    rates = traitlets.Tuple(RATES).tag(sync=True)

    def __init__(self, model, x=None, y=None, *, epochs=10, callbacks=(), **options):
        check(model, epochs, options)
        super().__init__(total=epochs)
        self.model, self.history = model, None
        self._fit = dict(x=x, y=y, epochs=epochs, **{"verbose": 0, **options})
        self._callbacks, self._observers, self._start = list(callbacks), [], None
        self._worker, self._recorder, self._gate = Worker(self._failed), Recorder(self), Gate(self)
        self.curves = self._recorder.curves
        self.curves.total = epochs
        self.backend = backends.current()
        self._read_rate()

    # what the buttons do -----------------------------------------------------------------------

    def play(self):
        """Train until `epochs` are done. While it trains already, nothing."""
        self._go(math.inf)

    def pause(self):
        """Hold after the batch that is running."""
        if self._worker.busy:
            self._gate.allow(0)

    def one_batch(self):
        """Train on the next batch, and hold."""
        self._go(1)

    def one_epoch(self):
        """Train to the end of the epoch, and hold."""
        self._go(math.inf, whole_epoch=True)

    def stop(self):
        """End `fit` after the batch that is running."""
        if self._worker.busy:
            self._gate.stop()

    def reset(self):
        """Stop, and put weights and optimizer back to what they were before the panel's first batch."""
        self.stop()
        if not self._worker.join(30):
            raise RuntimeError("reset: the batch that is running takes longer than 30 s; press Reset again after it.")
        for variable, value in self._start or ():
            variable.assign(value)
        self._recorder = Recorder(self)
        self.curves, self.history = self._recorder.curves, None
        self.curves.total = self._fit["epochs"]
        self._read_rate()
        self._set_state("ready")
        self.greet()
        self.keep()

    @property
    def learning_rate(self):
        """The optimizer's learning rate; assigning works at any time."""
        return float(np.asarray(self.model.optimizer.learning_rate))

    @learning_rate.setter
    def learning_rate(self, value):
        self.model.optimizer.learning_rate = value
        self._read_rate()

    def wait(self, seconds=None):
        """Wait until `fit` has ended; return whether it has. A pause is waited for too: give `seconds`."""
        return self._worker.join(seconds)

    def on_batch(self, function):
        """Call ``function(batch, logs)`` after each batch, in the thread that trains; return what ends it."""
        self._observers.append(function)
        return lambda: function in self._observers and self._observers.remove(function)

    def do_play(self):
        self.play()

    def do_pause(self):
        self.pause()

    def do_one_batch(self):
        self.one_batch()

    def do_one_epoch(self):
        self.one_epoch()

    def do_stop(self):
        self.stop()

    def do_reset(self):
        self.reset()

    def do_rate(self, value):
        self.learning_rate = float(value)

    # the thread that trains ----------------------------------------------------------------------

    def _go(self, batches, whole_epoch=False):
        other = _in_training.get(id(self.model), self)
        if other is not self:
            raise RuntimeError("Another panel is training this model: press Stop there first.")
        if self._gate.stopping:
            self._worker.join(30)
        if not self._worker.busy:
            self.problem, self._gate = "", Gate(self)
            self._gate.allow(batches, whole_epoch)
            self._set_state("training")
            self._worker.start(self._train)
        else:
            self._gate.allow(batches, whole_epoch)

    def _train(self):
        gate, _in_training[id(self.model)] = self._gate, self
        callbacks = [*self._callbacks, self._recorder, gate]
        try:
            self.model.fit(**self._fit, callbacks=callbacks)
        except Stopped:  # real Keras hands it on
            pass
        finally:
            _in_training.pop(id(self.model))
            self._recorder.on_train_end()  # where `fit` failed, or was left, it did not say so
            self.history = getattr(self.model, "history", None)
        self._read_rate()
        self._set_state("stopped" if gate.stopping else "done")
        self.keep(0)

    def _failed(self, problem):
        self._set_state("failed")
        self.complain(problem)

    def _remember_start(self):
        """Before the first batch of all: `fit` has built everything, and changed nothing."""
        if self._start is None:
            variables = {id(v): v for v in [*self.model.variables, *self.model.optimizer.variables]}
            self._start = [(v, v.numpy()) for v in variables.values()]

    def _saw_batch(self, batch, logs):
        for function in list(self._observers):
            try:
                function(batch, logs)
            except Exception as problem:
                self._observers.remove(function)
                self.complain(problem)

    def _set_state(self, state):
        if self.state != state:
            self.state = state
            self.said = self.summary()
            if state == "paused":
                self.keep(0.5)

    def _read_rate(self):
        optimizer = self.model.optimizer
        self.rate = None if getattr(optimizer, "schedule", None) else self.learning_rate

    def append(self):
        self._read_rate()
        super().append()

    def summary(self):
        said = f"{self.curves.status}; {self.curves.latest()}" if self.curves else "nothing trained yet"
        return f"Training panel, {self.state}: {said}"


def check(model, epochs, options):
    """Raise where `model`, `epochs` or an argument for `fit` cannot be right."""
    if not getattr(model, "compiled", False):
        raise ValueError("TrainingPanel: the model is not compiled: call model.compile(optimizer=..., loss=...) first.")
    if isinstance(epochs, bool) or not isinstance(epochs, (int, np.integer)) or epochs < 1:
        raise ValueError(f"TrainingPanel: epochs is {epochs!r}; it must be a whole number from 1 on.")
    known = list(inspect.signature(model.fit).parameters)
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"TrainingPanel: fit has no argument {name!r}.{hint}")
