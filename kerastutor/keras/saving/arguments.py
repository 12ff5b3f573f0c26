"""The arguments that a layer was made with, kept for classes that have no `get_config` of their own.

Source: https://keras.io/guides/serialization_and_saving/
"""

import inspect

from .. import tree

_DEFAULTS = ("Layer.get_config", "ModelSaving.get_config")  # those that a class without one of its own has


class RecordedArguments:
    """The part of a layer that remembers how it was made."""

    def __new__(cls, *args, **kwargs):
        made = super().__new__(cls)
        if cls.get_config.__qualname__ in _DEFAULTS:
            object.__setattr__(made, "_arguments", _recorded(cls, args, kwargs))
        return made

    def _recorded_arguments(self):
        """The arguments of `__init__`, for a class that has no `get_config` of its own.

        Raises
        ------
        NotImplementedError
            If they are not all numbers, strings and structures of these.
        """
        cls = type(self)
        if cls.get_config.__qualname__ not in _DEFAULTS:
            return {}
        if self._arguments is None:
            raise NotImplementedError(
                f"{cls.__name__} {self.name!r} was made with arguments that are not numbers, strings or lists and "
                "dicts of these. To be saved or cloned it needs a method get_config(self), which gives "
                "{**super().get_config(), 'argument': ...} with objects as keras.saving.serialize_keras_object(...)."
            )
        return self._arguments


def _recorded(cls, args, kwargs):
    """The arguments of a call of the class by name, defaults too; None if one of them can't be written as text."""
    parameters = inspect.signature(cls.__init__).parameters
    try:
        bound = inspect.signature(cls.__init__).bind(None, *args, **kwargs)
    except TypeError:
        return None  # the call itself will say what is wrong
    bound.apply_defaults()
    found = dict(list(bound.arguments.items())[1:])  # without self
    for name, parameter in list(parameters.items())[1:]:
        if parameter.kind is parameter.VAR_KEYWORD:
            found |= found.pop(name, {})
        elif parameter.kind is parameter.POSITIONAL_ONLY or parameter.kind is parameter.VAR_POSITIONAL:
            if found.pop(name, ()):
                return None
    found.pop("name", None)  # the layer has it
    plain = all(isinstance(x, (str, int, float, bool, type(None))) for x in tree.flatten(found))
    return found if plain else None
