"""Rates that fall along half a cosine wave, once or again and again."""

import numpy as np

from .schedule import Formula, positive


class CosineDecay(Formula):
    """Half a cosine wave from the first rate to `alpha` times it, after a rise if there is a `warmup_target`.

    rate = initial_learning_rate * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha), and the last rate
    from then on. With a warm-up, the rate first goes from `initial_learning_rate` to `warmup_target` on a straight
    line, in `warmup_steps` steps, and the wave begins there.

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
        Of the wave alone, without the warm-up.
    alpha : float
    name : str
    warmup_target : float, optional
    warmup_steps : int

    Examples
    --------
    >>> from kerastutor import keras
    >>> schedule = keras.optimizers.schedules.CosineDecay(0.0, 100, warmup_target=1.0, warmup_steps=10)
    >>> schedule([0, 5, 10, 60, 110]).numpy().round(3)
    array([0. , 0.5, 1. , 0.5, 0. ], dtype=float32)

    Source: Loshchilov and Hutter, arXiv:1608.03983;
    https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay/
    """

    arguments = ("initial_learning_rate", "decay_steps", "alpha", "name", "warmup_target", "warmup_steps")

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, name="CosineDecay", warmup_target=None,
                 warmup_steps=0):
        self.initial_learning_rate, self.alpha, self.name = initial_learning_rate, alpha, name
        self.decay_steps = positive("decay_steps", decay_steps)
        self.warmup_target, self.warmup_steps = warmup_target, warmup_steps

    def rate(self, step):
        first = self.initial_learning_rate
        if self.warmup_target is None:
            return self._wave(first, step)
        rise = first + (self.warmup_target - first) * (step / max(self.warmup_steps, 1))
        return np.where(step < self.warmup_steps, rise, self._wave(self.warmup_target, step - self.warmup_steps))

    def _wave(self, top, step):
        done = np.minimum(step, self.decay_steps) / self.decay_steps
        return top * ((1 - self.alpha) * 0.5 * (1 + np.cos(np.pi * done)) + self.alpha)


class CosineDecayRestarts(Formula):
    """Half a cosine wave after another, each `t_mul` times as long and `m_mul` times as high as the one before.

    rate = initial_learning_rate * ((1 - alpha) * m_mul ** i * (1 + cos(pi * done)) / 2 + alpha), `done` going from 0
    to 1 in wave i = 0, 1, 2, ...

    Parameters
    ----------
    initial_learning_rate : float
    first_decay_steps : int
    t_mul, m_mul : float
    alpha : float
    name : str

    Source: Loshchilov and Hutter, arXiv:1608.03983;
    https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay_restarts/
    """

    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name="SGDRDecay"):
        self.initial_learning_rate, self.alpha, self.name = initial_learning_rate, alpha, name
        self.first_decay_steps = positive("first_decay_steps", first_decay_steps)
        self._t_mul, self._m_mul = t_mul, m_mul

    def rate(self, step):
        done, number = step / self.first_decay_steps, step.dtype.type
        if self._t_mul == 1:
            wave = np.floor(done)
            done = done - wave
        else:  # the first i waves are 1 + t + t ** 2 + ... = (1 - t ** i) / (1 - t) times as long as the first one
            t = number(self._t_mul)
            wave = np.floor(np.log(1 - done * (1 - t)) / np.log(t))
            done = (done - (1 - t**wave) / (1 - t)) / t**wave
        height = number(self._m_mul) ** wave
        return self.initial_learning_rate * (
            (1 - self.alpha) * 0.5 * height * (1 + np.cos(number(np.pi) * done)) + self.alpha
        )

    def get_config(self):
        return {"initial_learning_rate": self.initial_learning_rate, "first_decay_steps": self.first_decay_steps,
                "t_mul": self._t_mul, "m_mul": self._m_mul, "alpha": self.alpha, "name": self.name}
