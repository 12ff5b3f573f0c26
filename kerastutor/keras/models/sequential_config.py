"""A Sequential as a dict of its layers, in the form of Keras 3's files, and back."""

from ..saving.deserialization import deserialize_keras_object
from ..saving.legacy_config import deserialize_legacy, serialize_layer
from ..saving.serialization import serialize_dict


def sequential_config(model):
    """The dict of a Sequential: its layers in a row, the Input first if it is known."""
    first = [] if model._input is None else [model._input.history.operation]
    config = {
        "name": model.name, "trainable": model.trainable, "dtype": model.dtype,
        "layers": [serialize_layer(layer) for layer in first + model.layers],
    }
    if model.built:
        config["build_input_shape"] = model._input.shape
    return serialize_dict(config)


def sequential_from_config(cls, config, custom_objects=None):
    """A Sequential of this class with the layers of the dict, and new weights.

    Raises
    ------
    ValueError
        If the dict is not that of a Sequential.
    """
    if not isinstance(config, dict) or not {"name", "layers"} <= set(config):
        raise ValueError(f"The configuration of a Sequential has 'name' and 'layers'; got {config!r}.")
    model = cls(name=config["name"])
    for described in config["layers"]:
        if "module" in described:
            model.add(deserialize_keras_object(described, custom_objects))
        else:
            model.add(deserialize_legacy(described, custom_objects))
    shape = config.get("build_input_shape")
    if not model.built and shape and model.layers:
        model.build(tuple(shape))
    return model
