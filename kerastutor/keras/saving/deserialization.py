"""Objects from the dicts that `serialization.py`, or Keras, made of them. Nothing that a dict says is ever run.

Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
"""

import contextlib
import inspect
import threading
import types

import numpy as np

from ..config import is_unsafe_deserialization_enabled
from ..naming import look_up
from . import lambdas, public
from .older import today
from .registry import CustomObjectScope, get_registered_object, known_objects


class _State(threading.local):
    """How the reading that is going on was begun."""

    safe_mode = None  # None: nothing is being read
    shared = None  # number -> object, for what several places of one configuration share


_state = _State()


@contextlib.contextmanager
def reading(safe_mode=None, custom_objects=None, sharing=False):
    """Inside, everything is read in this way, also by the `from_config` of a layer that holds others."""
    before = _state.safe_mode, _state.shared
    if before[0] is None:
        _state.safe_mode = safe_mode
    if sharing:
        _state.shared = {}
    try:
        with CustomObjectScope(custom_objects):
            yield
    finally:
        _state.safe_mode, _state.shared = before


def deserialize_keras_object(config, custom_objects=None, safe_mode=True, **kwargs):
    """The object that a dict stands for.

    Parameters
    ----------
    config : dict, list, str, number or None
        What `serialize_keras_object` gave, of this library or of Keras.
    custom_objects : dict, optional
        Name -> class or function, for those of your own that are not registered.
    safe_mode : bool
        Whether to refuse lambdas: they are code that would come from the configuration.

    Raises
    ------
    TypeError
        If a class or function is not known: nothing but Keras's own is found without being registered.
    ValueError
        If the configuration is damaged, or holds a lambda in safe mode.

    Examples
    --------
    >>> from kerastutor import keras
    >>> config = keras.saving.serialize_keras_object(keras.layers.Dense(3))
    >>> keras.saving.deserialize_keras_object(config).units
    3
    """
    module_objects = kwargs.pop("module_objects", None)
    if kwargs:
        raise ValueError(f"deserialize_keras_object has no argument {next(iter(kwargs))!r}.")
    with reading(safe_mode, custom_objects):
        try:
            return _read(config, module_objects)
        except RecursionError:
            raise ValueError("The configuration is nested too deeply to be that of a model.") from None


def _read(config, module_objects=None):
    if isinstance(config, str):
        offered = get_registered_object(config, None, module_objects)
        return config if offered is None else offered
    if config is None or isinstance(config, (int, float)):
        return config
    if isinstance(config, (list, tuple)):
        return [_read(x) for x in config]
    if not isinstance(config, dict):
        return config  # an object already
    if "class_name" not in config or "config" not in config:
        return {key: _read(value) for key, value in config.items()}
    name = config["class_name"]
    if not isinstance(name, str):
        raise ValueError(f"`class_name` must be a string; got {name!r}.")
    if name in _SPECIAL:
        return _special(name, config["config"])
    if name == "function":
        return _function(config, module_objects)
    return _instance(config, module_objects)


def _special(name, inner):
    try:
        return _SPECIAL[name](inner)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"The configuration of a {name} is damaged: {inner!r}.") from error


def _keras_tensor(inner):
    from ..symbolic import KerasTensor

    made = KerasTensor(inner["shape"], inner["dtype"])
    made.saved_history = inner["keras_history"]  # [layer, call, output]: `models/functional_config.py` looks it up
    return made


def _array(inner):
    dtype = np.dtype(inner["dtype"])
    if dtype.kind not in "fiub":
        raise TypeError(f"an array of {dtype}")
    return np.array(inner["value"], dtype)


def _tensor(inner):
    from .. import ops

    return ops.convert_to_tensor(_array(inner))


def _lambda(inner):
    if _state.safe_mode is not False and not is_unsafe_deserialization_enabled():
        raise ValueError(
            "It holds a lambda: code that would run on this computer. Loading refuses that. If you know who wrote the "
            "file and trust them, load it with safe_mode=False; better, let them save a function with a name, and "
            "register it with @keras.saving.register_keras_serializable()."
        )
    return lambdas.load(inner["value"] if "value" in inner else inner)


def _dtype_policy(inner):
    if not isinstance(inner.get("name"), str):
        raise ValueError(f"A layer's dtype policy {inner!r} is not offered here: it computes in float32 or float64.")
    return inner["name"]


_SPECIAL = {
    "__keras_tensor__": _keras_tensor,
    "__tensor__": _tensor,
    "__numpy__": _array,
    "__bytes__": lambda inner: inner["value"].encode("utf-8"),
    "__slice__": lambda inner: slice(*[_read(inner[k]) for k in ("start", "stop", "step")]),
    "__ellipsis__": lambda _: Ellipsis,
    "__lambda__": _lambda,
    "DTypePolicy": _dtype_policy,
}


def _function(config, module_objects):
    name, module = config["config"], config.get("module") or "builtins"
    if not isinstance(name, str):
        raise ValueError(f"The name of a function must be a string; got {name!r}.")
    found = get_registered_object(name)
    if found is None:
        ending = [thing for key, thing in known_objects().items() if key.endswith(f">{name}")]
        found = ending[0] if ending else None
    if found is None:
        found = (module_objects or {}).get(name)
    if found is None and module.split(".")[0] in ("builtins", "keras"):
        found = public.find("keras" if module == "builtins" else module, name, "function")
    return _unknown("function", name, module) if found is None else found


def _class(config, module_objects):
    """The class that a dict names: a user's, Keras's, or one of those that an argument takes."""
    name, module = config["class_name"], config.get("module")
    registered = config.get("registered_name", name) or (None if module else name)
    found = get_registered_object(registered) if registered else None
    if found is not None:
        return found
    if isinstance(module, str) and module.split(".")[0] in ("keras", "tf_keras"):
        found = public.find(module, name)
        if found is not None and module_objects and found not in module_objects.values():
            found = None
    elif "module" not in config:  # as Keras 1 and 2 wrote it
        found = look_up(name, module_objects, "class") if module_objects else public.find("keras", name)
    return _unknown("class", name, module) if found is None else found


def _unknown(kind, name, module):
    if module and module.split(".")[0] == "keras":
        raise CantMake(
            f"The {kind} {name!r} of {module!r} is not one that a model may be made of here: either this version does "
            "not have it, or a model has no business with it."
        )
    raise CantMake(
        f"The {kind} {name!r}" + (f" of {module!r}" if module not in (None, "builtins") else "") + " is not known. "
        "It is not Keras's own, and nothing is imported because a file says so: define it, and register it with "
        f"@keras.saving.register_keras_serializable(), or give custom_objects={{{name!r}: {name.split('>')[-1]}}}."
    )


def _instance(config, module_objects):
    inner = config["config"] if config["config"] is not None else {}
    if "module" not in config and isinstance(inner, (dict, list)):
        inner = today(config["class_name"], inner)
    if not isinstance(inner, dict):
        raise ValueError(f"`config` of {config['class_name']!r} must be a dict; got {inner!r}.")
    number = config.get("shared_object_id")
    if _state.shared is not None and number in _state.shared:
        return _state.shared[number]
    cls = _class(config, module_objects)
    if isinstance(cls, types.FunctionType):
        return cls
    instance = make(cls, inner)
    if config.get("build_config") and not getattr(instance, "built", True):
        instance.build_from_config(_read_shapes(config["build_config"]))
        instance.built = True
    if config.get("compile_config") and hasattr(instance, "compile_from_config"):
        instance.compile_from_config(config["compile_config"])
    if _state.shared is not None and number is not None:
        _state.shared[number] = instance
    return instance


class CantMake(TypeError):
    """An object can't be made from its configuration; the message is complete."""


def make(cls, config):
    """An object of the class, by its `from_config`."""
    config = dict(config)
    if str(getattr(getattr(cls, "from_config", cls), "__module__", "")).startswith(public.HERE):
        config = _offered(cls, config)  # a `from_config` of a user's own gets all that was written
    try:
        return cls.from_config(config) if hasattr(cls, "from_config") else cls(**config)
    except CantMake:
        raise  # something inside it: the message names that
    except (TypeError, KeyError, AttributeError) as error:
        raise CantMake(
            f"{cls.__name__} can't be made from its configuration ({error}). If it is your own class: `get_config` "
            "must give all arguments of `__init__`, and objects among them need a `from_config` that reads them with "
            "keras.saving.deserialize_keras_object."
        ) from error


def _offered(cls, config):
    """The configuration without options that our class does not have, where those are off (None or False)."""
    parameters = [p for c in cls.__mro__ if c is not object for p in inspect.signature(c.__init__).parameters]
    return {k: v for k, v in config.items() if k in parameters or v not in (None, False)}


def _read_shapes(build_config):
    """Shapes as tuples: JSON has made them lists."""
    def shape(value):
        if isinstance(value, dict):
            return {key: shape(part) for key, part in value.items()}
        if not isinstance(value, (list, tuple)):
            return value
        one = all(n is None or isinstance(n, int) for n in value)
        return tuple(value) if one else [shape(part) for part in value]

    return {key: shape(value) for key, value in build_config.items()}
