"""CTC."""

import numpy as np
from hypothesis import strategies as st

from .case import Case, Out, Shapes, classes

SEQUENCES = Shapes(  # samples, letters, steps, classes
    [(0, 2, 3, 4), (1, 1, 1, 2), (3, 2, 9, 3), (5, 4, 4, 4), (2, 0, 3, 2), (7, 5, 30, 11)],
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(5, 12), st.integers(2, 6)),
)


def _ctc(rng, shape, dtype):
    n, letters, steps, k = shape
    x = rng.normal(0, 2, (n, steps, k))
    log_p = x - np.log(np.exp(x).sum(2, keepdims=True))
    lengths = classes(rng, n, letters + 1)
    steps_used = rng.integers((steps + 1) // 2, steps + 1, n).astype(np.int32)
    labels = classes(rng, n * letters, k - 1).reshape(n, letters) + np.int32(1)
    return labels, lengths, steps_used, log_p.astype(dtype), 0, Out(n, dtype), Out((n, steps, k), dtype)


CASES = {  # NaN and infinity: whoever has them here has them before, in the logits' softmax
    "ctc": Case(_ctc, SEQUENCES, terms=lambda shape: 40 * shape[2], special=(np.nan,)),
}
