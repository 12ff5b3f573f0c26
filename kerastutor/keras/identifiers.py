"""From a name, a configuration or a class to the object meant: what each module's `get` and `serialize` share."""

import inspect

from .naming import look_up, snake_case


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
        return deserialize(identifier, names, what)
    if isinstance(identifier, str):
        identifier = look_up(identifier, names, what)
    if inspect.isclass(identifier):
        identifier = identifier()
    if identifier is None or callable(identifier):
        return identifier
    kinds = "a name, a function of (y_true, y_pred)" if what in ("loss", "metric") else "a name"
    raise ValueError(f"{identifier!r} ({type(identifier).__name__}) is no {what}: expected {kinds} or an object.")


def serialize(obj, module):
    """The configuration of an object as Keras writes it; a plain function as its name."""
    if obj is None:
        return None
    if not hasattr(obj, "get_config"):
        return getattr(obj, "__name__", obj)
    return {"module": module, "class_name": type(obj).__name__, "config": obj.get_config(), "registered_name": None}


def deserialize(config, names, what, custom_objects=None):
    """The object of a configuration, or of a name."""
    names = names | (custom_objects or {})
    if not isinstance(config, dict):
        return get(config, names, what)
    if "class_name" not in config:
        raise ValueError(f"The configuration of a {what} needs 'class_name' and 'config'; got {config!r}.")
    found = look_up(config["class_name"], names, what)
    inner = config.get("config") or {}
    if not inspect.isclass(found):
        return found
    return found.from_config(inner) if hasattr(found, "from_config") else found(**inner)
