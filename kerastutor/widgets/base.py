"""What every live widget stands on.

A widget is one Python module, one ES module beside it, and a Matplotlib twin. In Python (`counter.py`)::

    class Counter(Widget):
        _script = "counter.js"                       # or several; joined after common.js; common.css comes along
        value = traitlets.Int(0).tag(sync=True)      # small state: `model.get("value")` in the browser

        def do_add(self, step):                      # the browser called send("add", { step: 1 })
            self.value += check_int("step", step)
            self.tell({"history": [1, 2, 3]})        # a stream: arrives at `message(content)`
            self.keep()                              # what a saved notebook shows has changed

        def greet(self):                             # a page opened: tell it what earlier messages told
            self.tell({"history": self.history})

        def figure(self): ...                        # the twin: a matplotlib.figure.Figure
        def summary(self): return f"{self.value} so far"        # for a terminal, and for screen readers

In the browser (`counter.js`)::

    import { widget, button, row } from "./common.js";       // common.js is put before this text: names are shared

    export default widget({
      start: (model, send) => ({ history: [] }),             // once a model; views share what it returns
      message(shared, content) { shared.history = content.history; },
      view({ model, root, shared, send, dispose }) {         // once a view; return how to bring it up to date
        const add = button({ text: "Add", press: () => send("add", { step: 1 }) });
        root.append(row(add));
        return () => { add.textContent = `Add to ${model.get("value")}`; };    // after any change, once a frame
      },
    });

Show it by being a cell's last line, or by `display`. JupyterLab keeps only the twin's picture in the notebook, while
the live widget stands in its place as long as the page and the kernel live: a saved, reopened or exported notebook has
a picture and no lost widget. Errors in `do_...` and in a `Worker` appear in the widget. Slow work belongs in a
`Worker` (a thread): while a cell runs, the kernel does not answer the browser. Use `Throttle` around `tell`.
"""

import re
import sys
import threading
import traceback
from pathlib import Path
from time import perf_counter

import anywidget
import traitlets

from kerastutor.widgets import style

HERE = Path(__file__).parent
PER_SECOND = 10  # updates that a page gets at most
KEEP_AFTER = 1.0  # seconds of quiet before the picture is drawn anew


def kernel():
    """Return the notebook's kernel, or None in a plain program or terminal."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None)


COMMON = ["common.js", "drawing.js"]
IMPORTED = re.compile(r'^(?:import \{[^}]*\}|export \*) from "\./(\w+\.js)";\n', re.MULTILINE)


def script(*names):
    """Return the common ES modules and the given ones as one, so that a browser fetches nothing.

    Raises
    ------
    ValueError
        If one imports a file that does not stand before it.
    """
    parts, known = [], set(COMMON)
    for name in [*COMMON, *names]:
        text = (HERE / name).read_text(encoding="utf-8")
        missing = set(IMPORTED.findall(text)) - known
        if missing:
            raise ValueError(f"{name} imports {', '.join(sorted(missing))}: name it before {name} in _script.")
        known.add(name)
        text = IMPORTED.sub("", text)
        parts.append(text if name == names[-1] else re.sub("^export ", "", text, flags=re.MULTILINE))
    return "\n".join(parts)


class Throttle:
    """Say yes at most so many times a second.

    Examples
    --------
    >>> throttle = Throttle()
    >>> throttle.due(), throttle.due()
    (True, False)
    """

    def __init__(self, per_second=PER_SECOND):
        self.interval, self._next = 1 / per_second, 0.0

    def due(self):
        now = perf_counter()
        if now < self._next:
            return False
        self._next = now + self.interval
        return True


class Worker:
    """One background thread at a time; what goes wrong in it is handed to `fail`, never lost.

    Parameters
    ----------
    fail : callable
        Called with the exception.
    """

    def __init__(self, fail):
        self.fail, self._thread, self._lock = fail, None, threading.Lock()

    @property
    def busy(self):
        return self._thread is not None and self._thread.is_alive()

    def start(self, work):
        """Run `work()` in the background; return False, and do nothing, where something is running already."""
        with self._lock:
            if self.busy:
                return False
            self._thread = threading.Thread(target=self._run, args=(work,), daemon=True, name="kerastutor")
            self._thread.start()
            return True

    def join(self, seconds=None):
        """Wait until the thread has ended; return whether it has."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)
        return not self.busy

    def _run(self, work):
        try:
            work()
        except BaseException as problem:
            self.fail(problem)


class Widget(anywidget.AnyWidget):
    """A live widget with a picture for paper; see this module's text for how to write one.

    Attributes
    ----------
    problem : str
        What went wrong, shown under the widget; "" if nothing did.
    """

    _script = None
    _later = False  # True: run by a program, nothing is drawn before the first `keep_now`
    style_ = traitlets.Dict(style.CANVAS).tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    said = traitlets.Unicode("").tag(sync=True)  # the summary, for screen readers

    def __init_subclass__(cls, **options):
        if cls.__dict__.get("_script"):
            cls._esm = script(*([cls._script] if isinstance(cls._script, str) else cls._script))
            cls._css = (HERE / "common.css").read_text(encoding="utf-8")
        super().__init_subclass__(**options)

    def __init__(self, **traits):
        super().__init__(**traits)
        self._places, self._timer = [], None
        self.on_msg(self._hear)

    # to be written by the widget ---------------------------------------------------------------

    def figure(self):
        """Return the static twin: a ``matplotlib.figure.Figure``."""
        raise NotImplementedError(f"{type(self).__name__} needs a figure()")

    def summary(self):
        """Return in one sentence what can be seen."""
        return ""

    def greet(self):
        """Tell a page that has just opened what it has missed."""

    # for its use ---------------------------------------------------------------------------------

    def tell(self, content, buffers=None):
        """Send plain data (JSON; NumPy arrays as `buffers`) to every view. Any thread may."""
        self.send(content, buffers)

    def complain(self, problem):
        """Show an exception, or a sentence, in the widget."""
        if isinstance(problem, BaseException):
            self.trace = "".join(traceback.format_exception(problem))
            problem = f"{type(problem).__name__}: {problem}"
        self.problem = problem

    def keep(self, delay=KEEP_AFTER):
        """Let the notebook keep a new picture, after `delay` seconds without another call. Any thread may."""
        if self._places:
            kernel().io_loop.add_callback(self._keep_later, delay)

    def keep_at_end(self):
        """Let the notebook keep the picture once the cell has ended: to draw it takes a tenth of a second.

        Where a program runs the notebook it is drawn now, for what comes after a cell may be lost there.
        """
        here = kernel()
        if here is None or (not here._allow_stdin and threading.current_thread() is threading.main_thread()):
            self.keep_now()
        else:
            self.keep(0)

    def __repr__(self):
        return f"{type(self).__name__}: {self.summary()}"

    # showing and keeping -----------------------------------------------------------------------

    def bundle(self):
        """Return (data, metadata) of the picture; its text is constant, so that runs can be compared."""
        return style.bundle(self.figure(), self.summary(), text=type(self).__name__)

    def _repr_mimebundle_(self, **kwargs):
        data = super()._repr_mimebundle_(**kwargs)
        data = data[0] if isinstance(data, tuple) else data
        return {**data, "text/plain": type(self).__name__}

    def _ipython_display_(self):
        from IPython.display import display

        here = kernel()
        if here is None:
            print(repr(self))
        elif here._allow_stdin:
            self.said = self.summary()
            self._places.append(display(self._repr_mimebundle_(), raw=True, display_id=True))
        else:  # nobody sits there: the notebook is run by a program, and keeps the picture
            data, metadata = ({"text/plain": type(self).__name__}, {}) if self._later else self.bundle()
            self._places.append(display(data, metadata=metadata, raw=True, display_id=True))

    def _keep_later(self, delay):
        loop = kernel().io_loop
        if self._timer is not None:
            loop.remove_timeout(self._timer)
        self._timer = loop.call_later(delay, self.keep_now)

    def keep_now(self):
        """Put the picture into the notebook; where a page lets it, the live widget stays before it."""
        self._timer = None
        self.said = self.summary()
        if self._places:
            data, metadata = self.bundle()
            for place in self._places:
                place.update(data, metadata=metadata, raw=True)

    def _hear(self, _, content, buffers):
        """Call ``do_NAME`` for the browser's ``send(NAME, values)``."""
        name = content.get("do")
        try:
            if name == "hello":  # a view stands in the page; `keeps` says that it survives its output's change
                self.greet()
                if content.get("keeps"):
                    self.keep(0.1)
            else:
                self.problem = ""
                getattr(self, f"do_{name}")(**content.get("values", {}))
        except Exception as problem:
            self.complain(problem)
