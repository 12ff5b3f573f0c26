"""What the ops on images share: their axes, and lines mixed with one another."""

import numpy as np

from ... import config
from ...autodiff import Tensor
from ..products import matmul
from ..shapes import moveaxis


def mixed(x, axis, weights):
    """The lines of x along `axis`, mixed: line i of the result has weights[i, j] of line j."""
    weights = Tensor(np.ascontiguousarray(weights.T, x.value.dtype))
    return moveaxis(matmul(moveaxis(x, axis, -1), weights), -1, axis)


def data_format_of(data_format):
    data_format = data_format or config.image_data_format()
    check("data_format", data_format, ("channels_last", "channels_first"))
    return data_format


def axes_of(x, data_format):
    """Where rows and columns are."""
    if x.ndim not in (3, 4):
        raise ValueError(
            f"Images have three axes, (rows, columns, channels), or four, with the batch in front; got shape {x.shape}."
        )
    return (-3, -2) if data_format_of(data_format) == "channels_last" else (-2, -1)


def check(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"`{name}` must be one of {', '.join(map(repr, allowed))}; got {value!r}.")
