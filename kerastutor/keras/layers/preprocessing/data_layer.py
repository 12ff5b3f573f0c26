"""The base of layers that prepare data: unlike others they take lists of numbers too."""

import numpy as np

from ...autodiff import Tensor
from ...symbolic import KerasTensor
from ..layer import Layer


class DataLayer(Layer):
    """A layer that may be called on numbers and lists of them, as well as on arrays and placeholders."""

    def __call__(self, inputs, *args, **kwargs):
        return super().__call__(as_arrays(inputs), *args, **kwargs)


def as_arrays(x):
    """Numbers and lists of them as arrays; tensors, placeholders and arrays as they are, also those in a dict."""
    if isinstance(x, dict):
        return {name: as_arrays(value) for name, value in x.items()}
    return x if x is None or isinstance(x, (np.ndarray, Tensor, KerasTensor)) else np.asarray(x)
