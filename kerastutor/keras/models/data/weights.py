"""Class weights as sample weights."""

import numpy as np

from ... import config, tree
from .checks import as_array


def class_weights(y, class_weight, sample_weight, name="y"):
    """One weight a sample, from one a class: {class: weight}, 1 for classes not named.

    Reads y block by block, so that it may lie on disk.
    """
    if sample_weight is not None:
        raise ValueError("Give `class_weight` or `sample_weight`, not both: Keras takes one of them.")
    if not isinstance(class_weight, dict):
        raise ValueError(
            f"`class_weight` must be a dict of class number and weight, as {{0: 1.0, 1: 5.0}}; got {class_weight!r}."
        )
    if tree.is_nested(y):
        raise ValueError("`class_weight` is for models with one output: give `sample_weight` for each output instead.")
    if y is None:
        raise ValueError("`class_weight` needs targets: `y` is missing.")
    if hasattr(y, "to_numpy") or not hasattr(y, "shape"):
        y = as_array(name, y)
    blocks = [y[start : start + 2**16] for start in range(0, len(y), 2**16)] if len(y.shape) else [y]
    return np.concatenate([_weights(as_array(name, block), class_weight) for block in blocks])


def _weights(y, class_weight):
    classes = y.argmax(-1) if y.ndim > 1 and y.shape[-1] != 1 else y.reshape(len(y))
    classes = np.round(classes).astype(np.int64)
    weights = np.ones(len(y), config.floatx())
    for c, w in class_weight.items():
        weights[classes == c] = w
    return weights
