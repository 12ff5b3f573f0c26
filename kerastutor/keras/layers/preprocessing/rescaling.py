"""Rescaling: the same factor for all."""

from ... import config, ops
from .data_layer import DataLayer


class Rescaling(DataLayer):
    """y = scale * x + offset, in training and outside it.

    Parameters
    ----------
    scale, offset : float
        1/255 brings pixels from 0..255 to 0..1; 1/127.5 and -1 to -1..1. One for each channel may be given.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.Rescaling(1 / 127.5, offset=-1)(np.array([0.0, 255.0])).numpy()
    array([-1.,  1.], dtype=float32)

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/
    """

    supports_masking = True

    def __init__(self, scale, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        self.scale, self.offset = scale, offset

    def call(self, inputs):
        scale, offset = ops.cast(self.scale, self.dtype), ops.cast(self.offset, self.dtype)
        if scale.ndim and config.image_data_format() == "channels_first":
            scale = ops.reshape(scale, scale.shape + (1,) * (3 - scale.ndim))
        return ops.cast(inputs, self.dtype) * scale + offset

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "scale": _plain(self.scale), "offset": _plain(self.offset)}

    @classmethod
    def from_config(cls, config):
        numbers = {name: _from_file(config[name]) for name in ("scale", "offset") if name in config}
        return cls(**{**config, **numbers})


def _plain(x):
    """As JSON takes it."""
    return x.tolist() if hasattr(x, "tolist") else x


def _from_file(x):
    """Keras writes an array as an object of a class "__numpy__"."""
    return x["config"]["value"] if isinstance(x, dict) else x
