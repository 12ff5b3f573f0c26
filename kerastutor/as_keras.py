"""`import keras` means kerastutor, for scripts that can't be edited."""

import importlib
import importlib.abc
import importlib.util
import sys

from .older import MODULES as _TODAY

_HERE = "kerastutor.keras"


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `keras` and its modules in kerastutor."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != "keras":
            return None
        if name in _TODAY:
            raise ModuleNotFoundError(f"{name} is of an older Keras; today write: {_TODAY[name]}", name=name)
        try:
            found = importlib.util.find_spec(_HERE + name.removeprefix("keras"))
        except ModuleNotFoundError:
            found = None
        if found is None and not hasattr(sys.modules.get("keras"), name.rpartition(".")[2]):
            older = [f" {old} was of an older Keras; today: {t}" for old, t in _TODAY.items() if old.startswith(name)]
            raise ModuleNotFoundError(f"No module named {name!r} in kerastutor's Keras.{''.join(older)}", name=name)
        return importlib.util.spec_from_loader(name, self)

    def exec_module(self, module):
        sys.modules[module.__name__] = importlib.import_module(_HERE + module.__name__.removeprefix("keras"))


def install_as_keras():
    """From here on, in this process, `import keras` and `from keras.layers import Dense` give kerastutor's Keras.

    Raises
    ------
    RuntimeError
        If real Keras has been imported already: two of them in one program would not understand each other.

    Examples
    --------
    >>> import kerastutor
    >>> kerastutor.install_as_keras()                           # doctest: +SKIP
    >>> from keras.models import Sequential                     # doctest: +SKIP
    """
    ours = importlib.import_module(_HERE)
    loaded = sys.modules.get("keras")
    if loaded is ours:
        return
    if loaded is not None:
        raise RuntimeError(
            "install_as_keras: another keras has been imported in this process already (from "
            f"{getattr(loaded, '__file__', 'somewhere')}): call install_as_keras() before it, in a fresh process."
        )
    sys.meta_path.insert(0, _Finder())
    importlib.import_module("keras")
    print("kerastutor: `import keras` now means kerastutor's Keras in this process.", file=sys.stderr)
