"""Adamax: momentum, divided by the largest gradient of late."""

from ...backends import K
from .. import ops
from .optimizer import Optimizer


class Adamax(Optimizer):
    """Adam with the largest of the recent gradients in place of their root mean square.

    m += (g - m) * (1 - beta_1); u = max(beta_2 * u, |g|);
    w -= learning_rate / (1 - beta_1 ** t) * m / (u + epsilon), in step t = 1, 2, ...

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    beta_1, beta_2 : float
        How slowly the two running means forget.
    epsilon : float
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: Kingma and Ba, arXiv:1412.6980, section 7; https://keras.io/api/optimizers/adamax/
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
        self._m, self._u = self.add_optimizer_variables(variables, ["momentum", "norm"])

    def factors(self, step):
        return (1 / (1 - self.beta_1**step),)

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        m, u = self._m[i], self._u[i]
        self.run(K.adamax, variable, gradient, m, u, lr, self._factors, self.beta_1, self.beta_2, self.epsilon)

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}
