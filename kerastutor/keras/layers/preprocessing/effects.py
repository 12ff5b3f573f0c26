"""More of what a picture can go through in training: colours turned, paled, sharpened, counted down or inverted.

Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
"""

from ... import ops, random
from ...ops.image import hsv_to_rgb, rgb_to_grayscale, rgb_to_hsv
from .color import Coloring, checked_range
from .image_layer import ImageLayer, RandomImageLayer, limits


def each(x):
    """One number for each image, to be multiplied with a batch of them."""
    return ops.reshape(x, (-1, 1, 1, 1))


def ranged(x, before, after):
    """Numbers from one range of values in another: `before` and `after` are (least, largest)."""
    (a, b), (c, d) = before, after
    return x if (a, b) == (c, d) else (x - a) / (b - a) * (d - c) + c


class RandomHue(Coloring):
    """In training, all colours turned around the circle of hues: red to orange, or to violet.

    Parameters
    ----------
    factor : float or pair
        From 0 to 1, as a share of half a turn: 0.2 for up to 36 degrees either way.
    value_range : pair
        What a pixel may be.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_hue/
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed, data_format=data_format, **kwargs)
        self.factor = limits(factor, 0, 1, "RandomHue: `factor`")

    def draw(self, shape, seed=None):
        way = ops.where(self.uniform(shape[:1], 0, 1, seed) > 0.5, -1.0, 1.0)
        return {"factor": way * self.uniform(shape[:1], *self.factor, seed) * 0.5}

    def transform_images(self, images, transformation, training=True):
        if not training:
            return images
        x = ranged(ops.cast(images, self.dtype), self.value_range, (0, 1))
        x = rgb_to_hsv(x, self.data_format)
        h, s, v = ops.split(x, 3, axis=-1 if self.data_format == "channels_last" else 1)
        h = h + each(transformation["factor"])
        h = ops.where(h > 1.0, h - 1.0, h)
        h = ops.where(h < 0.0, h + 1.0, h)
        x = ops.concatenate([h, s, v], axis=-1 if self.data_format == "channels_last" else 1)
        return ranged(ops.clip(hsv_to_rgb(x, self.data_format), 0.0, 1.0), (0, 1), self.value_range)


class RandomSaturation(Coloring):
    """In training, colours paler or stronger: the saturation times f / (1 - f), for a random f.

    Parameters
    ----------
    factor : float or pair
        For f, from 0 (grey) over 0.5 (as it is) to 1 (as strong as can be).
    value_range : pair
        The saturation is kept within it: for (0, 255) only from below, as in Keras.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_saturation/
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed, data_format=data_format, **kwargs)
        self.factor, self.value_range = limits(factor, -1, 1, "RandomSaturation: `factor`"), sorted(value_range)

    def draw(self, shape, seed=None):
        f = self.uniform(shape[:1], *self.factor, seed)
        return {"factor": f / (1.0 - f + 1e-7)}

    def transform_images(self, images, transformation, training=True):
        if not training:
            return images
        channels = -1 if self.data_format == "channels_last" else 1
        h, s, v = ops.split(rgb_to_hsv(ops.cast(images, self.dtype), self.data_format), 3, axis=channels)
        s = ops.clip(s * each(transformation["factor"]), *map(float, self.value_range))
        return hsv_to_rgb(ops.concatenate([h, s, v], axis=channels), self.data_format)


class RandomSharpness(Coloring):
    """In training, blurred or sharpened: y = x + (1 - 2 f) (smoothed - x), for a random f.

    Parameters
    ----------
    factor : float or pair
        For f, from 0 (blurred) over 0.5 (as it is) to 1 (sharp).
    value_range : pair
        y is kept within it.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_sharpness/
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed, data_format=data_format, **kwargs)
        self.factor, self.value_range = limits(factor, 0, 1, "RandomSharpness: `factor`"), sorted(value_range)

    def draw(self, shape, seed=None):
        return {"factor": self.uniform(shape[:1], *self.factor, seed)}

    def transform_images(self, images, transformation, training=True):
        x = ops.cast(images, self.dtype)
        if not training:
            return x
        window = ops.reshape(ops.cast([1, 1, 1, 1, 5, 1, 1, 1, 1], self.dtype) / 13.0, (3, 3, 1, 1))
        channels = x.shape[-1 if self.data_format == "channels_last" else 1]
        window = ops.tile(window, (1, 1, channels, 1))
        smooth = ops.depthwise_conv(x, window, padding="same", data_format=self.data_format)
        y = x + (1.0 - 2.0 * each(transformation["factor"])) * (smooth - x)
        return ops.clip(y, *map(float, self.value_range))


class RandomPosterization(Coloring):
    """In training, fewer colours: of each channel's 8 bits only the first few are kept.

    Parameters
    ----------
    factor : int or pair
        How many bits, from 1 to 8; of a pair the larger one is not drawn.
    value_range : pair
        What a pixel may be.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_posterization/
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed, data_format=data_format, **kwargs)
        self.factor, self.value_range = limits(factor, 1, 8, "RandomPosterization: `factor`"), sorted(value_range)

    def draw(self, shape, seed=None):
        low, high = self.factor
        seed = self.generator if seed is None else seed
        bits = random.randint(shape[:1], low, high if high > low else low + 1, seed=seed)
        return {"shift_factor": 8 - bits}

    def transform_images(self, images, transformation, training=True):
        if not training:
            return images
        step = ops.power(2.0, each(ops.cast(transformation["shift_factor"], self.dtype)))
        x = ranged(ops.cast(images, self.dtype), self.value_range, (0, 255))
        return ranged(ops.floor(x / step) * step, (0, 255), self.value_range)


class RandomInvert(Coloring):
    """In training, some images as negatives: y = largest value - x.

    Parameters
    ----------
    factor : float or pair
        How likely that is.
    value_range : pair
        What a pixel may be.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_invert/
    """

    def __init__(self, factor=1.0, value_range=(0, 255), seed=None, data_format=None, **kwargs):
        super().__init__(value_range, seed, data_format=data_format, **kwargs)
        self.factor = limits(factor, 0, 1, "RandomInvert: `factor`")

    def draw(self, shape, seed=None):
        likely = self.uniform(shape[:1], *self.factor, seed)
        return {"apply_inversion": self.uniform(shape[:1], 0, 1, seed) < likely}

    def transform_images(self, images, transformation, training=True):
        if not training:
            return images
        x = ops.cast(images, self.dtype)
        return ops.where(each(transformation["apply_inversion"]), float(self.value_range[1]) - x, x)


class Solarization(RandomImageLayer):
    """In training, bright places inverted: x plus a random number, then 255 - x wherever x is above a random one.

    Parameters
    ----------
    addition_factor, threshold_factor : float or pair
        From 0 to 1, as shares of the range of values.
    value_range : pair
        What a pixel may be.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/solarization/
    """

    moves_pixels = False

    def __init__(self, addition_factor=0.0, threshold_factor=0.0, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(seed=seed, **kwargs)
        shares = {"addition_factor": addition_factor, "threshold_factor": threshold_factor}
        for name, factor in shares.items():
            setattr(self, name, limits(factor, 0, 1, f"Solarization: `{name}`"))
        self.value_range = sorted(checked_range("Solarization", value_range))

    def draw(self, shape, seed=None):
        number = lambda pair: self.uniform((shape[0], 1, 1, 1), pair[0], pair[1] * 255, seed)
        return {"additions": number(self.addition_factor), "thresholds": number(self.threshold_factor)}

    def transform_images(self, images, transformation, training=True):
        x = ops.cast(images, self.dtype)
        if not training or transformation is None:
            return x
        x = ops.clip(ranged(x, self.value_range, (0, 255)) + transformation["additions"], 0.0, 255.0)
        return ranged(ops.where(x < transformation["thresholds"], x, 255.0 - x), (0, 255), self.value_range)

    def get_config(self):
        own = ("value_range", "addition_factor", "threshold_factor")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}


class RandomGrayscale(RandomImageLayer):
    """In training, some images without colours; they keep three channels.

    Parameters
    ----------
    factor : float
        How likely that is, from 0 to 1.
    seed : int, optional

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_grayscale/
    """

    moves_pixels = False

    def __init__(self, factor=0.5, data_format=None, seed=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        limits(factor, 0, 1, "RandomGrayscale: `factor`")
        self.factor = factor

    def draw(self, shape, seed=None):
        return self.uniform((shape[0], 1, 1, 1), 0, 1, seed) < self.factor

    def transform_images(self, images, transformation, training=True):
        if not training:
            return images
        return ops.where(transformation, rgb_to_grayscale(images, self.data_format), images)

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


class AutoContrast(ImageLayer):
    """Each channel of each image stretched to the whole range of values; one without differences stays as it is.

    Parameters
    ----------
    value_range : pair
        What a pixel may be.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/auto_contrast/
    """

    moves_pixels = False

    def __init__(self, value_range=(0, 255), **kwargs):
        super().__init__(**kwargs)
        self.value_range = sorted(checked_range("AutoContrast", value_range))

    def transform_images(self, images, transformation, training=True):
        x = ops.cast(images, self.dtype)
        axes = (self.row_axis, self.column_axis)
        low, high = ops.amin(x, axis=axes, keepdims=True), ops.amax(x, axis=axes, keepdims=True)
        differs = high > low
        least, largest = map(float, self.value_range)
        stretched = (x - low) / ops.where(differs, high - low, 1.0) * (largest - least) + least
        return ops.where(differs, stretched, x)

    def get_config(self):
        return {**super().get_config(), "value_range": self.value_range}
