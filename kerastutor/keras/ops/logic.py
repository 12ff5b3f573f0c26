"""True or false, element by element: logic, what kind of number it is, and choosing by it. No gradients but through
what is chosen."""

import numpy as np

from ...backends import K
from ..autodiff import Tensor, tensor
from . import arithmetic as a
from .core import cast
from .helpers import broadcast, by_numpy, floats
from .reductions import sum as sum_of
from .shapes import expand_dims, reshape


def logical_and(x1, x2):
    """Whether both are true (not 0)."""
    return _logical(K.bitwise_and, x1, x2)


def logical_or(x1, x2):
    """Whether one of the two, or both, are true."""
    return _logical(K.bitwise_or, x1, x2)


def logical_xor(x1, x2):
    """Whether one of the two is true and not the other."""
    return _logical(K.bitwise_xor, x1, x2)


def _logical(kernel, x1, x2):
    return Tensor(broadcast(kernel, cast(x1, "bool").value, cast(x2, "bool").value))


def logical_not(x):
    """Whether x is false (0)."""
    return a.equal(cast(x, "bool"), False)


def all(x, axis=None, keepdims=False):
    """Whether all are true along `axis`: also where there are none."""
    return a.equal(sum_of(logical_not(x), axis, keepdims), 0)


def any(x, axis=None, keepdims=False):
    """Whether at least one is true along `axis`."""
    return a.greater(sum_of(cast(x, "bool"), axis, keepdims), 0)


def count_nonzero(x, axis=None):
    """How many are not 0 along `axis`: int32."""
    return sum_of(cast(x, "bool"), axis)


# what kind of number ---------------------------------------------------------------------------


def isnan(x):
    """Whether x is not a number: the only one that differs from itself."""
    x = tensor(x)
    return a.not_equal(x, x)


def isinf(x):
    """Whether x is infinite."""
    return a.equal(a.absolute(x), np.inf)


def isfinite(x):
    """Whether x is neither infinite nor NaN."""
    return a.less(a.absolute(x), np.inf)


def isposinf(x):
    """Whether x is infinite and positive."""
    return a.equal(tensor(x), np.inf)


def isneginf(x):
    """Whether x is infinite and negative."""
    return a.equal(tensor(x), -np.inf)


def isreal(x):
    """Whether x has no imaginary part: always, as there are no complex tensors here."""
    x = tensor(x)
    return a.equal(cast(x, "bool"), cast(x, "bool"))


def signbit(x):
    """Whether x is negative; also of -0.0."""
    x = tensor(x)
    return by_numpy(np.signbit, x, dtype="bool")


def isclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Whether |x1 - x2| <= atol + rtol * |x2|. Infinite numbers are close to themselves."""
    x1, x2 = a.pair(x1, x2)
    x1, x2 = floats(x1), floats(x2)
    finite = logical_and(isfinite(x1), isfinite(x2))
    p, q = a.where(finite, x1, 0.0), a.where(finite, x2, 0.0)
    near = logical_and(finite, a.absolute(p - q) <= atol + rtol * a.absolute(q))
    near = logical_or(near, x1 == x2)
    return logical_or(near, logical_and(isnan(x1), isnan(x2))) if equal_nan else near


def allclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Whether all of x1 and x2 are close: see `isclose`."""
    return all(isclose(x1, x2, rtol, atol, equal_nan))


def isin(x1, x2, assume_unique=False, invert=False):
    """Whether each of x1 is among x2 (with invert: is not)."""
    x1 = tensor(x1)
    found = any(a.equal(expand_dims(x1, -1), reshape(x2, (-1,))), axis=-1)
    return logical_not(found) if invert else found


# choosing --------------------------------------------------------------------------------------


def select(condlist, choicelist, default=0):
    """The choice whose condition is the first that holds; `default` where none does.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> x = ops.arange(5)
    >>> ops.select([x < 2, x > 3], [x, 10 * x], -1).numpy()
    array([ 0,  1, -1, -1, 40], dtype=int32)
    """
    if len(condlist) != len(choicelist) or not len(condlist):
        raise ValueError(f"select: got {len(condlist)} conditions and {len(choicelist)} choices: each needs the other.")
    y = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist)):
        y = a.where(condition, choice, y)
    return y


def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """x with numbers in place of NaN and of infinity: the largest that there are unless given."""
    x = tensor(x)
    if x.value.dtype.kind != "f":
        return x
    ends = np.finfo(x.dtype)
    x = a.where(isnan(x), nan, x)
    x = a.where(isposinf(x), float(ends.max) if posinf is None else posinf, x)
    return a.where(isneginf(x), float(ends.min) if neginf is None else neginf, x)


def fmax(x1, x2):
    """The larger of the two; where one is NaN the other."""
    return _of_numbers(a.maximum, x1, x2)


def fmin(x1, x2):
    """The smaller of the two; where one is NaN the other."""
    return _of_numbers(a.minimum, x1, x2)


def _of_numbers(choose, x1, x2):
    x1, x2 = a.pair(x1, x2)
    return choose(a.where(isnan(x1), x2, x1), a.where(isnan(x2), x1, x2))


def heaviside(x1, x2):
    """0 where x1 is negative, 1 where it is positive, x2 where it is 0."""
    x1, x2 = a.pair(x1, x2)
    x1, x2 = floats(x1), floats(x2)
    return a.where(x1 < 0, 0.0, a.where(x1 > 0, 1.0, a.where(isnan(x1), x1, x2)))


def divide_no_nan(x1, x2):
    """x1 / x2, and 0 where x2 is 0."""
    x1, x2 = a.pair(x1, x2)
    none = a.equal(x2, 0)
    return a.where(none, 0.0, a.divide(x1, a.where(none, 1, x2)))
