"""How hits and misses are counted.

                    called positive     called negative
    is positive     true positive       false negative
    is negative     false positive      true negative

Called positive is what is predicted above a threshold. One kernel counts all four for many thresholds.
"""

import numpy as np

from ...backends import K
from .. import config as settings
from .. import ops
from ..autodiff import Tensor, run
from ..losses.matching import check_same_shape, check_weights, squeeze_or_expand_to_same_rank
from .base import Metric

COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")
NEVER = -1e10  # below every prediction: what is not among the k likeliest is predicted this


class Counting(Metric):
    """A metric that keeps some of the four counts: `counted` names them. Each is an attribute, one number a threshold.

    The counts are float64, which counts beyond 2 ** 24.
    """

    counted = COUNTS

    def __init__(self, thresholds, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self._edges = even_edges(len(thresholds)) if is_even(thresholds) else np.asarray(thresholds, float)

    def add_counts(self, *columns):
        """The counts' variables, of shape (thresholds, *columns)."""
        for what in self.counted:
            setattr(self, what, self.add_weight((len(self._edges), *columns), dtype="float64", name=what))

    def count(self, y, p, w):
        """Take in labels (0 or not), predictions and weights: (n, columns), or (1, 1) for one weight."""
        unused = np.zeros((len(self._edges), p.shape[1]))
        counts = [getattr(self, what).value.reshape(unused.shape) if what in self.counted else unused
                  for what in COUNTS]
        arrays = [x.value for x in (y, p, w)]
        edges = self._edges.astype(p.dtype)
        parts = [slice(None)] if (edges[:-1] <= edges[1:]).all() else [slice(i, i + 1) for i in range(len(edges))]
        for part in parts:
            run(K.count_hits, edges[part], *arrays, *[c[part] for c in counts])

    def result(self):
        counts = [getattr(self, what) for what in self.counted]
        share = counts[0] if len(counts) == 1 else part_of(*counts)
        return ops.cast(share[0] if len(self._edges) == 1 else share, self.dtype)


def part_of(these, others):
    """these / (these + others), and 0 where both are 0."""
    return ops.divide_no_nan(these, these + others)


def is_even(thresholds):
    """Whether these go from 0 to 1 in equal steps."""
    n = len(thresholds)
    return n > 2 and np.allclose(thresholds, np.arange(n) / (n - 1), atol=settings.epsilon())


def even_edges(n, first=0.0):
    """What a prediction must be above to pass each of n thresholds from 0 to 1 in equal steps.

    Keras cuts predictions to 0..1 here, and finds their places by multiplying. So that the same numbers come out, an
    edge is the largest float32 that this puts below the threshold, and none passes the last one.
    """
    places, factor = np.arange(n, dtype=np.float32), np.float32(n - 1)
    edges = places / factor
    near = np.stack([np.nextafter(edges, np.float32(-1)), edges, np.nextafter(edges, np.float32(2))])
    edges = np.where(near * factor <= places, near, 0).max(0)
    edges[0], edges[-1] = first, np.inf
    return edges


def aligned(metric, y_true, y_pred, sample_weight, class_id=None, top_k=None):
    """Labels, predictions and weights as constants: of one shape, or the weights of shape (1, 1)."""
    p, y = (ops.stop_gradient(ops.convert_to_tensor(x, settings.floatx())) for x in (y_pred, y_true))
    p, y = squeeze_or_expand_to_same_rank(p, y)
    check_same_shape(
        f"Metric {metric.name!r}", y, p,
        "For class numbers give keras.utils.to_categorical(y)." if y.ndim < p.ndim else None,
    )
    w = Tensor(np.ones((1, 1), p.dtype))
    if sample_weight is not None:
        w = ops.expand_dims(ops.stop_gradient(ops.convert_to_tensor(sample_weight, settings.floatx())), -1)
        w = squeeze_or_expand_to_same_rank(y, w, expand_rank_1=False)[1]
    if top_k is not None:
        p = _only_top(p, top_k)
    if class_id is not None:
        if p.ndim < 2 or not -p.shape[-1] <= class_id < p.shape[-1]:
            raise ValueError(f"Metric {metric.name!r}: class_id={class_id} is no column of shape {p.shape}.")
        y, p = y[..., class_id, None], p[..., class_id, None]
    if sample_weight is not None:
        check_weights(w, p, f"Metric {metric.name!r}")
        w = ops.broadcast_to(w, p.shape)
    return y, p, w


def _only_top(p, k):
    """Predictions, with a very small number in place of all but the k largest of each row."""
    _, places = ops.top_k(p, k)
    return ops.where(ops.sum(ops.one_hot(places, p.shape[-1]), axis=-2) > 0, p, NEVER)


def one_column(*tensors):
    """Each as (n, 1)."""
    return [ops.reshape(x, (-1, 1)) for x in tensors]


def checked(name, thresholds, default):
    """A list of thresholds within 0..1."""
    given = default if thresholds is None else thresholds
    given = list(given) if isinstance(given, (list, tuple, np.ndarray)) else [given]
    if thresholds is not None and any(t is None or not 0 <= t <= 1 for t in given):
        raise ValueError(f"{name}: thresholds must be within 0..1; got {thresholds!r}.")
    return given
