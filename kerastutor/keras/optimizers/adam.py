"""Adam: momentum, divided by the recent size of the gradients."""

from ...backends import K
from .. import ops
from .optimizer import Optimizer


class Adam(Optimizer):
    """Running means of the gradient and of its square, both corrected for having started at zero.

    m += (g - m) * (1 - beta_1); v += (g * g - v) * (1 - beta_2);
    w -= learning_rate * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t) * m / (sqrt(v) + epsilon), in step t = 1, 2, ...
    `amsgrad` uses the largest v so far.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    beta_1, beta_2 : float
        How slowly the two running means forget.
    epsilon : float
    amsgrad : bool
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Examples
    --------
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    >>> model.compile(keras.optimizers.Adam(learning_rate=0.01), loss="mse")

    Source: Kingma and Ba, arXiv:1412.6980; https://keras.io/api/optimizers/adam/
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, weight_decay=None,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
                 ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None,
                 **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.beta_1, self.beta_2, self.epsilon, self.amsgrad = beta_1, beta_2, epsilon, amsgrad

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        if self.amsgrad:
            self._velocity_hats = self.add_optimizer_variables(variables, "velocity_hat")

    def factors(self, step):
        return ((1 - self.beta_2**step) ** 0.5 / (1 - self.beta_1**step),)

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        m, v = self._momentums[i], self._velocities[i]
        if not self.amsgrad:
            self.run(K.adam, variable, gradient, m, v, lr, self._factors, self.beta_1, self.beta_2, self.epsilon)
            return
        self.follow(m, gradient, 1 - self.beta_1)
        self.follow(v, ops.square(gradient), 1 - self.beta_2)
        largest = self._velocity_hats[i].assign(ops.maximum(self._velocity_hats[i], v))
        variable.assign_sub(m * (lr * self.factor(0)) / (ops.sqrt(largest) + self.epsilon))

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon,
                "amsgrad": self.amsgrad}


class AdamW(Adam):
    """Adam with weight decay: before each update, w -= w * weight_decay * learning_rate.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    weight_decay : float
    beta_1, beta_2, epsilon, amsgrad
        See `Adam`.
    clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Examples
    --------
    Biases, and the scales of normalization layers, are often left out:

    >>> from kerastutor import keras
    >>> optimizer = keras.optimizers.AdamW(0.001, weight_decay=0.01)
    >>> optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])

    Source: Loshchilov and Hutter, arXiv:1711.05101; https://keras.io/api/optimizers/adamw/
    """

    def __init__(self, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7,
                 amsgrad=False, clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False,
                 ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
                 gradient_accumulation_steps=None, name=None, **kwargs):
        if weight_decay is None:
            raise ValueError("AdamW is Adam with weight decay: give a float, as weight_decay=0.004, or use Adam.")
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, clipnorm, clipvalue,
                         global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
                         gradient_accumulation_steps, name, **kwargs)
