"""Nadam: Adam with Nesterov's momentum."""

from ...backends import K
from .. import ops
from ..autodiff import Variable
from .optimizer import Optimizer


class Nadam(Optimizer):
    """Adam that looks a step ahead: the momentum of the next step beside the gradient of this one.

    u_t = beta_1 * (1 - 0.96 ** t / 2); m and v as in Adam;
    w -= learning_rate * (u_t+1 * m / (1 - u_1 ... u_t+1) + (1 - u_t) * g / (1 - u_1 ... u_t))
    / (sqrt(v / (1 - beta_2 ** t)) + epsilon).

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    beta_1, beta_2 : float
        How slowly the two running means forget.
    epsilon : float
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: Dozat, Incorporating Nesterov Momentum into Adam (2015); https://keras.io/api/optimizers/nadam/
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
        self._u_product = Variable(1.0, trainable=False)  # u_1 ... u_t

    steps_at_once = 1  # each step's factors come from those before

    def factors(self, step):
        u, u_next = (self.beta_1 * (1 - 0.5 * 0.96**t) for t in (step, step + 1))
        product = self._u_product.value.item() * u
        self._u_product.value.fill(product)
        return u_next / (1 - product * u_next), (1 - u) / (1 - product), 1 / (1 - self.beta_2**step)

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        m, v = self._momentums[i], self._velocities[i]
        self.run(K.nadam, variable, gradient, m, v, lr, self._factors, self.beta_1, self.beta_2, self.epsilon)

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}
