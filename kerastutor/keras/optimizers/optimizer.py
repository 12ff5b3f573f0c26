"""What every optimizer does: a learning rate, state for each variable, and an update rule.

Source: https://keras.io/api/optimizers/
"""

import inspect
import math
import numbers
import warnings

import numpy as np

from .. import config, initializers, ops
from ..autodiff import Tensor, Variable, paused, run, tensor
from ..naming import snake_case


class Optimizer:
    """Base of all optimizers. Subclasses say in `slots` what they keep for each variable, in `update_step` the rule.

    What changes from step to step (the learning rate) is written by `begin_step` into arrays that the recorded kernel
    calls read.

    Parameters
    ----------
    learning_rate : float or callable
        A schedule is called with the number of steps done.
    weight_decay : float, optional
        Before each update, w -= w * weight_decay * learning_rate.
    clipnorm, clipvalue, global_clipnorm : float, optional
        Limits to each gradient's norm, to each of its numbers, or to the norm of all gradients together; one at most.
    """

    slots = ()

    def __init__(self, learning_rate, weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None, name=None,
                 **kwargs):
        if "lr" in kwargs:
            raise ValueError("Old tutorials write lr=; today it is learning_rate=.")
        if "decay" in kwargs:
            warnings.warn("Argument `decay` is no longer supported and will be ignored.", stacklevel=3)
            kwargs.pop("decay")
        if kwargs:
            raise ValueError(f"{type(self).__name__} has no argument {next(iter(kwargs))!r} in this version.")
        given = [f"{k}={v}" for k, v in
                 dict(clipnorm=clipnorm, clipvalue=clipvalue, global_clipnorm=global_clipnorm).items() if v is not None]
        if len(given) > 1:
            raise ValueError(f"Only one of clipnorm, clipvalue and global_clipnorm can be set; got {', '.join(given)}.")
        self.name = name or snake_case(type(self).__name__)
        self.weight_decay, self.clipnorm, self.clipvalue, self.global_clipnorm = (
            weight_decay, clipnorm, clipvalue, global_clipnorm)
        self.iterations = Variable(np.int32(0), trainable=False, name="iterations")
        self.schedule = learning_rate if callable(learning_rate) and not isinstance(learning_rate, Variable) else None
        self._learning_rate = Variable(np.float32(0), trainable=False, name="learning_rate")
        if self.schedule is None:
            self.learning_rate = learning_rate
        self._rate = np.zeros(1, config.floatx())  # this step's rate, as `update_step` uses it
        self._decay = np.zeros(1, config.floatx())  # this step's weight decay, times the rate
        self.built = False
        self._slots, self._targets, self._more = [], [], []

    @property
    def learning_rate(self):
        """The learning rate of the next step. Assigning sets it, unless a schedule does."""
        if self.schedule is not None:
            self._learning_rate.value[...] = self._scheduled(int(self.iterations.value))
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        if callable(value) and not isinstance(value, Tensor):
            self.schedule = value
            return
        if isinstance(value, str) or not isinstance(value, (numbers.Real, np.ndarray, Tensor)):
            raise ValueError(f"`learning_rate` must be a number or a schedule; got {value!r}.")
        value = float(value)
        if not value >= 0 or math.isinf(value):
            raise ValueError(
                f"`learning_rate` must be a number from 0 up; got {value}. "
                "A step goes against the gradient by itself: no minus sign is needed."
            )
        self.schedule = None
        self._learning_rate.value[...] = value

    def _scheduled(self, step):
        """The rate that a schedule gives: a function of the steps done, or of nothing."""
        takes_step = bool(inspect.signature(self.schedule).parameters)
        return float(self.schedule(step) if takes_step else self.schedule())

    @property
    def variables(self):
        """The step counter, the learning rate and the state of each trained variable."""
        return [self.iterations, self._learning_rate, *(s for slots in self._slots for s in slots), *self._more]

    def build(self, variables):
        """Make the state for `variables`, all zeros (`initial_slot` says otherwise)."""
        self._targets = list(variables)
        with paused():
            self._slots = [
                [Variable(np.full(v.shape, self.initial_slot, v.value.dtype), trainable=False, name=f"{v.name}_{slot}")
                 for slot in self.slots]
                for v in variables
            ]
        self.built = True

    initial_slot = 0.0

    def apply(self, grads, trainable_variables=None):
        """One step: change each variable by its gradient (None leaves it as it is)."""
        variables = list(trainable_variables) if trainable_variables is not None else self._targets
        if len(grads) != len(variables):
            raise ValueError(f"apply: {len(grads)} gradients came for {len(variables)} variables.")
        grads = [None if g is None else tensor(g).value for g in grads]
        for g, v in zip(grads, variables):
            if g is not None and g.shape != v.shape:
                raise ValueError(f"apply: variable {v.path!r} has shape {v.shape}, its gradient {g.shape}.")
        self.prepare(variables)
        self.begin_step()
        self.apply_recorded(grads, variables)

    def apply_gradients(self, grads_and_vars):
        """One step, from pairs (gradient, variable)."""
        grads, variables = zip(*grads_and_vars, strict=True)
        self.apply(list(grads), list(variables))

    def prepare(self, variables):
        """Build for `variables`, or see that they are the ones it was built for (some may be frozen by now)."""
        if not self.built:
            self.build(variables)
        elif any(all(v is not t for t in self._targets) for v in variables):
            raise ValueError(
                f"This {type(self).__name__} keeps state for the variables of another model, or of this one before it "
                "was changed: make a new optimizer, by calling compile() again."
            )

    def begin_step(self):
        """What changes from step to step, in Python: before every step, whether its kernels are replayed or not."""
        step = self.iterations.value.item()
        if self.schedule is not None:
            self._learning_rate.value.fill(self._scheduled(step))
        rate = self._learning_rate.value.item()
        self._rate[0] = rate * self.correction(step + 1)
        if self.weight_decay:
            self._decay[0] = rate * self.weight_decay
        self.iterations.value.fill(step + 1)

    def correction(self, t):
        """A factor for the learning rate of step t = 1, 2, ..."""
        return 1.0

    def apply_recorded(self, gradients, variables):
        """The kernel calls of one step; `gradients` are arrays."""
        pairs = [(Tensor(g), v) for g, v in zip(gradients, variables, strict=True) if g is not None]
        pairs = self._clip(pairs)
        for g, v in pairs:
            if self.weight_decay:
                v.assign(v - v * Tensor(self._decay))
            self.update_step(g, v, Tensor(self._rate))
            if v.constraint is not None:
                v.assign(v.constraint(v))

    def _clip(self, pairs):
        if (self.clipvalue or 0) > 0:  # 0 means no limit, as in Keras
            return [(ops.maximum(ops.minimum(g, self.clipvalue), -self.clipvalue), v) for g, v in pairs]
        if (self.clipnorm or 0) > 0:
            return [(_shortened(g, _norm([g]), self.clipnorm), v) for g, v in pairs]
        if (self.global_clipnorm or 0) > 0:
            norm = _norm([g for g, _ in pairs])
            return [(_shortened(g, norm, self.global_clipnorm), v) for g, v in pairs]
        return pairs

    def update_step(self, gradient, variable, learning_rate):
        """Change `variable` by its gradient; all three are tensors. Subclasses say how."""
        raise NotImplementedError(
            f"{type(self).__name__} has no `update_step(gradient, variable, learning_rate)` method."
        )

    def slots_of(self, variable):
        """What is kept for this variable, in the order of `slots`."""
        return next(slots for slots, v in zip(self._slots, self._targets) if v is variable)

    def add_variable_from_reference(self, reference_variable, name=None, initializer="zeros"):
        """A new variable of the reference's shape, for `build` in a student's own optimizer."""
        with paused():
            shape, dtype = reference_variable.shape, reference_variable.dtype
            made = Variable(initializers.get(initializer), shape, dtype, trainable=False, name=name)
        self._more.append(made)
        return made

    def run(self, kernel, v, g, *slots_and_options):
        """Call an optimizer's kernel on flat arrays: `kernel(w, g, *slots, rate, *options)`."""
        slots = [s.value.reshape(-1) for s in slots_and_options if isinstance(s, Variable)]
        options = [s for s in slots_and_options if not isinstance(s, Variable)]
        run(kernel, v.value.reshape(-1), g.value.reshape(-1), *slots, self._rate, *options)

    def get_config(self):
        """What `from_config` needs to make this optimizer again, without its state."""
        return {
            "name": self.name,
            "learning_rate": self.schedule if self.schedule is not None else float(self._learning_rate.value),
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def _norm(gradients):
    total = ops.sum(ops.square(gradients[0]))
    for g in gradients[1:]:
        total = total + ops.sum(ops.square(g))
    return ops.sqrt(total)


def _shortened(g, norm, limit):
    """g if norm <= limit, else g * limit / norm."""
    return g * (float(limit) / ops.maximum(norm, float(limit)))
