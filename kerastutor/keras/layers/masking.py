"""Steps that do not count. Source: https://keras.io/api/layers/core_layers/masking/"""

from .. import ops
from .layer import Layer


class Masking(Layer):
    """Marks the steps whose numbers all equal `mask_value`: recurrent layers after it skip them.

    Parameters
    ----------
    mask_value : float

    Shapes
    ------
    (batch, time, n) -> the same, with 0 in the marked steps, and a mask (batch, time) for the layers after it.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> x = np.array([[[1.0, 2.0], [-1.0, -1.0]]])
    >>> keras.layers.Masking(mask_value=-1.0).compute_mask(x).numpy()
    array([[ True, False]])

    Source: https://keras.io/api/layers/core_layers/masking/
    """

    supports_masking = True

    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.mask_value = mask_value
        self.built = True

    def compute_mask(self, inputs, mask=None):
        return ops.any(ops.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs):
        mask = self.compute_mask(inputs)
        outputs = ops.where(ops.expand_dims(mask, -1), inputs, 0.0)
        outputs._keras_mask = mask
        return outputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "mask_value": self.mask_value}
