"""Automatic differentiation: the forward pass writes a tape, the backward pass reads it in reverse.

    Tensor      an array, and the gradient of the loss with respect to it
    Variable    a tensor that outlives a training step: a weight, a counter
    record      how an op says what it computed and how a gradient flows back through it
    Tape        with Tape() as tape: loss = ...; then tape.gradients(loss, variables)
    run         the one door through which every kernel is called

`run` either calls a kernel or, while `recording`, writes the call down for `replay.py`.
"""

import threading

import numpy as np

from .. import backends
from ..backends import K
from . import config


class _State(threading.local):
    """What a forward pass writes to. One for each thread, so that a widget may train in the background."""

    tape = None  # the list of (result, gradient, inputs), or None
    calls = None  # the list of (kernel, arguments) being recorded, or None
    discard_losses = False  # only shapes are wanted: `add_loss` does nothing


state = _State()


class TracingError(RuntimeError):
    """A value was asked for while a training step was only being written down."""


def run(kernel, *arguments):
    """Call `kernel`, whose results are among its arguments; while recording, write the call down instead."""
    if state.calls is not None:
        state.calls.append((kernel, arguments))
    elif backends.device is None:
        kernel(*arguments)
    else:
        backends.device.call(kernel, arguments)


class Tensor:
    """An array, the gradient of the loss with respect to it, and whether anyone needs that gradient.

    Supports Python's operators (`+ - * / ** @`, comparisons, indexing); each is an op of `keras.ops`.

    >>> from kerastutor.keras import ops
    >>> x = ops.convert_to_tensor([1.0, 2.0])
    >>> (x * x + 1).numpy()
    array([2., 5.], dtype=float32)
    """

    __slots__ = ("value", "grad", "tracked", "_keras_mask", "__weakref__")
    __array_priority__ = 100  # numpy_array + tensor is ours

    def __init__(self, value, tracked=False):
        self.value = value
        self.grad = None
        self.tracked = tracked
        self._keras_mask = None

    @property
    def shape(self):
        return self.value.shape

    @property
    def ndim(self):
        return self.value.ndim

    @property
    def size(self):
        return self.value.size

    @property
    def dtype(self):
        return self.value.dtype.name

    def numpy(self):
        """The values, as a NumPy array."""
        if state.calls is not None:
            raise TracingError(
                "A tensor's value was read while a step was being recorded, when there are no values yet. "
                "Compute with keras.ops instead of NumPy or Python's float(), bool(), if; "
                "or compile the model with run_eagerly=True."
            )
        return backends.fetch(self.value)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __float__(self):
        return float(self.numpy().item())

    def __int__(self):
        return int(self.numpy().item())

    def __index__(self):
        return self.numpy().__index__()

    def __bool__(self):
        return bool(self.numpy())

    def __format__(self, spec):
        return format(self.numpy().item() if self.size == 1 and spec else self.numpy(), spec)

    def item(self):
        """The one value, as a Python number."""
        return self.numpy().item()

    def __len__(self):
        if not self.shape:
            raise TypeError("A tensor of shape () has no length.")
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __repr__(self):
        return f"<{type(self).__name__} shape={self.shape} dtype={self.dtype}>" if state.calls is not None \
            else f"<{type(self).__name__} shape={self.shape} dtype={self.dtype}\n{self.numpy()}>"

    def add_grad(self, g):
        """Add `g` to the gradient: a value used twice gets the sum of two. Never in place, as g may be shared."""
        if self.grad is None:
            self.grad = g
        else:
            total = K.empty(g.shape, g.dtype)
            run(K.add, self.grad, g, total)
            self.grad = total

    # Python's operators; `keras/ops/operators.py` fills in the rest
    __hash__ = object.__hash__


class Variable(Tensor):
    """A tensor that lives longer than a step: a weight or a counter. Assigning writes in place.

    Parameters
    ----------
    initializer : array_like or callable
        The first value, or a function of (shape, dtype) that gives it.
    shape, dtype : optional
        Needed when `initializer` is a function.
    trainable : bool
        Whether optimizers change it.
    name : str

    Examples
    --------
    >>> from kerastutor import keras
    >>> v = keras.Variable([1.0, 2.0], name="v")
    >>> v.assign([3.0, 4.0]).numpy()
    array([3., 4.], dtype=float32)
    """

    __slots__ = ("name", "path", "trainable", "regularizer", "constraint")

    def __init__(self, initializer, shape=None, dtype=None, trainable=True, name=None):
        if callable(initializer):
            initializer = initializer(shape, dtype=dtype or config.floatx())
        value = np.array(backends.fetch(initializer.value) if hasattr(initializer, "value") else initializer, order="C")
        if dtype is not None or value.dtype.kind == "f":
            value = value.astype(dtype or config.floatx(), copy=False)
        super().__init__(value)
        self.name = name or "variable"
        self.path = self.name
        self.trainable = trainable
        self.regularizer = self.constraint = None

    @property
    def tracked(self):
        return self.trainable and self.value.dtype.kind == "f"

    @tracked.setter
    def tracked(self, value):
        pass  # a variable's `trainable` decides

    def numpy(self):
        """A copy of the values: training goes on to write into the variable's own array."""
        return super().numpy().copy()

    def assign(self, value):
        """Write `value` in place; its shape must be the variable's."""
        value = value if isinstance(value, Tensor) else Tensor(np.asarray(value, self.value.dtype))
        if value.shape != self.shape:
            raise ValueError(
                f"Variable {self.path!r} has shape {self.shape}, but the value assigned to it has shape {value.shape}."
            )
        run(np.copyto, self.value, value.value, "unsafe")
        return self

    def assign_add(self, value):
        """Add `value` in place."""
        return self.assign(self + value)

    def assign_sub(self, value):
        """Subtract `value` in place."""
        return self.assign(self - value)

    def __repr__(self):
        value = backends.fetch(self.value)
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}, value={value}>"

    __hash__ = object.__hash__


def tensor(x, dtype=None):
    """`x` as a Tensor: floats in Keras's floatx, C-contiguous, never an object array."""
    if isinstance(x, Tensor):
        return x
    if isinstance(x, (list, tuple)) and any(isinstance(part, Tensor) for part in x):
        from .ops.joining import stack  # so that gradients find their way into each

        return stack([tensor(part, dtype) for part in x])
    plain = not isinstance(x, (np.ndarray, np.generic))
    x = np.asarray(x)
    if plain and x.dtype == np.int64:  # Python's ints are int32 in Keras
        x = x.astype(np.int32)
    if x.dtype.kind not in "fiub":
        raise TypeError(f"Can't make a tensor of a {type(x).__name__} of dtype {x.dtype}: expected numbers or bools.")
    if dtype is None and x.dtype.kind == "f":
        dtype = config.floatx()
    value = np.ascontiguousarray(x, dtype).reshape(x.shape)
    if backends.device is not None and state.calls is None:
        value = value.copy()  # a GPU would not see later changes of x
    return Tensor(value)


def record(value, gradient, *inputs):
    """The result of an op as a Tensor.

    `gradient(g)` adds to the gradient of each tracked input, given the gradient g of the result. It goes on the tape if
    there is one and at least one input is tracked.
    """
    out = Tensor(value)
    if state.tape is not None:
        for x in inputs:
            if x.tracked:
                out.tracked = True
                state.tape.append((out, gradient, inputs))
                break
    return out


class Tape:
    """Writes down the ops of a forward pass, so that gradients can be found by walking back.

    The chain rule, op by op in reverse: dL/dx += dL/dy * dy/dx.

    Examples
    --------
    >>> from kerastutor import Tape, keras
    >>> w = keras.Variable([3.0])
    >>> with Tape() as tape:
    ...     loss = keras.ops.sum(w * w)
    >>> tape.gradients(loss, [w])[0]
    array([6.], dtype=float32)
    """

    def __enter__(self):
        self._outer, state.tape = state.tape, []
        self._steps = state.tape
        return self

    def __exit__(self, *error):
        state.tape = self._outer

    def watch(self, x):
        """Also follow `x`, a tensor that is not a variable (an input, say)."""
        x.tracked = True

    def gradients(self, loss, variables):
        """dloss/dv for each of `variables`: arrays of their shapes, or None where the loss does not depend on one."""
        if self._steps is None:
            raise RuntimeError("This tape has been read already: open a new one for the next gradients.")
        for v in variables:
            v.grad = None
        wanted = {id(v) for v in variables}
        loss.grad = np.ones(loss.shape, loss.value.dtype)
        for out, gradient, _ in reversed(self._steps):
            if out.grad is not None:
                gradient(out.grad)
                if id(out) not in wanted:
                    out.grad = None
        found = [v.grad for v in variables]
        if state.calls is None:
            found = [g if g is None else backends.fetch(g) for g in found]
        for _, _, inputs in self._steps:  # leave nothing for an outer tape to add to
            for x in inputs:
                x.grad = None
        self._steps = None
        return found


class recording:
    """with recording() as calls: every kernel call is written to the list `calls`, none is made."""

    def __enter__(self):
        self._outer, state.calls = state.calls, []
        return state.calls

    def __exit__(self, *error):
        state.calls = self._outer


class paused:
    """with paused(): kernels are called at once, though a step is being recorded (for a weight's first value, say)."""

    def __enter__(self):
        self._calls, state.calls = state.calls, None
        self._tape, state.tape = state.tape, None

    def __exit__(self, *error):
        state.calls, state.tape = self._calls, self._tape
