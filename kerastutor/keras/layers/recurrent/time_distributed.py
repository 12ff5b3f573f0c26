"""The same layer at every step. Source: https://keras.io/api/layers/recurrent_layers/time_distributed/"""

from ... import ops
from ..layer import Layer
from ..normalization import BatchNormalization
from .rnn import RNN
from .wrapper import Wrapper

LIBRARY = __name__.rpartition(".recurrent")[0] + "."


class TimeDistributed(Wrapper):
    """Applies a layer to each step of a sequence by itself, with the same weights.

    Parameters
    ----------
    layer : Layer

    Shapes
    ------
    (batch, time, ...) -> (batch, time, ...): what the layer makes of (batch, ...).

    Notes
    -----
    The library's own layers treat samples by themselves, so all steps go through at once, as so many samples. Layers of
    a user's own, batch normalization and stateful layers get one step after the other, as all do in Keras.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.TimeDistributed(keras.layers.Dense(8))(np.zeros((2, 10, 16))).shape
    (2, 10, 8)

    Source: https://keras.io/api/layers/recurrent_layers/time_distributed/
    """

    supports_masking = True

    def build(self, input_shape):
        super().build(self._of_one_step(input_shape))

    def call(self, inputs, training=None, mask=None):
        if mask is not None and tuple(mask.shape[:2]) != tuple(inputs.shape[:2]):
            raise ValueError(
                f"Layer {self.name!r} (TimeDistributed): the mask has shape {mask.shape}, and the input "
                f"{inputs.shape}: their first two axes, the batch and the steps, must be the same."
            )
        if _samples_by_themselves(self.layer):
            batch, time = inputs.shape[:2]
            outputs = self._apply(_together(inputs), None if mask is None else _together(mask), training)
            return ops.reshape(outputs, (batch, time, *outputs.shape[1:]))
        steps = ops.unstack(inputs, axis=1)
        masks = [None] * len(steps) if mask is None else ops.unstack(mask, axis=1)
        return ops.stack([self._apply(x, m, training) for x, m in zip(steps, masks, strict=True)], axis=1)

    def _apply(self, x, mask, training):
        options = {"training": training} if self.layer._signature.takes_training and training is not None else {}
        if self.layer._signature.takes_mask and mask is not None:
            options["mask"] = mask
        return self.layer.call(x, **options)

    def compute_output_shape(self, input_shape):
        batch, *rest = self.layer.compute_output_shape(self._of_one_step(input_shape))
        return (batch, input_shape[1], *rest)

    def _of_one_step(self, input_shape):
        if len(input_shape) < 3:
            raise ValueError(
                f"Layer {self.name!r} (TimeDistributed) takes sequences, (batch, time, ...) with three axes or more; "
                f"got an input of shape {tuple(input_shape)}."
            )
        return (input_shape[0], *input_shape[2:])


def _together(x):
    """(batch, time, ...) -> (batch * time, ...)."""
    return ops.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:]))


def _samples_by_themselves(layer):
    """Whether a layer, and those inside it, are known to do with each sample what they do without the others."""
    if not type(layer).__module__.startswith(LIBRARY) or isinstance(layer, BatchNormalization):
        return False
    if isinstance(layer, RNN) and layer.stateful:
        return False
    return all(_samples_by_themselves(inner) for inner in layer._layers if isinstance(inner, Layer))
