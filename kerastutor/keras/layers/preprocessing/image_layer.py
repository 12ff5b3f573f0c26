"""What image layers share: one image or a batch of them, and labels and masks that go along."""

import numbers

from ... import config, ops, random
from ...ops.image import FILL_MODES
from .data_layer import DataLayer


class ImageLayer(DataLayer):
    """A layer that changes images: (rows, columns, channels), or a batch of such, or {"images": ..., "labels": ...}.

    A subclass writes `transform_images(images, transformation, training)` for batches and, if it draws numbers,
    `draw(shape)`. In a dict, labels stay as they are, and "segmentation_masks" are moved as the images are.
    """

    moves_pixels = True  # a change of colours is none for a mask
    interpolation = "bilinear"

    def __init__(self, data_format=None, **kwargs):
        boxes = kwargs.pop("bounding_box_format", None)
        super().__init__(**kwargs)
        if boxes is not None:
            raise NotImplementedError(f"{type(self).__name__}: bounding boxes are not offered in this version.")
        self.data_format = data_format or config.image_data_format()
        if self.data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                f"{type(self).__name__}: `data_format` is 'channels_last' or 'channels_first'; got {data_format!r}."
            )
        self.row_axis, self.column_axis = (-3, -2) if self.data_format == "channels_last" else (-2, -1)

    def call(self, data, training=True):
        if not isinstance(data, dict):
            return self._of_any_rank(data, self.get_random_transformation(data, training), training)
        if "bounding_boxes" in data:
            raise NotImplementedError(f"Layer {self.name!r}: bounding boxes are not offered in this version.")
        transformation = self.get_random_transformation(data["images"], training)
        out = {**data, "images": self._of_any_rank(data["images"], transformation, training)}
        if "segmentation_masks" in data and self.moves_pixels:
            kept, self.interpolation = self.interpolation, "nearest"  # a mask has classes, which have no mean
            try:
                masks = self._of_any_rank(data["segmentation_masks"], transformation, training)
            finally:
                self.interpolation = kept
            out["segmentation_masks"] = masks
        return out

    def _of_any_rank(self, images, transformation, training):
        images = ops.convert_to_tensor(images)
        if images.ndim == 3:
            return ops.squeeze(self.transform_images(ops.expand_dims(images, 0), transformation, training), 0)
        return self.transform_images(images, transformation, training)

    def get_random_transformation(self, data, training=True, seed=None):
        """What `transform_images` is to do with these images; None outside training."""
        shape = tuple((data["images"] if isinstance(data, dict) else data).shape)
        if len(shape) not in (3, 4):
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}) takes images of shape (rows, columns, channels), or a "
                f"batch of them; got {shape}."
            )
        return self.draw(shape if len(shape) == 4 else (1, *shape), seed) if training else None

    def draw(self, shape, seed=None):
        """Random numbers for a batch of images of this shape."""

    def transform_images(self, images, transformation, training=True):
        raise NotImplementedError(f"{type(self).__name__} needs a method transform_images.")

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def resized_shape(self, input_shape, height, width):
        """The shape with other numbers of rows and columns."""
        shape = list(input_shape)
        shape[self.row_axis], shape[self.column_axis] = height, width
        return tuple(shape)

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}


class RandomImageLayer(ImageLayer):
    """An image layer that draws random numbers: others for each image and each call."""

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed, self.generator = seed, random.SeedGenerator(seed)

    def uniform(self, shape, low, high, seed=None):
        return random.uniform(shape, low, high, dtype=self.dtype, seed=self.generator if seed is None else seed)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}


def limits(factor, low, high, name, above=False):
    """The range that a factor stands for: a pair as it is, a number f for -f to f; all within low..high.

    With `above`, `low` itself is outside.
    """
    pair = tuple(factor) if isinstance(factor, (tuple, list)) else (factor,)
    good = all(isinstance(f, numbers.Real) and low <= f <= high and not (above and f == low) for f in pair)
    if not good or len(pair) not in (1, 2):
        raise ValueError(
            f"{name} must be a number or two, {'above' if above else 'from'} {low} and up to {high}; got {factor!r}."
        )
    return tuple(sorted(pair)) if len(pair) == 2 else (max(-abs(pair[0]), low), abs(pair[0]))


def check_options(layer, fill_mode, interpolation):
    """Refuse unknown ways to fill and to interpolate."""
    modes = [mode for mode in FILL_MODES if mode != "mirror"]
    if fill_mode not in modes:
        raise NotImplementedError(f"{layer}: `fill_mode` must be one of {modes}; got {fill_mode!r}.")
    if interpolation not in ("nearest", "bilinear"):
        raise NotImplementedError(f"{layer}: `interpolation` must be 'nearest' or 'bilinear'; got {interpolation!r}.")
