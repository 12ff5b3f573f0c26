"""Random movements of images: each image of a batch, at each step, by other numbers. Outside training nothing happens.

Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
"""

import math

from ... import ops
from ...naming import look_up
from ...ops.image import affine_transform
from .image_layer import RandomImageLayer, check_options, limits

MODES = {mode: mode for mode in ("horizontal", "vertical", "horizontal_and_vertical")}


class RandomFlip(RandomImageLayer):
    """In training, half of the images mirrored.

    Parameters
    ----------
    mode : {"horizontal_and_vertical", "horizontal", "vertical"}
        Left and right change places, or top and bottom, or both.
    seed : int, optional

    Raises
    ------
    ValueError
        If there is no such mode.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_flip/
    """

    def __init__(self, mode="horizontal_and_vertical", seed=None, data_format=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.mode = look_up(mode, MODES, "mode of RandomFlip")

    def draw(self, shape, seed=None):
        return {"flips": self.uniform((shape[0], 1, 1, 1), 0, 1, seed) <= 0.5}

    def transform_images(self, images, transformation, training=True):
        x = ops.cast(images, self.dtype)
        if training:
            for direction, axis in (("horizontal", self.column_axis), ("vertical", self.row_axis)):
                if direction in self.mode:
                    x = ops.where(transformation["flips"], ops.flip(x, axis), x)
        return x

    def get_config(self):
        return {**super().get_config(), "mode": self.mode}


class Moving(RandomImageLayer):
    """What the layers share that move pixels by an affine map."""

    def __init__(self, fill_mode, interpolation, seed, fill_value, data_format, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        check_options(type(self).__name__, fill_mode, interpolation)
        self.fill_mode, self.interpolation, self.fill_value = fill_mode, interpolation, fill_value

    def transform_images(self, images, transformation, training=True):
        x = ops.cast(images, self.dtype)
        if not training:
            return x
        rows, columns = x.shape[self.row_axis], x.shape[self.column_axis]
        return affine_transform(
            x, self.matrix(transformation, rows, columns), self.interpolation, self.fill_mode, self.fill_value,
            self.data_format,
        )

    def matrix(self, transformation, rows, columns):
        """(batch, 8): where in the original each pixel comes from, as `ops.image.affine_transform` takes it."""
        raise NotImplementedError

    def get_config(self):
        return {
            **super().get_config(),
            "fill_mode": self.fill_mode,
            "interpolation": self.interpolation,
            "fill_value": self.fill_value,
        }


class RandomRotation(Moving):
    """In training, each image turned about its middle by a random angle.

    Parameters
    ----------
    factor : float or pair
        As a share of a full turn: 0.1 for -36 to 36 degrees, (0.2, 0.3) for 72 to 108.
    fill_mode : {"reflect", "wrap", "constant", "nearest"}
        What lies beyond the image: itself mirrored or repeated, `fill_value`, its edge.
    interpolation : {"bilinear", "nearest"}
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_rotation/
    """

    def __init__(
        self,
        factor,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        self.factor = limits(factor, -1, 1, "RandomRotation: `factor`")

    def draw(self, shape, seed=None):
        low, high = self.factor
        return {"angle": self.uniform((shape[0],), low * 360.0, high * 360.0, seed)}

    def matrix(self, transformation, rows, columns):
        angle = transformation["angle"] * (math.pi / 180)
        cos, sin, none = ops.cos(angle), ops.sin(angle), ops.zeros_like(angle)
        x, y = (columns - 1) / 2, (rows - 1) / 2
        return ops.stack([cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos, none, none], axis=1)

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


class RandomZoom(Moving):
    """In training, each image stretched about its middle.

    Parameters
    ----------
    height_factor, width_factor : float or pair
        0.2 for sizes of 80 % to 120 % of what is seen, (0.2, 0.3) for zooming out by 20 to 30 %; the width by the
        height's number unless given.
    fill_mode, interpolation, seed
        As in `RandomRotation`.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_zoom/
    """

    def __init__(
        self,
        height_factor,
        width_factor=None,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        self.height_factor, self.width_factor = height_factor, width_factor
        self._height = limits(height_factor, -1, 1, "RandomZoom: `height_factor`", above=True)
        self._width = None if width_factor is None else limits(
            width_factor, -1, 1, "RandomZoom: `width_factor`", above=True
        )

    def draw(self, shape, seed=None):
        zoom = lambda factor: self.uniform((shape[0], 1), 1 + factor[0], 1 + factor[1], seed)
        height = zoom(self._height)
        return {"height_zoom": height, "width_zoom": height if self._width is None else zoom(self._width)}

    def matrix(self, transformation, rows, columns):
        wide, high = transformation["width_zoom"], transformation["height_zoom"]
        none, x, y = ops.zeros_like(wide), (columns - 1) / 2, (rows - 1) / 2
        return ops.concatenate([wide, none, x * (1 - wide), none, high, y * (1 - high), none, none], axis=1)

    def get_config(self):
        return {**super().get_config(), "height_factor": self.height_factor, "width_factor": self.width_factor}


class RandomTranslation(Moving):
    """In training, each image shifted.

    Parameters
    ----------
    height_factor, width_factor : float or pair
        As a share of the image: 0.2 for up to 20 % either way, (-0.2, 0.3) for 20 % up to 30 % down (or left, right).
    fill_mode, interpolation, seed
        As in `RandomRotation`.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_translation/
    """

    def __init__(
        self,
        height_factor,
        width_factor,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        self.height_factor, self.width_factor = height_factor, width_factor
        self._height = limits(height_factor, -1, 1, "RandomTranslation: `height_factor`")
        self._width = limits(width_factor, -1, 1, "RandomTranslation: `width_factor`")

    def draw(self, shape, seed=None):
        down = self.uniform((shape[0], 1), *self._height, seed) * float(shape[self.row_axis])
        right = self.uniform((shape[0], 1), *self._width, seed) * float(shape[self.column_axis])
        return {"translations": ops.concatenate([right, down], axis=1)}

    def matrix(self, transformation, rows, columns):
        right, down = transformation["translations"][:, :1], transformation["translations"][:, 1:]
        one, none = ops.ones_like(right), ops.zeros_like(right)
        return ops.concatenate([one, none, -right, none, one, -down, none, none], axis=1)

    def get_config(self):
        return {**super().get_config(), "height_factor": self.height_factor, "width_factor": self.width_factor}
