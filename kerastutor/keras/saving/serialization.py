"""Objects as dicts that JSON can hold, in the form of Keras 3's files.

    {"module": "keras.layers", "class_name": "Dense", "config": {...}, "registered_name": None, "build_config": {...}}

Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
"""

import inspect
import threading
import types

import numpy as np

from .. import naming
from ..autodiff import Tensor
from . import lambdas, public
from .registry import get_registered_name


class _Met(threading.local):
    """Inside `serialize_shared`: id of a layer -> [the layer, how often it was met, its number]. None outside."""

    layers = None


_met = _Met()


def serialize_shared(obj):
    """As `serialize_keras_object`; a layer in several places gets a number, by which the reader knows that it is one.

    It is done twice: the first time tells which layers are met more than once.
    """
    _met.layers = {}
    try:
        serialize_keras_object(obj)
        for number, entry in enumerate(_met.layers.values(), 1):
            entry[2] = number if entry[1] > 1 else None
        return serialize_keras_object(obj)
    finally:
        _met.layers = None


def serialize_keras_object(obj):
    """The dict that stands for an object: a layer, loss, function, array, or a structure of them.

    Raises
    ------
    TypeError
        If it has no `get_config` method.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.saving.serialize_keras_object(keras.regularizers.L2(0.1))
    {'module': 'keras.regularizers', 'class_name': 'L2', 'config': {'l2': 0.1}, 'registered_name': None}
    """
    if obj is None or isinstance(obj, (str, int, float, bool)) and not isinstance(obj, np.generic):
        return obj
    if isinstance(obj, (list, tuple)):
        parts = [serialize_keras_object(x) for x in obj]
        return tuple(parts) if isinstance(obj, tuple) else parts
    if isinstance(obj, dict):
        return serialize_dict(obj)
    special = _special(obj)
    return _object(obj) if special is None else special


def serialize_dict(obj):
    """Each value of a dict serialized."""
    return {key: serialize_keras_object(value) for key, value in obj.items()}


def _special(obj):
    """Values that are no objects of Keras's: arrays, slices, ... None for anything else."""
    from ..symbolic import KerasTensor

    if isinstance(obj, KerasTensor):
        history = obj.history and [obj.history[0].name, *obj.history[1:]]
        return _tagged("__keras_tensor__", shape=obj.shape, dtype=obj.dtype, keras_history=history)
    if isinstance(obj, Tensor):
        return _tagged("__tensor__", value=obj.numpy().tolist(), dtype=obj.dtype)
    if isinstance(obj, np.ndarray) and obj.ndim:
        return _tagged("__numpy__", value=obj.tolist(), dtype=obj.dtype.name)
    if isinstance(obj, (np.generic, np.ndarray)):
        return obj.item()
    if isinstance(obj, np.dtype):
        return obj.name
    if isinstance(obj, bytes):
        return _tagged("__bytes__", value=obj.decode("utf-8"))
    if isinstance(obj, slice):
        return _tagged("__slice__", **{k: serialize_keras_object(getattr(obj, k)) for k in ("start", "stop", "step")})
    if obj is Ellipsis:
        return _tagged("__ellipsis__")
    if isinstance(obj, types.FunctionType) and obj.__name__ == "<lambda>":
        naming.warn(
            "A lambda is being saved: it can only be loaded with safe_mode=False, because that runs code from the "
            "file. Write a function with a name (def ...) and register it with "
            "@keras.saving.register_keras_serializable()."
        )
        return _tagged("__lambda__", value=lambdas.dump(obj))
    return None


def _tagged(class_name, **config):
    return {"class_name": class_name, "config": config}


def _object(obj):
    """A class's object or a function, by its public name, or by that under which a user registered it."""
    if isinstance(obj, types.FunctionType):
        return _described("builtins", "function", get_registered_name(obj), "function")
    cls = type(obj)
    name = public.name_of(cls)
    if name is None:
        module = None if cls.__module__ == "__main__" else cls.__module__
        described = _described(module, cls.__name__, own_config(obj), get_registered_name(cls))
    else:
        registered = "Functional" if name[1] == "Functional" else None
        described = _described(*name, own_config(obj), registered)
    for key in ("build_config", "compile_config"):
        get = getattr(obj, f"get_{key}", None)
        part = get() if get is not None else None
        if part is not None:
            described[key] = serialize_dict(part)
    if _met.layers is not None and _is_layer(obj):
        entry = _met.layers.setdefault(id(obj), [obj, 0, None])
        entry[1] += 1
        if entry[2] is not None:
            described["shared_object_id"] = entry[2]
    return described


def _described(module, class_name, config, registered_name):
    return {"module": module, "class_name": class_name, "config": config, "registered_name": registered_name}


def own_config(obj):
    """What an object's `get_config` gives, serialized."""
    if not hasattr(obj, "get_config") or inspect.isclass(obj):
        if hasattr(obj, "__name__"):
            return get_registered_name(obj)
        raise TypeError(
            f"{obj!r} ({type(obj).__name__}) can't be saved: its class needs a method get_config(self), which gives "
            "the arguments of __init__ as a dict."
        )
    config = obj.get_config()
    if not isinstance(config, dict):
        raise TypeError(f"{type(obj).__name__}.get_config() must give a dict; it gave {config!r}.")
    config = serialize_dict(config)
    if _is_layer(obj) and isinstance(config.get("dtype"), str):
        config["dtype"] = dtype_policy(config["dtype"])
    return config


def _is_layer(obj):
    from ..layers import InputLayer, Layer

    return isinstance(obj, Layer) and not isinstance(obj, InputLayer)


def dtype_policy(name):
    """A layer's dtype as Keras's files have it."""
    return _described("keras", "DTypePolicy", {"name": name}, None)
