"""The same numbers in another shape or order.

Source: https://keras.io/api/layers/reshaping_layers/
"""

import math

import numpy as np

from .. import arguments, ops
from ..symbolic import KerasTensor
from .input_spec import InputSpec
from .layer import Layer


class _Rearranging(Layer):
    """A layer whose output holds the numbers of its input: their dtype too."""

    def compute_output_spec(self, inputs):
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype)


class Flatten(_Rearranging):
    """All axes but the batch's become one: (batch, a, b, ...) -> (batch, a * b * ...)."""

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = arguments.data_format("Flatten", data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs):
        if self.data_format == "channels_first" and inputs.ndim > 2:
            inputs = ops.transpose(inputs, (0, *range(2, inputs.ndim), 1))
        return ops.reshape(inputs, (inputs.shape[0], math.prod(inputs.shape[1:])))

    def compute_output_shape(self, input_shape):
        batch, *sizes = input_shape
        return batch, None if None in sizes else math.prod(sizes)

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}


class Reshape(_Rearranging):
    """Samples in another shape: (batch, ...) -> (batch, *target_shape).

    Parameters
    ----------
    target_shape : tuple of int
        Without the batch axis; one size may be -1.

    Raises
    ------
    ValueError
        If a sample has more or fewer numbers than that.
    """

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape) if np.iterable(target_shape) else (target_shape,)
        if self.target_shape.count(-1) > 1:
            raise ValueError(f"Reshape: only one size of target_shape may be -1; got {self.target_shape}.")
        if any(not isinstance(n, (int, np.integer)) or n < -1 for n in self.target_shape):
            raise ValueError(f"Reshape: target_shape holds sizes, and one may be -1; got {self.target_shape}.")
        self.built = True

    def call(self, inputs):
        return ops.reshape(inputs, self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape):
        batch, *sizes = input_shape
        if None in sizes:
            return batch, *(None if n == -1 else n for n in self.target_shape)
        have, want = math.prod(sizes), math.prod(n for n in self.target_shape if n != -1)
        if (have % max(want, 1) if -1 in self.target_shape else have != want):
            multiple = " or a multiple" if -1 in self.target_shape else ""
            raise ValueError(
                f"Layer {self.name!r} (Reshape): a sample of shape {tuple(sizes)} has {have} numbers, and "
                f"target_shape {self.target_shape} needs {want}{multiple}."
            )
        return batch, *(have // max(want, 1) if n == -1 else n for n in self.target_shape)

    def get_config(self):
        return {**super().get_config(), "target_shape": self.target_shape}


class Permute(_Rearranging):
    """A sample's axes in another order, counted from 1.

    Parameters
    ----------
    dims : tuple of int
        (2, 1) turns (batch, steps, features) into (batch, features, steps).
    """

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                f"Permute: `dims` names each axis but the batch's once, counted from 1, such as (2, 1); got {dims}."
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs):
        return ops.transpose(inputs, (0, *self.dims))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[i] for i in (0, *self.dims))

    def get_config(self):
        return {**super().get_config(), "dims": self.dims}


class RepeatVector(Layer):
    """The same vector n times: (batch, features) -> (batch, n, features).

    Parameters
    ----------
    n : int
    """

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        (self.n,) = arguments.whole_numbers("RepeatVector", "n", n, 1)
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs):
        return ops.repeat(ops.expand_dims(inputs, 1), self.n, axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.n, input_shape[1]

    def get_config(self):
        return {**super().get_config(), "n": self.n}
