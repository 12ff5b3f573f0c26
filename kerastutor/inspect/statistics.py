"""What can be said of many numbers at a glance: spread, histogram, units that are dead or saturated."""

from dataclasses import dataclass

import numpy as np

BINS = 40
MOST = 400_000  # numbers that all but the ends is made of; of more, some are drawn
LIMITS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "hard_sigmoid": (0.0, 1.0), "softsign": (-1.0, 1.0)}
NEAR = 0.02  # of the way between the limits: there the slope is next to nothing
NEARLY_ALWAYS = 0.95


@dataclass
class Spread:
    """Numbers at a glance; `counts` and `edges` as from `numpy.histogram`. Only finite numbers count."""

    size: int
    low: float
    high: float
    mean: float
    std: float
    zeros: float
    not_finite: int
    counts: np.ndarray
    edges: np.ndarray
    sampled: int = 0

    def __repr__(self):
        odd = f", {self.not_finite} not finite" if self.not_finite else ""
        return (f"{self.size:,} numbers from {self.low:.4g} to {self.high:.4g}, mean {self.mean:.4g} ± {self.std:.4g}, "
                f"{self.zeros:.0%} zeros{odd}")


def spread(array, bins=BINS):
    """The `Spread` of an array; None of one without numbers.

    Examples
    --------
    >>> import numpy as np
    >>> spread(np.array([0.0, 1.0, 2.0, 3.0]))
    4 numbers from 0 to 3, mean 1.5 ± 1.118, 25% zeros
    """
    flat = np.asarray(array).reshape(-1)
    size = flat.size
    if not size:
        return None
    sampled = 0
    ends = flat[np.isfinite(flat)] if flat.dtype.kind == "f" else flat
    if size > MOST:  # drawn: a regular step would meet the same channels again and again
        flat = flat[np.random.default_rng(0).integers(0, size, MOST)]
        sampled = flat.size
    finite = flat[np.isfinite(flat)].astype(np.float64)
    if not finite.size:
        nan = float("nan")
        return Spread(size, nan, nan, nan, nan, 0.0, size, np.zeros(bins, int), np.linspace(0, 1, bins + 1), sampled)
    low, high = float(ends.min()), float(ends.max())
    counts, edges = np.histogram(finite, bins, (low, high))
    return Spread(size, low, high, float(finite.mean()), float(finite.std()), float((finite == 0).mean()),
                  size - ends.size, counts, edges, sampled)


def unit_axis(one):
    """The axis of a layer's output along which its units, or channels, lie."""
    return 1 if getattr(one.layer, "data_format", None) == "channels_first" else -1


def _by_unit(one):
    y = np.moveaxis(one.output, unit_axis(one), -1)
    return y.reshape(-1, y.shape[-1])


def dead_units(one):
    """The units of a layer that give 0 for all samples of the trace, at every place: no gradient passes them.

    Returns
    -------
    numpy.ndarray of int
    """
    if one.output.ndim < 2 or one.output.dtype.kind != "f":
        return np.array([], int)
    return np.flatnonzero((_by_unit(one) == 0).all(axis=0))


def can_die(activation):
    """Whether an activation of this name gives exactly 0 over a whole range, where its slope is 0 too."""
    return activation.lower() in ("relu", "relu6", "sparse_plus")


def saturated_units(one, activation):
    """The units that are nearly always (95 %) at an end of their activation, where it is flat.

    Parameters
    ----------
    activation : str
        Its name; only those that level off can saturate.
    """
    if activation not in LIMITS or one.output.ndim < 2:
        return np.array([], int)
    low, high = LIMITS[activation]
    margin, y = NEAR * (high - low), _by_unit(one)
    return np.flatnonzero(((y < low + margin) | (y > high - margin)).mean(axis=0) >= NEARLY_ALWAYS)
