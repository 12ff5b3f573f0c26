"""FTRL: follow the regularized leader, for weights many of which should be 0."""

from ...backends import K
from .. import initializers, ops
from .optimizer import Optimizer


class Ftrl(Optimizer):
    """The weights that would have been best for all gradients so far, beside penalties for large ones.

    b = a + g * g; z += g + 2 * shrinkage * w - (b ** -power - a ** -power) / learning_rate * w; a = b;
    w = (z clipped to -l1 .. l1, minus z) / (b ** -power / learning_rate + 2 * l2 + beta / learning_rate).

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    learning_rate_power : float
        0 or below: `power` above.
    initial_accumulator_value : float
        Of a.
    l1_regularization_strength, l2_regularization_strength, l2_shrinkage_regularization_strength : float
        `l1`, `l2`, `shrinkage` above.
    beta : float
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Source: McMahan et al., Ad Click Prediction (2013); https://keras.io/api/optimizers/ftrl/
    """

    def __init__(self, learning_rate=0.001, learning_rate_power=-0.5, initial_accumulator_value=0.1,
                 l1_regularization_strength=0.0, l2_regularization_strength=0.0,
                 l2_shrinkage_regularization_strength=0.0, beta=0.0, weight_decay=None, clipnorm=None,
                 clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
                 ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None,
                 **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.learning_rate_power, self.initial_accumulator_value = learning_rate_power, initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta
        if learning_rate_power > 0:
            raise ValueError(f"Ftrl: `learning_rate_power` must be 0 or below; got {learning_rate_power!r}.")
        for argument in ("initial_accumulator_value", "l1_regularization_strength", "l2_regularization_strength",
                         "l2_shrinkage_regularization_strength"):
            if getattr(self, argument) < 0:
                raise ValueError(f"Ftrl: `{argument}` must be 0 or above; got {getattr(self, argument)!r}.")

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        start = initializers.Constant(self.initial_accumulator_value)
        self._accumulators, self._linears = self.add_optimizer_variables(
            variables, ["accumulator", "linear"], [start, "zeros"]
        )

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        a, z = self._accumulators[i], self._linears[i]
        self.run(K.ftrl, variable, gradient, a, z, lr, float(self.learning_rate_power),
                 float(self.l1_regularization_strength), float(self.l2_regularization_strength),
                 float(self.l2_shrinkage_regularization_strength), float(self.beta))

    def get_config(self):
        return {**super().get_config(), "learning_rate_power": self.learning_rate_power,
                "initial_accumulator_value": self.initial_accumulator_value,
                "l1_regularization_strength": self.l1_regularization_strength,
                "l2_regularization_strength": self.l2_regularization_strength,
                "l2_shrinkage_regularization_strength": self.l2_shrinkage_regularization_strength, "beta": self.beta}
