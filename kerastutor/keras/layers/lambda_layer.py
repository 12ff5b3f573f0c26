"""A layer made of a function. Source: https://keras.io/api/layers/core_layers/lambda/"""

import inspect

from .. import tree
from ..saving import deserialize_keras_object, serialize_keras_object
from ..saving.lambdas import dump
from ..symbolic import trace
from .layer import Layer


class Lambda(Layer):
    """y = function(x), for a function of `keras.ops` without weights of its own.

    A function with a name can be saved with the model (register it with `keras.saving.register_keras_serializable`);
    a lambda is loaded again only with safe_mode=False, because a file with a lambda in it brings code along.

    Parameters
    ----------
    function : callable
        Gets the input, and `mask` and `training` if it has such arguments.
    output_shape : tuple or callable, optional
        The shape of a sample's output, or a function from the input's shape to the output's, both with the batch axis.
        Found by tracing the function unless given.
    mask : tensor or callable, optional
        The output's mask, or a function (inputs, mask) that gives it.
    arguments : dict, optional
        More arguments of the function, by name.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.Lambda(lambda x: x ** 2)(np.array([[3.0]])).numpy()
    array([[9.]], dtype=float32)

    Source: https://keras.io/api/layers/core_layers/lambda/
    """

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        if not callable(function):
            raise ValueError(f"Lambda: `function` must be a function of the input; got {function!r}.")
        self.function, self.mask, self._output_shape = function, mask, output_shape
        self.arguments = arguments or {}
        self.supports_masking = mask is not None
        takes = inspect.getfullargspec(function).args
        self._takes = [name for name in ("mask", "training") if name in takes]

    def call(self, inputs, mask=None, training=None):
        offered = {"mask": mask, "training": training}
        return self.function(inputs, **self.arguments, **{name: offered[name] for name in self._takes})

    def compute_mask(self, inputs, mask=None):
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def compute_output_spec(self, inputs, **kwargs):
        if self._output_shape is None:
            return trace(self._traced, (inputs,), kwargs)
        return self._placeholders(self.compute_output_shape(tree.map_structure(lambda x: x.shape, inputs)))

    def compute_output_shape(self, input_shape):
        if self._output_shape is None:
            return super().compute_output_shape(input_shape)
        if callable(self._output_shape):
            return self._output_shape(input_shape)
        batch = tree.flatten(input_shape)[0]
        several = any(isinstance(part, (tuple, list)) for part in self._output_shape)
        return [(batch, *s) for s in self._output_shape] if several else (batch, *self._output_shape)

    def get_config(self):
        config = {**super().get_config(), "function": _serialize(self.function)}
        if self._output_shape is not None:
            config["output_shape"] = _serialize(self._output_shape)
        if self.mask is not None:
            config["mask"] = _serialize(self.mask)
        return {**config, "arguments": serialize_keras_object(self.arguments)}

    @classmethod
    def from_config(cls, config, custom_objects=None, safe_mode=None):
        """A layer made from what `get_config` gave; refuses a lambda unless safe_mode=False.

        Raises
        ------
        ValueError
            If the function is a lambda, which is code that the configuration would bring along.
        """
        read = lambda part: deserialize_keras_object(part, custom_objects, safe_mode is not False)
        config = {**config, **{k: read(config[k]) for k in ("function", "mask", "arguments") if k in config}}
        if "output_shape" in config:
            shape = read(config["output_shape"])
            config["output_shape"] = tuple(shape) if isinstance(shape, list) else shape
        return cls(**config)


def _serialize(value):
    """A function by its name, a lambda as code, in the form of Keras's files; anything else as it is saved."""
    if getattr(value, "__name__", None) == "<lambda>":
        return {"class_name": "__lambda__", "config": dict(zip(("code", "defaults", "closure"), dump(value)))}
    return serialize_keras_object(value)
