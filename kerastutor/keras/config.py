"""Keras's global settings. Source: https://keras.io/api/utils/config_utils/"""

_settings = {
    "floatx": "float32", "epsilon": 1e-7, "image_data_format": "channels_last", "interactive_logging": True,
    "max_epochs": None, "max_steps_per_epoch": None,
}


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


def set_image_data_format(data_format):
    """Set where images keep their channels."""
    if data_format not in ("channels_last", "channels_first"):
        raise ValueError(f"image_data_format must be 'channels_last' or 'channels_first'; got {data_format!r}.")
    _settings["image_data_format"] = data_format


def backend():
    """The name of the backend that runs the kernels: "numpy" or "cpu"."""
    from ..backends import current

    return current()


def is_interactive_logging_enabled():
    """Whether progress bars and summaries are printed; otherwise they go to Python's `logging`."""
    return _settings["interactive_logging"]


def enable_interactive_logging():
    """Print progress bars and summaries, as from the start."""
    _settings["interactive_logging"] = True


def disable_interactive_logging():
    """Send progress and summaries to Python's `logging` (level INFO) instead of printing them."""
    _settings["interactive_logging"] = False


def max_epochs():
    """The most epochs that any `fit` runs, or None."""
    return _settings["max_epochs"]


def set_max_epochs(max_epochs):
    """Limit every `fit` to that many epochs (to try a long script out); None for no limit."""
    _settings["max_epochs"] = _count("max_epochs", max_epochs)


def max_steps_per_epoch():
    """The most batches that an epoch of any `fit`, `evaluate` or `predict` has, or None."""
    return _settings["max_steps_per_epoch"]


def set_max_steps_per_epoch(max_steps_per_epoch):
    """Limit every epoch to that many batches; None for no limit."""
    _settings["max_steps_per_epoch"] = _count("max_steps_per_epoch", max_steps_per_epoch)


def is_traceback_filtering_enabled():
    """False: tracebacks are shown whole here, as they are short."""
    return False


def enable_traceback_filtering():
    """Accepted, and without effect: tracebacks are shown whole."""


def disable_traceback_filtering():
    """Accepted, and without effect: tracebacks are shown whole."""


def _count(name, value):
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise ValueError(f"{name} must be a whole number from 1 up, or None; got {value!r}.")
    return value


def dtype_policy():
    """What layers made from now on compute in: floatx."""
    from .dtype_policies import DTypePolicy

    return DTypePolicy(floatx())


def set_dtype_policy(policy):
    """Set what layers made from now on compute in: "float32" or "float64"."""
    from .dtype_policies import get

    set_floatx(get(policy).name)


def enable_unsafe_deserialization():
    """Let `load_model` make Lambda layers from code in a file, in this process: only for files that you made."""
    _settings["unsafe_deserialization"] = True


def is_unsafe_deserialization_enabled():
    return _settings.get("unsafe_deserialization", False)
