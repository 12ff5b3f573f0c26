"""Where data enters a model. Source: https://keras.io/api/layers/core_layers/input/"""

import numbers

from .. import config
from ..symbolic import KerasTensor, Node
from .layer import Layer


def Input(
    shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, name=None, tensor=None,
    optional=False,
):
    """A placeholder for the data: the shape of one sample, without the batch axis.

    Parameters
    ----------
    shape : tuple
        (784,) for samples of 784 numbers; None for a size that varies.
    batch_size : int, optional
        None for any.
    dtype : str, optional
    name : str, optional
    batch_shape : tuple, optional
        The shape with the batch axis, instead of `shape`.
    tensor : KerasTensor, optional
        A placeholder to take instead of making one.
    optional : bool
        Whether the model may be called with None here.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.Input((784,)).shape
    (None, 784)
    """
    layer = InputLayer(shape, batch_size, dtype, sparse, ragged, batch_shape, tensor, optional, name)
    return layer.output


class InputLayer(Layer):
    """The layer that `Input` makes: it gives the data on as they are."""

    def __init__(
        self, shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, input_tensor=None,
        optional=False, name=None, **kwargs,
    ):
        if sparse or ragged:
            raise NotImplementedError("Input: sparse and ragged tensors are not offered: give plain arrays.")
        if dtype == "string":
            raise NotImplementedError(
                "Input(dtype='string'): a model computes with numbers. Apply the text layer to the data first, "
                "x = layer(texts), and let the model begin with what it gives."
            )
        if input_tensor is not None:
            shape, dtype = None, dtype or input_tensor.dtype
            batch_shape = input_tensor.shape
        if batch_shape is None:
            batch_shape = (batch_size, *_checked(shape))
        super().__init__(name=name)
        self.batch_shape, self.optional, self.sparse, self.ragged = tuple(batch_shape), optional, False, False
        self.dtype = dtype or config.floatx()
        self.built = True
        output = input_tensor
        if output is None:
            output = KerasTensor(self.batch_shape, self.dtype, name=self.name)
        Node(self, (), {}, output)

    def call(self):
        raise TypeError(f"Input {self.name!r} is no layer to call: call the model, or the layers after it.")

    def compute_output_shape(self):
        return self.batch_shape

    def get_config(self):
        return {
            "batch_shape": self.batch_shape, "dtype": self.dtype, "sparse": False, "ragged": False, "name": self.name,
            "optional": self.optional,
        }


def _checked(shape):
    if shape is None:
        raise ValueError("Input needs `shape`, the shape of one sample: Input((784,)) for samples of 784 numbers.")
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if any(n is not None and (not isinstance(n, numbers.Integral) or n < 0) for n in shape):
        raise ValueError(f"Input: `shape` must hold whole numbers (or None for a size that varies); got {shape}.")
    return shape
