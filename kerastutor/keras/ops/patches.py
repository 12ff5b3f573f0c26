"""Blocks of an image: taken out as columns, put back, and exchanged for channels."""

import numpy as np

from ..autodiff import tensor
from ..naming import look_up
from .indexing import take
from .joining import pad
from .placing import segment_sum
from .shapes import moveaxis, rearrange, reshape


def _two(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def _places(size, kernel_size, dilation, stride):
    """For each number in a window, and each place of the window, the pixel it lies on: (kernel numbers, windows)."""
    along = [
        np.arange(k)[:, None] * d + np.arange((n - d * (k - 1) - 1) // s + 1) * s
        for n, k, d, s in zip(size, kernel_size, dilation, stride)
    ]
    rows, columns = along
    pixels = rows[:, None, :, None] * size[1] + columns[None, :, None, :]
    return pixels.reshape(rows.shape[0] * columns.shape[0], -1).astype(np.int32)


def unfold(x, kernel_size, dilation=1, padding=0, stride=1):
    """The windows of images as columns: (n, channels, height, width) -> (n, channels * kernel numbers, windows)."""
    x = tensor(x)
    if x.ndim != 4:
        raise ValueError(f"unfold takes (n, channels, height, width); got shape {x.shape}.")
    kernel_size, dilation, padding, stride = map(_two, (kernel_size, dilation, padding, stride))
    x = pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    n, c, *size = x.shape
    places = _places(size, kernel_size, dilation, stride)
    return reshape(take(reshape(x, (n, c, -1)), places, -1), (n, c * places.shape[0], places.shape[1]))


def fold(x, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """The images whose windows `unfold` made: (n, channels * kernel numbers, windows), added up where they overlap."""
    x = tensor(x)
    if x.ndim != 3:
        raise ValueError(f"fold takes (n, channels * kernel numbers, windows); got shape {x.shape}.")
    (height, width), (top, left) = _two(output_size), _two(padding)
    size = height + 2 * top, width + 2 * left
    places = _places(size, _two(kernel_size), _two(dilation), _two(stride))
    if x.shape[1] % len(places) or x.shape[2] != places.shape[1]:
        raise ValueError(f"fold: shape {x.shape} does not hold {places.shape[1]} windows of {len(places)} numbers.")
    n, c = x.shape[0], x.shape[1] // len(places)
    numbers = moveaxis(reshape(x, (n, c, places.size)), -1, 0)
    y = reshape(moveaxis(segment_sum(numbers, places.reshape(-1), size[0] * size[1]), 0, -1), (n, c, *size))
    return y[:, :, top : top + height, left : left + width]


def depth_to_space(x, block_size, data_format="channels_last"):
    """Channels spread out as blocks of pixels: (n, h, w, c) -> (n, h * block, w * block, c / block ** 2)."""
    x, last = _image("depth_to_space", x, block_size, data_format)
    pattern = "n h w (p q c) -> n (h p) (w q) c" if last else "n (c p q) h w -> n c (h p) (w q)"
    if x.shape[3 if last else 1] % block_size**2:
        raise ValueError(f"depth_to_space: the channels of shape {x.shape} are no multiple of {block_size} ** 2.")
    return rearrange(x, pattern, p=block_size, q=block_size)


def space_to_depth(x, block_size, data_format="channels_last"):
    """Blocks of pixels as channels: the reverse of `depth_to_space`."""
    x, last = _image("space_to_depth", x, block_size, data_format)
    pattern = "n (h p) (w q) c -> n h w (p q c)" if last else "n c (h p) (w q) -> n (c p q) h w"
    if any(n % block_size for n in (x.shape[1:3] if last else x.shape[2:])):
        raise ValueError(f"space_to_depth: images {x.shape} can't be cut into blocks of {block_size} pixels.")
    return rearrange(x, pattern, p=block_size, q=block_size)


def _image(name, x, block_size, data_format):
    """x, and whether its channels are last."""
    x = tensor(x)
    if block_size < 2 or x.ndim != 4:
        raise ValueError(f"{name} takes four axes and block_size from 2 up; got {block_size}, shape {x.shape}.")
    return x, look_up(data_format, {"channels_last": True, "channels_first": False}, "data_format")
