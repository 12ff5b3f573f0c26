"""Learn deep learning by seeing it work: Keras 3's API on small, readable, fast kernels.

>>> from kerastutor import keras                      # below this line: plain Keras 3
>>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
>>> model.count_params()
15
"""

import importlib

__version__ = "0.1.0"

# name -> (module, attribute); a module loads when its name is first used, so that the import itself stays fast
_LAZY = {
    "keras": ("kerastutor.keras", None),
    "datasets": ("kerastutor.datasets", None),
    "backends": ("kerastutor.backends", None),
    "inspect": ("kerastutor.inspect", None),
    "widgets": ("kerastutor.widgets", None),
    "grading": ("kerastutor.grading", None),
    "use_backend": ("kerastutor.backends", "use"),
    "current_backend": ("kerastutor.backends", "current"),
    "available_backends": ("kerastutor.backends", "available"),
    "check_gradients": ("kerastutor.gradients", "check_gradients"),
    "install_as_keras": ("kerastutor.as_keras", "install_as_keras"),
    "Tape": ("kerastutor.keras.autodiff", "Tape"),
}
__all__ = ["__version__", *_LAZY]


def __getattr__(name):
    if name not in _LAZY:
        raise AttributeError(f"module 'kerastutor' has no attribute {name!r}; it has: {', '.join(__all__)}")
    module, attribute = _LAZY[name]
    value = importlib.import_module(module)
    if attribute is not None:
        value = getattr(value, attribute)
    globals()[name] = value
    return value


def __dir__():
    return sorted(__all__)
