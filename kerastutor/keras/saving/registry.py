"""Names for a user's own classes and functions, by which files and configurations refer to them.

Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
"""

import inspect
import threading

_objects = {}  # "package>name" -> class or function
_names = {}  # class or function -> "package>name"


class _Scope(threading.local):
    """What the `with CustomObjectScope(...)` blocks around the running code offer, innermost first."""

    objects = {}


_scope = _Scope()


class CustomObjectScope:
    """Inside this block, configurations may name these objects.

    Parameters
    ----------
    custom_objects : dict
        Name -> class or function.

    Examples
    --------
    >>> from kerastutor import keras
    >>> def double(x):
    ...     return 2 * x
    >>> config = keras.layers.Activation(double).get_config()
    >>> with keras.saving.CustomObjectScope({"double": double}):
    ...     layer = keras.layers.Activation.from_config(config)
    >>> layer.activation is double
    True
    """

    def __init__(self, custom_objects):
        self.custom_objects = dict(custom_objects or {})
        self._outer = []

    def __enter__(self):
        self._outer.append(_scope.objects)
        _scope.objects = {**_scope.objects, **self.custom_objects}
        return self

    def __exit__(self, *_):
        _scope.objects = self._outer.pop()


custom_object_scope = CustomObjectScope


def register_keras_serializable(package="Custom", name=None):
    """A decorator that makes a class or function known as "package>name", so that files can name it.

    Raises
    ------
    ValueError
        If a class has no `get_config` method: it could not be saved.

    Examples
    --------
    >>> from kerastutor import keras
    >>> @keras.saving.register_keras_serializable("lesson")
    ... def cube(x):
    ...     return x * x * x
    >>> keras.saving.get_registered_name(cube)
    'lesson>cube'
    """

    def register(thing):
        if inspect.isclass(thing) and not hasattr(thing, "get_config"):
            raise ValueError(
                f"Class {thing.__name__} can't be registered: it needs a method get_config(self), which gives its "
                "arguments as a dict."
            )
        registered = f"{package}>{name or thing.__name__}"
        _objects[registered] = thing
        _names[thing] = registered
        return thing

    return register


def get_custom_objects():
    """The registered objects by their names: the dict itself, so that adding to it registers."""
    return _objects


def get_registered_name(obj):
    """The name under which a class or function was registered, or its own."""
    try:
        return _names.get(obj, obj.__name__)
    except TypeError:  # not hashable
        return obj.__name__


def get_registered_object(name, custom_objects=None, module_objects=None):
    """What was registered under this name, or is offered by a scope or by one of the dicts; None if nothing was."""
    for offered in (_scope.objects, _objects, custom_objects or {}, module_objects or {}):
        if name in offered:
            return offered[name]
    return None


def known_objects(custom_objects=None):
    """All that is on offer now, by name."""
    return {**(custom_objects or {}), **_scope.objects, **_objects}
