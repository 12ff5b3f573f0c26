"""What every optimizer does: a learning rate, state for each variable, and an update rule.

Source: https://keras.io/api/optimizers/
"""

import re

import numpy as np

from ...backends import K, fetch
from .. import config, naming, ops
from ..autodiff import Tensor, paused, run, tensor
from ..naming import auto_name, snake_case
from . import schedules
from .checks import check_learning_rate, check_schedule, check_settings, refuse_unknown
from .clipping import clip
from .state import State
from .when import when

AHEAD = 256  # steps that may be got ready at once

class Optimizer(State):
    """Base of all optimizers, also of your own: `build` makes the state of each variable, `update_step` is the rule.

    A step is kernel calls, which `fit` records and replays. What changes from step to step is therefore written by
    `begin_steps`, before one step or several, into arrays that the kernels read.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        A schedule is called with the number of steps done, another callable with nothing.
    weight_decay : float, optional
        Before each update, w -= w * weight_decay * learning_rate.
    clipnorm, clipvalue, global_clipnorm : float, optional
        Limits to each gradient's norm, to each of its numbers, or to the norm of all gradients together; one at most.
    use_ema : bool
        Keep a running average of each weight, average = ema_momentum * average + (1 - ema_momentum) * w after each
        step. The weights become their averages at the end of `fit`, and every `ema_overwrite_frequency` steps.
    ema_momentum : float
    ema_overwrite_frequency : int, optional
    loss_scale_factor : float, optional
        The loss is multiplied by it before the gradients are computed, and they are divided by it.
    gradient_accumulation_steps : int, optional
        Change the weights every so many steps only, by the mean of the gradients since the last change.
    name : str, optional

    Raises
    ------
    ValueError
        If an argument is unknown or out of range.

    Examples
    --------
    >>> from kerastutor import keras
    >>> class SignSGD(keras.optimizers.Optimizer):
    ...     def update_step(self, gradient, variable, learning_rate):
    ...         self.assign_sub(variable, learning_rate * keras.ops.sign(gradient))
    >>> w = keras.Variable([1.0, 2.0])
    >>> SignSGD(0.5).apply([[3.0, -0.1]], [w])
    >>> w.numpy()
    array([0.5, 2.5], dtype=float32)
    """

    def __init__(self, learning_rate, weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None,
                 use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
                 gradient_accumulation_steps=None, name=None, **kwargs):
        object.__setattr__(self, "_variables", [])
        refuse_unknown(type(self), kwargs)
        self.name = name or auto_name(snake_case(type(self).__name__))
        self.weight_decay = weight_decay
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        self.use_ema, self.ema_momentum, self.ema_overwrite_frequency = use_ema, ema_momentum, ema_overwrite_frequency
        self.loss_scale_factor, self.gradient_accumulation_steps = loss_scale_factor, gradient_accumulation_steps
        check_settings(self)
        self.built, self._trainable_variables, self._indices = False, [], {}
        self._not_decayed, self._not_decayed_names = [], None
        self._iterations = self.add_variable((), dtype="int32", name="iteration")
        self._rate = self.add_variable((), name="learning_rate")  # of the next step
        self.schedule = None
        if callable(learning_rate):
            self.learning_rate = learning_rate
        else:
            self._rate.assign(check_learning_rate(learning_rate, kinds=float))
        # what `begin_steps` writes for the kernels, beside the rate
        self._factors = np.zeros(4, config.floatx())
        self._later = np.zeros((AHEAD, 4), config.floatx())  # the factors of the steps after the next one
        self._place = np.zeros(1, np.int64)
        self._share = np.zeros(1, config.floatx())  # of a weight in its average
        self._update_due, self._average_due = np.ones(1, bool), np.zeros(1, bool)

    # learning rate -----------------------------------------------------------------------------

    @property
    def learning_rate(self):
        """The learning rate of the next step. Assigning sets it, unless a schedule does."""
        return tensor(self._scheduled()) if self.schedule else self._rate

    @learning_rate.setter
    def learning_rate(self, value):
        if callable(value):
            check_schedule(value)
            self.schedule = value
            self._untrack(self._rate)
        elif self.schedule:
            raise TypeError(
                f"The learning rate of {self.name!r} follows {self.schedule!r}: it can't be set to {value!r}. "
                "Make the optimizer with a number, as learning_rate=0.001, if it is to be set during training."
            )
        else:
            self._rate.assign(check_learning_rate(value))

    def _scheduled(self):
        """The rate that the schedule gives for the next step."""
        by_step = isinstance(self.schedule, schedules.LearningRateSchedule)
        with paused():
            return float(self.schedule(self._iterations) if by_step else self.schedule())

    @property
    def iterations(self):
        """The number of steps done; with `gradient_accumulation_steps`, of those that changed the weights."""
        if self.gradient_accumulation_steps:
            return Tensor(self._iterations.numpy() // np.int32(self.gradient_accumulation_steps))
        return self._iterations

    # state -------------------------------------------------------------------------------------

    def build(self, variables):
        """Make the state for `variables`. In your own optimizer, call super().build(variables) first."""
        self._trainable_variables = list(variables)
        self._number()
        if self.use_ema:
            self._model_variables_moving_average = self.add_optimizer_variables(variables, "average")
        if self.gradient_accumulation_steps:
            self._accumulated_gradients = self.add_optimizer_variables(variables, "gradient_accumulator")
        self.built = True

    def _number(self):
        self._indices = {id(v): i for i, v in enumerate(self._trainable_variables)}

    def __setstate__(self, state):
        """A copy, by `copy` or `pickle`, has copies of the variables: they are numbered anew."""
        self.__dict__.update(state)
        self._number()

    def prepare(self, variables):
        """Build for `variables`, or see that they are among those it was built for (some may be frozen by now)."""
        if not self.built:
            self.build(variables)
            self.built = True
        elif any(id(v) not in self._indices for v in variables):
            raise ValueError(
                f"This {type(self).__name__} keeps state for the variables of another model, or of this one before it "
                "was changed: make a new optimizer, by calling compile() again."
            )

    def _get_variable_index(self, variable):
        """The place of a trained variable in the lists made by `add_optimizer_variables`."""
        return self._indices[id(variable)]

    # a step ------------------------------------------------------------------------------------

    def apply(self, grads, trainable_variables=None):
        """One step: change each variable by its gradient (None leaves it as it is)."""
        grads = [None if g is None else tensor(g).value for g in grads]
        if not grads:
            return
        if trainable_variables is None and not self.built:
            raise ValueError("apply: which variables? Give apply(grads, variables), or call build(variables) first.")
        variables = self._trainable_variables if trainable_variables is None else list(trainable_variables)
        if len(grads) != len(variables):
            raise ValueError(f"apply: {len(grads)} gradients came for {len(variables)} variables.")
        for g, v in zip(grads, variables):
            if g is not None and g.shape != v.shape:
                raise ValueError(f"apply: variable {v.path!r} has shape {v.shape}, its gradient {g.shape}.")
        self.prepare(variables)
        run(self._begin_step, *self.settings)
        self.apply_recorded(grads, variables)

    def apply_gradients(self, grads_and_vars):
        """One step, from pairs (gradient, variable)."""
        grads, variables = zip(*grads_and_vars, strict=True)
        self.apply(grads, variables)
        return self._iterations

    @property
    def steps_at_once(self):
        """How many steps `begin_steps` can get ready; one if more than the factors changes in Python."""
        return 1 if self.schedule or self.gradient_accumulation_steps or self.use_ema else AHEAD

    @property
    def settings(self):
        """The arrays that `begin_steps` writes and kernels read."""
        return [self._rate.value, self._factors, self._later, self._place, self._share, self._update_due,
                self._average_due]

    def _begin_step(self, *settings):
        self.begin_steps()

    def begin_steps(self, n=1):
        """What changes from step to step, in Python: before the next n steps, replayed or not."""
        done, every = fetch(self._iterations.value).item(), self.gradient_accumulation_steps or 1
        step = done // every + 1
        if self.schedule:
            self._rate.value.fill(self._scheduled())
        due = self._update_due[0] = (done + 1) % every == 0
        if due:
            for i, factor in enumerate(self.factors(step)):
                self._factors[i] = factor
        if n > 1:
            for i, factor in enumerate(self.factors(np.arange(step + 1.0, step + n))):
                self._later[: n - 1, i] = factor
        self._place[0] = 0
        if self.use_ema:
            self._share[0] = 1 if step == 1 else 1 - self.ema_momentum
            self._average_due[0] = self.ema_overwrite_frequency and step % self.ema_overwrite_frequency == 0

    def factors(self, step):
        """Up to four numbers that change with the step, 1 for the first, for kernels to read in `_factors`.

        `step`: a number, or an array of several.
        """
        return ()

    def apply_recorded(self, gradients, variables):
        """The kernel calls of one step; `gradients` are arrays."""
        pairs = self._with_gradients(gradients, variables)
        if not pairs:
            return
        if self.loss_scale_factor is not None:
            pairs = [(g / self.loss_scale_factor, v) for g, v in pairs]
        if self.gradient_accumulation_steps:
            self._accumulate(pairs)
        else:
            self._update(pairs)
        if self.use_ema:
            self._average()
        for _, v in pairs:
            if v.constraint is not None:
                v.assign(v.constraint(v))
        run(K.next_part, self._later.reshape(-1), self._place, self._factors)
        run(K.count_on, self._iterations.value.reshape(1))

    def _with_gradients(self, gradients, variables):
        """Pairs of gradient and variable, both tensors of one dtype, without the variables that have none."""
        missing = [v.path for g, v in zip(gradients, variables, strict=True) if g is None]
        if missing and len(missing) == len(variables):
            raise ValueError(
                f"No variable has a gradient ({', '.join(missing)}): the loss does not depend on any of them. Compute "
                "it from the model's output with keras.ops, inside the tape."
            )
        if missing:
            naming.warn(
                f"Gradients do not exist for variables {missing}: the loss does not depend on them, so they stay as "
                "they are. Are their layers used in call()?"
            )
        return [(ops.cast(Tensor(g), v.dtype), v) for g, v in zip(gradients, variables) if g is not None]

    def _update(self, pairs):
        """Limit the gradients, decay the variables and change them by the rule."""
        limited = clip([g for g, _ in pairs], self.clipnorm, self.global_clipnorm, self.clipvalue)
        for g, (_, v) in zip(limited, pairs):
            if decay := self._decay_of(v):
                self.run(K.weight_decay, v, ops.cast(self._rate, v.dtype), decay)
            self.update_step(g, v, self._rate)

    def _accumulate(self, pairs):
        """Add the gradients up; in every so many steps update by their mean, and start again from 0."""
        sums = [self._accumulated_gradients[self._get_variable_index(v)] for _, v in pairs]
        for total, (g, _) in zip(sums, pairs):
            total.assign_add(g)

        def update():
            self._update([(total / self.gradient_accumulation_steps, v) for total, (_, v) in zip(sums, pairs)])
            for total in sums:
                total.assign(ops.zeros_like(total))

        when(self._update_due, update)

    def update_step(self, gradient, variable, learning_rate):
        """Change `variable` by its gradient; all three are tensors. Subclasses say how."""
        raise NotImplementedError(
            f"{type(self).__name__} has no `update_step(gradient, variable, learning_rate)` method."
        )

    def run(self, kernel, *arguments):
        """Call an optimizer's kernel, which takes flat arrays in place of tensors."""
        run(kernel, *[_flat(a.value) if isinstance(a, Tensor) else a for a in arguments])

    def follow(self, mean, x, share):
        """Move a running mean towards x: mean += share * (x - mean)."""
        self.run(K.running_mean, x, mean, np.full(1, share, mean.value.dtype))

    def factor(self, i):
        """One of this step's `factors`, as a tensor."""
        return Tensor(self._factors[i : i + 1].reshape(()))

    # around a step -----------------------------------------------------------------------------

    def scale_loss(self, loss):
        """The loss to differentiate: times `loss_scale_factor` if there is one."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def _average(self):
        """Bring the averages up to date, and in every `ema_overwrite_frequency`-th step the variables with them."""
        for v, average in zip(self._trainable_variables, self._model_variables_moving_average):
            self.run(K.running_mean, v, average, self._share)
        if self.ema_overwrite_frequency:
            when(self._average_due, lambda: self.finalize_variable_values(self._trainable_variables))

    def finalize_variable_values(self, var_list):
        """At the end of a training: with `use_ema`, the variables become their averages."""
        if self.use_ema and self.built:
            for v in var_list:
                v.assign(self._model_variables_moving_average[self._get_variable_index(v)])

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        """Which variables do not decay: these, and those whose name has one of `var_names` in it, as ["bias"]."""
        self._not_decayed = list(var_list or ())
        self._not_decayed_names = re.compile("|".join(var_names)) if var_names else None

    def _decay_of(self, variable):
        """The weight decay of a variable, or None."""
        named = self._not_decayed_names is not None and self._not_decayed_names.search(variable.name)
        return None if named or any(variable is v for v in self._not_decayed) else self.weight_decay

    # configuration -----------------------------------------------------------------------------

    def get_config(self):
        """What `from_config` needs to make this optimizer again, without its state."""
        rate = schedules.serialize(self.schedule) if self.schedule else float(self._rate.numpy())
        return {
            "name": self.name, "learning_rate": rate, "weight_decay": self.weight_decay, "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm, "clipvalue": self.clipvalue, "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum, "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The optimizer of a config; `custom_objects` has classes of one's own by name."""
        config = dict(config)
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = schedules.deserialize(config["learning_rate"], custom_objects)
        return cls(**config)


def _flat(a):
    """`a` as a one-dimensional array, a view of the same memory: kernels write into it."""
    if not a.flags.c_contiguous:
        a, given = K.empty(a.shape, a.dtype), a
        run(np.copyto, a, given)
    return a.reshape(-1)
