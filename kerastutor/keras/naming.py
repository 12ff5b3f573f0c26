"""Words to the user: names (`Dense` -> `dense`, `dense_1`, ...), suggestions for unknown ones, and warnings."""

import collections
import difflib
import re
import sys
import warnings

_counts = collections.Counter()


def snake_case(name):
    """`BatchNormalization` -> `batch_normalization`, `Conv2D` -> `conv2d`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def auto_name(prefix):
    """`prefix`, then `prefix_1`, `prefix_2`, ...: a new name at each call."""
    _counts[prefix] += 1
    n = _counts[prefix] - 1
    return prefix if n == 0 else f"{prefix}_{n}"


def get_uid(prefix=""):
    """The next number for a prefix, from 1 up."""
    _counts[prefix] += 1
    return _counts[prefix]


def reset_names():
    """Count from the start again (`keras.utils.clear_session`)."""
    _counts.clear()


def look_up(name, table, what):
    """`table[name]`, or a ValueError that says which names there are and which one was probably meant."""
    if name in table:
        return table[name]
    near = difflib.get_close_matches(str(name), table, n=1) or difflib.get_close_matches(
        snake_case(str(name)), table, n=1
    )
    hint = f" Did you mean {near[0]!r}?" if near else ""
    names = ", ".join(sorted(n for n in table if n == n.lower()) or sorted(table))
    raise ValueError(f"Unknown {what}: {name!r}.{hint} There are: {names}.")


def warn(message, category=UserWarning):
    """Warn about the nearest line that is not the package's own: the one that a user can change."""
    package, level = __name__.partition(".")[0], 2
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
