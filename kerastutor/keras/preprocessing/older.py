"""Names of Keras 2 that tutorials still use: what to write in Keras 3."""


def what_to_write_today(module, names):
    """A module's `__getattr__` that refuses the older `names` and says what came in their place.

    It raises ImportError for them: of an AttributeError, `from ... import ...` would drop the message.
    """

    def getattr_of_module(name):
        where = module.removeprefix("kerastutor.")
        if name in names:
            raise ImportError(f"{where}.{name} is of an older Keras; today write: {names[name]}.")
        raise AttributeError(f"module {where!r} has no attribute {name!r}")

    return getattr_of_module
