"""Folders of pictures as a dataset. Source: https://keras.io/api/data_loading/image/"""

import numpy as np

from ..naming import look_up
from . import class_folders
from .images import COLOR_MODES, check_data_format, in_colors

FORMATS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")


def image_dataset_from_directory(
    directory, labels="inferred", label_mode="int", class_names=None, color_mode="rgb", batch_size=32,
    image_size=(256, 256), shuffle=True, seed=None, validation_split=None, subset=None, interpolation="bilinear",
    follow_links=False, crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, data_format=None, format="tf",
    verbose=True,
):
    """The pictures below a folder, read and brought to one size when they are asked for.

    Parameters
    ----------
    directory : path
        Holds a folder of pictures for each class.
    labels : {"inferred", None} or list of int
        By folder; none; or as listed, in the alphabetical order of the paths.
    label_mode : {"int", "categorical", "binary", None}
        Labels as int32; as one-hot rows; as one float of 0 or 1; or none.
    class_names : list of str, optional
        The folders, to say their order; alphabetical unless given.
    color_mode : {"rgb", "rgba", "grayscale"}
    batch_size : int or None
        None: single pictures.
    image_size : int or (int, int)
        (rows, columns).
    shuffle : bool
        In another order at each pass; else sorted by path.
    seed : int, optional
        Of the shuffle.
    validation_split : float, optional
        Which part is kept apart, from the end of the (shuffled) files.
    subset : {"training", "validation", "both"}, optional
        Which part to return; "both" returns two datasets.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"}
    follow_links : bool
        Into folders that are links.
    crop_to_aspect_ratio, pad_to_aspect_ratio : bool
        Keep the proportions: cut off the sides, or add black ones.
    data_format : {"channels_last", "channels_first"}, optional
    format : {"tf", "grain"}
        Taken so that calls look as in Keras; both give the same.
    verbose : bool
        Say how many files there are.

    Returns
    -------
    Dataset
        Of batches (x, y), or x alone without labels: x float32 of shape (batch, rows, columns, channels), 0 to 255.
        `class_names` and `file_paths` are its attributes.

    Raises
    ------
    ValueError
        If an argument is none of these, or there are no pictures.

    Examples
    --------
    >>> from kerastutor import keras
    >>> data = keras.utils.image_dataset_from_directory("pets", image_size=(64, 64))    # doctest: +SKIP
    """
    function = "image_dataset_from_directory"
    class_folders.check(
        function, directory, labels, label_mode, class_names, validation_split, subset, shuffle, seed, format
    )
    look_up(color_mode, COLOR_MODES, f"color_mode of {function}")
    look_up(interpolation.lower(), dict.fromkeys(INTERPOLATIONS), f"interpolation of {function}")
    size = (image_size, image_size) if isinstance(image_size, int) else tuple(image_size)
    if len(size) != 2:
        raise ValueError(f"{function}: image_size must be (rows, columns); got {image_size!r}.")
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError(f"{function}: choose either crop_to_aspect_ratio or pad_to_aspect_ratio, not both.")
    options = dict(
        size=size, interpolation=interpolation.lower(), crop_to_aspect_ratio=crop_to_aspect_ratio,
        pad_to_aspect_ratio=pad_to_aspect_ratio, data_format=check_data_format(data_format),
    )
    return class_folders.make(
        function, directory, lambda path: _read(path, color_mode, options), formats=FORMATS, labels=labels,
        label_mode=label_mode, class_names=class_names, batch_size=batch_size, shuffle=shuffle, seed=seed,
        validation_split=validation_split, subset=subset, follow_links=follow_links, verbose=verbose,
    )


def _read(path, color_mode, options):
    from PIL import Image

    from ..ops import image

    with Image.open(path) as picture:
        x = np.asarray(in_colors(picture, color_mode), dtype="float32")
    x = x[:, :, None] if x.ndim == 2 else x
    x = x.transpose(2, 0, 1) if options["data_format"] == "channels_first" else x
    return image.resize(x, **options).numpy()
