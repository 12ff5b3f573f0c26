"""A dataset in two parts. Source: https://keras.io/api/utils/python_utils/#splitdataset-function"""

import random

import numpy as np

from .. import tree
from .dataset import Dataset


def split_dataset(dataset, left_size=None, right_size=None, shuffle=False, seed=None, preferred_backend=None):
    """Two datasets: the first elements and the last ones.

    Parameters
    ----------
    dataset : ndarray, list or tuple of ndarray, or Dataset
        A Dataset of batches is split by samples, and batched again.
    left_size, right_size : int, float or None
        How many samples, or which part of them. One of the two is enough.
    shuffle : bool
        Mix before splitting.
    seed : int, optional
        Of the shuffle.
    preferred_backend
        Taken so that calls look as in Keras; changes nothing.

    Returns
    -------
    left, right : Dataset
        Of single samples where `dataset` holds arrays: `.batch(n)` makes batches of them.

    Raises
    ------
    TypeError, ValueError
        If `dataset` or a size is none of these, or one part would be empty.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> left, right = keras.utils.split_dataset(np.arange(10), left_size=0.8)
    >>> len(left), list(right)
    (8, [np.int64(8), np.int64(9)])
    """
    batch_size = None
    if isinstance(dataset, Dataset):
        first = tree.flatten(dataset[0])
        batch_size = len(first[0]) if np.ndim(first[0]) else None
        source = dataset if batch_size is None else dataset.unbatch()
    elif isinstance(dataset, np.ndarray):
        source = Dataset.of(dataset)
    elif isinstance(dataset, (list, tuple)):
        source = Dataset.of(_same_lengths(dataset))
    else:
        raise TypeError(f"split_dataset: dataset must be arrays or a Dataset; got {type(dataset).__name__}.")
    left, right = _sizes(left_size, right_size, len(source))
    order = list(range(len(source)))
    if shuffle:
        random.Random(random.randint(0, 10**6) if seed is None else seed).shuffle(order)
    parts = [Dataset(lambda i, part=part: source[part[i]], len(part)) for part in (order[:left], order[-right:])]
    return tuple(part if batch_size is None else part.batch(batch_size) for part in parts)


def _same_lengths(arrays):
    if not len(arrays):
        raise ValueError("split_dataset: dataset is an empty list: give arrays.")
    for i, array in enumerate(arrays):
        if not isinstance(array, np.ndarray):
            raise ValueError(f"split_dataset: dataset must hold arrays; number {i} is a {type(array).__name__}.")
        if len(array) != len(arrays[0]):
            raise ValueError(
                f"split_dataset: the arrays must be of one length; number {i} has {len(array)} rows, "
                f"number 0 {len(arrays[0])}."
            )
    return tuple(arrays)


def _sizes(left, right, n):
    """Both sizes as numbers of samples."""
    if left is None and right is None:
        raise ValueError("split_dataset: give left_size or right_size.")
    for name, size in (("left_size", left), ("right_size", right)):
        if size is not None and type(size) not in (int, float):
            raise TypeError(f"split_dataset: {name} must be an int, a float or None; got {size!r}.")
        if size is not None and not 0 < size < (n if type(size) is int else 1):
            raise ValueError(
                f"split_dataset: {name} must be from 1 to {n - 1} samples, or a part between 0.0 and 1.0; got {size!r}."
            )
    if type(left) is type(right) is float and left + right > 1:
        raise ValueError(f"split_dataset: left_size and right_size are parts of one whole; got {left} and {right}.")
    left, right = (round(size * n) if type(size) is float else size for size in (left, right))
    left = n - right if left is None else left
    right = n - left if right is None else right
    if left + right > n:
        raise ValueError(f"split_dataset: {left} and {right} samples were asked for, and there are {n}.")
    if not left or not right:
        raise ValueError(f"split_dataset: of {n} samples the one part would get {left}, the other {right}.")
    return left, right
