"""Layers that make one tensor of several.

Source: https://keras.io/api/layers/merging_layers/
"""

import functools
import math

from .. import ops
from ..utils.numerical import normalize
from .layer import Layer


class _Merge(Layer):
    """What all merging shares: the inputs come as a list, and their shapes must go together.

    A subclass says how two inputs are merged (`merge_two`), or all of them (`merge`).
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        self._refuse_unless_list(input_shape, input_shape[0] if len(input_shape) else None)
        sizes = {shape[0] for shape in input_shape} - {None}
        if len(sizes) > 1:
            raise ValueError(f"{self._who} got batches of different sizes: {_listed(input_shape)}.")
        self.compute_output_shape(input_shape)

    def call(self, inputs):
        self._refuse_unless_list(inputs, inputs)
        most = max(x.ndim for x in inputs)
        return self.merge([_with_axes(x, most) for x in inputs])

    def merge(self, inputs):
        return functools.reduce(self.merge_two, inputs)

    def compute_output_shape(self, input_shape):
        shape = functools.reduce(self._broadcast, (tuple(s[1:]) for s in input_shape))
        sizes = {s[0] for s in input_shape} - {None}
        return (sizes.pop() if len(sizes) == 1 else None), *shape

    def _broadcast(self, a, b):
        """The shape of two samples together: from the last axis on, sizes are equal or one of them is 1."""
        a, b = sorted((a, b), key=len, reverse=True)
        lead = a[: len(a) - len(b)]
        merged = []
        for m, n in zip(a[len(lead) :], b):
            if None not in (m, n) and 1 not in (m, n) and m != n:
                raise ValueError(
                    f"{self._who} can't merge samples of shapes {a} and {b}: counted from the last axis, the sizes "
                    "must be equal or one of them 1. A Dense or Reshape layer before it may bring them to one shape."
                )
            merged.append(None if None in (m, n) else n if m == 1 else m)
        return *lead, *merged

    def compute_mask(self, inputs, mask=None):
        """A step counts if it does in any of the inputs; there is no mask if one of them has none."""
        if mask is None or any(m is None for m in mask):
            return None
        return functools.reduce(ops.logical_or, mask)

    @property
    def _who(self):
        return f"Layer {self.name!r} ({type(self).__name__})"

    def _refuse_unless_list(self, came, several):
        if not isinstance(several, (list, tuple)):
            shape = getattr(came, "shape", came)
            raise ValueError(f"{self._who} takes a list of tensors, such as [a, b]; got one of shape {shape}.")


def _listed(shapes):
    return " and ".join(str(tuple(shape)) for shape in shapes)


def _with_axes(x, n):
    """x with n axes: new ones after the batch's."""
    while x.ndim < n:
        x = ops.expand_dims(x, 1)
    return x


def _mask_of(x):
    """x's mask, in its own shape; None if it has none."""
    mask = getattr(x, "_keras_mask", None)
    return None if mask is None else ops.broadcast_to(ops.expand_dims(mask, -1), x.shape)


class Add(_Merge):
    """The sum of the inputs: y = a + b + ...

    Inputs of fewer axes get new ones after the batch's; sizes of 1 are repeated.

    Raises
    ------
    ValueError
        If the shapes don't go together.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.Add()([np.array([[1.0, 2.0]]), np.array([[10.0, 20.0]])]).numpy()
    array([[11., 22.]], dtype=float32)

    Source: https://keras.io/api/layers/merging_layers/add/
    """

    merge_two = staticmethod(ops.add)


class Subtract(_Merge):
    """The first of two inputs less the second: y = a - b."""

    merge_two = staticmethod(ops.subtract)

    def build(self, input_shape):
        super().build(input_shape)
        if len(input_shape) != 2:
            raise ValueError(f"{self._who} takes two inputs; got {len(input_shape)}: {_listed(input_shape)}.")


class Multiply(_Merge):
    """The product of the inputs: y = a * b * ... A masked step counts as 1; where all are masked, y is 0."""

    def merge(self, inputs):
        masks = [_mask_of(x) for x in inputs]
        y = functools.reduce(ops.multiply, (x if m is None else ops.where(m, x, 1.0) for x, m in zip(inputs, masks)))
        if any(m is None for m in masks):
            return y
        return ops.where(functools.reduce(ops.logical_or, masks), y, 0.0)


class Average(_Merge):
    """The mean of the inputs: y = (a + b + ...) / how many."""

    def merge(self, inputs):
        return functools.reduce(ops.add, inputs) / len(inputs)


class _Extreme(_Merge):
    """The largest or smallest of the inputs. A masked step gives way to the other input's."""

    def merge(self, inputs):
        y, y_mask = inputs[0], _mask_of(inputs[0])
        for x in inputs[1:]:
            mask = _mask_of(x)
            if mask is not None:
                x = ops.where(mask, x, y)
            if y_mask is not None:
                y = ops.where(y_mask, y, x)
            y_mask = None if mask is None or y_mask is None else ops.logical_or(y_mask, mask)
            y = self.merge_two(y, x)
        return y


class Maximum(_Extreme):
    """The larger of the inputs, number by number."""

    merge_two = staticmethod(ops.maximum)


class Minimum(_Extreme):
    """The smaller of the inputs, number by number."""

    merge_two = staticmethod(ops.minimum)


class Concatenate(_Merge):
    """The inputs one after the other along one axis.

    Parameters
    ----------
    axis : int
        The sizes along it may differ; all others must be equal.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.Concatenate()([np.array([[1.0, 2.0]]), np.array([[3.0]])]).numpy()
    array([[1., 2., 3.]], dtype=float32)

    Source: https://keras.io/api/layers/merging_layers/concatenate/
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, input_shape):
        self._refuse_unless_list(input_shape, input_shape[0] if len(input_shape) else None)
        most = max(len(shape) for shape in input_shape)
        if not -most <= self.axis < most:
            raise ValueError(f"{self._who}: axis={self.axis} is outside inputs of {most} axes.")
        for i, sizes in enumerate(zip(*input_shape)):
            if len(set(sizes) - {None}) > 1 and i != self.axis % most or any(len(s) != most for s in input_shape):
                raise ValueError(
                    f"{self._who} joins along axis {self.axis}: all other sizes must be equal; got "
                    f"{_listed(input_shape)}."
                )

    def call(self, inputs):
        self._refuse_unless_list(inputs, inputs)
        return ops.concatenate(inputs, axis=self.axis)

    def compute_output_shape(self, input_shape):
        self._refuse_unless_list(input_shape, input_shape[0])
        shape = list(input_shape[0])
        sizes = [s[self.axis] for s in input_shape]
        shape[self.axis] = None if None in sizes else sum(sizes)
        return tuple(shape)

    def compute_mask(self, inputs, mask=None):
        """The masks joined as the inputs are; where one has none, all of it counts."""
        if mask is None or all(m is None for m in mask):
            return None
        masks = []
        for x, m in zip(inputs, mask):
            if m is None:
                m = ops.ones_like(x, dtype="bool")
            elif m.ndim < x.ndim:
                m = ops.broadcast_to(ops.expand_dims(m, -1), x.shape)
            masks.append(m)
        return ops.any(ops.concatenate(masks, axis=self.axis), axis=-1)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


class Dot(_Merge):
    """Products of the vectors of two inputs, sample by sample: y[...] = sum over k of a[..., k, ...] b[..., k, ...].

    Parameters
    ----------
    axes : int or tuple of two
        The axis of each input along which it is summed; not 0, the batch's.
    normalize : bool
        Bring the vectors to length 1 first: y is the cosine of their angle.

    Shapes
    ------
    (batch, a, k) and (batch, k, b) -> (batch, a, b), for axes=(2, 1); (batch, k) twice -> (batch, 1).

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.Dot(axes=1)([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])]).numpy()
    array([[11.]], dtype=float32)

    Source: https://keras.io/api/layers/merging_layers/dot/
    """

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        pair = (axes, axes) if isinstance(axes, int) else axes
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(isinstance(a, int) for a in pair):
            raise ValueError(f"Dot: `axes` must be a whole number, or one for each of the two inputs; got {axes!r}.")
        if 0 in pair:
            raise ValueError(f"Dot: `axes` can't be 0, which is the batch's; got {axes!r}.")
        self.axes, self.normalize = axes, normalize

    def build(self, input_shape):
        self._refuse_unless_list(input_shape, input_shape[0] if len(input_shape) else None)
        if len(input_shape) != 2:
            raise ValueError(f"{self._who} takes two inputs; got {len(input_shape)}: {_listed(input_shape)}.")
        a, b = input_shape
        i, j = self._places(a, b)
        if a[i] != b[j]:
            raise ValueError(
                f"{self._who} multiplies axis {i} of {tuple(a)} with axis {j} of {tuple(b)}: their sizes, {a[i]} and "
                f"{b[j]}, must be equal."
            )

    def _places(self, *shapes):
        """The axis of each input, counted from 0."""
        pair = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        for axis, shape in zip(pair, shapes):
            if not -len(shape) < axis < len(shape):
                raise ValueError(f"{self._who}: axes={self.axes} is outside the inputs, {_listed(shapes)}.")
        return [axis % len(shape) for axis, shape in zip(pair, shapes)]

    def call(self, inputs):
        self._refuse_unless_list(inputs, inputs)
        a, b = inputs
        i, j = self._places(a.shape, b.shape)
        if self.normalize:
            a, b = normalize(a, axis=i), normalize(b, axis=j)
        a_rest, b_rest = ([n for n in range(1, x.ndim) if n != axis] for x, axis in ((a, i), (b, j)))
        batch, k = a.shape[0], a.shape[i]
        left, right = (math.prod(x.shape[n] for n in rest) for x, rest in ((a, a_rest), (b, b_rest)))
        rows = ops.reshape(ops.transpose(a, (0, *a_rest, i)), (batch, left, k))
        columns = ops.reshape(ops.transpose(b, (0, j, *b_rest)), (batch, k, right))
        return ops.reshape(ops.matmul(rows, columns), self.compute_output_shape([a.shape, b.shape]))

    def compute_output_shape(self, input_shape):
        a, b = input_shape
        i, j = self._places(a, b)
        rest = [n for m, n in enumerate(a) if m not in (0, i)] + [n for m, n in enumerate(b) if m not in (0, j)]
        return a[0], *(rest or [1])

    def compute_mask(self, inputs, mask=None):
        return None

    def get_config(self):
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}


# the same as functions -------------------------------------------------------------------------


def add(inputs, **kwargs):
    """Add()(inputs)."""
    return Add(**kwargs)(inputs)


def subtract(inputs, **kwargs):
    """Subtract()(inputs)."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs, **kwargs):
    """Multiply()(inputs)."""
    return Multiply(**kwargs)(inputs)


def average(inputs, **kwargs):
    """Average()(inputs)."""
    return Average(**kwargs)(inputs)


def maximum(inputs, **kwargs):
    """Maximum()(inputs)."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs, **kwargs):
    """Minimum()(inputs)."""
    return Minimum(**kwargs)(inputs)


def concatenate(inputs, axis=-1, **kwargs):
    """Concatenate(axis)(inputs)."""
    return Concatenate(axis, **kwargs)(inputs)


def dot(inputs, axes=-1, **kwargs):
    """Dot(axes)(inputs)."""
    return Dot(axes, **kwargs)(inputs)
