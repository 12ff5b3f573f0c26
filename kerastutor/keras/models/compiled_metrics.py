"""What `compile(metrics=..., weighted_metrics=...)` sets up: metrics for each output."""

import collections
from dataclasses import dataclass
from typing import Any

from .. import metrics, tree
from .outputs import by_output, kind, output_names

_ACCURACIES = {
    "binary": metrics.BinaryAccuracy,
    "sparse": metrics.SparseCategoricalAccuracy,
    "categorical": metrics.CategoricalAccuracy,
}


@dataclass
class Entry:
    """One metric of one output, and the name under which it is reported."""

    metric: Any
    index: int
    weighted: bool
    key: str = ""


class CompiledMetrics:
    """The metrics of all outputs: plain ones see every sample alike, weighted ones the sample weights."""

    name = "compile_metrics"

    def __init__(self, plain=None, weighted=None):
        for name, given in (("metrics", plain), ("weighted_metrics", weighted)):
            if given and not isinstance(given, (list, tuple, dict)):
                raise ValueError(
                    f"`{name}` must be a list, as {name}=['accuracy'], or a dict by output; got {given!r}."
                )
        self._given = [(plain, False, "`metrics`"), (weighted, True, "`weighted_metrics`")]
        for given, _, _ in self._given:
            for m in tree.flatten(given or []):
                if m is not None and not _is_accuracy(m):
                    metrics.get(m)  # an unknown name is refused now
        self.entries, self.built = [], False

    @property
    def given(self):
        return any(given for given, _, _ in self._given)

    @property
    def metrics(self):
        return [entry.metric for entry in self.entries]

    @property
    def variables(self):
        return [v for m in self.metrics for v in m.variables]

    def build(self, y, y_pred, declared):
        """Make the metrics that the names mean for these shapes; see `CompiledLoss.build`."""
        self.names = output_names(y_pred, declared)
        targets, outputs = self._targets(y), tree.flatten(y_pred)
        for given, weighted, what in self._given:
            for index, identifiers in enumerate(self._by_output(given, what)):
                for identifier in tree.flatten(identifiers) if identifiers else ():
                    metric = _made(identifier, targets[index].shape, outputs[index].shape)
                    self.entries.append(Entry(metric, index, weighted))
        self._name_entries()
        self.built = True

    def _by_output(self, given, what):
        n = len(self.names)
        if not given:
            return [None] * n
        if n == 1:
            return [tree.flatten(given)]
        if isinstance(given, (list, tuple)) and len(given) == n:
            return given
        if isinstance(given, dict) and None not in self.names:
            return by_output(given, self.names, what)
        raise ValueError(
            f"{what}: the model has {n} outputs{'' if None in self.names else ' ' + str(self.names)}: give a list with "
            f"one entry for each, or a dict by their names; got {given!r}."
        )

    def _name_entries(self):
        """A name used twice: `weighted_` in front where that tells them apart, else a number behind."""
        seen = collections.Counter()
        for entry in self.entries:
            output = self.names[entry.index] if len(self.names) > 1 else None
            prefix = f"{output}_" if output else ""
            name = f"{prefix}{entry.metric.name}"
            if entry.weighted and seen[name]:
                name = f"{prefix}weighted_{entry.metric.name}"
            seen[name] += 1
            entry.key = name if seen[name] == 1 else f"{name}_{seen[name] - 1}"

    def _targets(self, y):
        leaves = tree.flatten(y)
        return leaves if len(leaves) == len(self.names) and not isinstance(y, dict) else by_output(y, self.names, "`y`")

    def update_state(self, y, y_pred, sample_weight=None):
        """Count this batch in."""
        if not self.entries:
            return
        targets, outputs, weights = self._targets(y), tree.flatten(y_pred), tree.flatten(sample_weight)
        if len(weights) == 1:
            weights = weights * len(outputs)
        else:
            weights = by_output(sample_weight, self.names, "`sample_weight`")
        for entry in self.entries:
            i = entry.index
            entry.metric.update_state(targets[i], outputs[i], weights[i] if entry.weighted else None)

    def reset_state(self):
        for m in self.metrics:
            m.reset_state()

    def result(self):
        """The metrics' values now, by name."""
        return {entry.key: entry.metric.result() for entry in self.entries}


def _is_accuracy(identifier):
    return str(identifier).lower() in ("accuracy", "acc")


def _made(identifier, y_shape, p_shape):
    """The Metric that an identifier means for these shapes."""
    if _is_accuracy(identifier):
        return _ACCURACIES[kind(y_shape, p_shape)](name=identifier)
    metric = metrics.get(identifier)
    if not isinstance(metric, metrics.Metric):
        metric = metrics.MeanMetricWrapper(metric, name=getattr(metric, "__name__", "metric"))
    if isinstance(identifier, str):
        metric.name = identifier
    return metric
