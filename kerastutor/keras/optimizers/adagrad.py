"""Adagrad: steps divided by the size of all gradients so far."""

from ...backends import K
from .. import initializers, ops
from .optimizer import Optimizer


class Adagrad(Optimizer):
    """Each weight has its own rate, which falls as the weight moves.

    a += g * g; w -= learning_rate * g / sqrt(a + epsilon).

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    initial_accumulator_value : float
        Of a.
    epsilon : float
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: Duchi, Hazan and Singer, JMLR 12 (2011); https://keras.io/api/optimizers/adagrad/
    """

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, weight_decay=None,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
                 ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None,
                 **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        start = initializers.Constant(self.initial_accumulator_value)
        self._accumulators = self.add_optimizer_variables(variables, "accumulator", start)

    def update_step(self, gradient, variable, learning_rate):
        lr, a = ops.cast(learning_rate, variable.dtype), self._accumulators[self._get_variable_index(variable)]
        self.run(K.adagrad, variable, gradient, a, lr, self.epsilon)

    def get_config(self):
        return {**super().get_config(), "initial_accumulator_value": self.initial_accumulator_value,
                "epsilon": self.epsilon}
