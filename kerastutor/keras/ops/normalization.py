"""Means and variances, and what is done with them to keep numbers near 0 and 1."""

import math

import numpy as np

from ...backends import K
from .. import config
from ..autodiff import Tensor, record, run, tensor
from . import arithmetic as a
from .helpers import axes_of, floats, rows
from .reductions import mean as mean_of
from .reductions import sum as sum_of
from .shapes import reshape, squeeze


def moments(x, axes, keepdims=False, synchronized=False):
    """The mean and the variance over `axes`: mean(x), mean((x - mean(x)) ** 2)."""
    if synchronized:
        raise ValueError("moments: synchronized=True is for several machines with TensorFlow; leave it out here.")
    x = floats(x)
    mean = mean_of(x, axes, keepdims=True)
    variance = mean_of(a.square(x - mean), axes, keepdims=True)
    if keepdims:
        return mean, variance
    axes = axes_of(axes, x.ndim)
    return squeeze(mean, axes), squeeze(variance, axes)


def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    """(x - mean) / sqrt(variance + epsilon) * scale + offset; all but x are vectors along `axis`."""
    x = floats(x)
    (axis,) = axes_of(axis, x.ndim)
    along = lambda v: reshape(v, tuple(x.shape[axis] if i == axis else 1 for i in range(x.ndim)))
    factor = a.rsqrt(along(variance) + epsilon)
    if scale is not None:
        factor = factor * along(scale)
    y = (x - along(mean)) * factor
    return y if offset is None else y + along(offset)


def normalize_batch(x, gamma=None, beta=None, epsilon=1e-3):
    """Each channel (the last axis) with mean 0 and variance 1 over the batch, times gamma, plus beta: in few passes.

    With xhat = (x - mean) / sqrt(variance + epsilon) over n rows, the gradients are
    dbeta = sum of dy, dgamma = sum of dy * xhat, dx = gamma / sqrt(variance + epsilon) * (dy - dbeta / n - xhat *
    dgamma / n).

    Returns
    -------
    y, mean, variance : Tensor
        No gradient flows back from mean and variance: they are for the moving averages.
    """
    x = floats(x)
    mean, variance = K.empty(x.shape[-1:], x.value.dtype), K.empty(x.shape[-1:], x.value.dtype)
    run(K.column_moments, rows(x.value), mean, variance)
    return _fused(x, mean, variance, gamma, beta, epsilon, True), Tensor(mean), Tensor(variance)


def normalize_with(x, mean, variance, gamma=None, beta=None, epsilon=1e-3):
    """`batch_normalization` along the last axis, in one pass, for a mean and a variance that are constants."""
    x = floats(x)
    return _fused(x, tensor(mean).value, tensor(variance).value, gamma, beta, epsilon, False)


def _fused(x, mean, variance, gamma, beta, e, of_this_batch):
    k, dtype = x.shape[-1], x.value.dtype
    gamma = Tensor(np.ones(k, dtype)) if gamma is None else gamma
    beta = Tensor(np.zeros(k, dtype)) if beta is None else beta
    y = K.empty(x.shape, dtype)
    run(K.batch_norm, rows(x.value), mean, variance, gamma.value, beta.value, e, rows(y))

    def gradient(dy):
        dgamma, dbeta = K.empty((k,), dtype), K.empty((k,), dtype)
        run(K.batch_norm_sums, rows(dy), rows(x.value), mean, variance, e, dgamma, dbeta)
        if gamma.tracked:
            gamma.add_grad(dgamma)
        if beta.tracked:
            beta.add_grad(dbeta)
        if x.tracked:
            dx = K.empty(x.shape, dtype)
            through = (dgamma, dbeta) if of_this_batch else (np.zeros(k, dtype), np.zeros(k, dtype))
            run(K.batch_norm_grad, rows(dy), rows(x.value), mean, variance, gamma.value, *through,
                math.prod(x.shape[:-1]), e, rows(dx))
            x.add_grad(dx)

    return record(y, gradient, x, gamma, beta)


def layer_normalization(x, gamma=None, beta=None, axis=-1, epsilon=None, **kwargs):
    """Each sample with mean 0 and variance 1 over `axis`, times gamma, plus beta (both of the sizes of these axes)."""
    x = floats(x)
    epsilon = config.epsilon() if epsilon is None else epsilon
    axes = axes_of(axis, x.ndim)
    mean, variance = moments(x, axes, keepdims=True)
    y = (x if kwargs.get("rms_scaling") else x - mean) * a.rsqrt(variance + epsilon)
    over = lambda v: v if axes == (x.ndim - 1,) else reshape(v, tuple(x.shape[i] if i in axes else 1
                                                                     for i in range(x.ndim)))
    if gamma is not None:
        y = y * over(gamma)
    return y if beta is None or kwargs.get("rms_scaling") else y + over(beta)


def rms_normalization(x, scale=None, axis=-1, epsilon=None):
    """x / sqrt(mean of x ** 2 over `axis` + epsilon) * scale."""
    x = floats(x)
    epsilon = config.epsilon() if epsilon is None else epsilon
    axes = axes_of(axis, x.ndim)
    y = x * a.rsqrt(mean_of(a.square(x), axes, keepdims=True) + epsilon)
    return y if scale is None else y * scale


def normalize(x, axis=-1, order=2, epsilon=None):
    """x / max(norm, epsilon), where norm = (sum of |x| ** order over `axis`) ** (1 / order)."""
    if not isinstance(order, int) or order < 1:
        raise ValueError(f"normalize: `order` must be a whole number from 1 up; got {order!r}.")
    x = floats(x)
    epsilon = config.epsilon() if epsilon is None else epsilon
    if order == 2:
        square = sum_of(a.square(x), axis, keepdims=True)
        return x * a.minimum(a.rsqrt(a.maximum(square, 1e-37)), 1.0 / epsilon)
    norm = a.power(sum_of(a.power(a.absolute(x), float(order)), axis, keepdims=True), 1.0 / order)
    return x / a.maximum(norm, epsilon)
