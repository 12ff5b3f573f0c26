"""Lamb: Adam's step, as long as the weights of a layer are."""

from .. import ops
from .clipping import norm
from .optimizer import Optimizer


class Lamb(Optimizer):
    """Adam whose step is made as long as the variable itself before the learning rate shortens it.

    m += (g - m) * (1 - beta_1); v += (g * g - v) * (1 - beta_2);
    s = m / (1 - beta_1 ** t) / (sqrt(v / (1 - beta_2 ** t)) + epsilon); w -= learning_rate * |w| / |s| * s.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    beta_1, beta_2 : float
        How slowly the two running means forget.
    epsilon : float
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: You et al., arXiv:1904.00962; https://keras.io/api/optimizers/lamb/
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=None, clipnorm=None,
                 clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
                 ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None,
                 **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])

    def factors(self, step):
        return 1 / (1 - self.beta_1**step), 1 / (1 - self.beta_2**step)

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        m, v = self._momentums[i], self._velocities[i]
        self.follow(m, gradient, 1 - self.beta_1)
        self.follow(v, ops.square(gradient), 1 - self.beta_2)
        step = m * self.factor(0) / (ops.sqrt(v * self.factor(1)) + self.epsilon)
        length, step_length = norm([variable]), norm([step])
        known = ops.minimum(length, step_length) > 0
        ratio = ops.where(known, length / ops.where(known, step_length, 1.0), 1.0)
        variable.assign_sub(lr * ratio * step)

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}
