"""The progress bar of `fit`, printed as Keras prints it. Source: https://keras.io/api/utils/python_utils/"""

import math
import os
import sys
import time

import numpy as np

from .io import print_msg

BOLD, GREEN, WHITE, PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"


class Progbar:
    """A progress bar with the time left and running means of metrics.

    Parameters
    ----------
    target : int or None
        How many steps there are; None if unknown.
    width : int
        Of the bar, in characters.
    verbose : {0, 1, 2}
        Nothing, a bar, or one line at the end.
    interval : float
        The least time between two prints, in seconds.
    stateful_metrics : iterable of str, optional
        Metrics shown as they come. All others are averaged over the steps.
    stateless_metrics : iterable of str, optional
        The other way round: only these are averaged. Give one of the two.
    unit_name : str

    Examples
    --------
    >>> from kerastutor import keras
    >>> bar = keras.utils.Progbar(2, verbose=0)
    >>> bar.update(1, [("loss", 0.5)])
    """

    def __init__(
        self, target, width=20, verbose=1, interval=0.05, stateful_metrics=None, stateless_metrics=None,
        unit_name="step",
    ):
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ValueError("Progbar: give stateful_metrics (all others are averaged) or stateless_metrics, not both.")
        self.target, self.width, self.verbose = target, width, verbose
        self.interval, self.unit_name = interval, unit_name
        self.stateful_metrics = set(stateful_metrics or ()) if stateless_metrics is None else None
        self.stateless_metrics = None if stateless_metrics is None else set(stateless_metrics)
        self._rewrites_line = (
            os.name == "posix" or "ipykernel" in sys.modules or "PYCHARM_HOSTED" in os.environ
            or (hasattr(sys.stdout, "isatty") and sys.stdout.isatty())
        )
        self._values = {}  # name -> [sum, number of steps]
        self._seen_so_far = 0
        self._start = time.time()
        self._time_after_first_step = None
        self._last_update = 0
        self._last_length = 0

    def update(self, current, values=None, finalize=None):
        """Show that `current` steps are done.

        Parameters
        ----------
        current : int
        values : list of (name, value of the last step)
        finalize : bool, optional
            Whether this is the last time; by default once the target is reached.
        """
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        self._add_up(current, values or (), finalize)
        self._seen_so_far = current
        now = time.time()
        step_time = self._step_time(current, now)
        if self.verbose == 1:
            if now - self._last_update < self.interval and not finalize:
                return
            self._print_bar(current, now, step_time, finalize)
        elif self.verbose == 2 and finalize and self.target:
            elapsed = f"{self._count(current)} - {now - self._start:.0f}s -{_duration(step_time, self.unit_name)}"
            print_msg(elapsed + self._metrics(abs_=lambda x: x) + "\n")
        self._last_update = now

    def add(self, n, values=None):
        """Show that `n` more steps are done."""
        self.update(self._seen_so_far + n, values)

    def _add_up(self, current, values, finalize):
        for name, value in values:
            if self.stateless_metrics is None:
                averaged = name not in self.stateful_metrics
            else:
                averaged = name in self.stateless_metrics
            if averaged and not finalize:
                steps = max(current - self._seen_so_far, 1)
                total, count = self._values.get(name, (0, 0))
                self._values[name] = [total + value * steps, count + steps]
            else:
                self._values[name] = [value, 1]

    def _step_time(self, current, now):
        """Seconds a step; the first one, which is slow, counts only while it is the only one."""
        if not current:
            return 0
        if self._time_after_first_step is not None and current > 1:
            step_time = (now - self._time_after_first_step) / (current - 1)
        else:
            step_time = (now - self._start) / current
        if current == 1:
            self._time_after_first_step = now
        return step_time

    def _print_bar(self, current, now, step_time, finalize):
        back = "\b" * self._last_length + "\r" if self._rewrites_line else "\n"
        if self.target:
            done = int(self.width * current / self.target)
            bar = f"{BOLD}{self._count(current)}{PLAIN} "
            bar += f"{GREEN}{'━' * done}{PLAIN}" if done > 0 else ""
            bar += f"{WHITE}{'━' * (self.width - done)}{PLAIN}"
        else:
            bar = f"{current:7d}/Unknown"
        left = self.target and not finalize
        seconds = _clock(step_time * (self.target - current)) if left else f"{now - self._start:.0f}s"
        line = f"{bar} {BOLD}{seconds}{PLAIN}{_duration(step_time, self.unit_name)}{self._metrics(abs_=abs)}"
        length = len(line) - sum(len(code) * line.count(code) for code in (BOLD, GREEN, WHITE, PLAIN))
        print_msg(back + line + " " * (self._last_length - length) + ("\n" if finalize else ""))
        self._last_length = length

    def _count(self, current):
        """" 7/10": as wide as the target."""
        return f"{current:{int(math.log10(self.target)) + 1}d}/{self.target}"

    def _metrics(self, abs_):
        text = ""
        for name, (total, count) in self._values.items():
            mean = (total if isinstance(total, float) else np.mean(total)) / max(1, count)
            text += f" - {name}: {mean:.4f}" if abs_(mean) > 1e-3 else f" - {name}: {mean:.4e}"
        return text


def _clock(seconds):
    """"3s", "2:05" or "1:02:05"."""
    whole = int(seconds)
    if seconds > 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    if seconds > 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole}s"


def _duration(seconds, unit):
    """" 3ms/step"."""
    if seconds >= 1 or seconds == 0:
        return f" {seconds:.0f}s/{unit}"
    if seconds >= 1e-3:
        return f" {seconds * 1e3:.0f}ms/{unit}"
    return f" {seconds * 1e6:.0f}us/{unit}"
