"""The JSON in files, and the version of Keras that wrote them."""

import importlib
import json

from .public import HERE


def keras_version():
    """The version of Keras whose files are written here."""
    return importlib.import_module(HERE).__version__


def check_version(version):
    """Refuse files of a Keras that did not exist when this was written; None for a file that does not say."""
    major = str(version).split(".")[0]
    if version is not None and not (major.isdigit() and int(major) <= int(keras_version().split(".")[0])):
        raise ValueError(f"it was written by Keras {version}, and this reads the files of Keras 1 to 3.")


def as_json(config, **kwargs):
    """A configuration as text; more arguments go to `json.dumps`.

    Raises
    ------
    TypeError
        If something in it is neither text, number nor a structure of these.
    """
    try:
        return json.dumps(config, **kwargs)
    except TypeError as error:
        raise TypeError(
            f"The model can't be saved: its configuration holds what JSON can't ({error}). What a layer's `get_config` "
            "gives must be numbers, strings, and lists and dicts of these."
        ) from None


def parsed(text, name):
    """The dict that a text is.

    Raises
    ------
    ValueError
        If it is no JSON, or not a dict.
    """
    try:
        found = json.loads(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"its {name} is no JSON ({error}).") from None
    if not isinstance(found, dict):
        raise ValueError(f"its {name} is not that of a model: {found!r}.")
    return found
