"""What a layer keeps: weights, layers inside it, metrics, and the losses that these add."""

import math

import numpy as np

from .. import constraints, initializers, regularizers
from ..autodiff import Variable, paused, state, tensor
from ..metrics.base import Metric
from ..saving.arguments import RecordedArguments
from .tracking import TrackedDict, TrackedList


class Weights(RecordedArguments):
    """The part of a layer that keeps things. Whatever is set as an attribute is noticed, also in lists and dicts."""

    def _start_tracking(self):
        for name in ("_layers", "_variables", "_fixed", "_losses", "_metrics"):
            object.__setattr__(self, name, [])  # _fixed: those variables that were made to stay out of training

    def __setattr__(self, name, value):
        if "_layers" not in self.__dict__:
            if isinstance(value, (Weights, Variable, Metric)):
                raise RuntimeError(
                    f"{type(self).__name__}: call super().__init__() first in __init__, before setting self.{name}."
                )
        elif not name.startswith("__"):
            value = self._track(value)
        object.__setattr__(self, name, value)

    def _track(self, value):
        """Take note of layers and variables, also of those in lists, tuples and dicts, and put into them later."""
        if isinstance(value, Weights):
            _note(value, self._layers)
        elif isinstance(value, Metric):
            _note(value, self._metrics)
        elif isinstance(value, Variable):
            if _note(value, self._variables) and not value.trainable:
                self._fixed.append(value)
        elif type(value) is list:
            return TrackedList(value, self._track)
        elif type(value) is dict:
            return TrackedDict(value, self._track)
        elif isinstance(value, tuple):
            for item in value:
                self._track(item)
        return value

    def add_weight(
        self,
        shape=None,
        initializer=None,
        dtype=None,
        trainable=True,
        autocast=True,
        regularizer=None,
        constraint=None,
        aggregation="none",
        overwrite_with_gradient=False,
        name=None,
    ):
        """A new weight.

        Parameters
        ----------
        shape : tuple of int
        initializer : str, Initializer or callable
            "glorot_uniform" for floats unless given, zeros for whole numbers.
        trainable : bool
        regularizer, constraint : str, object or callable, optional
        name : str, optional

        Returns
        -------
        Variable
        """
        shape = (shape,) if isinstance(shape, int) else () if shape is None else tuple(shape)
        if None in shape:
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}): a weight needs a shape of whole numbers; got {shape}. "
                "The input's shape is only partly known: give Input a size for that axis."
            )
        dtype = dtype or self.dtype
        if initializer is None:
            initializer = "glorot_uniform" if np.dtype(dtype).kind == "f" else "zeros"
        initializer = initializers.get(initializer)
        with paused():
            v = Variable(initializer, tuple(map(int, shape)), dtype, trainable and self._trainable, name)
        v.path = f"{self.name}/{v.name}"
        v.regularizer, v.constraint = regularizers.get(regularizer), constraints.get(constraint)
        self._variables.append(v)
        if not trainable:
            self._fixed.append(v)
        return v

    def add_variable(
        self, shape, initializer, dtype=None, trainable=True, autocast=True, regularizer=None, constraint=None,
        name=None,
    ):
        """Another name of `add_weight`."""
        return self.add_weight(
            shape, initializer, dtype, trainable, regularizer=regularizer, constraint=constraint, name=name
        )

    def _is_fixed(self, v):
        return any(v is fixed for fixed in self._fixed)

    @property
    def variables(self):
        """All weights of this layer and of the layers inside it, each once; its own trainable ones come first."""
        found = {id(v): v for v in self._own_in_order()}
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

    @property
    def metrics(self):
        """The metrics set as attributes of this layer and of the layers inside it."""
        return self._attached_metrics()

    def _attached_metrics(self):
        """Without what `compile` gave to models inside: theirs run when they are evaluated themselves."""
        return [*self._metrics, *(m for layer in self._layers for m in layer._attached_metrics())]

    @property
    def metrics_variables(self):
        """The numbers that these metrics keep."""
        return [v for m in self.metrics for v in m.variables]

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

    def save_own_variables(self, store):
        """Put its own weights, not those of the layers inside it, into `store`: "0", "1", ..."""
        for i, v in enumerate(self._own_in_order()):
            store[str(i)] = v

    def load_own_variables(self, store):
        """Set its own weights from what `save_own_variables` has stored."""
        own = self._own_in_order()
        if len(store.keys()) != len(own):
            hint = "" if self.built else " It has not been built: call the model on data, or give it an Input, first."
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}) has {len(own)} weights of its own, and "
                f"{len(store.keys())} are stored for it.{hint}"
            )
        for i, v in enumerate(own):
            v.assign(store[str(i)])

    def _own_in_order(self):
        return sorted(self._variables, key=self._is_fixed)

    # losses ------------------------------------------------------------------------------------

    def add_loss(self, loss):
        """Add a tensor, or several, to the loss of the step that is running."""
        if not state.discard_losses:
            self._losses.extend(tensor(part) for part in (loss if isinstance(loss, (list, tuple)) else [loss]))

    @property
    def losses(self):
        """What `add_loss`, activity regularizers and the weights' regularizers add to the model's loss."""
        regularized = [v.regularizer(v) for v in self.trainable_variables if v.regularizer is not None]
        return self._added_losses() + regularized

    def _added_losses(self):
        return [*self._losses, *(loss for layer in self._layers for loss in layer._added_losses())]

    def _clear_losses(self):
        self._losses.clear()
        for layer in self._layers:
            layer._clear_losses()


def _note(value, found):
    """Append `value` unless it is there already. True if it was not."""
    new = not any(value is other for other in found)
    if new:
        found.append(value)
    return new
