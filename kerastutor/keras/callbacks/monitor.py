"""What EarlyStopping, ModelCheckpoint and ReduceLROnPlateau share: a number to watch, and whether it is better."""

import operator

from .. import naming
from .callback import Callback


class MonitorCallback(Callback):
    """Watches one of the numbers that `fit` reports.

    Parameters
    ----------
    monitor : str
        Its name, as in History: "val_loss", "accuracy".
    mode : {"auto", "min", "max"}
        Whether smaller or larger is better; "auto" asks the metric.
    baseline : float, optional
        What the first one is compared with.
    min_delta : float
        By how much a number must be better to count.
    """

    def __init__(self, monitor="val_loss", mode="auto", baseline=None, min_delta=0):
        super().__init__()
        if mode not in ("auto", "min", "max"):
            naming.warn(
                f"{type(self).__name__} knows the modes 'auto', 'min' and 'max', not {mode!r}: 'auto' is taken."
            )
            mode = "auto"
        self.monitor, self.mode, self.best, self.min_delta = monitor, mode, baseline, abs(min_delta)
        self.monitor_op = None

    def _set_monitor_op(self):
        """Find out whether smaller or larger is better."""
        self.monitor_op = {"min": operator.lt, "max": operator.gt}.get(self.mode) or self._ask_metric()
        if self.monitor_op is operator.lt:
            self.min_delta *= -1

    def _ask_metric(self):
        name = self.monitor.removeprefix("val_")
        for metric in [m for group in self.model.metrics for m in getattr(group, "metrics", ())]:
            if metric.name == name and hasattr(metric, "_direction"):
                return operator.gt if metric._direction == "up" else operator.lt
        if name == "loss":
            return operator.lt
        raise ValueError(
            f"{type(self).__name__} can't know whether a large or a small {self.monitor!r} is better: write mode='max' "
            "or mode='min'."
        )

    def _is_improvement(self, value, reference):
        """Whether `value` is better than `reference` by more than `min_delta`; better than nothing it always is."""
        return reference is None or bool(self.monitor_op(value - self.min_delta, reference))

    def _watched(self, logs):
        """The number that is watched; None, and a warning, if `fit` does not report it."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            missing = self.monitor.startswith("val_") and not any(name.startswith("val_") for name in logs or {})
            fix = "Give fit validation_split=0.2 or validation_data=(x, y), or watch" if missing else "Watch"
            naming.warn(
                f"{type(self).__name__} watches {self.monitor!r}, which this training does not report, so it does "
                f"nothing. {fix} one of: {', '.join(logs or {})}."
            )
        return value
