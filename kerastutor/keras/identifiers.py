"""From a name, a configuration or a class to the object meant: what each module's `get` and `serialize` share."""

import inspect

from .naming import look_up, snake_case
from .saving.deserialization import deserialize_keras_object
from .saving.registry import known_objects
from .saving.serialization import serialize_keras_object


def table(*objects, **aliases):
    """Objects by their own name and in snake case: {"HeNormal": HeNormal, "he_normal": HeNormal, ...}, and aliases."""
    names = {o.__name__: o for o in objects}
    return names | {snake_case(name): o for name, o in names.items()} | aliases


def get(identifier, names, what):
    """The object of a module's table that `identifier` stands for.

    Parameters
    ----------
    identifier : None, str, dict, class, callable or object
        None stays None; a class is called without arguments; a callable is taken as it is.
    names : dict
        From `table`.
    what : str
        For the message: "initializer", "loss", ...

    Raises
    ------
    ValueError
        If there is no such name; the message says which one was probably meant.
    """
    if isinstance(identifier, dict):
        identifier = deserialize(identifier, names, what)
    if isinstance(identifier, str):
        identifier = look_up(identifier, names | known_objects(), what)
    if inspect.isclass(identifier):
        identifier = identifier()
    if identifier is None or callable(identifier):
        return identifier
    kinds = "a name, a function of (y_true, y_pred)" if what in ("loss", "metric") else "a name"
    raise ValueError(f"{identifier!r} ({type(identifier).__name__}) is no {what}: expected {kinds} or an object.")


def serialize(obj, module=None):
    """The configuration of an object or a function, as Keras writes it."""
    return serialize_keras_object(obj)


def deserialize(config, names, what, custom_objects=None):
    """The object of a configuration, or of a name."""
    if not isinstance(config, dict):
        return get(config, names | known_objects(custom_objects), what)
    if "class_name" not in config:
        raise ValueError(f"The configuration of a {what} needs 'class_name' and 'config'; got {config!r}.")
    if "module" not in config and config["class_name"] != "function":
        look_up(config["class_name"], names | known_objects(custom_objects), what)
    return deserialize_keras_object({"config": {}, **config}, custom_objects, module_objects=names)
