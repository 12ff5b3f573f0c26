"""Activations with options or weights of their own; `Activation`, in `core.py`, is for all others.

Source: https://keras.io/api/layers/activation_layers/
"""

import math
import numbers

from .. import activations, constraints, initializers, naming, ops, regularizers
from .input_spec import InputSpec
from .layer import Layer


class _Elementwise(Layer):
    """What activations share: the output has the input's shape."""

    supports_masking = True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.built = True

    def compute_output_shape(self, input_shape):
        return input_shape


def _from_zero(layer, name, value):
    if not isinstance(value, numbers.Real) or not value >= 0:
        raise ValueError(f"{type(layer).__name__}: `{name}` must be a number, 0 or greater; got {value!r}.")
    return value


class ReLU(_Elementwise):
    """y = x above `threshold`, at most `max_value`; below it negative_slope * (x - threshold).

    Parameters
    ----------
    max_value : float, optional
        None for no limit.
    negative_slope, threshold : float
        0 or greater.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.ReLU(max_value=2.0, negative_slope=0.5)(np.array([-2.0, 1.0, 3.0])).numpy()
    array([-1.,  1.,  2.], dtype=float32)
    """

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        super().__init__(**kwargs)
        self.max_value = None if max_value is None else _from_zero(self, "max_value", max_value)
        self.negative_slope = _from_zero(self, "negative_slope", negative_slope)
        self.threshold = _from_zero(self, "threshold", threshold)

    def call(self, inputs):
        return activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)

    def get_config(self):
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }


class LeakyReLU(_Elementwise):
    """y = x, but negative_slope * x where x is below 0: no neuron is ever quite dead.

    Parameters
    ----------
    negative_slope : float
        0 or greater.
    """

    def __init__(self, negative_slope=0.3, **kwargs):
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
            naming.warn("LeakyReLU: `alpha` is called `negative_slope` today.")
        super().__init__(**kwargs)
        self.negative_slope = _from_zero(self, "negative_slope", negative_slope)

    def call(self, inputs):
        return activations.leaky_relu(inputs, self.negative_slope)

    def get_config(self):
        return {**super().get_config(), "negative_slope": self.negative_slope}


class PReLU(Layer):
    """y = x, but alpha * x where x is below 0; alpha is learned, one for each place of a sample.

    Parameters
    ----------
    alpha_initializer, alpha_regularizer, alpha_constraint : str or object
    shared_axes : int or list of int, optional
        Axes along which one alpha serves all: [1, 2] for one alpha for each channel of an image.

    Source: He et al., "Delving deep into rectifiers" (2015), arXiv:1502.01852
    """

    supports_masking = True

    def __init__(
        self, alpha_initializer="Zeros", alpha_regularizer=None, alpha_constraint=None, shared_axes=None, **kwargs
    ):
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        self.shared_axes = shared_axes
        if shared_axes is not None:
            self.shared_axes = list(shared_axes) if isinstance(shared_axes, (list, tuple)) else [shared_axes]

    def build(self, input_shape):
        shared = self.shared_axes or []
        wrong = [axis for axis in shared if not isinstance(axis, int) or not 0 < axis < len(input_shape)]
        own = {axis: n for axis, n in enumerate(input_shape) if axis and axis not in shared}
        if wrong or None in own.values():
            raise ValueError(
                f"Layer {self.name!r} (PReLU), input {tuple(input_shape)}: `shared_axes` names axes from 1 up, and all "
                f"whose size varies; got {self.shared_axes}."
            )
        shape = [own.get(axis, 1) for axis in range(1, len(input_shape))]
        self.alpha = self.add_weight(
            shape, self.alpha_initializer, name="alpha",
            regularizer=self.alpha_regularizer, constraint=self.alpha_constraint,
        )
        self.input_spec = InputSpec(ndim=len(input_shape), axes=own if shared else {})

    def call(self, inputs):
        return ops.relu(inputs) - self.alpha * ops.relu(-inputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "alpha_initializer": initializers.serialize(self.alpha_initializer),
            "alpha_regularizer": regularizers.serialize(self.alpha_regularizer),
            "alpha_constraint": constraints.serialize(self.alpha_constraint),
            "shared_axes": self.shared_axes,
        }


class ELU(_Elementwise):
    """y = x, but alpha * (e ** x - 1) where x is below 0: smooth, and never below -alpha.

    Parameters
    ----------
    alpha : float

    Source: Clevert et al., "Exponential linear units" (2015), arXiv:1511.07289
    """

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs):
        return activations.elu(inputs, self.alpha)

    def get_config(self):
        return {**super().get_config(), "alpha": self.alpha}


class Softmax(_Elementwise):
    """Shares that add up to 1: y = e ** x / sum of e ** x along `axis`.

    Parameters
    ----------
    axis : int or list of int
        Several: the sum is over all of them.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> x = np.array([[1.0, 1.0, 5.0]])
    >>> keras.layers.Softmax()(x, mask=np.array([[True, True, False]])).numpy()
    array([[0.5, 0.5, 0. ]], dtype=float32)
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs, mask=None):
        """`mask`: True where a number counts, in a shape that can be broadcast to that of `inputs`."""
        if mask is None:
            return self._softmax(inputs)
        sizes = zip(reversed(mask.shape), reversed(inputs.shape))
        if mask.ndim > inputs.ndim or any(m not in (1, n) for m, n in sizes):
            raise ValueError(
                f"Layer {self.name!r} (Softmax): a mask of shape {mask.shape} can't be broadcast to inputs of shape "
                f"{inputs.shape}: counted from the last axis, each of its sizes must be the input's or 1."
            )
        if mask.dtype != "bool":
            mask = mask > 0.5
        return ops.where(mask, self._softmax(ops.where(mask, inputs, -1e9)), 0.0)

    def _softmax(self, x):
        if not isinstance(self.axis, (list, tuple)):
            return ops.softmax(x, axis=self.axis)
        several = sorted(axis % x.ndim for axis in self.axis)
        order = [axis for axis in range(x.ndim) if axis not in several] + several
        last = ops.transpose(x, order)
        y = ops.softmax(ops.reshape(last, (*last.shape[: -len(several)], math.prod(last.shape[-len(several) :]))))
        return ops.transpose(ops.reshape(y, last.shape), [order.index(axis) for axis in range(x.ndim)])

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


def ThresholdedReLU(theta=1.0, **kwargs):
    """Refused: Keras 3 has it no more."""
    raise ValueError(
        "ThresholdedReLU is no layer of Keras 3. Today: keras.layers.ReLU(threshold=theta), which is 0 up to theta and "
        "x above it."
    )
