"""Labels to one-hot rows, rows to unit length. Source: https://keras.io/api/utils/python_utils/"""

import numpy as np

from .. import config, ops
from ..autodiff import Tensor


def to_categorical(x, num_classes=None):
    """Class numbers as one-hot rows: y[i, x[i]] = 1, all else 0.

    Parameters
    ----------
    x : array_like of int
        Class numbers from 0 up; shape (n,), (n, 1) or (..., n).
    num_classes : int, optional
        The largest number in x plus 1 unless given.

    Returns
    -------
    ndarray
        Shape (..., num_classes), float64; for a tensor x a tensor of floatx.

    Raises
    ------
    ValueError
        If a number is negative, not whole, or not below num_classes. (Keras takes -1 for the last class.)

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.utils.to_categorical([0, 2], 3)
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    labels = x.numpy() if isinstance(x, Tensor) else np.asarray(x)
    if labels.dtype.kind not in "iub":
        labels = _whole_numbers(labels)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if not num_classes:
        if not labels.size:
            raise ValueError("to_categorical: x is empty, so the number of classes is unknown: give num_classes.")
        num_classes = int(labels.max()) + 1
    labels = labels.astype(np.int64)
    outside = np.flatnonzero((labels < 0) | (labels >= num_classes))
    if outside.size:
        bad = labels.reshape(-1)[outside[0]]
        fix = "classes are numbered from 0: subtract the smallest number." if bad < 0 else (
            f"classes are numbered from 0, so give num_classes={int(labels.max()) + 1}, or check the labels."
        )
        raise ValueError(f"to_categorical: x holds {bad} (at {outside[0]}), outside 0..{num_classes - 1}; {fix}")
    one_hot = np.zeros((labels.size, num_classes))
    one_hot[np.arange(labels.size), labels.reshape(-1)] = 1
    one_hot = one_hot.reshape(*labels.shape, num_classes)
    return Tensor(one_hot.astype(config.floatx())) if isinstance(x, Tensor) else one_hot


def _whole_numbers(x):
    """Floats (and objects, and strings of digits) as ints, if they are."""
    try:
        numbers = x.astype(np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            f"to_categorical: x must hold class numbers; got {x.dtype} such as {x.reshape(-1)[0]!r}. "
            "Number the classes first: classes, x = np.unique(x, return_inverse=True)."
        ) from None
    broken = np.flatnonzero(~(numbers == np.floor(numbers)) | ~np.isfinite(numbers))
    if broken.size:
        raise ValueError(
            f"to_categorical: x holds {numbers.reshape(-1)[broken[0]]} (at {broken[0]}), and class numbers are whole. "
            "If x holds measurements, there are no classes to tell apart: use it as it is."
        )
    return numbers.astype(np.int64)


def normalize(x, axis=-1, order=2):
    """x divided by its norm along `axis`; zeros stay zeros.

    Parameters
    ----------
    x : array_like or Tensor
    order : int
        2 for the Euclidean norm. For a tensor only 2.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.utils.normalize([[3.0, 4.0], [0.0, 0.0]])
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    if isinstance(x, Tensor):
        if order != 2:
            raise ValueError(f"normalize: only order=2 is offered for tensors; got {order!r}.")
        squares = ops.sum(ops.square(x), axis=axis, keepdims=True)
        return x / ops.sqrt(ops.maximum(squares, config.epsilon() ** 2))
    x = np.asarray(x)
    norm = np.linalg.norm(x, order, axis, keepdims=True)
    return x / np.where(norm == 0, 1, norm)
