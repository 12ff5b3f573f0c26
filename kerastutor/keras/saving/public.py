"""Which object of ours is which of Keras's: the names that stand in files.

A file says {"module": "keras.layers", "class_name": "Dense", ...}, whichever library wrote it. Only what a model is
made of can be named in a file: a file that asks for anything else, as `keras.utils.get_file`, is refused.
"""

import functools
import importlib
import inspect
import types

HERE = __name__.partition(".saving")[0]
MODULES = (
    "layers", "models", "initializers", "regularizers", "constraints", "losses", "metrics", "optimizers",
    "optimizers.schedules", "activations", "random", "callbacks", "dtype_policies",
)
FUNCTION_MODULES = ("activations", "losses", "metrics", "initializers", "regularizers", "constraints", "ops")
TOP = ("Sequential", "Model", "Layer", "Loss", "Metric", "Optimizer", "Initializer", "Regularizer", "DTypePolicy",
       "Quantizer", "Variable")  # Keras writes these as of module "keras"


def name_of(cls):
    """(module, class_name) under which Keras knows this class of ours, or None for a user's class."""
    if not cls.__module__.startswith(f"{HERE}."):
        return None
    if cls.__name__ == "Functional":
        return "keras.src.models.functional", "Functional"
    if cls.__name__ in TOP:
        return "keras", cls.__name__
    for module in sorted(MODULES, key=lambda m: not cls.__module__.startswith(f"{HERE}.{m}")):
        public = vars(_module(module))  # where a class may have another name than its own: GroupQueryAttention
        name = next((n for n in (cls.__name__, *public) if public.get(n) is cls), None)
        if name is not None:
            return f"keras.{module}", name
    return None


def find(module, name, what="class"):
    """The class or function that Keras calls `name` in `module`; None if we have none, or none that files may name.

    Parameters
    ----------
    module : str
        "keras.layers"; one inside of Keras, as "keras.src.models.functional", stands for all; "builtins" is what
        Keras writes for functions.
    what : {"class", "function"}
    """
    path = module.split(".")
    public = ".".join(path[1:])
    allowed = MODULES if what == "class" else FUNCTION_MODULES
    if path[0] == "keras" and public in allowed:
        places = [public]
    elif public == "" or path[1] == "src":
        places = allowed
    else:
        return None
    for place in places:
        found = getattr(_module(place), name, None)
        if _fits(found, what):
            return found
    if what == "class" and name == "Functional":
        return importlib.import_module(f"{HERE}.models.functional").Functional
    return None


def _fits(found, what):
    if what == "class":
        return inspect.isclass(found) and hasattr(found, "from_config") and found.__module__.startswith(HERE)
    tool = getattr(found, "__name__", "") in ("get", "serialize", "deserialize")
    return isinstance(found, types.FunctionType) and found.__module__.startswith(HERE) and not tool


@functools.cache
def _module(name):
    try:
        return importlib.import_module(f"{HERE}.{name}")
    except ModuleNotFoundError:
        return types.ModuleType(name)
