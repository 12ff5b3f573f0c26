"""Normalization of features by the mean and variance of a dataset."""

import numpy as np

from ... import config, ops
from ...autodiff import Tensor
from ...utils.data import in_blocks, on_disk
from .data_layer import DataLayer


class Normalization(DataLayer):
    """y = (x - mean) / sqrt(variance), of a dataset that `adapt` has gone through.

    Parameters
    ----------
    axis : int, tuple of int or None
        The axes that have a mean of their own for each place: -1 for each column of a table, None for one mean of all.
    mean, variance : float or array, optional
        Given, there is nothing to adapt.
    invert : bool
        The other way: y = x * sqrt(variance) + mean.

    Shapes
    ------
    Any, and the same out; mean and variance have the sizes of `axis`.

    Raises
    ------
    ValueError
        If only one of mean and variance is given, or the data do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> layer = keras.layers.Normalization()
    >>> layer.adapt(np.array([[0.0, 7.0], [2.0, 9.0]], "float32"))
    >>> layer(np.array([[0.0, 9.0]])).numpy()
    array([[-1.,  1.]], dtype=float32)

    Source: https://keras.io/api/layers/preprocessing_layers/numerical/normalization/
    """

    supports_masking = True

    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs):
        super().__init__(**kwargs)
        self.axis = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        self.input_mean, self.input_variance, self.invert = mean, variance, invert
        self._build_input_shape = None
        if (mean is None) != (variance is None):
            raise ValueError(f"Normalization: give both `mean` and `variance`, or neither; got {mean} and {variance}.")
        if np.shape(mean) != np.shape(variance):
            raise ValueError(
                "Normalization: `mean` and `variance` must have the same shape; got "
                f"{np.shape(mean)} and {np.shape(variance)}."
            )
        if len(np.shape(mean)) > len(self.axis):
            raise ValueError(
                f"Normalization: a `mean` of shape {np.shape(mean)} has more axes than `axis` names: {self.axis}."
            )

    def build(self, input_shape):
        ndim = len(input_shape)
        if any(not -ndim <= axis < ndim for axis in self.axis):
            raise ValueError(
                f"Layer {self.name!r} (Normalization): inputs of shape {tuple(input_shape)} have no axis {self.axis}."
            )
        kept = sorted(axis % ndim for axis in self.axis)
        if any(input_shape[axis] is None for axis in kept):
            raise ValueError(
                f"Layer {self.name!r} (Normalization): the axes {self.axis} must have fixed sizes; got {input_shape}."
            )
        self._build_input_shape, self._kept_axes = tuple(input_shape), kept
        self._broadcast_shape = tuple(input_shape[i] if i in kept else 1 for i in range(ndim))
        if self.input_mean is None:
            shape = tuple(input_shape[axis] for axis in kept)
            self.adapt_mean = self.add_weight(shape, "zeros", trainable=False, name="mean")
            self.adapt_variance = self.add_weight(shape, "ones", trainable=False, name="variance")
            self.count = self.add_weight((), "zeros", "int32", trainable=False, name="count")

    def adapt(self, data):
        """Learn mean and variance from an array, also on disk, a table, or batches (list, generator, PyDataset)."""
        if self.input_mean is not None:
            raise ValueError(f"Layer {self.name!r} (Normalization) was made with a mean and a variance: adapt nothing.")
        data = data.to_numpy() if hasattr(data, "to_numpy") else data
        data = in_blocks(data) if on_disk(data) else data
        if isinstance(data, np.ndarray) or hasattr(data, "add_grad"):
            x = np.asarray(data)
            self._fit_to(x.shape)
            axes = self._reduced(x)
            mean, variance = np.mean(x, axes), np.var(x, axes)
        else:
            mean, variance = self._moments_of_batches(data)
        self.adapt_mean.assign(mean)
        self.adapt_variance.assign(variance)

    def _moments_of_batches(self, data):
        total, mean, variance = 0, 0.0, 0.0
        if hasattr(data, "__getitem__") and hasattr(data, "__len__") and not isinstance(data, (list, tuple)):
            data = (data[i] for i in range(len(data)))  # a PyDataset
        elif not hasattr(data, "__iter__"):
            raise TypeError(f"adapt() takes an array, or batches of arrays; got {type(data).__name__}.")
        for batch in data:
            batch = batch[0] if isinstance(batch, (list, tuple)) else batch
            if not hasattr(batch, "shape"):
                raise TypeError(
                    f"adapt() goes through batches, and each must be an array; got a {type(batch).__name__}. For one "
                    "table of numbers: adapt(np.array(data))."
                )
            x = np.asarray(batch, self.dtype)
            self._fit_to(x.shape)
            axes = self._reduced(x)
            n = int(np.prod([x.shape[axis] for axis in axes]))
            total += n
            new = mean + (x.mean(axes) - mean) * n / total
            variance = (variance + (mean - new) ** 2) * (1 - n / total) + (
                x.var(axes) + (x.mean(axes) - new) ** 2) * n / total
            mean = new
        if not total:
            raise ValueError("adapt() got no data: at least one batch is needed.")
        return mean, variance

    def _reduced(self, x):
        return tuple(i for i in range(x.ndim) if i not in self._kept_axes)

    def _fit_to(self, shape):
        if not self.built:
            self.build(shape)
        have = self._build_input_shape
        if len(shape) != len(have) and self._kept_axes or any(shape[i] != have[i] for i in self._kept_axes):
            raise ValueError(
                f"Layer {self.name!r} (Normalization) was built for inputs of shape {have}; adapt() got data of shape "
                f"{tuple(shape)}."
            )

    @property
    def mean(self):
        """What is taken off, in a shape that broadcasts with the inputs; None before the layer is built."""
        return self._statistic(self.input_mean, "adapt_mean")

    @property
    def variance(self):
        """What the inputs are divided by, squared."""
        return self._statistic(self.input_variance, "adapt_variance")

    def _statistic(self, given, weight):
        if not self.built:
            return None
        if given is None:
            return ops.reshape(getattr(self, weight), self._broadcast_shape)
        given, shape = np.asarray(given, self.dtype), [1] * len(self._broadcast_shape)
        for axis, n in zip(reversed(self._kept_axes), reversed(given.shape)):
            shape[axis] = n
        return Tensor(np.ascontiguousarray(np.broadcast_to(given.reshape(shape), self._broadcast_shape)))

    def call(self, inputs):
        x = ops.cast(inputs, self.dtype)
        stddev = ops.maximum(ops.sqrt(self.variance), config.epsilon())
        return x * stddev + self.mean if self.invert else (x - self.mean) / stddev

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "axis": self.axis,
            "invert": self.invert,
            "mean": np.array(self.input_mean).tolist(),
            "variance": np.array(self.input_variance).tolist(),
        }
