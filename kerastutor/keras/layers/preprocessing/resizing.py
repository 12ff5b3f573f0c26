"""Images of another size: Resizing, CenterCrop, RandomCrop."""

from ... import ops, random
from ...ops.image import aspect_window, crop, resize
from .image_layer import ImageLayer, RandomImageLayer


class Resizing(ImageLayer):
    """Images of height x width pixels, in training and outside it.

    Parameters
    ----------
    height, width : int
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"}
    crop_to_aspect_ratio, pad_to_aspect_ratio : bool
        Keep the proportions, by cutting off the sides or by adding some with `fill_value`.
    antialias : bool
        When shrinking, take the mean of all pixels that become one.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.Resizing(2, 3)(np.ones((5, 28, 28, 1))).shape
    (5, 2, 3, 1)

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/
    """

    def __init__(
        self,
        height,
        width,
        interpolation="bilinear",
        crop_to_aspect_ratio=False,
        pad_to_aspect_ratio=False,
        fill_mode="constant",
        fill_value=0.0,
        antialias=False,
        data_format=None,
        **kwargs,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.height, self.width, self.interpolation, self.antialias = height, width, interpolation, bool(antialias)
        self.crop_to_aspect_ratio, self.pad_to_aspect_ratio = crop_to_aspect_ratio, pad_to_aspect_ratio
        self.fill_mode, self.fill_value = fill_mode, fill_value

    def transform_images(self, images, transformation=None, training=True):
        return resize(
            images, (self.height, self.width), self.interpolation, self.antialias, self.crop_to_aspect_ratio,
            self.pad_to_aspect_ratio, self.fill_mode, self.fill_value, self.data_format,
        )

    def compute_output_shape(self, input_shape):
        return self.resized_shape(input_shape, self.height, self.width)

    def get_config(self):
        return {
            **super().get_config(),
            "height": self.height,
            "width": self.width,
            "interpolation": self.interpolation,
            "crop_to_aspect_ratio": self.crop_to_aspect_ratio,
            "pad_to_aspect_ratio": self.pad_to_aspect_ratio,
            "fill_mode": self.fill_mode,
            "fill_value": self.fill_value,
            "antialias": self.antialias,
        }


class CenterCrop(ImageLayer):
    """The middle of each image, height x width pixels; of a smaller image all that has these proportions, resized.

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/center_crop/
    """

    def __init__(self, height, width, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.height, self.width = height, width

    def transform_images(self, images, transformation=None, training=True):
        x = ops.cast(images, self.dtype)
        rows, columns = x.shape[self.row_axis], x.shape[self.column_axis]
        if rows < self.height or columns < self.width:
            return resize(x, (self.height, self.width), crop_to_aspect_ratio=True, data_format=self.data_format)
        x = crop(x, self.row_axis, (rows - self.height) // 2, self.height)
        return crop(x, self.column_axis, (columns - self.width) // 2, self.width)

    def compute_output_shape(self, input_shape):
        return self.resized_shape(input_shape, self.height, self.width)

    def get_config(self):
        return {**super().get_config(), "height": self.height, "width": self.width}


class RandomCrop(RandomImageLayer):
    """In training, height x width pixels from a random place, the same for the whole batch; outside it, x.

    Of an image that is not larger, the middle with these proportions is resized.

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/random_crop/
    """

    def __init__(self, height, width, seed=None, data_format=None, name=None, **kwargs):
        drawn = random.make_default_seed() if seed is None else seed  # as Keras: two seeds are drawn
        super().__init__(seed=seed, data_format=data_format, name=name, **kwargs)
        self.height, self.width, self.seed = height, width, drawn

    def draw(self, shape, seed=None):
        rows, columns = shape[self.row_axis], shape[self.column_axis]
        if rows > self.height and columns > self.width:
            starts = [self.uniform((), 0, float(n + 1), seed) for n in (rows - self.height, columns - self.width)]
            return [ops.cast(start, "int32") for start in starts]
        high, wide = aspect_window(rows, columns, self.height, self.width)
        return [(rows - high) // 2, (columns - wide) // 2]

    def transform_images(self, images, transformation, training=True):
        if not training:
            return images
        x = ops.cast(images, self.dtype)
        for axis, start, size in zip((self.row_axis, self.column_axis), transformation, (self.height, self.width)):
            n = x.shape[axis]
            x = crop(x, axis, start, size if n > size else min(size, n - start))
        return resize(x, (self.height, self.width), data_format=self.data_format)

    def compute_output_shape(self, input_shape):
        return self.resized_shape(input_shape, self.height, self.width)

    def get_config(self):
        return {**super().get_config(), "height": self.height, "width": self.width}
