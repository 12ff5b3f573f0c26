"""The live loss curve: a callback for ``fit`` that draws while the network learns."""

import sys
import threading
from pathlib import Path
from time import perf_counter

import anywidget
import traitlets

from kerastutor.widgets import static, style
from kerastutor.widgets.curves import Curves

INTERVAL = 0.2  # seconds between two updates: smooth enough to the eye; drawing shares the cores with training


class LossCurve(anywidget.AnyWidget):
    """The browser's half: receives points by message, appends them, draws them on a canvas."""

    _esm = Path(__file__).with_name("live_loss.js")
    style_ = traitlets.Dict(style.CANVAS).tag(sync=True)
    first = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(1).tag(sync=True)

    def __repr__(self):
        return "LossCurve"


def _nothing(*args, **kwargs):
    pass


class LiveLoss:
    """Draw loss and metrics while ``fit`` runs; works with kerastutor's ``fit`` and with real Keras 3's.

    One panel for the loss and one for each metric. The thin line is training within the epoch (Keras's
    running mean), circles are training per epoch, squares are validation. Above them stand the speed in
    batches per second and the time left. The browser is sent new points only, five times a second;
    between two updates a batch costs one look at the clock.

    When training ends, the live picture is replaced by a PNG of the same curves, so that a saved notebook
    shows it without a kernel. Outside a notebook it says so in one line and draws nothing; `figure` works
    everywhere.

    Examples
    --------
    >>> from kerastutor.widgets import LiveLoss
    >>> live = LiveLoss()
    >>> history = model.fit(x, y, epochs=5, callbacks=[live], verbose=0)  # doctest: +SKIP
    >>> live.figure().savefig("curve.png")  # doctest: +SKIP
    """

    lazy_logs = True  # kerastutor's fit then computes a batch's values only when they are read

    def __init__(self):
        self.curves = Curves()
        self.params, self.model = {}, None
        self._widget = self._display = self._shell = None
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
        return static.loss_curve(self.curves)

    def set_params(self, params):
        self.params = params or {}

    def set_model(self, model):
        self.model = model

    def on_train_begin(self, logs=None):
        self._close()  # an earlier run that never came to its end
        self.curves = Curves(self.params.get("epochs") or 1, self.params.get("steps"))
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
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        if getattr(shell, "kernel", None) is None:
            print("LiveLoss draws in a notebook; here, look at its .figure() after training.")
            return
        from IPython.display import display

        self._widget = LossCurve(total=self.curves.total)
        self._display = display(self._widget, display_id=True)
        if threading.current_thread() is threading.main_thread():
            # Real Keras does not say on_train_end when fit is interrupted or fails; the cell's end does.
            self._shell = shell
            shell.events.register("post_run_cell", self._close)

    def _send(self):
        self._due = perf_counter() + INTERVAL
        if self._widget:
            self._widget.send(
                {**self.curves.take(), "names": self.curves.names, "status": self.curves.status, "say": repr(self)}
            )

    def _close(self, result=None):
        """End the run: leave a picture where the live curve stood."""
        if not self.curves.finished:
            self.curves.finish()
        if self._shell:
            self._shell.events.unregister("post_run_cell", self._close)
            self._shell = None
        if self._widget:
            alt = f"Loss curve. {self.curves.status}; {self.curves.latest()}"
            data, metadata = style.bundle(self.figure(), alt, text="LossCurve")
            self._display.update(data, metadata=metadata, raw=True)
            self._widget.close()
            self._widget = self._display = None
