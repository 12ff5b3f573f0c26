"""Questions about dtypes. Source: https://keras.io/api/utils/"""

import numpy as np

from .. import config
from ..symbolic import KerasTensor


def standardize_dtype(dtype):
    """A dtype's name: floatx for None, "float32" for np.float32.

    >>> standardize_dtype(np.dtype("int8"))
    'int8'
    """
    if dtype is None:
        return config.floatx()
    try:
        return np.dtype({"bool_": "bool", float: "float32", int: "int32"}.get(dtype, dtype)).name
    except TypeError:
        raise ValueError(f"Unknown dtype: {dtype!r}. There are: float32, float64, int32, uint8, bool, ...") from None


def is_float_dtype(dtype):
    return standardize_dtype(dtype).startswith("float")


def is_int_dtype(dtype):
    return standardize_dtype(dtype).startswith(("int", "uint"))


def is_keras_tensor(x):
    """Whether x is a placeholder, as `Input` gives one."""
    return isinstance(x, KerasTensor)


def result_type(*dtypes):
    """The dtype that a computation of these gives: a float wins over an int, which never widens it."""
    names = [standardize_dtype(d) for d in dtypes]
    floats = [np.dtype(d) for d in names if d.startswith("float")]
    if floats:
        return max(floats, key=lambda d: d.itemsize).name
    return np.result_type(*map(np.dtype, names)).name
