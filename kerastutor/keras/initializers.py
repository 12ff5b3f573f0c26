"""First values of weights. Source: https://keras.io/api/layers/initializers/

An initializer is called with a shape and gives an array. Seeded alike, it gives the numbers that Keras's own NumPy
backend gives. Called twice, the same object gives the same numbers: its seed is drawn once, when it is made.
"""

import math

import numpy as np

from . import config, identifiers, random
from .autodiff import Tensor
from .naming import look_up
from .saving.deserialization import deserialize_keras_object
from .saving.serialization import serialize_keras_object


class Initializer:
    """A function of (shape, dtype) with a configuration. Subclass it for your own.

    Examples
    --------
    >>> from kerastutor import keras
    >>> class Halves(keras.initializers.Initializer):
    ...     def __call__(self, shape, dtype=None):
    ...         return 0.5 * keras.ops.ones(shape, dtype)
    >>> Halves()((2,)).numpy()
    array([0.5, 0.5], dtype=float32)
    """

    def __call__(self, shape, dtype=None):
        raise NotImplementedError(f"{type(self).__name__} needs a method __call__(self, shape, dtype=None).")

    def get_config(self):
        """The arguments that `from_config` needs to make it again."""
        return {}

    @classmethod
    def from_config(cls, config):
        """An initializer made from what `get_config` gave."""
        return cls(**config)

    def clone(self):
        """Another one with the same configuration."""
        return self.from_config(self.get_config())


class Constant(Initializer):
    """`value` everywhere; an array is broadcast."""

    def __init__(self, value=0.0):
        self.value = value

    def __call__(self, shape, dtype=None):
        value = self.value.numpy() if isinstance(self.value, Tensor) else self.value
        return Tensor(np.full(shape, value, dtype or config.floatx()))

    def get_config(self):
        return {"value": serialize_keras_object(self.value)}

    @classmethod
    def from_config(cls, config):
        return cls(deserialize_keras_object(config["value"]))


class Zeros(Initializer):
    """0 everywhere: for biases."""

    def __call__(self, shape, dtype=None):
        return Tensor(np.zeros(shape, dtype or config.floatx()))


class Ones(Initializer):
    """1 everywhere: for scales."""

    def __call__(self, shape, dtype=None):
        return Tensor(np.ones(shape, dtype or config.floatx()))


class Identity(Initializer):
    """`gain` on the diagonal, 0 elsewhere: for square recurrent kernels."""

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype=None):
        if len(shape) != 2:
            raise ValueError(f"Identity makes matrices: the shape needs two axes, got {tuple(shape)}.")
        return Tensor(np.eye(*shape, dtype=dtype or config.floatx()) * self.gain)

    def get_config(self):
        return {"gain": self.gain}


class STFT(Initializer):
    """The waves of a short-time Fourier transform, for the kernel of a Conv1D: shape (length, 1, bins).

    kernel[t, 0, f] = window[t] * cos(-2 pi t f / n), or sin, with n = 2 * (bins - 1).

    Parameters
    ----------
    side : {"real", "imag"}
        Cosines or sines.
    window : str, vector or None
        "hann", "hamming", "blackman" or "bartlett".
    scaling : {"density", "spectrum", None}
        Divided by the root of the window's squares' sum, or by its sum.
    periodic : bool
        Whether the window's last point is left out, so that windows in succession fit together.
    """

    def __init__(self, side="real", window="hann", scaling="density", periodic=False):
        if side not in ("real", "imag"):
            raise ValueError(f"STFT: `side` must be 'real' or 'imag'; got {side!r}.")
        if scaling not in ("density", "spectrum", None):
            raise ValueError(f"STFT: `scaling` must be 'density', 'spectrum' or None; got {scaling!r}.")
        if isinstance(window, str):
            look_up(window, _WINDOWS, "window")
        self.side, self.window, self.scaling, self.periodic = side, window, scaling, periodic

    def __call__(self, shape, dtype=None):
        length, _, bins = shape
        turns = np.arange(length)[:, None, None] * np.arange(bins) / (2 * (bins - 1))
        kernel = (np.cos if self.side == "real" else np.sin)(-2 * np.pi * turns)
        if self.window is not None:
            window = self._window(length)[:, None, None]
            scale = {"density": np.sqrt(np.sum(window**2)), "spectrum": np.sum(abs(window)), None: 1}[self.scaling]
            kernel = kernel * window / scale
        return Tensor(kernel.astype(dtype or config.floatx()))

    def _window(self, length):
        if isinstance(self.window, str):
            return _WINDOWS[self.window](length + self.periodic)[:length]
        window = np.asarray(self.window)
        if window.shape != (length,):
            raise ValueError(f"STFT: the window must have {length} numbers; got shape {window.shape}.")
        return window

    def get_config(self):
        return {"side": self.side, "window": self.window, "periodic": self.periodic, "scaling": self.scaling}


_WINDOWS = {"hann": np.hanning, "hamming": np.hamming, "blackman": np.blackman, "bartlett": np.bartlett}


class _Random(Initializer):
    """What random initializers share: a seed, fixed when the initializer is made."""

    def __init__(self, seed=None):
        if isinstance(seed, dict):
            seed = deserialize_keras_object(seed)
        seeded = isinstance(seed, random.SeedGenerator) or (isinstance(seed, int) and 0 <= seed < 2**32)
        if seed is not None and not seeded:
            raise ValueError(f"`seed` must be a whole number from 0 to 2**32 - 1, or a SeedGenerator; got {seed!r}.")
        self._given_seed = seed
        self.seed = random.make_default_seed() if seed is None else seed

    def get_config(self):
        return {"seed": serialize_keras_object(self._given_seed)}


class RandomNormal(_Random):
    """Normally distributed numbers."""

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean, self.stddev = mean, stddev
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        return random.normal(shape, self.mean, self.stddev, dtype, self.seed)

    def get_config(self):
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


class TruncatedNormal(RandomNormal):
    """Normally distributed numbers; those beyond two standard deviations are drawn again."""

    def __call__(self, shape, dtype=None):
        return random.truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


class RandomUniform(_Random):
    """Numbers spread evenly over minval..maxval."""

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval, self.maxval = minval, maxval
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        return random.uniform(shape, self.minval, self.maxval, dtype, self.seed)

    def get_config(self):
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}


class VarianceScaling(_Random):
    """Random numbers of variance scale / n, so that signals keep their size from layer to layer.

    Parameters
    ----------
    scale : float
    mode : {"fan_in", "fan_out", "fan_avg"}
        n is how many numbers flow into a neuron, out of an input, or the average of the two.
    distribution : {"truncated_normal", "untruncated_normal", "uniform"}
        A uniform one reaches to ±sqrt(3 scale / n).
    seed : int, optional
    input_axes, output_axes : tuple of int, optional
        The axes of the shape whose sizes make up fan_in and fan_out, where the last two are not them.

    Examples
    --------
    >>> from kerastutor import keras
    >>> he = keras.initializers.VarianceScaling(2.0, "fan_in", seed=0)  # what HeNormal is
    >>> he((784, 512)).numpy().std().round(3)
    np.float32(0.051)
    """

    def __init__(
        self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None, input_axes=None, output_axes=None
    ):
        if not scale > 0:
            raise ValueError(f"`scale` must be greater than 0; got {scale!r}.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"`mode` must be 'fan_in', 'fan_out' or 'fan_avg'; got {mode!r}.")
        distribution = "truncated_normal" if str(distribution).lower() == "normal" else str(distribution).lower()
        if distribution not in ("truncated_normal", "untruncated_normal", "uniform"):
            raise ValueError(
                f"`distribution` must be 'truncated_normal', 'untruncated_normal' or 'uniform'; got {distribution!r}."
            )
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.input_axes, self.output_axes = input_axes, output_axes
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        variance = self.scale / max(1.0, n)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return random.uniform(shape, -limit, limit, dtype, self.seed)
        if self.distribution == "untruncated_normal":
            return random.normal(shape, 0.0, math.sqrt(variance), dtype, self.seed)
        # cutting a normal distribution off at two standard deviations leaves 0.8796 of its standard deviation
        return random.truncated_normal(shape, 0.0, math.sqrt(variance) / 0.87962566103423978, dtype, self.seed)

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


def compute_fans(shape, input_axes=None, output_axes=None):
    """How many numbers flow into each output and out of each input of a kernel: (fan_in, fan_out).

    A kernel of more than two axes is a convolution's: both are multiplied by the size of its window.
    """
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[a] for a in input_axes), math.prod(shape[a] for a in output_axes)
    if len(shape) < 2:
        return (shape[0], shape[0]) if len(shape) else (1, 1)
    window = math.prod(shape[:-2])
    return int(shape[-2] * window), int(shape[-1] * window)


class _Scaled(VarianceScaling):
    """A VarianceScaling with a name of its own."""

    arguments = ()

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(*self.arguments, seed=seed, input_axes=input_axes, output_axes=output_axes)

    def get_config(self):
        return {**_Random.get_config(self), "input_axes": self.input_axes, "output_axes": self.output_axes}


class GlorotUniform(_Scaled):
    """Uniform over ±sqrt(6 / (fan_in + fan_out)): the default of most layers (Glorot & Bengio, 2010)."""

    arguments = 1.0, "fan_avg", "uniform"


class GlorotNormal(_Scaled):
    """Truncated normal of variance 2 / (fan_in + fan_out) (Glorot & Bengio, 2010)."""

    arguments = 1.0, "fan_avg", "truncated_normal"


class HeUniform(_Scaled):
    """Uniform over ±sqrt(6 / fan_in): for relu (He et al., 2015)."""

    arguments = 2.0, "fan_in", "uniform"


class HeNormal(_Scaled):
    """Truncated normal of variance 2 / fan_in: for relu (He et al., 2015)."""

    arguments = 2.0, "fan_in", "truncated_normal"


class LecunUniform(_Scaled):
    """Uniform over ±sqrt(3 / fan_in): for selu (LeCun et al., 1998)."""

    arguments = 1.0, "fan_in", "uniform"


class LecunNormal(_Scaled):
    """Truncated normal of variance 1 / fan_in: for selu (LeCun et al., 1998)."""

    arguments = 1.0, "fan_in", "truncated_normal"


class Orthogonal(_Random):
    """`gain` times a random orthogonal matrix: for recurrent kernels (Saxe et al., 2013).

    Found by a QR decomposition of normally distributed numbers; axes before the last are folded into rows.
    """

    def __init__(self, gain=1.0, seed=None):
        self.gain = gain
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        if len(shape) < 2:
            raise ValueError(f"Orthogonal makes matrices: the shape needs two axes or more, got {tuple(shape)}.")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        normal = random.normal((max(rows, columns), min(rows, columns)), dtype=dtype, seed=self.seed)
        q, r = np.linalg.qr(normal.numpy())
        q *= np.sign(np.diag(r))
        return Tensor(self.gain * (q.T if rows < columns else q).reshape(shape))

    def get_config(self):
        return {**super().get_config(), "gain": self.gain}


random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
constant, zeros, ones, identity, orthogonal = Constant, Zeros, Ones, Identity, Orthogonal
variance_scaling = VarianceScaling
glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
he_uniform, he_normal = HeUniform, HeNormal
lecun_uniform, lecun_normal = LecunUniform, LecunNormal
stft = STFT
IdentityInitializer, OrthogonalInitializer, STFTInitializer = Identity, Orthogonal, STFT

_ALL = identifiers.table(
    Constant, Zeros, Ones, Identity, RandomNormal, TruncatedNormal, RandomUniform, VarianceScaling, GlorotUniform,
    GlorotNormal, HeUniform, HeNormal, LecunUniform, LecunNormal, Orthogonal, STFT,
    zero=Zeros, one=Ones, normal=RandomNormal, uniform=RandomUniform, stft=STFT, IdentityInitializer=Identity,
    OrthogonalInitializer=Orthogonal, STFTInitializer=STFT,
)


def get(identifier):
    """The initializer that a name, configuration, class, array, function or None stands for."""
    if isinstance(identifier, (np.ndarray, np.generic, Tensor)):
        return _Array(identifier)
    return identifiers.get(identifier, _ALL, "initializer")


class _Array(Initializer):
    """An array given in place of an initializer: its numbers, which must have the weight's shape."""

    def __init__(self, value):
        self.value = np.array(value)

    def __call__(self, shape, dtype=None):
        if tuple(shape) != self.value.shape:
            raise ValueError(
                f"The array given as initializer has shape {self.value.shape}; the weight has {tuple(shape)}."
            )
        return Tensor(self.value.astype(dtype or config.floatx()))

    def get_config(self):
        return {"value": self.value.tolist()}


def serialize(initializer):
    """The configuration of an initializer, as Keras writes it."""
    return identifiers.serialize(initializer, "keras.initializers")


def deserialize(config, custom_objects=None):
    """The initializer of a configuration or a name."""
    return identifiers.deserialize(config, _ALL, "initializer", custom_objects)
