"""A layer around another one. Source: https://keras.io/api/layers/recurrent_layers/"""

from ...saving import deserialize_keras_object, serialize_keras_object
from ..layer import Layer


class Wrapper(Layer):
    """The base of layers that change what another layer does: `self.layer`.

    Parameters
    ----------
    layer : Layer
    """

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(
                f"{type(self).__name__} goes around a layer, such as {type(self).__name__}(Dense(8)); got {layer!r}."
            )
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape=None):
        if not self.layer.built:
            self.layer.build(input_shape)
            self.layer.built = True

    def get_config(self):
        return {**super().get_config(), "layer": serialize_keras_object(self.layer)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        layer = deserialize_keras_object(config.pop("layer"), custom_objects=custom_objects)
        return cls(layer, **config)
