"""Images filtered: each pixel becomes a weighted sum of those around it."""

import numpy as np

from ...autodiff import tensor
from ...symbolic import takes_placeholders
from ..convolution import depthwise_conv
from ..joining import stack
from ..shapes import expand_dims, squeeze
from .parts import axes_of, data_format_of


@takes_placeholders
def gaussian_blur(images, kernel_size=(3, 3), sigma=(1.0, 1.0), data_format=None):
    """Each pixel the mean of those around it, with weights exp(-distance**2 / (2 sigma**2)); zeros beyond the edges.

    Parameters
    ----------
    kernel_size : (int, int)
    sigma : (float, float)
    """
    down, across = (_bell(n, s) for n, s in zip(kernel_size[::-1], sigma[::-1]))  # Keras's order: across comes first
    return _filtered(images, np.outer(down, across), data_format)


@takes_placeholders
def sobel_edges(images, data_format=None):
    """How fast the pixels change, down and across: (n, rows, columns, channels) -> (n, rows, columns, channels, 2).

    Source: Sobel and Feldman, 1968
    """
    across = np.outer([1, 2, 1], [-1, 0, 1])
    return stack([_filtered(images, kernel, data_format) for kernel in (across.T, across)], -1)


def _bell(n, sigma):
    weights = np.exp(-0.5 * ((np.arange(n) - (n - 1) / 2) / sigma) ** 2)
    return weights / weights.sum()


def _filtered(images, kernel, data_format):
    x, data_format = tensor(images), data_format_of(data_format)
    axes_of(x, data_format)
    single = x.ndim == 3
    x = expand_dims(x, 0) if single else x
    channels = x.shape[-1 if data_format == "channels_last" else 1]
    kernel = np.repeat(kernel[:, :, None, None], channels, axis=2).astype(x.dtype)
    y = depthwise_conv(x, kernel, 1, "same", data_format)
    return squeeze(y, 0) if single else y
