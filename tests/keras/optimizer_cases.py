"""Optimizers to test, with their arguments, and what they are tested on."""

import inspect

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array

SHAPES = [(4, 3), (3,), (2, 3, 2), (1, 5), (5, 1)]
BOTH = pytest.mark.parametrize("k", [pytest.param(keras, id="ours"), pytest.param(None, id="keras")])

CLASSES = {name: c for name, c in vars(keras.optimizers).items()
           if inspect.isclass(c) and issubclass(c, keras.optimizers.Optimizer)}
RULES = [name for name in CLASSES if name not in ("Optimizer", "MultiOptimizer")]
NO_DECAY = {"AdamW": dict(weight_decay=0.0), "Muon": dict(weight_decay=None, adam_weight_decay=None)}


class Case:
    """An optimizer and its arguments; a function among them is called with the module `keras`, real or ours."""

    def __init__(self, name, *, slow=True, **arguments):
        self.name, self.arguments, self.slow = name, arguments, slow
        self.id = f"{name}({','.join(arguments)})"

    def make(self, k):
        given = {n: a(k) if callable(a) else a for n, a in self.arguments.items()}
        return getattr(k.optimizers, self.name)(**given)


CASES = [
    Case("SGD", slow=False, learning_rate=0.1),
    Case("SGD", learning_rate=0.1, momentum=0.9),
    Case("SGD", learning_rate=0.1, momentum=0.9, nesterov=True),
    Case("RMSprop", slow=False, learning_rate=0.1),
    Case("RMSprop", learning_rate=0.1, momentum=0.5),
    Case("RMSprop", learning_rate=0.1, centered=True, rho=0.8, epsilon=1e-3),
    Case("RMSprop", learning_rate=0.1, momentum=0.5, centered=True),
    Case("Adam", slow=False, learning_rate=0.1),
    Case("Adam", learning_rate=0.1, amsgrad=True, beta_1=0.5, beta_2=0.6),
    Case("AdamW", learning_rate=0.1, weight_decay=0.2),
    Case("AdamW", learning_rate=0.1, amsgrad=True),
    Case("Nadam", slow=False, learning_rate=0.1),
    Case("Nadam", learning_rate=0.1, beta_1=0.5, beta_2=0.7, epsilon=1e-3),
    Case("Adamax", slow=False, learning_rate=0.1),
    Case("Adamax", learning_rate=0.1, beta_1=0.5, beta_2=0.7, epsilon=1e-3),
    Case("Adagrad", slow=False, learning_rate=0.1),
    Case("Adagrad", learning_rate=0.1, initial_accumulator_value=0.0, epsilon=1e-3),
    Case("Adadelta", slow=False, learning_rate=1.0),
    Case("Adadelta", learning_rate=0.5, rho=0.7, epsilon=1e-3),
    Case("Adafactor", learning_rate=0.1),
    Case("Adafactor", learning_rate=2.0, beta_2_decay=-0.5, epsilon_1=1e-6, epsilon_2=0.1, clip_threshold=0.5,
         relative_step=False),
    Case("Ftrl", slow=False, learning_rate=0.1),
    Case("Ftrl", learning_rate=0.1, learning_rate_power=-0.3, l1_regularization_strength=0.1,
         l2_regularization_strength=0.2, l2_shrinkage_regularization_strength=0.3, beta=0.4),
    Case("Lion", slow=False, learning_rate=0.1),
    Case("Lion", learning_rate=0.1, beta_1=0.5, beta_2=0.6),
    Case("Lamb", learning_rate=0.1),
    Case("Muon", learning_rate=0.1),
    Case("Muon", learning_rate=0.1, nesterov=False, ns_steps=2, rms_rate=None, adam_lr_ratio=0.5, weight_decay=0.1,
         adam_weight_decay=None, exclude_layers=["w3"]),
    Case("ScheduleFreeAdamW", learning_rate=0.1),
    Case("ScheduleFreeAdamW", learning_rate=0.1, beta_1=0.8, beta_2=0.9, epsilon=1e-3, warmup_steps=3),
    Case("Adam", learning_rate=0.1, weight_decay=0.1, clipnorm=0.5),
    Case("SGD", learning_rate=0.1, clipvalue=0.3),
    Case("SGD", learning_rate=0.1, global_clipnorm=0.5),
    Case("SGD", learning_rate=0.1, momentum=0.5, use_ema=True, ema_momentum=0.7),
    Case("Adam", learning_rate=0.1, use_ema=True, ema_momentum=0.7, ema_overwrite_frequency=2),
    Case("SGD", slow=False, learning_rate=0.1, gradient_accumulation_steps=2),
    Case("Nadam", learning_rate=0.1, gradient_accumulation_steps=2, use_ema=True, ema_overwrite_frequency=2,
         weight_decay=0.1, global_clipnorm=1.0),
    Case("Adam", learning_rate=lambda k: k.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5), weight_decay=0.1),
    Case("SGD", learning_rate=lambda k: k.optimizers.schedules.CosineDecay(0.1, 3), gradient_accumulation_steps=2),
    Case("SGD", learning_rate=0.1, loss_scale_factor=8.0),
    Case("MultiOptimizer", optimizer_map=lambda k: k.optimizers.OptimizerMap(
        k.optimizers.Adam(0.1), {"w[12]": k.optimizers.SGD(0.1, momentum=0.5)})),
]


def over(cases, all_quick=False):
    marks = lambda case: [pytest.mark.slow] if case.slow and not all_quick else []
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.id, marks=marks(case)) for case in cases])


def variables(k, dtype="float32"):
    rng = np.random.default_rng(4)
    return [k.Variable(rng.normal(size=shape).astype(dtype), name=f"w{i}", dtype=dtype)
            for i, shape in enumerate(SHAPES)]


def gradients(step, dtype="float32"):
    """Gradients of every size, some numbers 0, none so near to it that its sign is a matter of rounding (Lion)."""
    rng = np.random.default_rng(step)
    drawn = [rng.normal(size=shape) * 10.0 ** rng.integers(-2, 2) for shape in SHAPES]
    return [np.where(rng.random(g.shape) < 0.1, 0, g).astype(dtype) for g in drawn]


def close(found, wanted, step=1):
    """To 1e-5 for each step: real Keras rounds every operation to float32."""
    np.testing.assert_allclose(array(found), array(wanted), rtol=1e-5 * step, atol=2e-6 * step)
