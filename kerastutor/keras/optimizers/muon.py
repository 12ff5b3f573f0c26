"""Muon: momentum as a matrix whose directions all count alike."""

import re

from ...backends import K
from .. import ops
from .optimizer import Optimizer


class Muon(Optimizer):
    """For matrices, momentum made orthogonal; Adam for all else, and for embeddings.

    m = momentum * m + g; u = g + momentum * m with `nesterov`, else m;
    w -= learning_rate * rms_rate * sqrt(longer side) * orthogonal(u), where orthogonal(x) starts with x / |x| and does
    x = muon_a * x + (muon_b * x x' + muon_c * x x' x x') x `ns_steps` times.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    adam_beta_1, adam_beta_2, adam_weight_decay, epsilon
        Adam's.
    weight_decay : float
        Of the matrices.
    clipnorm, clipvalue, global_clipnorm, use_ema, ...
        See `Optimizer`.
    exclude_layers : list of str, optional
        Patterns: Adam for variables whose path has one of them in it.
    exclude_embeddings : bool
    muon_a, muon_b, muon_c : float
    adam_lr_ratio : float
        Adam's learning rate is so many times as large.
    momentum : float
    ns_steps : int
    nesterov : bool
    rms_rate : float, optional
        None: steps as long as `orthogonal` gives them.

    Source: Jordan et al., https://kellerjordan.github.io/posts/muon/; https://keras.io/api/optimizers/muon/
    """

    def __init__(self, learning_rate=0.001, adam_beta_1=0.9, adam_beta_2=0.999, adam_weight_decay=0.004,
                 epsilon=1e-7, weight_decay=0.004, clipnorm=None, clipvalue=None, global_clipnorm=None,
                 use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
                 gradient_accumulation_steps=None, name=None, exclude_layers=None, exclude_embeddings=True,
                 muon_a=3.4445, muon_b=-4.7750, muon_c=2.0315, adam_lr_ratio=1, momentum=0.95, ns_steps=5,
                 nesterov=True, rms_rate=0.2, **kwargs):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
                         ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, **kwargs)
        self.adam_beta_1, self.adam_beta_2, self.epsilon = adam_beta_1, adam_beta_2, epsilon
        self.adam_weight_decay, self.adam_lr_ratio = adam_weight_decay, adam_lr_ratio
        self.exclude_layers, self.exclude_embeddings = exclude_layers or [], exclude_embeddings
        self.muon_a, self.muon_b, self.muon_c = muon_a, muon_b, muon_c
        self.momentum, self.ns_steps, self.nesterov, self.rms_rate = momentum, ns_steps, nesterov, rms_rate

    def _should_use_adamw(self, variable):
        embedding = self.exclude_embeddings and "embedding" in variable.path.lower()
        excluded = any(re.search(pattern, variable.path) for pattern in self.exclude_layers)
        return len(variable.shape) != 2 or embedding or excluded

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.momentums, self.adam_velocities = [], []
        for w in variables:
            adam = self._should_use_adamw(w)
            self.momentums.append(self.add_variable_from_reference(w, "momentum"))
            self.adam_velocities.append(self.add_variable_from_reference(w, "velocity") if adam else None)

    def factors(self, step):
        return ((1 - self.adam_beta_2**step) ** 0.5 / (1 - self.adam_beta_1**step),)

    def _decay_of(self, variable):
        decays = super()._decay_of(variable) is not None or self.weight_decay is None
        adam = self._should_use_adamw(variable)
        return (self.adam_weight_decay if adam else self.weight_decay) if decays else None

    def update_step(self, gradient, variable, learning_rate):
        lr, i = ops.cast(learning_rate, variable.dtype), self._get_variable_index(variable)
        m, v = self.momentums[i], self.adam_velocities[i]
        if v is not None:
            self.run(K.adam, variable, gradient, m, v, lr * self.adam_lr_ratio, self._factors, self.adam_beta_1,
                     self.adam_beta_2, self.epsilon)
            return
        m.assign(m * self.momentum + gradient)
        ahead = gradient + self.momentum * m if self.nesterov else m
        variable.assign_sub(lr * self.orthogonal(ahead) * self._length(variable))

    def _length(self, variable):
        return 1.0 if self.rms_rate is None else self.rms_rate * max(variable.shape) ** 0.5

    def orthogonal(self, x):
        """A matrix with the directions of x, all of about length 1: Newton's method on x x' = 1."""
        tall = x.shape[0] > x.shape[1]
        x = ops.transpose(x) if tall else x
        x = x / (ops.sqrt(ops.sum(ops.square(x))) + 1e-7)
        for _ in range(self.ns_steps):
            square = x @ ops.transpose(x)
            x = self.muon_a * x + (self.muon_b * square + self.muon_c * (square @ square)) @ x
        return ops.transpose(x) if tall else x

    def get_config(self):
        names = ("adam_beta_1", "adam_beta_2", "epsilon", "exclude_layers", "muon_a", "muon_b", "muon_c",
                 "adam_lr_ratio", "momentum", "ns_steps", "nesterov", "exclude_embeddings", "adam_weight_decay",
                 "rms_rate")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
