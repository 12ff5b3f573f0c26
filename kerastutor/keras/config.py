"""Keras's global settings. Source: https://keras.io/api/utils/config_utils/"""

_settings = {"floatx": "float32", "epsilon": 1e-7, "image_data_format": "channels_last"}


def floatx():
    """The dtype of weights and computations: "float32" unless set otherwise."""
    return _settings["floatx"]


def set_floatx(value):
    """Set the dtype of weights made from now on: "float32" or "float64"."""
    if value not in ("float32", "float64"):
        raise ValueError(f"floatx must be 'float32' or 'float64', which NumPy and Numba compute in; got {value!r}.")
    _settings["floatx"] = value


def epsilon():
    """The small number that keeps logarithms and divisions finite: 1e-7."""
    return _settings["epsilon"]


def set_epsilon(value):
    """Set the small number that losses use from now on."""
    _settings["epsilon"] = float(value)


def image_data_format():
    """Where images keep their channels: "channels_last" or "channels_first"."""
    return _settings["image_data_format"]


def set_image_data_format(value):
    """Set where images keep their channels."""
    if value not in ("channels_last", "channels_first"):
        raise ValueError(f"image_data_format must be 'channels_last' or 'channels_first'; got {value!r}.")
    _settings["image_data_format"] = value


def backend():
    """The name of the backend that runs the kernels: "numpy" or "cpu"."""
    from ..backends import current

    return current()
