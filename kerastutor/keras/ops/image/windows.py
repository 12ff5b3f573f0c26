"""Parts of images: patches, what is left when the sides are cut off, and images with more around them."""

import numpy as np

from ...autodiff import tensor
from ...symbolic import takes_placeholders
from ..convolution import conv
from ..joining import pad
from ..shapes import expand_dims, squeeze
from .geometry import crop
from .parts import axes_of, data_format_of


@takes_placeholders
def extract_patches(images, size, strides=None, dilation_rate=1, padding="valid", data_format=None):
    """The windows of images as channels: (n, rows, columns, c) -> (n, windows down, windows across, size * size * c).

    Parameters
    ----------
    size : int, (int, int) or (int, int, int)
        Three numbers are for volumes, as in `extract_patches_3d`.
    strides : int or tuple, optional
        From window to window; `size` if None: windows side by side.
    padding : {"valid", "same"}

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor.keras import ops
    >>> ops.image.extract_patches(np.arange(16.0).reshape(4, 4, 1), 2).numpy()[0, 1]
    array([2., 3., 6., 7.], dtype=float32)
    """
    if not isinstance(size, int) and len(size) == 3:
        return extract_patches_3d(images, size, strides, dilation_rate, padding, data_format)
    return _windows("extract_patches", images, 2, size, strides, dilation_rate, padding, data_format)


@takes_placeholders
def extract_patches_3d(volumes, size, strides=None, dilation_rate=1, padding="valid", data_format=None):
    """The windows of volumes as channels: (n, depth, rows, columns, c) -> (n, ..., size * size * size * c)."""
    return _windows("extract_patches_3d", volumes, 3, size, strides, dilation_rate, padding, data_format)


def _windows(name, images, rank, size, strides, dilation_rate, padding, data_format):
    """A convolution whose kernel has, for each place in the window, a filter that looks there alone."""
    x, data_format = tensor(images), data_format_of(data_format)
    size = (size,) * rank if isinstance(size, int) else tuple(size)
    if len(size) != rank:
        raise ValueError(f"{name}: `size` is a number or {rank} of them; got {size}.")
    if x.ndim not in (rank + 1, rank + 2):
        raise ValueError(f"{name} takes {rank + 1} axes, or {rank + 2} with the batch in front; got shape {x.shape}.")
    channels = x.shape[-1 if data_format == "channels_last" else -rank - 1]
    numbers = int(np.prod(size)) * channels
    kernel = np.eye(numbers, dtype=x.dtype).reshape(*size, channels, numbers)
    single = x.ndim == rank + 1
    y = conv(expand_dims(x, 0) if single else x, kernel, strides or size, padding, data_format, dilation_rate)
    return squeeze(y, 0) if single else y


@takes_placeholders
def crop_images(
    images,
    top_cropping=None,
    left_cropping=None,
    bottom_cropping=None,
    right_cropping=None,
    target_height=None,
    target_width=None,
    data_format=None,
):
    """Images without their sides. Of each direction give two of: before, after, the size that is left.

    Raises
    ------
    ValueError
        If not exactly two are given, or more would be cut off than there is.
    """
    x = tensor(images)
    for axis, sides in zip(axes_of(x, data_format), (
        dict(top_cropping=top_cropping, bottom_cropping=bottom_cropping, target_height=target_height),
        dict(left_cropping=left_cropping, right_cropping=right_cropping, target_width=target_width),
    )):
        before, _, size = _third("crop_images", sides, x.shape[axis], -1)
        x = crop(x, axis, before, size)
    return x


@takes_placeholders
def pad_images(
    images,
    top_padding=None,
    left_padding=None,
    bottom_padding=None,
    right_padding=None,
    target_height=None,
    target_width=None,
    data_format=None,
):
    """Images with zeros around them. Of each direction give two of: before, after, the size it becomes.

    Raises
    ------
    ValueError
        If not exactly two are given, or the target is smaller than the image.
    """
    x = tensor(images)
    widths = np.zeros((x.ndim, 2), int)
    for axis, sides in zip(axes_of(x, data_format), (
        dict(top_padding=top_padding, bottom_padding=bottom_padding, target_height=target_height),
        dict(left_padding=left_padding, right_padding=right_padding, target_width=target_width),
    )):
        widths[axis] = _third("pad_images", sides, x.shape[axis], 1)[:2]
    return pad(x, widths)


def _third(name, sides, n, sign):
    """Before, after and the resulting size, the missing one found from size = n + sign * (before + after)."""
    given = {k: v for k, v in sides.items() if v is not None}
    (first, before), (last, after), (whole, size) = sides.items()
    if len(given) != 2:
        raise ValueError(f"{name}: give exactly two of {first}, {last} and {whole}; got {given or 'none'}.")
    if size is None:
        size = n + sign * (before + after)
    elif after is None:
        after = sign * (size - n) - before
    else:
        before = sign * (size - n) - after
    for k, v in zip(sides, (before, after, size)):
        if v < 0:
            raise ValueError(f"{name}: {k} would be {v} for {n} pixels and {given}; it must not be negative.")
    return before, after, size
