"""A batch as (x, y, sample_weight). Source: https://keras.io/api/utils/python_utils/"""


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
