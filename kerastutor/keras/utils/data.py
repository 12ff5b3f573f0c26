"""A batch as (x, y, sample_weight); arrays on disk. Source: https://keras.io/api/utils/python_utils/"""

import math

import numpy as np


def unpack_x_y_sample_weight(data):
    """(x, y, sample_weight) of a batch; what is not there is None.

    >>> unpack_x_y_sample_weight(("x", "y"))
    ('x', 'y', None)
    """
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ValueError(f"A batch must be (x,), (x, y) or (x, y, sample_weight); got {len(data)} parts.")
    return (*data, *[None] * (3 - len(data)))


def pack_x_y_sample_weight(x, y=None, sample_weight=None):
    """The reverse: as many parts as there are; x alone if it is one array."""
    if y is None:
        return x if not isinstance(x, (list, tuple)) else (x,)
    return (x, y) if sample_weight is None else (x, y, sample_weight)


def on_disk(a):
    """Whether an array is read from a file: a memmap, or one that is no NumPy array but comes in chunks."""
    if isinstance(a, np.ndarray):
        while a is not None and not isinstance(a, np.memmap):
            a = getattr(a, "base", None)
        return a is not None
    return all(hasattr(a, name) for name in ("shape", "dtype", "chunks", "__getitem__"))


def in_blocks(a, size=2**24):
    """The rows of an array on disk, about `size` bytes at a time.

    >>> [block.shape for block in in_blocks(np.zeros((5, 2)), size=32)]
    [(2, 2), (2, 2), (1, 2)]
    """
    rows = max(1, size // max(1, math.prod(a.shape[1:]) * a.dtype.itemsize))
    for start in range(0, a.shape[0], rows):
        yield np.asarray(a[start : start + rows])
