"""Adam: momentum, divided by the recent size of the gradients."""

from ...backends import K
from .. import ops
from .optimizer import Optimizer


class Adam(Optimizer):
    """Running means of the gradient and of its square, both corrected for having started at zero.

    m += (g - m) * (1 - beta_1); v += (g * g - v) * (1 - beta_2);
    w -= learning_rate * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t) * m / (sqrt(v) + epsilon).
    `amsgrad` uses the largest v so far.

    Parameters
    ----------
    learning_rate : float or callable
    beta_1, beta_2 : float
        How slowly the two running means forget.
    epsilon : float
    amsgrad : bool

    Source: Kingma and Ba, arXiv:1412.6980; https://keras.io/api/optimizers/adam/
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, weight_decay=None,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, name="adam", **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name, **kwargs)
        self.beta_1, self.beta_2, self.epsilon, self.amsgrad = beta_1, beta_2, epsilon, amsgrad
        self.slots = ("momentum", "velocity", *(["velocity_hat"] if amsgrad else []))

    def correction(self, t):
        return (1 - self.beta_2**t) ** 0.5 / (1 - self.beta_1**t)

    def update_step(self, gradient, variable, learning_rate):
        momentum, velocity, *velocity_hat = self.slots_of(variable)
        if not velocity_hat:
            self.run(K.adam, variable, gradient, momentum, velocity, self.beta_1, self.beta_2, self.epsilon)
            return
        momentum.assign_add((gradient - momentum) * (1 - self.beta_1))
        velocity.assign_add((ops.square(gradient) - velocity) * (1 - self.beta_2))
        largest = velocity_hat[0].assign(ops.maximum(velocity_hat[0], velocity))
        variable.assign(variable - learning_rate * momentum / (ops.sqrt(largest) + self.epsilon))

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon,
                "amsgrad": self.amsgrad}
