"""What every layer is: weights made once by `build`, and a `call` written with ops.

Source: https://keras.io/api/layers/base_layer/
"""

import difflib
import functools
import inspect
import threading

import numpy as np

from ... import older
from .. import config, dtype_policies, naming, ops, regularizers, tree
from ..autodiff import Tensor, tensor
from ..naming import auto_name, snake_case
from ..symbolic import KerasTensor, Node, any_symbolic, trace
from . import calling
from .weights import Weights


class _Context(threading.local):
    """Of a layer called by another one: `training=None` means whatever the outer call said; and who looks on."""

    training = None
    inside = False
    watcher = None  # called as watcher(layer, args, kwargs) in place of layer.call, which it then makes itself


context = _Context()


class Layer(Weights):
    """A layer: a function with weights.

    Subclasses make weights in `build(input_shape)` with `add_weight`, and compute in `call(inputs)` with `keras.ops`;
    gradients follow by themselves.

    Parameters
    ----------
    activity_regularizer : str, Regularizer or callable, optional
        A cost of the layer's output, divided by the batch size.
    trainable : bool
        Whether optimizers change its weights.
    dtype : str, optional
        The dtype of its weights; Keras's floatx unless given.
    autocast : bool
        Whether float inputs are converted to that dtype.
    name : str, optional
        By default the class's name in snake case, with a number from the second layer on.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> class Scale(keras.layers.Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")
    ...     def call(self, x):
    ...         return x * self.factor
    >>> Scale()(np.array([[1.0, 2.0]])).numpy()
    array([[1., 2.]], dtype=float32)
    """

    supports_masking = False
    input_spec = None

    def __init__(self, *, activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None, **kwargs):
        self._start_tracking()
        input_shape = kwargs.pop("input_shape", None)
        if "input_dim" in kwargs:
            input_shape = (kwargs.pop("input_dim"),)
        if kwargs:
            _refuse_arguments(type(self), kwargs)
        if input_shape is not None:
            self._input_shape_argument = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
        self.name = name if name is not None else auto_name(snake_case(type(self).__name__))
        if not isinstance(self.name, str) or "/" in self.name:
            raise ValueError(f"A layer's name must be a string without '/'; got {name!r}.")
        self.dtype = _dtype(dtype, self.name)
        self.autocast = autocast
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self._trainable = bool(trainable)
        self.built = False
        object.__setattr__(self, "_inbound_nodes", [])

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "call" in vars(cls):
            cls._signature = calling.Signature(cls.call)
        if "build" in vars(cls):
            cls.build = _marks_built(cls.build)

    @property
    def compute_dtype(self):
        return self.dtype

    variable_dtype = input_dtype = compute_dtype

    @property
    def dtype_policy(self):
        return dtype_policies.DTypePolicy(self.dtype)

    @property
    def path(self):
        return self.name

    def build(self, input_shape):
        """Make the weights for inputs of `input_shape` (batch axis included, as None)."""

    def call(self, *args, **kwargs):
        """Compute the output with `keras.ops`. Takes `training` (bool) and `mask` too, if the signature has them."""
        raise NotImplementedError(f"Layer {type(self).__name__} has no `call` method: write def call(self, inputs).")

    _signature = calling.Signature(call)

    # calling -----------------------------------------------------------------------------------

    def __call__(self, *args, **kwargs):
        if "_layers" not in self.__dict__:
            raise RuntimeError(f"{type(self).__name__}: call super().__init__() first in __init__.")
        args, kwargs = self._converted(args), {name: self._converted(value) for name, value in kwargs.items()}
        inputs = self._signature.inputs(args, kwargs)
        first = args[0] if args else next(iter(inputs.values()), None)
        self._check_input(args, first)
        if not self.built:
            self._build_on(inputs)
        kwargs.update(self._signature.masks(inputs, kwargs))
        incoming = kwargs.get("mask")
        incoming = calling.mask_of(first) if incoming is None else incoming
        symbolic = any_symbolic(args, kwargs)
        outputs = (self._call_later if symbolic else self._call_in_context)(args, kwargs)
        self.built = True
        if self.activity_regularizer is not None and not symbolic:
            self._add_activity_losses(outputs)
        self._pass_mask(first, incoming, outputs)
        return outputs

    def _call_later(self, args, kwargs):
        """Placeholders for what the call will give, which remember the call."""
        outputs = self.compute_output_spec(*args, **kwargs)
        Node(self, args, kwargs, outputs)
        return outputs

    def _call_in_context(self, args, kwargs):
        """`call`, with `training` as given, or as in the layer's caller, or as the signature has it."""
        outer, inside, given = context.training, context.inside, kwargs.pop("training", None)
        if not inside:
            self._clear_losses()
        training = outer if given is None else given
        if self._signature.takes_training and training is not None:
            kwargs["training"] = training
        context.training = self._signature.training_default if training is None else training
        context.inside = True
        try:
            if context.watcher is not None:
                return context.watcher(self, args, kwargs)
            return self.call(*args, **kwargs)
        finally:
            context.training, context.inside = outer, inside

    def _converted(self, structure):
        """Arrays as tensors, floats in the layer's dtype."""
        if type(structure) is Tensor and structure.value.dtype == self.dtype:
            return structure
        return tree.map_structure(self._convert, structure)

    def _convert(self, x):
        if not isinstance(x, Tensor):
            if not isinstance(x, np.ndarray) and not hasattr(x, "__array__") or isinstance(x, KerasTensor):
                return x
            x = tensor(x)
        if self.autocast and x.value.dtype.kind == "f" and x.dtype not in (self.dtype, config.floatx()):
            mask, x = x._keras_mask, ops.cast(x, self.dtype)
            x._keras_mask = mask
        return x

    def _check_input(self, args, first):
        for x in tree.flatten(args):
            if x is not None and not isinstance(x, (Tensor, KerasTensor)):
                raise ValueError(
                    f"Layer {self.name!r} ({type(self).__name__}): only arrays and tensors can be given by position; "
                    f"got {x!r} ({type(x).__name__}). A list of numbers: write np.array(...) around it. An option: "
                    "give it by name."
                )
        spec = self.input_spec
        if isinstance(spec, (list, tuple)):
            for one, x in zip(spec, tree.flatten(first)):
                one.check(tuple(x.shape), self)
        elif spec is not None and isinstance(first, (Tensor, KerasTensor)):
            spec.check(tuple(first.shape), self)

    def _build_on(self, inputs):
        """Make the weights for inputs by name."""
        shapes = calling.shapes(inputs)
        self._build_by_shapes(shapes)

    def _build_by_shapes(self, shapes):
        object.__setattr__(self, "_build_shapes", shapes)
        if type(self).build is not Layer.build:
            self.build(**calling.shapes_for(self.build, shapes, type(self).__name__))

    def _add_activity_losses(self, outputs):
        for y in tree.flatten(outputs):
            if isinstance(y, Tensor):
                cost = self.activity_regularizer(y)
                self.add_loss(cost / float(y.shape[0]) if y.ndim and y.shape[0] else cost)

    # masks -------------------------------------------------------------------------------------

    def compute_mask(self, inputs, previous_mask):
        """The mask of the output: True where a step counts. By default that of the input."""
        return previous_mask

    def _pass_mask(self, inputs, previous, outputs):
        flat = [y for y in tree.flatten(outputs) if isinstance(y, (Tensor, KerasTensor))]
        if not self.supports_masking:
            if any(isinstance(m, Tensor) for m in tree.flatten(previous)):
                naming.warn(
                    f"Layer {self.name!r} ({type(self).__name__}) got an input with a mask, which it does not support: "
                    "the layers after it will not see the mask."
                )
        elif any(y._keras_mask is None for y in flat):
            masks = self.compute_mask(inputs, previous)
            for y, mask in zip(flat, tree.flatten(masks)):
                if mask is not None and y._keras_mask is None:
                    y._keras_mask = mask

    # shapes ------------------------------------------------------------------------------------

    def compute_output_spec(self, *args, **kwargs):
        """Placeholders for what the layer gives for these placeholders."""
        if type(self).compute_output_shape is Layer.compute_output_shape:
            return trace(self._traced, args, kwargs)
        shapes = calling.shapes(self._signature.inputs(args, kwargs))
        shape = self.compute_output_shape(**calling.shapes_for(self.compute_output_shape, shapes, type(self).__name__))
        return self._placeholders(shape)

    def _traced(self, *args, **kwargs):
        return self(*args, **kwargs)

    def _placeholders(self, shape):
        if isinstance(shape, dict):
            return {name: self._placeholders(s) for name, s in shape.items()}
        if all(n is None or isinstance(n, (int, np.integer)) for n in shape):
            return KerasTensor(shape, self.compute_dtype)
        return type(shape)(self._placeholders(s) for s in shape)

    def compute_output_shape(self, *args, **kwargs):
        """The output's shape for the inputs' shapes; None stands for a size that varies.

        Found by tracing `call` on tensors without values.
        """
        as_input = lambda shape: KerasTensor(shape, config.floatx())
        if len(args) == 1 and isinstance(args[0], list) and not _is_shape(args[0]):
            inputs = [[as_input(s) for s in args[0]]]
        else:
            inputs = [as_input(s) for s in (*args, *kwargs.values())]
        if not self.built:
            self._build_on(self._signature.inputs(tuple(inputs), {}))
        return tree.map_structure(lambda x: x.shape, trace(self._traced, inputs, {}))

    # graphs ------------------------------------------------------------------------------------

    def _node(self, what):
        if not self._inbound_nodes:
            raise AttributeError(
                f"Layer {self.name!r} has no {what} yet: it has not been called on an Input or another layer's output."
            )
        return self._inbound_nodes[0]

    @property
    def input(self):
        """The placeholder that the layer was first called on, or a list of them."""
        inputs = self._node("input").inputs
        return inputs[0] if len(inputs) == 1 else inputs

    @property
    def output(self):
        """The placeholder that this call gave, or several."""
        return self._node("output").outputs

    # configuration -----------------------------------------------------------------------------

    def get_config(self):
        """What `from_config` needs to make this layer again, without its weights."""
        shared = {**self._recorded_arguments(), "name": self.name, "trainable": self.trainable, "dtype": self.dtype}
        if self.activity_regularizer is not None:
            shared["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        return shared

    @classmethod
    def from_config(cls, config):
        """A layer made from what `get_config` gave."""
        return cls(**config)

    def get_build_config(self):
        """The shapes that the layer was built for; None if it makes no weights from several."""
        shapes = getattr(self, "_build_shapes", None)
        if shapes is None or (len(shapes) > 1 and type(self).build is Layer.build):
            return None
        return {"input_shape": next(iter(shapes.values()))} if len(shapes) == 1 else {"shapes_dict": shapes}

    def build_from_config(self, config):
        """Make the weights for the shapes that `get_build_config` gave."""
        if config:
            shapes = config.get("shapes_dict")
            if shapes:
                self.build(**shapes)
            else:
                self.build(config["input_shape"])
            self.built = True

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _is_shape(shape):
    return all(n is None or isinstance(n, (int, np.integer)) for n in shape)


def _dtype(dtype, name):
    """What a layer computes in, from a name, a DTypePolicy or its config; whole numbers for lookups and the like."""
    if isinstance(dtype, str) and dtype.startswith(("int", "uint", "bool", "string")):
        return dtype
    try:
        return dtype_policies.get(dtype).name
    except ValueError as error:
        raise ValueError(f"Layer {name!r}: {error}") from None


def _marks_built(build):
    """`build`, after which the layer is built, whoever called it: a layer may build the layers inside it."""

    signature = inspect.signature(build)

    @functools.wraps(build)
    def wrapper(self, *args, **kwargs):
        build(self, *args, **kwargs)
        shapes = dict(list(signature.bind(self, *args, **kwargs).arguments.items())[1:])
        object.__setattr__(self, "_build_shapes", shapes)
        self.built = True

    return wrapper


def _refuse_arguments(cls, kwargs):
    name = next(iter(kwargs))
    known = [p for c in cls.__mro__ if c is not object for p in inspect.signature(c.__init__).parameters]
    if name in older.ARGUMENTS:
        hint = f" Keras 1 called it so; today it is {older.ARGUMENTS[name]!r}."
    else:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{cls.__name__} has no argument {name!r}.{hint}")
