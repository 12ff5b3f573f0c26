"""Batch normalization.

Source: Ioffe and Szegedy, "Batch Normalization", ICML 2015, https://arxiv.org/abs/1502.03167;
https://keras.io/api/layers/normalization_layers/batch_normalization/
"""

from ... import config, initializers, ops
from ...ops.normalization import normalize_batch, normalize_with
from ..input_spec import InputSpec
from .scaled import Scaled


class BatchNormalization(Scaled):
    """Each channel with mean 0 and variance 1: y = gamma * (x - mean) / sqrt(variance + epsilon) + beta.

    In training, mean and variance are those of the batch, and moving averages of them are kept:
    moving = momentum * moving + (1 - momentum) * of this batch. Outside training, and in a layer with
    `trainable = False`, the moving averages take their place.

    Parameters
    ----------
    axis : int
        Where the channels are; 1 for images with the channels first.
    momentum, epsilon : float
    center, scale : bool
        Whether there is a beta, a gamma.
    renorm : bool
        Batch renormalization (Ioffe, 2017, https://arxiv.org/abs/1702.03275): gamma and beta are corrected towards the
        moving averages in training, which helps small batches. `renorm_clipping` may have "rmin", "rmax" and "dmax".

    Shapes
    ------
    Any, and the same out; gamma, beta, moving_mean and moving_variance (channels,).

    Raises
    ------
    ValueError
        If there is no such axis, or the mask does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> layer = keras.layers.BatchNormalization(epsilon=0)
    >>> layer(np.array([[1.0], [3.0]]), training=True).numpy()
    array([[-1.],
           [ 1.]], dtype=float32)
    >>> layer.moving_mean.numpy().round(3)
    array([0.02], dtype=float32)
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        synchronized=False,
        **kwargs,
    ):
        super().__init__(
            center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint,
            gamma_constraint, **kwargs,
        )
        if synchronized:
            raise ValueError(
                "BatchNormalization: synchronized=True shares the batch among machines with TensorFlow; leave it out."
            )
        self.axis, self.momentum, self.epsilon = int(axis), float(momentum), float(epsilon)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.renorm, self.renorm_momentum, self.synchronized = renorm, renorm_momentum, synchronized
        self.renorm_clipping = _checked_clipping(renorm_clipping) if renorm else renorm_clipping

    def build(self, input_shape):
        self.check_axes(input_shape)
        shape = (input_shape[self.axis],)
        self.add_gamma_and_beta(shape, self.scale, self.center)
        mean, variance = self.moving_mean_initializer, self.moving_variance_initializer
        stddev = lambda shape, dtype=None: ops.sqrt(variance(shape, dtype=dtype))
        self.moving_mean = self._statistic("moving_mean", shape, mean)
        self.moving_variance = self._statistic("moving_variance", shape, variance)
        if self.renorm:
            self.moving_stddev = self._statistic("moving_stddev", shape, stddev)
            self.renorm_mean = self._statistic("renorm_mean", shape, mean)
            self.renorm_stddev = self._statistic("renorm_stddev", shape, stddev)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: shape[0]})

    def _statistic(self, name, shape, initializer):
        return self.add_weight(shape, initializer, trainable=False, name=name)

    def call(self, inputs, training=None, mask=None):
        if mask is not None and mask.ndim != inputs.ndim - 1:
            raise ValueError(
                f"Layer {self.name!r} (BatchNormalization): the mask must have one axis less than the input; got "
                f"shapes {mask.shape} and {inputs.shape}."
            )
        if mask is not None:
            mask = ops.broadcast_to(ops.expand_dims(mask, -1), inputs.shape)
        channels_are_last = self.axis in (-1, inputs.ndim - 1)
        if not channels_are_last:
            inputs = ops.moveaxis(inputs, self.axis, -1)
            mask = None if mask is None else ops.moveaxis(mask, self.axis, -1)
        x = ops.cast(inputs, self.moving_mean.dtype)
        if training and self.trainable:
            y = self._with_the_batch(x, mask)
        else:
            y = normalize_with(x, self.moving_mean, self.moving_variance, self.gamma, self.beta, self.epsilon)
        return y if channels_are_last else ops.moveaxis(y, -1, self.axis)

    def _with_the_batch(self, x, mask):
        if mask is None and not self.renorm:
            y, mean, variance = normalize_batch(x, self.gamma, self.beta, self.epsilon)
            self._move(mean, variance)
            return y
        mean, variance = ops.moments(x, tuple(range(x.ndim - 1))) if mask is None else _masked_moments(x, mask)
        gamma, beta = self.gamma, self.beta
        if self.renorm:
            gamma, beta = self._corrected(ops.stop_gradient(mean), ops.stop_gradient(variance))
        self._move(ops.stop_gradient(mean), ops.stop_gradient(variance))
        return ops.batch_normalization(x, mean, variance, -1, beta, gamma, self.epsilon)

    def _move(self, mean, variance):
        """The moving averages take in a batch."""
        if not self.renorm:
            _follow(self.moving_mean, mean, self.momentum)
            _follow(self.moving_variance, variance, self.momentum)
            return
        stddev = ops.sqrt(variance + self.epsilon)
        _follow(self.renorm_mean, mean, self.renorm_momentum)
        _follow(self.renorm_stddev, stddev, self.renorm_momentum)
        _follow(self.moving_mean, mean, self.momentum)
        _follow(self.moving_stddev, stddev, self.momentum)
        self.moving_variance.assign(ops.relu(ops.square(self.moving_stddev) - self.epsilon))

    def _corrected(self, mean, variance):
        """gamma and beta for a batch that is to come out as the moving averages would have it: (x * r + d)."""
        limit = self.renorm_clipping
        moving_stddev = ops.maximum(self.renorm_stddev, self.epsilon**0.5)
        r = ops.sqrt(variance + self.epsilon) / moving_stddev
        d = (mean - self.renorm_mean) / moving_stddev
        if limit.get("rmin") is not None:
            r = ops.maximum(r, limit["rmin"])
        if limit.get("rmax") is not None:
            r = ops.minimum(r, limit["rmax"])
        if limit.get("dmax") is not None:
            d = ops.minimum(ops.maximum(d, -limit["dmax"]), limit["dmax"])
        gamma, beta = (r, d) if self.gamma is None else (r * self.gamma, d * self.gamma)
        return gamma, beta if self.beta is None else beta + self.beta

    def get_config(self):
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "moving_mean_initializer": initializers.serialize(self.moving_mean_initializer),
            "moving_variance_initializer": initializers.serialize(self.moving_variance_initializer),
            "synchronized": self.synchronized,
            "renorm": self.renorm,
            "renorm_clipping": self.renorm_clipping,
            "renorm_momentum": self.renorm_momentum,
        }


def _follow(moving, value, momentum):
    moving.assign(moving * momentum + value * (1.0 - momentum))


def _masked_moments(x, mask):
    """The moments of those positions where the mask holds."""
    axes = tuple(range(x.ndim - 1))
    count = ops.sum(ops.cast(mask, x.dtype), axes) + config.epsilon()
    mean = ops.sum(ops.where(mask, x, 0.0), axes) / count
    return mean, ops.sum(ops.square(ops.where(mask, x - mean, 0.0)), axes) / count


def _checked_clipping(given):
    given = dict(given or {})
    if unknown := set(given) - {"rmin", "rmax", "dmax"}:
        raise ValueError(f"BatchNormalization: `renorm_clipping` takes 'rmin', 'rmax', 'dmax', not {sorted(unknown)}.")
    rmin, rmax, dmax = (given.get(k) for k in ("rmin", "rmax", "dmax"))
    if rmin is not None and rmax is not None and rmax < rmin:
        raise ValueError(f"BatchNormalization: `renorm_clipping` has rmax={rmax} below rmin={rmin}.")
    if dmax is not None and dmax < 0:
        raise ValueError(f"BatchNormalization: `renorm_clipping` has dmax={dmax}, and it must not be negative.")
    return given
