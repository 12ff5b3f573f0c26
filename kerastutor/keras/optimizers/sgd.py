"""Gradient descent, plain and with momentum."""

from ...backends import K
from .. import ops
from .optimizer import Optimizer


class SGD(Optimizer):
    """Stochastic gradient descent.

    w -= learning_rate * g; with momentum m = momentum * m - learning_rate * g and w += m; with Nesterov's momentum
    w += momentum * m - learning_rate * g.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    momentum : float
        0 to 1: how much of the last step goes on.
    nesterov : bool
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.

    Examples
    --------
    >>> from kerastutor import keras
    >>> w = keras.Variable([1.0, 2.0])
    >>> keras.optimizers.SGD(learning_rate=0.5).apply([[1.0, -1.0]], [w])
    >>> w.numpy()
    array([0.5, 2.5], dtype=float32)

    Source: https://keras.io/api/optimizers/sgd/
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, weight_decay=None, clipnorm=None,
                 clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
                 ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None,
                 **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        if not isinstance(momentum, float) or not 0 <= momentum <= 1:
            raise ValueError(f"SGD: `momentum` must be a float from 0.0 to 1.0; got {momentum!r}.")
        self.momentum, self.nesterov = momentum, nesterov

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.momentums = self.add_optimizer_variables(variables, "momentum") if self.momentum else []

    def update_step(self, gradient, variable, learning_rate):
        lr = ops.cast(learning_rate, variable.dtype)
        if self.momentum:
            m = self.momentums[self._get_variable_index(variable)]
            self.run(K.momentum, variable, gradient, m, lr, self.momentum, self.nesterov)
        else:
            self.run(K.sgd, variable, gradient, lr)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}
