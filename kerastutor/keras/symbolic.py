"""Calls that are not made yet: placeholders, and the graph that calling layers and ops on them leaves behind.

    KerasTensor     the shape and dtype of a tensor that is not there yet, and where it comes from
    Node            one call of a layer or op: what went in, what came out
    Operation       an op of `keras.ops` in such a graph
    trace           the shapes that a function gives, found by running it on tensors without values
"""

import functools
from typing import Any, NamedTuple

import numpy as np

from . import tree
from .autodiff import Tensor, TracingError, paused, recording, state
from .config import floatx
from .naming import auto_name, snake_case


class History(NamedTuple):
    """Which call a placeholder came from, and which of its outputs it is."""

    operation: Any
    node_index: int
    tensor_index: int


class KerasTensor:
    """A placeholder: the shape and dtype of a tensor that is not there yet. None stands for any size.

    >>> from kerastutor import keras
    >>> x = keras.Input((3,))
    >>> (x * 2 + 1).shape
    (None, 3)
    """

    __array_priority__ = 200  # numpy_array + placeholder is ours
    _keras_mask = None

    def __init__(self, shape, dtype="float32", sparse=False, ragged=False, name=None, history=None):
        self.shape, self.dtype, self.sparse, self.ragged = tuple(shape), np.dtype(dtype).name, sparse, ragged
        self.name = name or auto_name("keras_tensor")
        self.history = history

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def _keras_history(self):
        return self.history

    def __repr__(self):
        return (f"<KerasTensor shape={self.shape}, dtype={self.dtype}, sparse={self.sparse}, ragged={self.ragged}, "
                f"name={self.name}>")

    def _has_no_value(self, *_, **__):
        raise ValueError(
            f"{self!r} is a placeholder and has no value: give it to layers, models and keras.ops. NumPy, Python's "
            "`if`, float() and the like need numbers, which come when the model is called on data."
        )

    __array__ = __bool__ = __float__ = __int__ = __index__ = _has_no_value

    def __iter__(self):
        raise TypeError(f"{self!r} is a placeholder and can't be iterated over: use keras.ops.unstack or split.")

    __hash__ = object.__hash__


class Node:
    """One call of `operation`, on `args` and `kwargs` with placeholders in them, that gave `outputs`."""

    def __init__(self, operation, args, kwargs, outputs):
        self.operation, self.args, self.kwargs, self.outputs = operation, args, kwargs, outputs
        self.inputs = placeholders((args, kwargs))
        for i, x in enumerate(tree.flatten(outputs)):
            x.history = History(operation, len(operation._inbound_nodes), i)
        operation._inbound_nodes.append(self)

    @property
    def parents(self):
        """The calls that its inputs came from."""
        return [node_of(x) for x in self.inputs]

    @property
    def is_input(self):
        return not self.inputs


def node_of(x):
    """The call that a placeholder came from."""
    return x.history.operation._inbound_nodes[x.history.node_index]


def placeholders(structure):
    """The placeholders in a structure, in order."""
    return [x for x in tree.flatten(structure) if isinstance(x, KerasTensor)]


def any_symbolic(*structures):
    """Whether a placeholder is anywhere in these."""
    for s in structures:
        if type(s) is KerasTensor:
            return True
        if isinstance(s, dict):
            s = s.values()
        elif not isinstance(s, (list, tuple)):
            continue
        if any_symbolic(*s):
            return True
    return False


class Operation:
    """An op of `keras.ops` as part of a graph: what a layer is, without weights."""

    built = True

    def __init__(self, function):
        self.function = function
        self.name = auto_name(snake_case(self.class_name))
        self._inbound_nodes = []

    @property
    def class_name(self):
        return "".join(word.capitalize() for word in self.function.__name__.split("_"))

    def __call__(self, *args, **kwargs):
        if not any_symbolic(args, kwargs):
            return self.function(*args, **kwargs)
        outputs = self.compute_output_spec(*args, **kwargs)
        if placeholders(outputs):  # a shape is none
            Node(self, args, kwargs, outputs)
        return outputs

    def compute_output_spec(self, *args, **kwargs):
        """Placeholders for what the op gives."""
        return trace(self.function, args, kwargs)

    def count_params(self):
        return 0


def takes_placeholders(op):
    """The op, which now also takes placeholders and then becomes part of a model's graph."""

    @functools.wraps(op)
    def call(*args, **kwargs):
        if any_symbolic(args, kwargs):
            return Operation(op)(*args, **kwargs)
        return op(*args, **kwargs)

    return call


SIZES = ((2, 96), (3, 192))  # what stands in for None: in the batch axis, elsewhere


def trace(function, args, kwargs):
    """Placeholders for what function(*args, **kwargs) gives, of which some are placeholders.

    It runs twice on tensors without values, with other sizes in place of None: sizes that differ then are None in the
    result. A function that looks at values is tried on zeros.
    """
    outer, state.discard_losses = state.discard_losses, True
    try:
        first, second = (_trace(function, args, kwargs, sizes) for sizes in SIZES)
    finally:
        state.discard_losses = outer

    def merged(a, b):
        if not isinstance(a, Tensor):
            return a if a is b or a == b else None
        return KerasTensor([m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)], a.dtype)

    return tree.map_structure(merged, first, second)


def _trace(function, args, kwargs, sizes):
    def run(make):
        def stand_in(x):
            if not isinstance(x, KerasTensor):
                return x
            shape = [sizes[i > 0] if n is None else n for i, n in enumerate(x.shape)]
            return Tensor(make(shape, x.dtype if np.dtype(x.dtype).kind != "f" else floatx()))

        return function(*tree.map_structure(stand_in, tuple(args)), **tree.map_structure(stand_in, kwargs))

    try:
        with recording():
            return run(np.empty)
    except TracingError:
        with paused():
            return run(np.zeros)
