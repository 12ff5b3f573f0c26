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
    learning_rate : float or callable
    rho : float
        How slowly the running mean forgets.
    momentum : float
    epsilon : float
    centered : bool

    Source: Tieleman and Hinton, Coursera lecture 6.5 (2012); https://keras.io/api/optimizers/rmsprop/
    """

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, weight_decay=None,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, name="rmsprop", **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name, **kwargs)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon, centered
        self.slots = ("velocity", *(["momentum"] if momentum > 0 else []), *(["average_gradient"] if centered else []))

    def update_step(self, gradient, variable, learning_rate):
        velocity, *others = self.slots_of(variable)
        if not others:
            self.run(K.rmsprop, variable, gradient, velocity, self.rho, self.epsilon)
            return
        velocity.assign(velocity * self.rho + ops.square(gradient) * (1 - self.rho))
        spread = velocity + self.epsilon
        if self.centered:
            average = others[-1]
            average.assign(average * self.rho + gradient * (1 - self.rho))
            spread = spread - ops.square(average)
        step = learning_rate * gradient / ops.sqrt(spread)
        if self.momentum > 0:
            step = others[0].assign(others[0] * self.momentum + step)
        variable.assign(variable - step)

    def get_config(self):
        return {**super().get_config(), "rho": self.rho, "momentum": self.momentum, "epsilon": self.epsilon,
                "centered": self.centered}
