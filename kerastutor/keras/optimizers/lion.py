"""Lion: the sign of the momentum."""

from ...backends import K
from .. import ops
from .optimizer import Optimizer


class Lion(Optimizer):
    """Steps all of one size, in the direction of the momentum and the gradient.

    w -= learning_rate * sign(beta_1 * m + (1 - beta_1) * g); m = beta_2 * m + (1 - beta_2) * g.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Three to ten times smaller than for Adam.
    beta_1, beta_2 : float
        How much of the momentum goes into the step, and into the next momentum.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: Chen et al., arXiv:2302.06675; https://keras.io/api/optimizers/lion/
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.99, weight_decay=None, clipnorm=None,
                 clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
                 ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None,
                 **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        if not 0 < beta_1 <= 1:
            raise ValueError(f"Lion: `beta_1` must be above 0 and at most 1; got {beta_1!r}.")
        self.beta_1, self.beta_2 = beta_1, beta_2

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._momentums = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient, variable, learning_rate):
        lr, m = ops.cast(learning_rate, variable.dtype), self._momentums[self._get_variable_index(variable)]
        self.run(K.lion, variable, gradient, m, lr, self.beta_1, self.beta_2)

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2}
