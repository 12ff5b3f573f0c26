"""What an optimizer refuses: unknown arguments, settings out of range, a learning rate that is none."""

import difflib
import inspect
import math
import numbers

import numpy as np

from .. import naming
from ..autodiff import Tensor
from .schedules import LearningRateSchedule


def refuse_unknown(cls, kwargs):
    """Say what to write instead of arguments that `cls` does not have."""
    kwargs = dict(kwargs)
    if kwargs.pop("decay", None) is not None:
        naming.warn("Argument `decay` is no longer supported and will be ignored.")
    if "lr" in kwargs:
        raise ValueError("Old tutorials write lr=; today it is learning_rate=.")
    if kwargs:
        name = next(iter(kwargs))
        near = difflib.get_close_matches(name, inspect.signature(cls).parameters, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{cls.__name__} has no argument {name!r}.{hint}")


def check_settings(optimizer):
    """The arguments that all optimizers have."""
    o = optimizer
    given = [f"{name}={getattr(o, name)}" for name in ("clipnorm", "clipvalue", "global_clipnorm")
             if getattr(o, name) is not None]
    if len(given) > 1:
        raise ValueError(f"Only one of clipnorm, clipvalue and global_clipnorm can be set; got {', '.join(given)}.")
    steps, often = o.gradient_accumulation_steps, o.ema_overwrite_frequency
    if steps and (not isinstance(steps, numbers.Integral) or steps < 2):
        raise ValueError(f"`gradient_accumulation_steps` must be a whole number from 2 up, or None; got {steps!r}.")
    if o.use_ema and not 0 <= o.ema_momentum <= 1:
        raise ValueError(f"`ema_momentum` must be from 0 to 1; got {o.ema_momentum!r}.")
    if o.use_ema and often and (not isinstance(often, numbers.Integral) or often < 1):
        raise ValueError(f"`ema_overwrite_frequency` must be a whole number from 1 up, or None; got {often!r}.")


def check_schedule(schedule):
    """Refuse a class in place of a schedule, and a function that wants arguments: it is called with none."""
    if inspect.isclass(schedule):
        raise ValueError(f"`learning_rate` is the class {schedule.__name__}: write {schedule.__name__}(...).")
    if isinstance(schedule, LearningRateSchedule):
        return
    parameters = inspect.signature(schedule).parameters.values()
    if any(p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters):
        raise ValueError(
            "A function given as `learning_rate` is called without arguments. For a rate that depends on the step, "
            "write a class on keras.optimizers.schedules.LearningRateSchedule with `__call__(self, step)`."
        )


def check_learning_rate(value, kinds=(numbers.Real, np.ndarray, Tensor)):
    """`value` as a float from 0 up."""
    if isinstance(value, bool) or not isinstance(value, kinds):
        hint = f": write {float(value)}" if isinstance(value, numbers.Real) else ""
        raise ValueError(
            f"`learning_rate` must be a float, as 0.001, or a schedule of keras.optimizers.schedules; "
            f"got {value!r} ({type(value).__name__}){hint}."
        )
    if np.size(value) != 1:
        raise ValueError(f"`learning_rate` must be one number; got shape {np.shape(value)}.")
    value = float(np.asarray(value).item())
    if not value >= 0 or math.isinf(value):
        raise ValueError(
            f"`learning_rate` must be a number from 0 up; got {value}. "
            "A step goes against the gradient by itself: no minus sign is needed."
        )
    return value
