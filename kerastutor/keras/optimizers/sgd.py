"""Gradient descent, plain and with momentum."""

from ...backends import K
from .optimizer import Optimizer


class SGD(Optimizer):
    """Stochastic gradient descent.

    w -= learning_rate * g; with momentum m = momentum * m - learning_rate * g and w += m; with Nesterov's momentum
    w += momentum * m - learning_rate * g.

    Parameters
    ----------
    learning_rate : float or callable
    momentum : float
        0 to 1: how much of the last step goes on.
    nesterov : bool

    Source: https://keras.io/api/optimizers/sgd/
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, weight_decay=None,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, name="sgd", **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name, **kwargs)
        if not isinstance(momentum, (int, float)) or not 0 <= momentum <= 1:
            raise ValueError(f"SGD: `momentum` must be between 0 and 1; got {momentum!r}.")
        self.momentum, self.nesterov = float(momentum), bool(nesterov)
        self.slots = ("momentum",) if momentum else ()

    def update_step(self, gradient, variable, learning_rate):
        if self.momentum:
            self.run(K.momentum, variable, gradient, *self.slots_of(variable), self.momentum, self.nesterov)
        else:
            self.run(K.sgd, variable, gradient)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}
