"""The layer inspector: open any layer of any model, and see the numbers flow through it, forward and backward."""

import threading
from time import perf_counter

import numpy as np
import traitlets

from kerastutor import inspect
from kerastutor.inspect.formulas import formula
from kerastutor.inspect.graph import INPUT
from kerastutor.inspect.history import Recorder
from kerastutor.inspect.pictures import Picture, of_gradient, of_output
from kerastutor.inspect.trace import Tracer
from kerastutor.keras import tree
from kerastutor.widgets import inspector_data as data
from kerastutor.widgets import inspector_figure
from kerastutor.widgets.base import Widget

EVERY = 0.5  # seconds between two looks at a model in training, at least
SHARE = 0.03  # of the training's time that looking may take

TABS = ("forward", "backward", "weights", "code")


class LayerInspector(Widget):
    """Look into a model: its graph, and each layer's formula, weights, activations and gradients.

    A click on a layer opens it, a click on a number shows the sum that made it and the gradients that flow back into
    it; the arrow keys do the same. The model is not changed: a copy of it does the work.

    Parameters
    ----------
    model : keras.Model
        Of any kind; compiled, if gradients are wanted.
    x, y : numpy.ndarray, or lists or dicts of them
        Samples and targets. Of many, statistics are made of at most 256, evenly spread, which is said.

    Raises
    ------
    ValueError
        If the data does not fit the model.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.widgets import LayerInspector
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "relu", name="hidden")])
    >>> model.compile(loss="mse")
    >>> x, y = np.ones((4, 3)), np.zeros((4, 2))
    >>> inspector = LayerInspector(model, x, y)
    >>> history = model.fit(x, y, epochs=2, verbose=0, callbacks=[inspector.watch()])  # live, and the history slider
    >>> len(inspector.moments)
    3
    >>> inspector.look("hidden", index=1, sample=2).layer
    'hidden'
    """

    _script = ("number_pictures.js", "inspector.js")
    title = traitlets.Unicode("").tag(sync=True)
    total = traitlets.Int(1).tag(sync=True)

    def __init__(self, model, x, y=None):
        super().__init__()
        self._tracer, self._lock, self._recorder = Tracer(model, x, y), threading.RLock(), None
        self.layer, self.index, self.sample, self.moment, self.tab = None, None, 0, None, "forward"
        self._step, self._opened, self._picked = None, set(), 0
        self.title, self.total = model.name, self._tracer.total
        self._trace_again()
        self.layer = next(iter(self._one.layers), None)

    @property
    def model(self):
        return self._tracer.model

    @property
    def moments(self):
        """What `watch` kept of the training: a list of `kerastutor.inspect.history.Moment`."""
        return self._recorder.moments if self._recorder else []

    @property
    def seen(self):
        """The `Trace` of the chosen sample, or of the batch."""
        return self._one

    # to be called in a cell --------------------------------------------------------------------

    def look(self, layer=None, index=None, sample=None, moment=None):
        """Choose what to see, as clicks do; gives the `Explanation` of the chosen number.

        Parameters
        ----------
        layer : str, optional
        index : int or tuple, optional
            A number of the layer's output, without the sample.
        sample : int or "batch", optional
        moment : int or "now", optional
            A place in `moments`.
        """
        with self._lock:
            self._choose(layer, index, sample, moment)
            self._tell_all()
            return self._explanation()

    def watch(self):
        """A callback for `fit`: the inspector follows the training, and keeps a few moments for its history slider."""
        if self._recorder is None:
            self._recorder = _Watcher(self)
        return self._recorder

    recorder = watch

    def refresh(self):
        """Look at the model as it is now."""
        with self._lock:
            if self.moment is None:
                self._trace_again()
            self._tell_all()

    # the work ----------------------------------------------------------------------------------

    def _trace_again(self):
        """New traces of the batch and of the sample, with the weights of the chosen moment."""
        begin = perf_counter()
        with self._lock:
            self._tracer.take_weights(None if self.moment is None else self.moments[self.moment].weights)
            self._batch = self._tracer.trace()
            self._one = self._batch if self.sample is None else self._tracer.trace(self.sample)
            self._health = data.health(self._batch)
        self._cost = perf_counter() - begin

    def _choose(self, layer=None, index=None, sample=None, moment=None):
        if sample is not None or moment is not None:
            before = self.sample, self.moment
            self._set_sample_and_moment(sample, moment)
            try:
                self._trace_again()
            except Exception:
                self.sample, self.moment = before
                raise
        if layer is not None:
            key = INPUT if layer == INPUT else self._one[layer].key
            if key != self.layer:
                self.layer, self.index, self._step = key, None, None
        if index is not None:
            inspect.explain(self._one, self.layer, index)
            self.index = tuple(index) if isinstance(index, (tuple, list)) else (index,)

    def _set_sample_and_moment(self, sample, moment):
        if sample is not None:
            self.sample = None if sample == "batch" else int(sample)
        if moment is not None:
            moment = None if moment == "now" else int(moment)
            if moment is not None and not 0 <= moment < len(self.moments):
                raise IndexError(f"There is no moment {moment}: {len(self.moments)} were kept; watch() keeps them.")
            self.moment = moment

    def _explanation(self):
        if self.layer in (None, INPUT):
            return None
        if self.index is None:
            self.index = inspect.explain(self._one, self.layer).index
        return inspect.explain(self._one, self.layer, self.index, step=self._step)

    # what the page asks for --------------------------------------------------------------------

    def greet(self):
        with self._lock:
            self._tell_all()

    def do_look(self, layer=None, sample=None, moment=None, tab=None):
        with self._lock:
            if tab in TABS:
                self.tab = tab
            self._choose(layer, None, sample, moment)
            self._tell_all()
        self.keep()

    def do_pick(self, which, row, column, gradient=False, serial=0):
        """A click on a picture of what the layer gives; `serial` grows from one to the next."""
        with self._lock:
            one, row_ = self._one[self.layer], None if self.sample is None else 0
            picture = (of_gradient if gradient else of_output)(one, row_)
            index = None if picture is None else picture.index(which, row, column)
            if index is not None:
                self.index, self._step = index, None
            self._picked = serial
            self._tell_layer()
        self.keep()

    def do_step(self, step):
        """Another time step of a recurrent layer."""
        with self._lock:
            self._step = int(step)
            self._tell_layer()

    def do_open(self, key):
        """Show the layers inside a model, or hide them."""
        with self._lock:
            self._opened ^= {key}
            self._tell_graph()

    def _tell_all(self):
        self._tell_graph()
        self._tell_layer()

    def _tell_graph(self):
        parcel = data.Parcel()
        one = self._one
        picture = None
        if self.sample is not None:
            first = tree.flatten(self._tracer.x)[0]
            picture = parcel.picture(Picture(first[one.rows[0]]))
        notes = dict.fromkeys(filter(None, (self._batch.note, one.note)))
        moments = [{"label": m.label, **{k: data.number(v) for k, v in m.logs.items()}} for m in self.moments]
        self.tell({"graph": data.graph(one, self._opened, self._health), "head": {
            "sample": self.sample, "moment": self.moment, "moments": moments, "loss": data.number(one.loss),
            "note": " ".join(notes), "kept": self._recorder.note if self._recorder else "", "layer": self.layer,
            "said": self._said(), "picture": picture, "graded": one.loss is not None, "backend": one.backend,
        }}, parcel.buffers)

    def _tell_layer(self):
        parcel = data.Parcel()
        if self.layer in (None, INPUT):
            first = tree.flatten(self._tracer.x)[0]
            shown = first[self._one.rows].mean(axis=0) if self.sample is None else first[self._one.rows[0]]
            self.tell({"layer": {"key": INPUT, "kind": "the data", "output": parcel.picture(Picture(shown)),
                                 "outputs": data.histogram(first[self._batch.rows]), "samples": len(self._batch.rows),
                                 "total": self._batch.total, "formula": "what goes into the model",
                                 "shapes": f"(batch, {', '.join(map(str, first.shape[1:]))})", "count": ""},
                       "number": None, "tab": self.tab, "picked": self._picked}, parcel.buffers)
            return
        one, found = self._one[self.layer], self._explanation()
        row = None if self.sample is None else 0
        content = {"layer": data.layer(parcel, one, self._batch, row, self.index),
                   "number": data.explanation(parcel, found), "tab": self.tab, "picked": self._picked}
        if self.tab == "weights":
            content["weights"] = data.weights(parcel, self._one, one, self._batch)
        if self.tab == "code":
            content["code"] = data.code(inspect.source(one))
        self.tell(content, parcel.buffers)

    def _said(self):
        """What the model says of the sample, and what it should have said."""
        if self.sample is None or not hasattr(self._one.prediction, "shape"):
            return ""
        p = self._one.prediction[0]
        y = None if self._tracer.y is None else np.asarray(tree.flatten(self._tracer.y)[0][self._one.rows[0]])
        if p.ndim == 1 and p.size > 1:
            said = f"says {int(p.argmax())} ({p.max():.3g})"
            return said if y is None else f"{said}, target {int(y) if y.size == 1 else int(y.argmax())}"
        if p.size == 1:
            return f"says {p.item():.4g}" + (f", target {y.item():.4g}" if y is not None and y.size == 1 else "")
        return ""

    # for print ---------------------------------------------------------------------------------

    def figure(self):
        """Return the chosen layer as a ``matplotlib.figure.Figure``: graph, numbers, weights, the sum."""
        with self._lock:
            return inspector_figure.draw(self)

    def summary(self):
        sample = "the batch" if self.sample is None else f"sample {self.sample}"
        if self.layer in (None, INPUT):
            return f"{self.model.name}, {len(self._one)} layers, {sample}"
        loss = "" if self._one.loss is None else f", loss {self._one.loss:.4g}"
        return f"{self.model.name}, {sample}{loss}; {self.layer}: {formula(self._one[self.layer])}"


class _Watcher(Recorder):
    """The recorder that also shows the training as it goes on."""

    lazy_logs, seconds_between_batches = True, EVERY

    def __init__(self, inspector):
        super().__init__()
        self.inspector, self._due = inspector, 0.0

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._due = 0.0

    def on_train_batch_end(self, batch, logs=None):
        if perf_counter() >= self._due:
            self._show()

    def on_train_end(self, logs=None):
        self._show()
        self.inspector.keep()

    def _show(self):
        begin = perf_counter()
        try:
            self.inspector.refresh()
        except Exception as problem:  # a fault of the view is no reason to lose a training
            self.inspector.complain(problem)
        self._due = perf_counter() + max(EVERY, (perf_counter() - begin) / SHARE)
