"""What one training run has said so far: values per batch and per epoch, and how fast it goes."""

import math
from time import perf_counter

LONGEST = 4000  # points of one thin line; a longer one keeps every second point


def number(value):
    """Return a float, or None where the value is not finite (JSON has no NaN)."""
    value = float(value)
    return value if math.isfinite(value) else None


def clock(seconds):
    """Return a duration as a person says it: ``4.2 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


class Curves:
    """The points of one run. A position is in epochs: 2.5 is the middle of the third.

    Attributes
    ----------
    batches, epochs : dict of str to list of (position, value)
        `batches` holds the running means seen within an epoch, thinned; `epochs` each epoch's values,
        where ``val_loss`` belongs to ``loss``. A value that is not finite is None.
    """

    def __init__(self, epochs=1, steps=None):
        self.total, self.steps = epochs, steps
        self.batches, self.epochs = {}, {}
        self.first = self.epoch = 0
        self.position = 0.0
        self.batch = 0
        self.rate = self._base = None
        self.finished = False
        self.started = self.epoch_started = self.now = perf_counter()
        self._fresh = {"batches": {}, "epochs": {}}

    def __bool__(self):
        return bool(self.batches or self.epochs)

    @property
    def names(self):
        """The curves' names, each once, loss first: one panel for each."""
        names = dict.fromkeys(name.removeprefix("val_") for name in [*self.epochs, *self.batches])
        return sorted(names, key=lambda name: name != "loss")

    def begin_epoch(self, epoch):
        if not self.epochs:
            self.first = epoch
        self.epoch, self.batch = epoch, 0
        self.position = float(epoch)
        self.epoch_started = perf_counter()

    def add_batch(self, logs):
        """Keep the values after ``self.batch`` batches; nothing where an epoch's length is unknown."""
        self.now = perf_counter()
        self.rate = self.batch / max(self.now - self.epoch_started, 1e-9)
        if self.steps:
            self.position = self.epoch + min(self.batch / self.steps, 1)
            self._add("batches", logs)

    def add_epoch(self, logs):
        self.now = perf_counter()
        self.steps = self.steps or self.batch
        self.position = self.epoch + 1.0
        self._add("epochs", logs)

    def skip(self, seconds):
        """Take a pause out of the clock."""
        self.started += seconds
        self.epoch_started += seconds
        if self._base:
            self._base = (self._base[0] + seconds, self._base[1])

    def finish(self):
        """Note where and when the run ended, by itself or by a hand on the brake."""
        self.now = perf_counter()
        self.finished = True
        if self.steps and self.position < self.epoch + 1:
            self.position = self.epoch + min(self.batch / self.steps, 1)

    def _add(self, kind, logs):
        if self._base is None:
            self._base = (self.now, self.position)  # the first batch, which may compile, says nothing of the rest
        for name, value in (logs or {}).items():
            point = (round(self.position, 5), number(value))
            points = getattr(self, kind).setdefault(name, [])
            points.append(point)
            if len(points) > LONGEST:
                del points[1::2]
            self._fresh[kind].setdefault(name, []).append(point)

    def take(self):
        """Return the points that came since the last call."""
        fresh, self._fresh = self._fresh, {"batches": {}, "epochs": {}}
        return fresh

    @property
    def status(self):
        """One line: where the run is, how fast, and for how long still."""
        elapsed = self.now - self.started
        if self.finished:
            done = round(self.position, 1) - self.first
            whole = f"{done:g} of {self.total - self.first}" if self.position < self.total else f"{done:g}"
            return f"{whole} epoch{'s' * (whole != '1')} in {clock(elapsed)}"
        parts = [f"epoch {min(self.epoch + 1, self.total)} of {self.total}"]
        if self.rate:
            parts.append(f"{self.rate:,.0f} batches/s")
        since, begin = self._base or (self.now, self.position)
        if begin < self.position < self.total:
            left = (self.now - since) * (self.total - self.position) / (self.position - begin)
            parts.append(f"{clock(left)} left")
        return " · ".join(parts)

    def latest(self):
        """Return the newest value of each curve, for captions: ``loss 0.0312, val_loss 0.0671``."""
        newest = {name: points[-1][1] for name, points in {**self.batches, **self.epochs}.items()}
        return ", ".join(f"{name} {'not finite' if y is None else format(y, '.4g')}" for name, y in newest.items())
