"""Adam without a schedule: the average of all weights so far takes the place of a falling rate."""

import numpy as np

from .. import ops
from .optimizer import Optimizer


class ScheduleFreeAdamW(Optimizer):
    """Two sequences, z that steps and x that averages it; the weights lie between them.

    v += (g * g - v) * (1 - beta_2); z -= learning_rate * g / (sqrt(v / (1 - beta_2 ** t)) + epsilon);
    x += (z - x) / t; w = (1 - beta_1) * z + beta_1 * x, in step t = 1, 2, ... Of x and w only w is kept: the other
    follows from it and z.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    beta_1 : float
        How far from z to x the weights lie.
    beta_2 : float
        How slowly v forgets.
    epsilon : float
    warmup_steps : int
        In the first so many steps, the learning rate rises from 0.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: Defazio et al., arXiv:2405.15682; https://keras.io/api/optimizers/
    """

    def __init__(self, learning_rate=0.0025, beta_1=0.9, beta_2=0.999, epsilon=1e-8, warmup_steps=0,
                 weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False,
                 ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
                 gradient_accumulation_steps=None, name=None, **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.beta_1, self.beta_2, self.epsilon, self.warmup_steps = beta_1, beta_2, epsilon, warmup_steps

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        for z, w in zip(self._momentums, variables):
            z.assign(w)

    def factors(self, step):
        rise = np.minimum(step / self.warmup_steps, 1) if self.warmup_steps > 0 else 1
        return rise, 1 / (1 - self.beta_2**step), 1 / step

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        z, v = self._momentums[i], self._velocities[i]
        x = (variable - (1 - self.beta_1) * z) / self.beta_1
        self.follow(v, ops.square(gradient), 1 - self.beta_2)
        z.assign_sub(lr * self.factor(0) * gradient / (ops.sqrt(v * self.factor(1)) + self.epsilon))
        x = x + self.factor(2) * (z - x)
        variable.assign((1 - self.beta_1) * z + self.beta_1 * x)

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon,
                "warmup_steps": self.warmup_steps}
