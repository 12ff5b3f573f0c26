"""Adafactor: the memory of a row and a column in place of a matrix."""

import numpy as np

from .. import ops
from ..autodiff import Variable
from .clipping import norm
from .optimizer import Optimizer


class Adafactor(Optimizer):
    """Divides gradients by their recent size, of which it keeps the means over rows and columns only.

    d = 1 - t ** beta_2_decay in step t = 1, 2, ...; q = g * g + epsilon_1; r and c, running means of q over rows and
    over columns: r = d * r + (1 - d) * mean of q; v = r * c / mean of r (a bias has its own v = d * v + (1 - d) * q);
    s = g / sqrt(v), shortened to a root mean square of `clip_threshold`;
    w -= max(epsilon_2, root mean square of w) * min(learning_rate, 1 / sqrt(t)) * s.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    beta_2_decay : float
    epsilon_1, epsilon_2 : float
    clip_threshold : float
    relative_step : bool
        Kept for Keras's sake: the rate is limited to 1 / sqrt(t) either way, as in Keras.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: Shazeer and Stern, arXiv:1804.04235; https://keras.io/api/optimizers/adafactor/
    """

    def __init__(self, learning_rate=0.001, beta_2_decay=-0.8, epsilon_1=1e-30, epsilon_2=1e-3, clip_threshold=1.0,
                 relative_step=True, weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None,
                 use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
                 gradient_accumulation_steps=None, name=None, **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.beta_2_decay, self.epsilon_1, self.epsilon_2 = beta_2_decay, epsilon_1, epsilon_2
        self.clip_threshold, self.relative_step = clip_threshold, relative_step

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._r, self._c, self._v = [], [], []
        for w in variables:
            if len(w.shape) < 2:  # two numbers that nothing uses, but that Keras's files hold
                for means in (self._r, self._c):
                    means.append(Variable(np.int32(0), trainable=False, name=w.name))
                    self._track(means[-1])
            else:
                self._r.append(self.add_variable(w.shape[:-1], dtype=w.dtype, name=w.name))
                self._c.append(self.add_variable((*w.shape[:-2], w.shape[-1]), dtype=w.dtype, name=w.name))
            self._v.append(self.add_variable_from_reference(w, "velocity"))

    def factors(self, step):
        return step**-0.5, 1 - step**self.beta_2_decay, step**self.beta_2_decay

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        r, c, v = self._r[i], self._c[i], self._v[i]
        keep, share = self.factor(1), self.factor(2)
        q = ops.square(gradient) + self.epsilon_1
        if len(variable.shape) >= 2:
            r.assign(keep * r + share * ops.mean(q, axis=-1))
            c.assign(keep * c + share * ops.mean(q, axis=-2))
            rows = r / ops.mean(r, axis=-1, keepdims=True)
            v.assign(ops.expand_dims(rows, -1) * ops.expand_dims(c, -2))
        else:
            v.assign(keep * v + share * q)
        step = gradient / ops.sqrt(v)
        step = step / ops.maximum(_rms(step) / self.clip_threshold, 1.0)
        rate = ops.maximum(_rms(variable), self.epsilon_2) * ops.minimum(lr, self.factor(0))
        variable.assign_sub(rate * step)

    def get_config(self):
        return {**super().get_config(), "beta_2_decay": self.beta_2_decay, "epsilon_1": self.epsilon_1,
                "epsilon_2": self.epsilon_2, "clip_threshold": self.clip_threshold,
                "relative_step": self.relative_step}


def _rms(x):
    """The root mean square of x's numbers."""
    return norm([x]) / max(x.size, 1) ** 0.5
