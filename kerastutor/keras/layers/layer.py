"""What every layer is: weights made once by `build`, and a `call` written with ops.

Source: https://keras.io/api/layers/base_layer/
"""

import functools
import inspect
import math
import threading

import numpy as np

from .. import config, initializers
from ..autodiff import Tensor, TracingError, Variable, paused, recording, tensor
from ..naming import auto_name, look_up, snake_case
from .tracking import TrackedDict, TrackedList


class _Context(threading.local):
    """What `training=None` means in a layer called by another one: whatever the outer call said."""

    training = None


context = _Context()


class KerasTensor:
    """A placeholder: the shape and dtype of a tensor that is not there yet. None stands for any batch size."""

    def __init__(self, shape, dtype="float32", name=None):
        self.shape, self.dtype, self.name = tuple(shape), dtype, name or auto_name("keras_tensor")

    @property
    def ndim(self):
        return len(self.shape)

    def __repr__(self):
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, sparse=False, ragged=False, name={self.name}>"

    def __array__(self, *_):
        raise ValueError(f"{self!r} is a placeholder and has no value: give it to a layer or a model.")


class InputSpec:
    """What a layer accepts: number of axes, and sizes of some of them.

    Parameters
    ----------
    ndim, min_ndim : int, optional
        The number of axes (batch included), or the least.
    axes : dict, optional
        Axis -> size.
    """

    def __init__(self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None):
        self.dtype, self.shape, self.ndim, self.max_ndim, self.min_ndim = dtype, shape, ndim, max_ndim, min_ndim
        self.axes = axes or {}

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


class Layer:
    """A layer: a function with weights.

    Subclasses make weights in `build(input_shape)` with `add_weight`, and compute in `call(inputs)` with `keras.ops`;
    gradients follow by themselves.

    Parameters
    ----------
    trainable : bool
        Whether optimizers change its weights.
    dtype : str, optional
        The dtype of its weights; Keras's floatx unless given.
    name : str, optional
        By default the class's name in snake case, with a number from the second layer on.

    Examples
    --------
    >>> from kerastutor import keras
    >>> class Scale(keras.layers.Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")
    ...     def call(self, x):
    ...         return x * self.factor
    >>> Scale()([[1.0, 2.0]]).numpy()
    array([[1., 2.]], dtype=float32)
    """

    supports_masking = False

    def __init__(self, *, activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None, **kwargs):
        object.__setattr__(self, "_layers", [])
        object.__setattr__(self, "_variables", [])
        object.__setattr__(self, "_fixed", [])  # those variables that were made to stay out of training
        object.__setattr__(self, "_losses", [])
        input_shape = kwargs.pop("input_shape", None)
        if "input_dim" in kwargs:
            input_shape = (kwargs.pop("input_dim"),)
        if kwargs:
            _refuse_arguments(type(self), kwargs)
        if activity_regularizer is not None:
            raise NotImplementedError(f"{type(self).__name__}: activity_regularizer is not offered in this version.")
        if input_shape is not None:
            self._input_shape_argument = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
        self.name = name if name is not None else auto_name(snake_case(type(self).__name__))
        if not isinstance(self.name, str) or "/" in self.name:
            raise ValueError(f"A layer's name must be a string without '/'; got {name!r}.")
        if dtype not in (None, "float32", "float64"):
            raise ValueError(f"{self.name!r}: a layer computes in float32 or float64 here; got dtype={dtype!r}.")
        self.dtype = dtype or config.floatx()
        self._trainable = bool(trainable)
        self.built = False
        self.input_spec = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        parameters = inspect.signature(cls.call).parameters
        cls._takes_training = "training" in parameters
        cls._training_default = cls._takes_training and parameters["training"].default is True
        cls._takes_mask = "mask" in parameters
        if "build" in vars(cls):
            cls.build = _marks_built(cls.build)

    def __setattr__(self, name, value):
        if "_layers" not in self.__dict__ and isinstance(value, (Layer, Variable)):
            raise RuntimeError(
                f"{type(self).__name__}: call super().__init__() first in __init__, before setting self.{name}."
            )
        object.__setattr__(self, name, self._track(value) if "_layers" in self.__dict__ else value)

    def _track(self, value):
        """Take note of layers and variables, also of those in lists, tuples and dicts, and put into them later."""
        if isinstance(value, Layer):
            if not any(value is layer for layer in self._layers):
                self._layers.append(value)
        elif isinstance(value, Variable):
            if not any(value is v for v in self._variables):
                self._variables.append(value)
                if not value.trainable:
                    self._fixed.append(value)
        elif type(value) is list:
            return TrackedList(value, self._track)
        elif type(value) is dict:
            return TrackedDict(value, self._track)
        elif isinstance(value, tuple):
            for item in value:
                self._track(item)
        return value

    # weights -----------------------------------------------------------------------------------

    def build(self, input_shape):
        """Make the weights for inputs of `input_shape` (batch axis included, as None)."""

    def add_weight(
        self, shape=None, initializer=None, dtype=None, trainable=True, regularizer=None, constraint=None, name=None
    ):
        """A new weight.

        Parameters
        ----------
        shape : tuple of int
        initializer : str, Initializer or callable
            "glorot_uniform" for floats unless given.
        trainable : bool
        name : str, optional

        Returns
        -------
        Variable
        """
        shape = () if shape is None else tuple(int(n) for n in shape)
        initializer = initializers.get(initializer if initializer is not None else "glorot_uniform")
        with paused():
            v = Variable(initializer, shape, dtype or self.dtype, trainable and self._trainable, name)
        v.path = f"{self.name}/{v.name}"
        v.regularizer, v.constraint = regularizer, constraint
        self._variables.append(v)
        if not trainable:
            self._fixed.append(v)
        return v

    def _is_fixed(self, v):
        return any(v is fixed for fixed in self._fixed)

    def add_loss(self, loss):
        """Add a tensor to the loss of the step that is running."""
        self._losses.append(tensor(loss))

    @property
    def losses(self):
        """What `add_loss` and the weights' regularizers add to the model's loss."""
        own = list(self._losses)
        own += [v.regularizer(v) for v in self._variables if v.regularizer is not None and v.trainable]
        return own + [loss for layer in self._layers for loss in layer.losses]

    def _clear_losses(self):
        self._losses.clear()
        for layer in self._layers:
            layer._clear_losses()

    @property
    def variables(self):
        """All weights of this layer and of the layers inside it, each once; its own trainable ones come first."""
        found = {id(v): v for v in sorted(self._variables, key=self._is_fixed)}
        for layer in self._layers:
            found.update((id(v), v) for v in layer.variables)
        return list(found.values())

    @property
    def weights(self):
        return self.variables

    @property
    def trainable_variables(self):
        return [v for v in self.variables if v.trainable]

    @property
    def non_trainable_variables(self):
        return [v for v in self.variables if not v.trainable]

    trainable_weights, non_trainable_weights = trainable_variables, non_trainable_variables

    @property
    def trainable(self):
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self._trainable = bool(value)
        for v in self._variables:
            v.trainable = self._trainable and not self._is_fixed(v)
        for layer in self._layers:
            layer.trainable = value

    def count_params(self):
        """How many numbers its weights hold."""
        if not self.built:
            raise ValueError(
                f"Layer {self.name!r} has no weights yet: build it, by an Input before it or by calling it on data."
            )
        return sum(math.prod(v.shape) for v in self.variables)

    def get_weights(self):
        """Copies of the weights, as a list of NumPy arrays."""
        return [v.numpy().copy() for v in self.variables]

    def set_weights(self, weights):
        """Set the weights from a list of arrays, in the order of `get_weights`; all are checked before any changes."""
        weights, variables = [np.asarray(w) for w in weights], self.variables
        if len(weights) != len(variables):
            raise ValueError(
                f"set_weights on layer {self.name!r}: it has {len(variables)} weights, and {len(weights)} arrays came."
            )
        for v, w in zip(variables, weights, strict=True):
            if v.shape != w.shape:
                raise ValueError(f"set_weights on {self.name!r}: {v.path} has shape {v.shape}, the array {w.shape}.")
        for v, w in zip(variables, weights, strict=True):
            v.assign(w)

    # calling -----------------------------------------------------------------------------------

    def __call__(self, inputs, *args, training=None, mask=None, **kwargs):
        if isinstance(inputs, KerasTensor):
            return self._call_symbolic(inputs)
        inputs = self._as_tensors(inputs)
        self._maybe_build(inputs)
        if self.input_spec is not None and isinstance(inputs, Tensor):
            self.input_spec.check(inputs.shape, self)
        outer = context.training
        if training is None:
            training = outer
        context.training = training
        try:
            if self._takes_training:
                kwargs["training"] = bool(self._training_default if training is None else training)
            incoming = mask if mask is not None else getattr(inputs, "_keras_mask", None)
            if self._takes_mask:
                kwargs["mask"] = incoming
            outputs = self.call(inputs, *args, **kwargs)
        finally:
            context.training = outer
        if incoming is not None and self.supports_masking and isinstance(outputs, Tensor):
            outputs._keras_mask = incoming
        return outputs

    def call(self, inputs):
        """Compute the output with `keras.ops`. Takes `training` (bool) and `mask` too, if the signature has them."""
        raise NotImplementedError(f"Layer {type(self).__name__} has no `call` method: write def call(self, inputs).")

    def _as_tensors(self, inputs):
        if isinstance(inputs, Tensor):
            return inputs
        if isinstance(inputs, (list, tuple)) and any(isinstance(x, Tensor) for x in inputs):
            return [tensor(x) for x in inputs]
        return tensor(inputs)

    def _maybe_build(self, inputs):
        if not self.built:
            shape = inputs.shape if isinstance(inputs, Tensor) else [x.shape for x in inputs]
            self._build(shape)

    def _build(self, shape):
        if self.input_spec is not None and isinstance(shape, tuple):
            self.input_spec.check(shape, self)
        self.build(shape)
        self.built = True

    def _call_symbolic(self, x):
        if not self.built:
            self._build(x.shape)
        return KerasTensor(self.compute_output_shape(x.shape), x.dtype)

    def compute_output_shape(self, input_shape):
        """The output's shape for `input_shape`; None stands for a size that varies.

        Found by tracing `call` on tensors without values, twice with another size in place of None; a layer that looks
        at values is tried on zeros.
        """
        shapes = [self._trace(tuple(size if n is None else n for n in input_shape)) for size in (2, 3)]
        return tuple(a if a == b else None for a, b in zip(*shapes, strict=True))

    def _trace(self, shape):
        try:
            with recording():
                return tuple(self(Tensor(np.empty(shape, config.floatx())), training=False).shape)
        except TracingError:
            with paused():
                return tuple(self(Tensor(np.zeros(shape, config.floatx())), training=False).shape)

    # configuration -----------------------------------------------------------------------------

    def get_config(self):
        """What `from_config` needs to make this layer again, without its weights."""
        return {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config):
        """A layer made from what `get_config` gave."""
        return cls(**config)

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _marks_built(build):
    """`build`, after which the layer is built, whoever called it: a layer may build the layers inside it."""

    @functools.wraps(build)
    def wrapper(self, *args, **kwargs):
        build(self, *args, **kwargs)
        self.built = True

    return wrapper


_TODAY = {
    "output_dim": "units", "init": "kernel_initializer", "W_regularizer": "kernel_regularizer", "p": "rate",
    "bias": "use_bias", "border_mode": "padding", "subsample": "strides", "nb_filter": "filters",
}


def _refuse_arguments(cls, kwargs):
    name = next(iter(kwargs))
    known = [p for c in cls.__mro__ if c is not object for p in inspect.signature(c.__init__).parameters]
    if name in _TODAY:
        hint = f" Keras 1 called it so; today it is {_TODAY[name]!r}."
    else:
        import difflib

        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{cls.__name__} has no argument {name!r}.{hint}")


__all__ = ["InputSpec", "KerasTensor", "Layer", "context", "look_up"]
