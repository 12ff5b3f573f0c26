"""RMSprop: steps divided by the recent size of the gradients."""

from ...backends import K
from .. import ops
from .optimizer import Optimizer


class RMSprop(Optimizer):
    """Divides each gradient by a running root mean square of itself.

    v = rho * v + (1 - rho) * g * g; w -= learning_rate * g / sqrt(v + epsilon).
    `momentum` adds the last step; `centered` subtracts the square of the running mean of g from v.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    rho : float
        How slowly the running mean forgets.
    momentum : float
    epsilon : float
    centered : bool
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: Tieleman and Hinton, Coursera lecture 6.5 (2012); https://keras.io/api/optimizers/rmsprop/
    """

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, weight_decay=None,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
                 ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None,
                 **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon, centered

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._velocities = self.add_optimizer_variables(variables, "velocity")
        if self.momentum > 0:
            self._momentums = self.add_optimizer_variables(variables, "momentum")
        if self.centered:
            self._average_gradients = self.add_optimizer_variables(variables, "average_gradient")

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        velocity = self._velocities[i]
        if not self.momentum > 0 and not self.centered:
            self.run(K.rmsprop, variable, gradient, velocity, lr, self.rho, self.epsilon)
            return
        self.follow(velocity, ops.square(gradient), 1 - self.rho)
        spread = velocity + self.epsilon
        if self.centered:
            average = self._average_gradients[i]
            self.follow(average, gradient, 1 - self.rho)
            spread = velocity - ops.square(average) + self.epsilon
        step = lr * gradient / ops.sqrt(spread)
        if self.momentum > 0:
            step = self._momentums[i].assign(self._momentums[i] * self.momentum + step)
        variable.assign_sub(step)

    def get_config(self):
        return {**super().get_config(), "rho": self.rho, "momentum": self.momentum, "epsilon": self.epsilon,
                "centered": self.centered}
