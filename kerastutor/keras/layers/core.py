"""The layers that most networks start from.

Source: https://keras.io/api/layers/core_layers/ and https://keras.io/api/layers/reshaping_layers/
"""

import math
import numbers

from .. import activations, config, constraints, initializers, ops, random, regularizers
from .layer import InputSpec, KerasTensor, Layer


def Input(shape=None, batch_size=None, dtype=None, name=None, batch_shape=None):
    """A placeholder for the data: the shape of one sample, without the batch axis.

    Parameters
    ----------
    shape : tuple
        (784,) for samples of 784 numbers.
    batch_size : int, optional
        None for any.
    dtype : str, optional
    name : str, optional

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.Input((784,)).shape
    (None, 784)
    """
    if batch_shape is None:
        if shape is None:
            raise ValueError("Input needs `shape`, the shape of one sample: Input((784,)) for samples of 784 numbers.")
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        if any(n is not None and (not isinstance(n, numbers.Integral) or n < 0) for n in shape):
            raise ValueError(f"Input: `shape` must hold whole numbers (or None for a size that varies); got {shape}.")
        batch_shape = (batch_size, *shape)
    return KerasTensor(batch_shape, dtype or "float32", name)


class InputLayer(Layer):
    """The place where data enters a model; `Input` and `input_shape` make one."""

    def __init__(self, shape=None, batch_size=None, dtype=None, batch_shape=None, name=None, **kwargs):
        super().__init__(name=name, dtype=dtype, **kwargs)
        self.batch_shape = tuple(batch_shape) if batch_shape is not None else (batch_size, *shape)
        self.built = True

    def call(self, inputs):
        return inputs

    def compute_output_shape(self, input_shape=None):
        return self.batch_shape


class Dense(Layer):
    """A fully connected layer: y = activation(x @ kernel + bias).

    Parameters
    ----------
    units : int
        How many neurons, the size of the output's last axis.
    activation : str or callable, optional
        "relu", "softmax", ...; None for y = x @ kernel + bias.
    use_bias : bool
    kernel_initializer, bias_initializer : str or Initializer

    Shapes
    ------
    (..., n) -> (..., units); kernel (n, units), bias (units,).

    Raises
    ------
    ValueError
        If the last axis of the input is not the size that it was built for.

    Examples
    --------
    >>> from kerastutor import keras
    >>> layer = keras.layers.Dense(2, kernel_initializer="ones")
    >>> layer([[1.0, 2.0, 3.0]]).numpy()
    array([[6., 6.]], dtype=float32)

    Source: https://keras.io/api/layers/core_layers/dense/
    """

    supports_masking = True

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if not isinstance(units, int) or units < 1:
            raise ValueError(f"Dense: `units` must be a positive whole number; got {units!r}.")
        self.units, self.use_bias = units, use_bias
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape):
        n = input_shape[-1]
        if n is None:
            raise ValueError(
                f"Layer {self.name!r} (Dense): the last axis of its input must have a fixed size; got {input_shape}."
            )
        self.kernel = self.add_weight(
            (n, self.units), self.kernel_initializer, name="kernel",
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units,), self.bias_initializer, name="bias",
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: n})

    def call(self, inputs):
        x = ops.matmul(inputs, self.kernel)
        if self.use_bias:
            x = x + self.bias
        return self.activation(x)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
        }


class Activation(Layer):
    """An activation as a layer of its own: y = activation(x).

    Parameters
    ----------
    activation : str or callable
    """

    supports_masking = True

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.built = True

    def call(self, inputs):
        return self.activation(inputs)

    def get_config(self):
        return {**super().get_config(), "activation": activations.serialize(self.activation)}


class Dropout(Layer):
    """While training, sets each number to 0 with probability `rate` and divides the others by 1 - rate.

    The mean stays as it was, so nothing needs to be done outside training: y = x.

    Parameters
    ----------
    rate : float
        0 to 1.
    noise_shape : tuple, optional
        The shape of the mask, 1 where one decision holds for a whole axis.
    seed : int, optional

    Raises
    ------
    ValueError
        If rate is not within 0..1.

    Source: Srivastava et al., "Dropout", JMLR 15 (2014); https://keras.io/api/layers/regularization_layers/dropout/
    """

    supports_masking = True

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(rate, numbers.Real) or not 0 <= rate <= 1:
            raise ValueError(f"Dropout: `rate` is a share between 0 and 1, for 25 % write 0.25; got {rate!r}.")
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed
        if rate > 0:  # as Keras: a layer that drops nothing draws no seed
            self.seed_generator = random.SeedGenerator(seed)
        self.built = True

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        return random.dropout(inputs, self.rate, self.noise_shape, seed=self.seed_generator)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "noise_shape": self.noise_shape, "seed": self.seed}


class Flatten(Layer):
    """All axes but the batch's become one: (batch, a, b, ...) -> (batch, a * b * ...)."""

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        if data_format not in (None, "channels_last", "channels_first"):
            raise ValueError(
                f"Flatten: `data_format` must be 'channels_last' or 'channels_first'; got {data_format!r}."
            )
        self.data_format = data_format or config.image_data_format()
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs):
        if self.data_format == "channels_first" and inputs.ndim > 2:
            inputs = ops.transpose(inputs, (0, *range(2, inputs.ndim), 1))
        return ops.reshape(inputs, (inputs.shape[0], math.prod(inputs.shape[1:])))

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}


class Reshape(Layer):
    """Samples in another shape: (batch, ...) -> (batch, *target_shape).

    Parameters
    ----------
    target_shape : tuple of int
        Without the batch axis; one size may be -1.
    """

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape) if not isinstance(target_shape, int) else (target_shape,)
        if self.target_shape.count(-1) > 1:
            raise ValueError(f"Reshape: only one size of target_shape may be -1; got {self.target_shape}.")

    def call(self, inputs):
        have, want = math.prod(inputs.shape[1:]), math.prod(self.target_shape)
        if have != want and (-1 not in self.target_shape or have % max(-want, 1)):
            multiple = " or a multiple" if -1 in self.target_shape else ""
            raise ValueError(
                f"Layer {self.name!r} (Reshape): a sample of shape {inputs.shape[1:]} has {have} numbers, and "
                f"target_shape {self.target_shape} needs {abs(want)}{multiple}."
            )
        sizes = self.target_shape
        if -1 in sizes:
            sizes = tuple(have // max(-want, 1) if n == -1 else n for n in sizes)
        return ops.reshape(inputs, (inputs.shape[0], *sizes))

    def get_config(self):
        return {**super().get_config(), "target_shape": self.target_shape}
