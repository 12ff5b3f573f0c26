"""The live loss curve: a callback for ``fit`` that draws while the network learns."""

import sys
import threading
from time import perf_counter

import traitlets

from kerastutor.widgets import static
from kerastutor.widgets.base import Widget, kernel
from kerastutor.widgets.curves import Curves

INTERVAL = 0.5  # seconds between two updates: a page that draws shares the cores with training
HEARD = 0.1  # seconds between two calls of the hook, which notes the place


EARLIER = 3  # runs of this session that are drawn faintly
_runs = []  # (problem, curves) of the runs that have ended


def problem_of(model):
    """What two runs must have in common to be compared: the shapes that go in and come out, and the loss."""
    return str([getattr(model, name, None) for name in ("input_shape", "output_shape", "loss")])


def earlier_runs(model):
    """Return the latest runs on the same problem: a dict of points for each, as ``Curves.epochs``."""
    same = [curves for problem, curves in _runs if problem == problem_of(model)]
    return [{name: list(points) for name, points in curves.epochs.items()} for curves in same[-EARLIER:]]


def remember(model, curves):
    """Keep a run for comparison."""
    if curves.epochs and model is not None:
        _runs.append((problem_of(model), curves))
        del _runs[: -10 * EARLIER]


class LossCurve(Widget):
    """The curves of one run in the page: receives points by message, appends them, draws them on a canvas."""

    _script = ("chart.js", "live_loss.js")
    _later = True
    first = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(1).tag(sync=True)
    earlier = traitlets.List().tag(sync=True)
    curves = None

    def append(self):
        """Tell the page the points that came since the last call."""
        self.tell({**self.curves.take(), **self._words()})

    def greet(self):
        self.curves.take()
        whole = {
            kind: {name: list(points) for name, points in list(getattr(self.curves, kind).items())}
            for kind in ("batches", "epochs")
        }
        self.tell({"whole": True, **whole, **self._words()})

    def _words(self):
        return {"names": self.curves.names, "status": self.curves.status, "say": self.summary()}

    def figure(self):
        return static.loss_curve(self.curves, self.earlier)

    def summary(self):
        return f"Loss curve. {self.curves.status}; {self.curves.latest()}"


def _nothing(*args, **kwargs):
    pass


class LiveLoss:
    """Draw loss and metrics while ``fit`` runs; works with kerastutor's ``fit`` and with real Keras 3's.

    One panel for the loss and one for each metric. The thin line is training within the epoch (Keras's
    running mean), circles are training per epoch, squares are validation. Above them stand the speed in
    batches per second and the time left. The browser is sent new points only, twice a second;
    between two updates a batch costs one look at the clock.

    Drag in the curve to zoom, double-click for all of it; the values under the pointer are written beside it. Earlier
    runs of this session on the same problem (shapes and loss) are drawn in grey.

    When training ends, the notebook gets a PNG of the same curves, which a saved notebook shows without a kernel.
    Outside a notebook it says so in one line and draws nothing; `figure` works everywhere.

    Parameters
    ----------
    compare : bool
        False leaves earlier runs out.

    Examples
    --------
    >>> from kerastutor.widgets import LiveLoss
    >>> live = LiveLoss()
    >>> history = model.fit(x, y, epochs=5, callbacks=[live], verbose=0)  # doctest: +SKIP
    >>> live.figure().savefig("curve.png")  # doctest: +SKIP
    """

    lazy_logs = True  # kerastutor's fit then computes a batch's values only when they are read

    @property
    def seconds_between_batches(self):
        """How seldom kerastutor's fit may call; where an epoch's length is unknown, every batch is to be counted."""
        return HEARD if self.params.get("steps") else 0

    def __init__(self, compare=True):
        self.compare = compare
        self.curves, self._earlier = Curves(), []
        self.params, self.model = {}, None
        self._widget = self._shell = None
        self._due = 0.0

    def __getattr__(self, name):
        if name.startswith("on_"):  # Keras calls every hook; those not defined below do nothing
            return _nothing
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __repr__(self):
        if not self.curves:
            return "LiveLoss: nothing trained yet; give it to fit as callbacks=[...]"
        return f"LiveLoss: {self.curves.status}; {self.curves.latest()}"

    def figure(self):
        """Return the curves so far as a ``matplotlib.figure.Figure``."""
        return static.loss_curve(self.curves, self._earlier)

    def set_params(self, params):
        self.params = params or {}

    def set_model(self, model):
        self.model = model

    def on_train_begin(self, logs=None):
        self._close()  # an earlier run that never came to its end
        self.curves = Curves(self.params.get("epochs") or 1, self.params.get("steps"))
        self._earlier = earlier_runs(self.model) if self.compare else []
        self._due = 0.0
        self._open()

    def on_epoch_begin(self, epoch, logs=None):
        self.curves.begin_epoch(epoch)
        if self._widget and not self.curves:
            self._widget.first = epoch

    def on_train_batch_end(self, batch, logs=None):
        self.curves.batch = batch + 1
        if perf_counter() >= self._due:
            self.curves.add_batch(logs)
            self._send()

    def on_epoch_end(self, epoch, logs=None):
        self.curves.add_epoch(logs)
        if perf_counter() >= self._due:
            self._send()

    def on_train_end(self, logs=None):
        self._close()

    def _open(self):
        """Put the empty curve into the notebook, where there is one."""
        if kernel() is None:
            print("LiveLoss draws in a notebook; here, look at its .figure() after training.")
            return
        from IPython.display import display

        self._widget = LossCurve(total=self.curves.total, earlier=self._earlier)
        self._widget.curves = self.curves
        display(self._widget)
        if threading.current_thread() is threading.main_thread():
            # Real Keras does not say on_train_end when fit is interrupted or fails; the cell's end does.
            self._shell = sys.modules["IPython"].get_ipython()
            self._shell.events.register("post_run_cell", self._close)

    def _send(self):
        self._due = perf_counter() + INTERVAL
        if self._widget:
            self._widget.append()

    def _close(self, result=None):
        """End the run: leave a picture where the live curve stands."""
        if not self.curves.finished:
            self.curves.finish()
            remember(self.model, self.curves)
        if self._shell:
            self._shell.events.unregister("post_run_cell", self._close)
            self._shell = None
        if self._widget:
            self._widget.append()
            self._widget.keep_at_end()
            self._widget = None
