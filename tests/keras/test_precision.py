"""Elementary functions that are composed of others lose no digits: near 0, far from it, and in float64."""

import numpy as np
import pytest
import scipy.special

from kerastutor.keras import ops

TINY = [0.0, 1e-300, 1e-20, 1e-9, 1e-4, 0.03]
SMALL = [*TINY, 0.3, 0.7, 0.999, 1 - 1e-9, 1.0]
WIDE = [*SMALL, 1.5, 2.0, 7.0, 30.0, 300.0]
HUGE = [*WIDE, 1e7, 1.2e8, 1e30, 1e200]


def both_signs(numbers):
    return np.array([*(-n for n in numbers), *numbers])


FUNCTIONS = {
    "sin": (np.sin, both_signs(WIDE)), "cos": (np.cos, both_signs(WIDE)), "tan": (np.tan, both_signs(WIDE)),
    "arcsin": (np.arcsin, both_signs(SMALL)), "arccos": (np.arccos, both_signs(SMALL)),
    "arctan": (np.arctan, both_signs(HUGE)), "sinh": (np.sinh, both_signs(WIDE)), "cosh": (np.cosh, both_signs(WIDE)),
    "arcsinh": (np.arcsinh, both_signs(HUGE)), "arccosh": (np.arccosh, 1 + np.array([0.0, 1e-9, *HUGE[4:]])),
    "arctanh": (np.arctanh, both_signs(SMALL[:-1])), "tanh": (np.tanh, both_signs(HUGE)),
    "expm1": (np.expm1, both_signs(WIDE)), "log1p": (np.log1p, np.array(HUGE)), "exp2": (np.exp2, both_signs(WIDE)),
    "log2": (np.log2, np.array(HUGE[1:])), "log10": (np.log10, np.array(HUGE[1:])), "cbrt": (np.cbrt, both_signs(HUGE)),
    "erf": (scipy.special.erf, both_signs(WIDE)), "erfc": (scipy.special.erfc, both_signs(WIDE[:-2])),
    "erfinv": (scipy.special.erfinv, both_signs([0.0, 1e-9, 0.03, 0.3, 0.7, 0.99, 0.9999, 1.0])),
    "sinc": (np.sinc, both_signs(WIDE)), "log_sigmoid": (scipy.special.log_expit, both_signs(HUGE)),
    "sigmoid": (scipy.special.expit, both_signs(WIDE)), "softplus": (lambda x: np.logaddexp(x, 0), both_signs(HUGE)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_float64(name, backend, float64):
    theirs, x = FUNCTIONS[name]
    with np.errstate(all="ignore"):
        ours, wanted = getattr(ops, name)(x), theirs(x)
    assert ours.dtype == "float64"
    np.testing.assert_allclose(ours.numpy(), wanted, rtol=4e-14, atol=1e-300)


def test_logaddexp_far_apart(backend, float64):
    x, y = np.meshgrid(both_signs(WIDE), both_signs(WIDE))
    np.testing.assert_allclose(ops.logaddexp(x, y).numpy(), np.logaddexp(x, y), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("name", ["var", "std", "logsumexp"])
def test_far_from_zero_beside_their_spread(name, backend, float64):
    """A formula such as mean(x ** 2) - mean(x) ** 2 would have no digit left."""
    x = 1e9 + np.random.default_rng(1).normal(size=500)
    wanted = {"var": np.var, "std": np.std, "logsumexp": scipy.special.logsumexp}[name](x)
    np.testing.assert_allclose(getattr(ops, name)(x).numpy(), wanted, rtol=1e-12)
