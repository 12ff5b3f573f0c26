"""Random changes of an image's colours in training; outside it nothing happens.

Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
"""

from ... import ops
from .image_layer import RandomImageLayer, limits


class Coloring(RandomImageLayer):
    """What the layers share that change colours within a range of values."""

    moves_pixels = False

    def __init__(self, value_range, seed, **kwargs):
        super().__init__(seed=seed, **kwargs)
        self.value_range = checked_range(type(self).__name__, value_range)

    def get_config(self):
        return {**super().get_config(), "factor": self.factor, "value_range": self.value_range}


def checked_range(who, value_range):
    """`value_range`, if it is a pair."""
    if not isinstance(value_range, (tuple, list)) or len(value_range) != 2:
        raise ValueError(
            f"{who}: `value_range` must be two numbers, the least and the largest that a pixel may have; got "
            f"{value_range!r}."
        )
    return value_range


class RandomContrast(Coloring):
    """In training, more contrast or less: y = (x - mean) * factor + mean, with each channel's mean.

    Parameters
    ----------
    factor : float or pair
        0.3 for factors of 1 to 1.3, (0.2, 0.3) for 0.8 to 1.3.
    value_range : pair
        y is kept within it.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_contrast/
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(value_range, seed, **kwargs)
        self.factor = limits(factor, 0, 1, "RandomContrast: `factor`")

    def draw(self, shape, seed=None):
        low, high = self.factor
        return {"contrast_factor": self.uniform((shape[0], 1, 1, 1), 1 - low, 1 + high, seed)}

    def transform_images(self, images, transformation, training=True):
        if not training:
            return images
        x = ops.cast(images, self.dtype)
        mean = ops.mean(x, axis=(self.row_axis, self.column_axis), keepdims=True)
        return ops.clip((x - mean) * transformation["contrast_factor"] + mean, *self.value_range)


class RandomBrightness(Coloring):
    """In training, all of an image brighter or darker: y = x + a random share of the range of values.

    Parameters
    ----------
    factor : float or pair
        0.2 for -20 % to 20 % of the range, (0.1, 0.3) for 10 % to 30 %.
    value_range : pair
        y is kept within it.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_brightness/
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(value_range, seed, **kwargs)
        self.factor, self.value_range = limits(factor, -1, 1, "RandomBrightness: `factor`"), sorted(value_range)

    def draw(self, shape, seed=None):
        low, high = self.value_range
        return {"rgb_delta": self.uniform((shape[0], 1, 1, 1), *self.factor, seed) * float(high - low)}

    def transform_images(self, images, transformation, training=True):
        if not training:
            return images
        return ops.clip(ops.cast(images, self.dtype) + transformation["rgb_delta"], *self.value_range)
