"""Data as a model's Inputs want them: as many, in the declared order, of the declared dtype and rank."""

import numpy as np

from .. import config, ops, tree
from ..autodiff import Tensor


def arranged(given, declared, model_name):
    """The data's leaves in the order of the declared Inputs: by place, or by name if a dict came.

    Parameters
    ----------
    given : tensor, or nested
    declared : KerasTensor, or nested

    Raises
    ------
    ValueError
        If they do not fit each other: the message says which names or how many were expected.
    """
    inputs = tree.flatten(declared)
    if isinstance(given, dict) and not isinstance(declared, dict):
        names = [x.name for x in inputs]
        if not set(names) <= set(given):
            raise ValueError(
                f"Model {model_name!r} has the inputs {names}; a dict with the keys {sorted(given)} came: name the "
                "Inputs like the keys, with keras.Input(..., name=...)."
            )
        return [given[name] for name in names]
    if isinstance(declared, dict) and isinstance(given, dict) and set(declared) != set(given):
        missing = sorted(set(declared) - set(given))
        if missing:
            raise ValueError(f"Model {model_name!r} has the inputs {sorted(declared)}; {missing} are missing.")
        given = {name: given[name] for name in declared}
    leaves = tree.flatten(given)
    if len(leaves) != len(inputs):
        names = [x.name for x in inputs]
        raise ValueError(
            f"Model {model_name!r} has {len(inputs)} input{'s' if len(inputs) > 1 else ''}, {names}; "
            f"{len(leaves)} came: give a list with one array for each, or a dict by their names."
        )
    return leaves


def fitted(x, declared, model_name):
    """One tensor in its Input's dtype, with a last axis of size 1 added or taken away where that makes it fit."""
    if x is None:
        if getattr(declared.history.operation, "optional", False):
            return None
        raise ValueError(f"Model {model_name!r}: the input {declared.name!r} is None, and is not optional.")
    shape, wanted, mask = tuple(x.shape), declared.shape, getattr(x, "_keras_mask", None)
    if not fits(shape, wanted):
        raise ValueError(
            f"Model {model_name!r}: the input {declared.name!r} takes shape {wanted}; got {shape}."
            + shape_hint(shape[1:], wanted[1:])
        )
    if len(shape) > len(wanted):
        x = ops.squeeze(x, -1)
    elif len(shape) < len(wanted):
        x = ops.expand_dims(x, -1)
    x = in_dtype(x, declared.dtype)
    if mask is not None and isinstance(x, Tensor):
        x._keras_mask = mask
    return x


def fits(shape, wanted):
    """Whether data of this shape can go into an Input; a last axis of size 1 may be missing, or one too many."""
    if len(shape) == len(wanted) + 1 and shape[-1] == 1:
        shape = shape[:-1]
    elif len(shape) == len(wanted) - 1 and wanted[-1] == 1:
        shape = (*shape, 1)
    return len(shape) == len(wanted) and all(None in (a, b) or a == b for a, b in zip(shape[1:], wanted[1:]))


def in_dtype(x, dtype):
    """x in the declared dtype; floats of either size stay as they are, so that a gradient check keeps its digits."""
    if np.dtype(dtype).kind == "f":
        return x if np.dtype(x.dtype).kind == "f" else ops.cast(x, config.floatx())
    return x if x.dtype == dtype else ops.cast(x, dtype)


def shape_hint(came, wanted):
    """The likely fix for samples of the shape `came` where `wanted` was expected."""
    if None not in wanted and np.prod(came) == np.prod(wanted):
        return f" The numbers are as many as needed: x.reshape({(-1, *wanted)}) gives them that shape."
    if len(came) == len(wanted) - 1 and None not in wanted[1:] and tuple(came) == tuple(wanted[1:]):
        return " One sample alone needs a batch axis: x[None, ...]."
    return ""


