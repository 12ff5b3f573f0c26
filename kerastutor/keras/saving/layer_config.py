"""`keras.layers.serialize` and `keras.layers.deserialize`. Source: https://keras.io/api/layers/"""

from .deserialization import deserialize_keras_object
from .serialization import serialize_keras_object


def serialize(layer):
    """The dict that stands for a layer, as Keras's files have it."""
    return serialize_keras_object(layer)


def deserialize(config, custom_objects=None):
    """The layer of a dict.

    Raises
    ------
    ValueError
        If the dict is that of something else.
    """
    from ..layers import Layer

    layer = deserialize_keras_object(config, custom_objects)
    if not isinstance(layer, Layer):
        raise ValueError(f"layers.deserialize: the configuration is not that of a layer, but of {layer!r}.")
    return layer
