"""Normalization of each sample by itself: the same in training and outside it."""


from ... import naming
from ...ops.normalization import layer_normalization, normalize, rms_normalization
from ..layer import Layer
from .scaled import Scaled, axes_as_keras_takes_them


class LayerNormalization(Scaled):
    """Each sample with mean 0 and variance 1 over `axis`: y = gamma * (x - mean) / sqrt(variance + epsilon) + beta.

    Parameters
    ----------
    axis : int or list of int
        What is normalized together; gamma and beta have the sizes of these axes.
    epsilon : float
    center, scale : bool
        Whether there is a beta, a gamma.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.LayerNormalization(epsilon=0)(np.array([[1.0, 3.0], [10.0, 20.0]])).numpy()
    array([[-1.,  1.],
           [-1.,  1.]], dtype=float32)

    Source: Ba, Kiros, Hinton (2016), https://arxiv.org/abs/1607.06450;
    https://keras.io/api/layers/normalization_layers/layer_normalization/
    """

    def __init__(
        self,
        axis=-1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        **kwargs,
    ):
        rms_scaling = kwargs.pop("rms_scaling", False)
        super().__init__(
            center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint,
            gamma_constraint, **kwargs,
        )
        if rms_scaling:
            naming.warn(
                "LayerNormalization(rms_scaling=True) divides by the standard deviation, not by the root of the mean "
                "square, and is deprecated in Keras: use RMSNormalization."
            )
        self.axis, self.epsilon = axes_as_keras_takes_them(axis, "LayerNormalization"), epsilon
        self.rms_scaling = rms_scaling

    def build(self, input_shape):
        self.check_axes(input_shape)
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        shape = tuple(input_shape[axis] for axis in self.axis)
        self.add_gamma_and_beta(shape, self.scale or self.rms_scaling, self.center and not self.rms_scaling)

    def call(self, inputs):
        return layer_normalization(inputs, self.gamma, self.beta, self.axis, self.epsilon, rms_scaling=self.rms_scaling)

    def get_config(self):
        return {**super().get_config(), "rms_scaling": self.rms_scaling}


class RMSNormalization(Layer):
    """Each sample divided by the root of its mean square over `axis`: y = scale * x / sqrt(mean(x ** 2) + epsilon).

    Source: Zhang and Sennrich (2019), https://arxiv.org/abs/1910.07467;
    https://keras.io/api/layers/normalization_layers/rms_normalization/
    """

    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.axis, self.epsilon = axes_as_keras_takes_them(axis, "RMSNormalization"), epsilon

    def build(self, input_shape):
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        n = len(input_shape)
        if sorted(axis % n for axis in self.axis) != list(range(n - len(self.axis), n)):
            raise ValueError(
                f"Layer {self.name!r} (RMSNormalization): `axis` must name the last axes of the input, whose sizes the "
                f"scale has; got {self.axis} for inputs of shape {input_shape}."
            )
        self.scale = self.add_weight(tuple(input_shape[axis] for axis in self.axis), "ones", name="scale")

    def call(self, x):
        return rms_normalization(x, self.scale, self.axis, self.epsilon)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon}


class UnitNormalization(Layer):
    """Each sample divided by its length over `axis`: y = x / sqrt(sum of x ** 2).

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.UnitNormalization()(np.array([[3.0, 4.0]])).numpy()
    array([[0.6, 0.8]], dtype=float32)

    Source: https://keras.io/api/layers/normalization_layers/unit_normalization/
    """

    supports_masking = True

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axes_as_keras_takes_them(axis, "UnitNormalization")
        self.built = True

    def call(self, inputs):
        return normalize(inputs, self.axis, order=2, epsilon=1e-12)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}
