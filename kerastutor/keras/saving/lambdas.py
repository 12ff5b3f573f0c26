"""A lambda's compiled code as text, and back: the only thing in a file that is a program.

It is read only with safe_mode=False, which a user has to ask for; see `deserialization.py`.
"""

import base64
import builtins
import importlib
import marshal
import types

import numpy as np


def dump(function):
    """(code, defaults, values of the variables around it), as Keras writes it."""
    closure = tuple(cell.cell_contents for cell in function.__closure__) if function.__closure__ else None
    return base64.encodebytes(marshal.dumps(function.__code__)).decode("ascii"), function.__defaults__, closure


def load(dumped):
    """The function again. It runs code from a file: only for files that one trusts.

    Raises
    ------
    ValueError
        If the code was written by another version of Python, or is damaged.
    """
    if isinstance(dumped, dict):  # older files
        dumped = dumped.get("code"), dumped.get("defaults"), dumped.get("closure")
    try:
        code, defaults, closure = dumped
        code = marshal.loads(base64.b64decode(code))
        cells = tuple(types.CellType(value) for value in closure) if closure else None
        keras = importlib.import_module(__name__.partition(".saving")[0])
        around = {"__builtins__": builtins, "keras": keras, "ops": keras.ops, "np": np}
        return types.FunctionType(code, around, code.co_name, tuple(defaults) if defaults else None, cells)
    except Exception as error:
        raise ValueError(
            "The lambda in this file can't be read: it was written by another version of Python, or is damaged. "
            "Write it as a function with a name, and give it as custom_objects={...}."
        ) from error
