"""Images made larger or smaller, moved, turned, stretched."""

import numpy as np

from ....backends import K
from ... import config
from ...autodiff import Tensor, record, run, tensor
from ...symbolic import takes_placeholders
from .. import arithmetic as a
from ..core import cast, saturate_cast
from ..helpers import floats
from ..indexing import take
from ..joining import pad
from ..rounding import floor, round
from ..shapes import expand_dims, squeeze, transpose
from .parts import axes_of, check, data_format_of, mixed

FILL_MODES = ("constant", "nearest", "wrap", "mirror", "reflect")  # in the order of the kernel's numbers


@takes_placeholders
def resize(
    images,
    size,
    interpolation="bilinear",
    antialias=False,
    crop_to_aspect_ratio=False,
    pad_to_aspect_ratio=False,
    fill_mode="constant",
    fill_value=0.0,
    data_format=None,
):
    """Images of `size` (rows, columns).

    Each pixel is a weighted mean of those around the place where its middle lies in the original.

    Parameters
    ----------
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"}
    antialias : bool
        When shrinking, take the mean of all pixels that become one.
    crop_to_aspect_ratio, pad_to_aspect_ratio : bool
        Keep the proportions, by cutting off the sides or by adding some with `fill_value`.

    Raises
    ------
    ValueError
        If an argument is none of these, or `images` are none.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor.keras import ops
    >>> ops.image.resize(np.array([[[0.0], [4.0]]]), (1, 4)).numpy().ravel()
    array([0., 1., 3., 4.], dtype=float32)
    """
    check("interpolation", interpolation, ("nearest", *_KERNELS))
    check("fill_mode", fill_mode, ("constant",))
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError("resize: choose either crop_to_aspect_ratio or pad_to_aspect_ratio, not both.")
    x, (height, width) = tensor(images), size
    rows, columns = axes_of(x, data_format)
    if x.value.dtype.kind != "f" and interpolation != "nearest":
        floats_of = resize(floats(x), size, interpolation, antialias, crop_to_aspect_ratio, pad_to_aspect_ratio,
                           fill_mode, fill_value, data_format)
        return saturate_cast(round(floats_of), x.dtype)
    if crop_to_aspect_ratio:
        high, wide = aspect_window(x.shape[rows], x.shape[columns], height, width)
        x = crop(x, rows, (x.shape[rows] - high) // 2, high)
        x = crop(x, columns, (x.shape[columns] - wide) // 2, wide)
    elif pad_to_aspect_ratio:
        x = _padded(x, rows, columns, height / width, fill_value)
    for axis, n in ((rows, height), (columns, width)):
        if x.shape[axis] != n:
            x = _resized(x, axis, n, interpolation, antialias)
    return x


@takes_placeholders
def affine_transform(
    images, transform, interpolation="bilinear", fill_mode="constant", fill_value=0, data_format=None
):
    """Images moved, turned, stretched: each pixel (x, y) is the original's at (a0 x + a1 y + a2, b0 x + b1 y + b2).

    Parameters
    ----------
    transform : (8,) or (batch, 8)
        a0, a1, a2, b0, b1, b2 and two zeros.
    interpolation : {"bilinear", "nearest"}
    fill_mode : {"constant", "nearest", "wrap", "mirror", "reflect"}
        What lies beyond the image: `fill_value`, its edge, itself again, or itself mirrored (at the last pixels or
        behind them).

    Raises
    ------
    ValueError
        If an argument is none of these.
    """
    check("interpolation", interpolation, ("bilinear", "nearest"))
    check("fill_mode", fill_mode, FILL_MODES)
    x = tensor(images)
    axes_of(x, data_format)
    single = x.ndim == 3
    if single:
        x = expand_dims(x, 0)
    first = data_format_of(data_format) == "channels_first"
    if first:
        x = transpose(x, (0, 2, 3, 1))
    transform = cast(transform, x.dtype if x.value.dtype.kind == "f" else config.floatx())
    if transform.ndim == 1:
        transform = expand_dims(transform, 0)
    if transform.shape != (x.shape[0], 8):
        raise ValueError(f"affine_transform: {x.shape[0]} images need a transform of shape ({x.shape[0]}, 8); got "
                         f"{transform.shape}.")
    y = _warp(x, transform.value, interpolation == "bilinear", FILL_MODES.index(fill_mode), float(fill_value))
    if first:
        y = transpose(y, (0, 3, 1, 2))
    return squeeze(y, 0) if single else y


def _warp(x, transform, *options):
    bilinear, fill, _ = options
    dtype = x.value.dtype
    x = floats(x)
    y = K.empty(x.shape, x.value.dtype)
    run(K.warp, x.value, transform, *options, y)

    def gradient(dy):
        dx = K.empty(x.shape, dy.dtype)
        run(K.warp_grad, dy, transform, bilinear, fill, dx)
        x.add_grad(dx)

    y = record(y, gradient, x)
    return y if dtype.kind == "f" else cast(a.sign(y) * floor(a.absolute(y) + 0.5), dtype)


# parts --------------------------------------------------------------------------------------------


def crop(x, axis, start, size):
    """`size` lines along `axis`, from `start` on, which may be a tensor."""
    lines = np.arange(size, dtype=np.int32)
    return take(x, start + (Tensor(lines) if isinstance(start, Tensor) else lines), axis)


def aspect_window(height, width, target_height, target_width):
    """Rows and columns of the largest window of an image that has the target's proportions."""
    return (
        max(min(height, int(width * target_height / target_width)), 1),
        max(min(width, int(height * target_width / target_height)), 1),
    )


def _padded(x, rows, columns, proportion, value):
    """With as many lines around it as make its height `proportion` times its width."""
    height, width = x.shape[rows], x.shape[columns]
    above, left = (int(width * proportion) - height) // 2, (int(height / proportion) - width) // 2
    widths = np.zeros((x.ndim, 2), int)
    if above > 0:
        widths[rows] = above
    elif left > 0:
        widths[columns] = left
    return pad(x, widths, constant_values=value)


def _resized(x, axis, n, interpolation, antialias):
    if interpolation == "nearest":
        return take(x, np.floor((np.arange(n) + 0.5) * x.shape[axis] / n).astype(np.int32), axis)
    return mixed(x, axis, _weights(x.shape[axis], n, interpolation, antialias))


def _weights(n, m, interpolation, antialias):
    """How much each of n lines contributes to each of m: (m, n)."""
    middle = (np.arange(m)[:, None] + 0.5) * n / m - 0.5
    distance = np.abs(middle - np.arange(n)) / (max(n / m, 1) if antialias else 1)
    weights = _KERNELS[interpolation](distance)
    return weights / weights.sum(1, keepdims=True)


def _cubic(x):
    """Keys (1981), with a = -1/2."""
    near, far = (1.5 * x - 2.5) * x * x + 1, ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _lanczos(radius):
    return lambda x: np.where(x <= radius, np.sinc(x) * np.sinc(x / radius), 0)


_KERNELS = {
    "bilinear": lambda x: np.maximum(0, 1 - x),
    "bicubic": _cubic,
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
}
