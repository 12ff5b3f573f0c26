"""What a layer accepts."""

import math


class InputSpec:
    """What a layer accepts: number of axes, and sizes of some of them.

    Parameters
    ----------
    ndim, min_ndim, max_ndim : int, optional
        The number of axes (batch included), the least, the most.
    axes : dict, optional
        Axis -> size.
    shape : tuple, optional
        The whole shape, None where any size will do.
    """

    def __init__(
        self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None,
        allow_last_axis_squeeze=False, name=None, optional=False,
    ):
        self.dtype, self.shape, self.max_ndim, self.min_ndim = dtype, shape, max_ndim, min_ndim
        self.ndim = ndim if shape is None else len(shape)
        self.axes = dict(axes or {})
        if shape is not None:
            self.axes |= {axis: size for axis, size in enumerate(shape) if size is not None}
        self.allow_last_axis_squeeze, self.name, self.optional = allow_last_axis_squeeze, name, optional

    def check(self, shape, layer):
        """Raise a ValueError that names the layer, what came, what it takes and the likely fix."""
        came = f"Layer {layer.name!r} ({type(layer).__name__}) got an input of shape {shape}"
        n = len(shape)
        if self.ndim is not None and n != self.ndim:
            raise ValueError(f"{came}: it takes {self.ndim} axes, the batch included, not {n}.{_fix(n, self.ndim)}")
        if self.min_ndim is not None and n < self.min_ndim:
            fix = _fix(n, self.min_ndim)
            raise ValueError(f"{came}: it takes at least {self.min_ndim} axes, the batch included.{fix}")
        if self.max_ndim is not None and n > self.max_ndim:
            fix = _fix(n, self.max_ndim)
            raise ValueError(f"{came}: it takes at most {self.max_ndim} axes, the batch included.{fix}")
        for axis, size in self.axes.items():
            if shape[axis] not in (size, None):
                rest = math.prod(s for s in shape[1:] if s)
                hint = " Put a Flatten layer before it." if rest == size and n > 2 else (
                    " It was built for that size: check the data's columns, or make a new model."
                )
                raise ValueError(f"{came}: its axis {axis} has size {shape[axis]}, and {size} was expected.{hint}")


def _fix(came, wanted):
    if came < wanted:
        return " One sample alone needs a batch axis: x[None, ...]; a table with one column: x[:, None]."
    return " Put a Flatten or Reshape layer before it."
