"""Adadelta: steps as large as recent steps, divided by the recent size of the gradients."""

from ...backends import K
from .. import ops
from .optimizer import Optimizer


class Adadelta(Optimizer):
    """Running means of the square of the gradient and of the step; their quotient has the unit of the weight.

    a = rho * a + (1 - rho) * g * g; s = g * sqrt(d + epsilon) / sqrt(a + epsilon); d = rho * d + (1 - rho) * s * s;
    w -= learning_rate * s. The paper has no learning rate: use 1.0 for that.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    rho : float
        How slowly the running means forget.
    epsilon : float
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: Zeiler, arXiv:1212.5701; https://keras.io/api/optimizers/adadelta/
    """

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, weight_decay=None, clipnorm=None, clipvalue=None,
                 global_clipnorm=None, use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None,
                 loss_scale_factor=None, gradient_accumulation_steps=None, name=None, **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.rho, self.epsilon = rho, epsilon

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._accumulated_grads, self._accumulated_delta_vars = self.add_optimizer_variables(
            variables, ["accumulated_grad", "accumulated_delta_var"]
        )

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        a, d = self._accumulated_grads[i], self._accumulated_delta_vars[i]
        self.run(K.adadelta, variable, gradient, a, d, lr, self.rho, self.epsilon)

    def get_config(self):
        return {**super().get_config(), "rho": self.rho, "epsilon": self.epsilon}
