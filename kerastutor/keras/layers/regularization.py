"""Layers that only work while a model is trained: they make it harder, so that less is learned by heart.

Source: https://keras.io/api/layers/regularization_layers/
"""

import math
import numbers

from .. import arguments, ops, random, regularizers
from .input_spec import InputSpec
from .layer import Layer


class _Noise(Layer):
    """What layers share that change their input at random, in training alone."""

    supports_masking = True

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.built = True

    def _draw_seeds_if(self, strength):
        if strength > 0:  # as Keras: a layer that changes nothing draws no seed
            self.seed_generator = random.SeedGenerator(self.seed)

    def compute_output_shape(self, input_shape):
        return input_shape


def _share(layer, name, value, one_too=True):
    """`value`, which must be from 0 to 1."""
    if not isinstance(value, numbers.Real) or not 0 <= value <= 1 or (value == 1 and not one_too):
        who, upto = type(layer).__name__, "and 1" if one_too else "and 1, and less than 1"
        hint = ", for 25 % write 0.25" if name == "rate" else ""
        raise ValueError(f"{who}: `{name}` is a number between 0 {upto}{hint}; got {value!r}.")
    return value


def _noise_shape(layer, noise_shape):
    if noise_shape is None:
        return None
    shape = None if isinstance(noise_shape, (str, numbers.Integral)) else tuple(noise_shape)
    if shape is None or any(n is not None and (not isinstance(n, numbers.Integral) or n < 1) for n in shape):
        raise ValueError(
            f"{type(layer).__name__}: `noise_shape` is a tuple with the size, 1 or None for each axis, the batch "
            f"included; got {noise_shape!r}."
        )
    return shape


class Dropout(_Noise):
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

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.rate, self.noise_shape = _share(self, "rate", rate), _noise_shape(self, noise_shape)
        self._draw_seeds_if(rate)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        return random.dropout(inputs, self.rate, self.noise_shape, seed=self.seed_generator)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "noise_shape": self.noise_shape, "seed": self.seed}


class _SpatialDropout(Dropout):
    """Dropout that decides once for a whole channel; a subclass says how many axes lie in space (`rank`)."""

    rank = None

    def __init__(self, rate, data_format=None, seed=None, name=None, dtype=None):
        super().__init__(rate, seed=seed, name=name, dtype=dtype)
        self.data_format = arguments.data_format(type(self).__name__, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        last = self.data_format == "channels_last"
        noise_shape = (None, *[1] * self.rank, None) if last else (None, None, *[1] * self.rank)
        return random.dropout(inputs, self.rate, noise_shape, seed=self.seed_generator)

    def get_config(self):
        return {
            "rate": self.rate, "seed": self.seed, "name": self.name, "dtype": self.dtype,
            "data_format": self.data_format,
        }


class SpatialDropout1D(_SpatialDropout):
    """Dropout of whole channels of a sequence: neighbouring steps are alike, so one alone would not be missed.

    Parameters
    ----------
    rate : float
    seed : int, optional

    Shapes
    ------
    (batch, steps, channels) -> the same.

    Source: Tompson et al., "Efficient object localization using convolutional networks" (2014), arXiv:1411.4280
    """

    rank = 1

    def __init__(self, rate, seed=None, name=None, dtype=None):
        super().__init__(rate, "channels_last", seed, name, dtype)

    def get_config(self):
        config = super().get_config()
        del config["data_format"]
        return config


class SpatialDropout2D(_SpatialDropout):
    """Dropout of whole channels of an image, (batch, height, width, channels); see `SpatialDropout1D`."""

    rank = 2


class SpatialDropout3D(_SpatialDropout):
    """Dropout of whole channels of a volume; see `SpatialDropout1D`."""

    rank = 3


class GaussianNoise(_Noise):
    """While training, adds normally distributed noise: y = x + noise, of mean 0.

    Parameters
    ----------
    stddev : float
        The noise's standard deviation, 0 to 1.
    seed : int, optional
    """

    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.stddev = _share(self, "stddev", stddev)
        self._draw_seeds_if(stddev)

    def call(self, inputs, training=False):
        if not training or self.stddev == 0:
            return inputs
        return inputs + random.normal(inputs.shape, 0.0, self.stddev, inputs.dtype, self.seed_generator)

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev, "seed": self.seed}


class GaussianDropout(_Noise):
    """While training, multiplies with normally distributed noise of mean 1: y = x * noise.

    Its standard deviation, sqrt(rate / (1 - rate)), is that of `Dropout`'s mask.

    Parameters
    ----------
    rate : float
        From 0 to less than 1.
    seed : int, optional

    Source: Srivastava et al., "Dropout", JMLR 15 (2014), section 10
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.rate = _share(self, "rate", rate, one_too=False)
        self._draw_seeds_if(rate)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        stddev = math.sqrt(self.rate / (1 - self.rate))
        return inputs * random.normal(inputs.shape, 1.0, stddev, inputs.dtype, self.seed_generator)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


class AlphaDropout(_Noise):
    """Dropout for `selu`: dropped numbers become selu's lowest value, -1.7581, and mean and variance stay 0 and 1.

    y = a * x + b for those kept, a * (-1.7581) + b for those dropped.

    Parameters
    ----------
    rate : float
        From 0 to less than 1.
    noise_shape : tuple, optional
        The shape of the mask, 1 where one decision holds for a whole axis.
    seed : int, optional

    Source: Klambauer et al., "Self-normalizing neural networks" (2017), arXiv:1706.02515
    """

    lowest = -1.6732632423543772 * 1.0507009873554805

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.rate, self.noise_shape = _share(self, "rate", rate, one_too=False), _noise_shape(self, noise_shape)
        self._draw_seeds_if(rate)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        sizes = self.noise_shape or inputs.shape
        shape = [have if n is None else n for n, have in zip(sizes, inputs.shape)]
        kept = random.uniform(shape, seed=self.seed_generator) >= self.rate
        a = ((1 - self.rate) * (1 + self.rate * self.lowest**2)) ** -0.5
        b = -a * self.lowest * self.rate
        return a * ops.where(kept, inputs, self.lowest) + b

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed, "noise_shape": self.noise_shape}


class ActivityRegularization(Layer):
    """Gives its input on, and adds to the loss what large numbers in it cost.

    The cost is (l1 * sum of |x| + l2 * sum of x ** 2) / batch size.

    Parameters
    ----------
    l1, l2 : float
        0 or greater.
    """

    supports_masking = True

    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(activity_regularizer=regularizers.L1L2(l1, l2), **kwargs)
        self.l1, self.l2 = l1, l2
        self.built = True

    def call(self, inputs):
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = {**super().get_config(), "l1": self.l1, "l2": self.l2}
        config.pop("activity_regularizer", None)
        return config
