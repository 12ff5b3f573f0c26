"""Recurrent layers over a whole sequence, and back."""

import numpy as np
from hypothesis import strategies as st

from .case import Case, InOut, Out, Shapes, normal

SEQUENCES = Shapes(  # batch, time, units, whether every step's state is wanted, which way through time
    [(0, 3, 2, True, 1), (1, 1, 1, False, -1), (2, 1, 3, True, 1), (3, 5, 1, True, -1), (5, 4, 9, False, -1),
     (5, 4, 9, False, 1), (65, 3, 8, True, 1), (65, 3, 8, True, -1), (130, 2, 33, False, 1), (50, 4, 33, False, -1)],
    st.tuples(st.integers(0, 12), st.integers(1, 6), st.integers(1, 12), st.booleans(), st.sampled_from((1, -1))),
)


def weights(rng, units, gates, dtype):
    """A recurrent kernel, small enough for states to stay small, and a bias."""
    return normal(rng, (units, gates * units), dtype) * np.asarray(0.1, dtype), normal(rng, gates * units, dtype)


def mask(rng, batch, time):
    return rng.random((batch, time)) < 0.7


def gates(rng, batch, time, count, units, dtype):
    """What the forward kernels leave in z: numbers within 0..1."""
    return InOut(np.asarray(rng.random((batch, time, count * units)), dtype))


def steps(shape, dtype):
    """The result `hs`: all steps, or the last alone."""
    batch, time, units, whole, _ = shape
    return Out((batch, time if whole else 1, units), dtype)


def _simple_rnn(rng, shape, dtype):
    batch, time, units, _, way = shape
    z, h0 = InOut(normal(rng, (batch, time, units), dtype)), normal(rng, (batch, units), dtype)
    before = Out((batch, time, units), dtype)
    return *weights(rng, units, 1, dtype), mask(rng, batch, time), way, h0, z, before, steps(shape, dtype)


def _simple_rnn_grad(rng, shape, dtype):
    batch, time, units, whole, way = shape
    dhs, u = normal(rng, steps(shape, dtype).shape, dtype), weights(rng, units, 1, dtype)[0]
    results = Out((batch, units), dtype), Out((batch, units), dtype)
    return dhs, u, mask(rng, batch, time), way, gates(rng, batch, time, 1, units, dtype), *results


def _lstm(rng, shape, dtype):
    batch, time, units, _, way = shape
    z = InOut(normal(rng, (batch, time, 4 * units), dtype))
    states = normal(rng, (batch, units), dtype), normal(rng, (batch, units), dtype)
    before = Out((batch, time, units), dtype), Out((batch, time, units), dtype)
    results = *before, steps(shape, dtype), Out((batch, units), dtype)
    return *weights(rng, units, 4, dtype), mask(rng, batch, time), way, *states, z, *results


def _lstm_grad(rng, shape, dtype):
    batch, time, units, _, way = shape
    dhs, dc = normal(rng, steps(shape, dtype).shape, dtype), normal(rng, (batch, units), dtype)
    u, c_before = weights(rng, units, 4, dtype)[0], normal(rng, (batch, time, units), dtype)
    results = Out((batch, 4 * units), dtype), Out((batch, units), dtype), Out((batch, units), dtype)
    return dhs, dc, u, mask(rng, batch, time), way, c_before, gates(rng, batch, time, 4, units, dtype), *results


def _gru(rng, shape, dtype):
    batch, time, units, _, way = shape
    u, b = weights(rng, units, 3, dtype)[0], normal(rng, (2, 3 * units), dtype)
    z, h0 = InOut(normal(rng, (batch, time, 3 * units), dtype)), normal(rng, (batch, units), dtype)
    results = Out((batch, time, units), dtype), Out((batch, time, units), dtype), steps(shape, dtype)
    return u, b, mask(rng, batch, time), way, h0, z, *results


def _gru_grad(rng, shape, dtype):
    batch, time, units, _, way = shape
    dhs, u = normal(rng, steps(shape, dtype).shape, dtype), weights(rng, units, 3, dtype)[0]
    kept = normal(rng, (batch, time, units), dtype), normal(rng, (batch, time, units), dtype)
    ds, db, dh0 = (batch, time, 3 * units), (batch, 2, 3 * units), (batch, units)
    z = gates(rng, batch, time, 3, units, dtype)
    return dhs, u, mask(rng, batch, time), way, *kept, z, *[Out(s, dtype) for s in (ds, db, dh0)]


def unmasked(make):
    """The same arguments, but for the mask: every step counts."""

    def without(rng, shape, dtype):
        return tuple(np.ones_like(a) if getattr(a, "dtype", None) == np.bool_ else a for a in make(rng, shape, dtype))

    return without


def case(make, **options):
    """A number is the sum of `units` products in each of `time` steps."""
    return Case(make, SEQUENCES, terms=lambda shape: 4 * shape[1] * (4 + shape[2]), **options)


# gates are finite, so g * (1 - g) may be computed as g - g * g, which is another NaN where they are not; and a NaN that
# arrives at a masked step may be seen in its gates' gradient, which is 0 in NumPy
CASES = {
    "simple_rnn": case(_simple_rnn),
    "simple_rnn_grad": case(unmasked(_simple_rnn_grad), special=(np.nan,)),
    "lstm": case(_lstm),
    "lstm_grad": case(unmasked(_lstm_grad), special=(np.nan,)),
    "gru": case(_gru),
    "gru_grad": case(unmasked(_gru_grad), special=(np.nan,)),
}
CASES_OF_OPTIONS = {
    "simple_rnn_grad": [case(_simple_rnn_grad, special=(0.0,))],
    "lstm_grad": [case(_lstm_grad, special=(0.0,))],
    "gru_grad": [case(_gru_grad, special=(0.0,))],
}
