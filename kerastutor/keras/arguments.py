"""Arguments that many layers and ops share, checked alike. `who` is the layer or op that has them, for the message."""

import numbers

from . import config
from .naming import look_up


def whole_numbers(who, name, value, n, least=1):
    """`value` as a tuple of n whole numbers: one number stands for all of them."""
    several = (value,) * n if isinstance(value, numbers.Integral) else value
    if not isinstance(several, (tuple, list)) or len(several) != n or not all(_whole(v, least) for v in several):
        kind = f"a whole number from {least} up" + (f" or a tuple of {n} of them" if n > 1 else "")
        raise ValueError(f"{who}: `{name}` must be {kind}; got {value!r}.")
    return tuple(int(v) for v in several)


def pairs(who, name, value, n):
    """`value` as n pairs (before, after): one number stands for all; one for an axis is for both of its ends."""
    try:
        if isinstance(value, numbers.Integral):
            value = (value,) * n
        if len(value) != n:
            raise ValueError
        return tuple(whole_numbers(who, name, v, 2, least=0) for v in value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{who}: `{name}` must be a whole number from 0 up, a tuple of {n} of them, or a tuple of {n} pairs "
            f"(before, after); got {value!r}."
        ) from None


def _whole(value, least):
    return isinstance(value, numbers.Integral) and not isinstance(value, bool) and value >= least


def data_format(who, value):
    """Where the channels are: as given, or as Keras is set."""
    return one_of(who, "data_format", config.image_data_format() if value is None else value,
                  "channels_last", "channels_first")


def one_of(who, name, value, *allowed):
    """`value` in small letters, which must be one of `allowed`."""
    return look_up(str(value).lower(), {v: v for v in allowed}, f"`{name}` of {who}")
