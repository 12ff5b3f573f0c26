"""What a dotted name of an older Keras is called in Keras 3. The names that exist are listed in `keras3.txt`."""

import functools
from pathlib import Path

ROOTS = [
    "tensorflow.contrib.keras.python.keras", "tensorflow.compat.v1.keras", "tensorflow.compat.v2.keras",
    "tensorflow.python.keras", "tensorflow.contrib.keras", "tensorflow.keras", "tf_keras", "kerastutor.keras", "keras",
]
"""Where people import Keras from."""


@functools.cache
def known():
    """Every public name of Keras 3, modules too, as dotted names."""
    names = {"keras"}
    for line in (Path(__file__).parent / "keras3.txt").read_text(encoding="utf-8").splitlines():
        module, _, members = line.partition(": ")
        names.update([module], (f"{module}.{name}" for name in members.split()))
    return names


@functools.cache
def modules():
    lines = (Path(__file__).parent / "keras3.txt").read_text(encoding="utf-8").splitlines()
    return {line.partition(": ")[0] for line in lines}


def root(dotted):
    """The part of a dotted name that says which Keras it is from, or None."""
    return next((r for r in ROOTS if dotted == r or dotted.startswith(r + ".")), None)


def plain(dotted):
    """`tensorflow.keras.layers.Dense` -> `keras.layers.Dense`; other names as they are."""
    found = root(dotted)
    return "keras" + dotted[len(found):] if found else dotted


def nearest(dotted):
    """The module that holds what was in a deeper one: `keras.layers.core` -> `keras.layers`."""
    while dotted not in modules():
        dotted = dotted.rpartition(".")[0]
    return dotted


def today(dotted, renamed):
    """What `keras.a.b.Name` is called in Keras 3, or None if it is not there any more.

    ``renamed`` has the names that changed; a name that only moved up (`keras.layers.core.Dense`) is found by itself.
    """
    if dotted in renamed:
        return renamed[dotted]
    if dotted in known():
        return dotted
    parts = dotted.split(".")
    for i in range(len(parts) - 1, 1, -1):
        module = renamed.get(".".join(parts[:i]))
        if module in modules() and f"{module}.{'.'.join(parts[i:])}" in known():
            return f"{module}.{'.'.join(parts[i:])}"
    for places in (parts[:2], ["keras", "layers"], ["keras", "models"], ["keras"]):
        candidate = ".".join([*places, parts[-1]])
        if len(parts) > 2 and parts[1] in ("layers", "utils", "optimizers", "engine", "models", "preprocessing",
                                           "regularizers", "callbacks", "metrics", "losses", "legacy", "initializers"):
            if len(places) == 1 and len(parts) < 4:
                continue
            candidate = renamed.get(candidate, candidate)
            if candidate in known() and candidate not in modules():
                return candidate
    owner = dotted.rpartition(".")[0]
    while owner and owner != "keras":  # a method of something: keras.layers.Dense.call
        found = today(owner, renamed) if owner not in modules() else None
        if found and found not in modules():
            return found + dotted[len(owner):]
        owner = owner.rpartition(".")[0]
    return None
