"""Pictures and arrays, by Pillow. Source: https://keras.io/api/data_loading/image/"""

import io
from pathlib import Path

import numpy as np

from .. import config
from ..autodiff import Tensor
from ..naming import look_up, warn

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")
COLOR_MODES = {"grayscale": 1, "rgb": 3, "rgba": 4}
"""How many channels each has."""


def check_data_format(data_format):
    """`data_format`, or what `keras.config.image_data_format()` says in place of None."""
    data_format = (data_format or config.image_data_format()).lower()
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"data_format must be 'channels_first' or 'channels_last'; got {data_format!r}.")
    return data_format


def load_img(path, color_mode="rgb", target_size=None, interpolation="nearest", keep_aspect_ratio=False):
    """A picture file as a picture of Pillow's.

    Parameters
    ----------
    path : path or BytesIO
    color_mode : {"rgb", "rgba", "grayscale"}
    target_size : (int, int), optional
        (rows, columns) to make it; its own size unless given.
    interpolation : {"nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"}
    keep_aspect_ratio : bool
        Cut off the sides rather than distort.

    Examples
    --------
    >>> from kerastutor import keras
    >>> image = keras.utils.load_img("cat.png", target_size=(64, 64))    # doctest: +SKIP
    """
    from PIL import Image

    look_up(color_mode, COLOR_MODES, "color_mode of load_img")
    if isinstance(path, io.BytesIO):
        image = Image.open(path)
    elif isinstance(path, (str, bytes, Path)):
        with open(path, "rb") as file:
            image = Image.open(io.BytesIO(file.read()))
    else:
        raise TypeError(f"load_img: path must be a path or a BytesIO; got {type(path).__name__}.")
    image = in_colors(image, color_mode)
    if target_size is None or image.size == (target_size[1], target_size[0]):
        return image
    look_up(interpolation, dict.fromkeys(INTERPOLATIONS), "interpolation of load_img")
    (width, height), (target_height, target_width) = image.size, target_size
    box = None
    if keep_aspect_ratio:
        high = min(height, width * target_height // target_width)
        wide = min(width, height * target_width // target_height)
        top, left = (height - high) // 2, (width - wide) // 2
        box = [left, top, left + wide, top + high]
    return image.resize((target_width, target_height), Image.Resampling[interpolation.upper()], box=box)


def in_colors(image, color_mode):
    """The picture in grey (of 8, 16 or 32 bits), or RGB, or RGB with transparency."""
    if color_mode == "grayscale":
        return image if image.mode in ("L", "I;16", "I") else image.convert("L")
    return image if image.mode == color_mode.upper() else image.convert(color_mode.upper())


def img_to_array(img, data_format=None, dtype=None):
    """A picture of Pillow's as an array of shape (rows, columns, channels), or channels first.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.utils.img_to_array(keras.utils.array_to_img([[[0.0], [9.0]]])).ravel()
    array([  0., 255.], dtype=float32)
    """
    data_format = check_data_format(data_format)
    x = np.asarray(img, dtype=dtype or config.floatx())
    if x.ndim not in (2, 3):
        raise ValueError(f"img_to_array: a picture has 2 or 3 axes; got shape {x.shape}.")
    if x.ndim == 2:
        x = x[:, :, None]
    return x.transpose(2, 0, 1) if data_format == "channels_first" else x


def array_to_img(x, data_format=None, scale=True, dtype=None):
    """An array of shape (rows, columns, channels), 1, 3 or 4 channels, as a picture of Pillow's.

    Parameters
    ----------
    x : array_like or Tensor
    data_format : {"channels_last", "channels_first"}, optional
    scale : bool
        Make the smallest number 0 and the largest 255. Without, x holds 0 to 255 already.
    dtype : str, optional
        To compute in.

    Raises
    ------
    ValueError
        If x has another number of axes or channels.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.utils.array_to_img([[[0.0, 0.5, 1.0]]]).getpixel((0, 0))
    (0, 127, 255)
    """
    from PIL import Image

    data_format = check_data_format(data_format)
    x = np.asarray(x.numpy() if isinstance(x, Tensor) else x, dtype=dtype or config.floatx())
    if x.ndim != 3:
        raise ValueError(f"array_to_img: one picture has shape (rows, columns, channels); got {x.shape}.")
    if data_format == "channels_first":
        x = x.transpose(1, 2, 0)
    if x.shape[2] not in (1, 3, 4):
        raise ValueError(f"array_to_img: a picture has 1, 3 or 4 channels; got shape {x.shape} (channels last).")
    if scale:
        x = x - x.min()
        x = x / (x.max() or 1) * 255
    if x.shape[2] > 1:
        return Image.fromarray(x.astype("uint8"))
    return Image.fromarray(x[:, :, 0].astype("int32" if x.max() > 255 else "uint8"))


def save_img(path, x, data_format=None, file_format=None, scale=True, **kwargs):
    """Write an array as a picture file.

    Parameters
    ----------
    path : path or file
    x, data_format, scale
        As in `array_to_img`.
    file_format : str, optional
        Told by the end of the path unless given.
    **kwargs
        For Pillow's `Image.save`.

    Examples
    --------
    >>> import io
    >>> from kerastutor import keras
    >>> file = io.BytesIO()
    >>> keras.utils.save_img(file, [[[1.0], [2.0]]], file_format="png")
    >>> file.getvalue()[1:4]
    b'PNG'
    """
    if file_format is None and isinstance(path, (str, Path)):
        file_format = Path(path).suffix[1:].lower()
    if file_format and file_format.lower() == "jpg":
        file_format = "jpeg"
    image = array_to_img(x, data_format=data_format, scale=scale)
    if image.mode == "RGBA" and file_format == "jpeg":
        warn("save_img: JPEG knows no transparency: the picture is written without it. PNG keeps it.")
        image = image.convert("RGB")
    image.save(path, format=file_format, **kwargs)


def smart_resize(x, size, interpolation="bilinear", data_format="channels_last"):
    """Pictures of `size` (rows, columns), not distorted: the sides that are too much are cut off.

    Parameters
    ----------
    x : array_like or Tensor
        Shape (rows, columns, channels) or a batch of such.

    Returns
    -------
    ndarray or Tensor
        As x is.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.preprocessing.image.smart_resize(np.ones((4, 8, 3), "float32"), (2, 2)).shape
    (2, 2, 3)
    """
    from ..ops import image

    if len(size) != 2:
        raise ValueError(f"smart_resize: size must be (rows, columns); got {size}.")
    if len(np.shape(x)) not in (3, 4):
        raise ValueError(f"smart_resize: x must be (rows, columns, channels) or a batch of such; got {np.shape(x)}.")
    result = image.resize(x, size, interpolation=interpolation, crop_to_aspect_ratio=True, data_format=data_format)
    return result if isinstance(x, Tensor) else result.numpy()
