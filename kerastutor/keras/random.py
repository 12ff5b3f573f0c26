"""Random numbers. Source: https://keras.io/api/random/

Numbers for initial weights come from NumPy's generator exactly as in Keras's own NumPy backend: seeded alike, they are
alike. Masks for dropout, drawn at every step, come from a kernel that is the same on every backend.
"""

import math
import random as python_random

import numpy as np

from ..backends import K
from . import config
from .autodiff import Tensor, run, tensor


class SeedGenerator:
    """Gives a new seed at each `next()`.

    Parameters
    ----------
    seed : int, optional
        Drawn from Python's `random` if None, so that `keras.utils.set_random_seed` fixes it.
    """

    def __init__(self, seed=None, name=None, **kwargs):
        if seed is None:
            seed = make_default_seed()
        if not isinstance(seed, int) or seed < 0:
            raise ValueError(f"`seed` must be a whole number from 0 up; got {seed!r}.")
        self.name = name or "seed_generator"
        self.initial_seed = seed
        self.state = np.array([seed % 2**32, 0], np.uint32)

    def next(self, ordered=True):
        """The seed for one draw; the next call gives another."""
        seed = self.state.copy()
        self.state[1] += np.uint32(1)
        return seed


def make_default_seed():
    """A seed from Python's `random`, as Keras draws it."""
    return python_random.randint(1, int(1e9))


def _rng(seed):
    if isinstance(seed, SeedGenerator):
        return np.random.default_rng(seed.next())
    return np.random.default_rng(np.array([make_default_seed() if seed is None else seed, 0], np.uint32))


def _drawn(draw, shape, dtype, seed):
    """A tensor of draw(generator, shape); a recorded step draws anew each time it is replayed."""
    out = np.empty(shape, dtype or config.floatx())
    run(_draw_into, draw, seed, out)
    return Tensor(out)


def _draw_into(draw, seed, out):
    out[...] = draw(_rng(seed), out.shape)


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normally distributed numbers."""
    return _drawn(lambda rng, shape: rng.normal(mean, stddev, shape), shape, dtype, seed)


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """Numbers spread evenly over minval..maxval."""
    return _drawn(lambda rng, shape: rng.uniform(minval, maxval, shape), shape, dtype, seed)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normally distributed numbers, those further than two standard deviations from the mean drawn again."""

    def draw(rng, shape):
        n = math.prod(shape)
        found = np.empty(0)
        while found.size < n:
            x = rng.normal(mean, stddev, n)
            found = np.append(found, x[np.abs(x - mean) <= 2 * stddev])
        return found[:n].reshape(shape)

    return _drawn(draw, shape, dtype, seed)


def dropout(inputs, rate, noise_shape=None, seed=None):
    """`inputs` with each number 0 with probability `rate`, and divided by 1 - rate otherwise.

    noise_shape may have 1 (or None, for inputs' size) on an axis: one decision then holds for the whole axis.
    """
    x = tensor(inputs)
    shape = x.shape if noise_shape is None else _noise_shape(x.shape, noise_shape)
    mask = K.empty(shape, x.value.dtype)
    if rate >= 1:
        mask.fill(0)
        return x * Tensor(mask)
    state = seed.state if isinstance(seed, SeedGenerator) else SeedGenerator(seed).state
    run(K.dropout_mask, state, float(rate), mask.reshape(-1))
    return x * Tensor(mask)


def _noise_shape(shape, noise_shape):
    wanted = tuple(noise_shape)
    if len(wanted) == len(shape):
        found = tuple(have if want is None else want for have, want in zip(shape, wanted))
        if all(n in (1, have) for n, have in zip(found, shape)):
            return found
    raise ValueError(
        f"Dropout: noise_shape {wanted} does not fit inputs of shape {shape}: give the size, 1 or None for each axis, "
        "the batch included."
    )
