"""Random numbers. Source: https://keras.io/api/random/

They come from NumPy's generator exactly as in Keras's own NumPy backend: seeded alike, they are alike. Only masks for
dropout, drawn at every step, come from a kernel of our own, the same on every backend.

An int as a seed gives the same numbers at each call, a SeedGenerator others each time; so does no seed. A recorded step
draws anew each time it is replayed.
"""

import math
import random as python_random

import numpy as np

from ..backends import K, fetch, wrote
from . import config, ops
from .autodiff import Tensor, Variable, run, tensor
from .naming import auto_name


class SeedGenerator:
    """Gives a new seed at each `next()`.

    Parameters
    ----------
    seed : int, optional
        Drawn from Python's `random` if None, so that `keras.utils.set_random_seed` fixes it.

    Attributes
    ----------
    state : Variable
        Two numbers: the seed, and how many have been given.

    Examples
    --------
    >>> from kerastutor import keras
    >>> seeds = keras.random.SeedGenerator(1)
    >>> a, b = (keras.random.normal((2,), seed=seeds) for _ in range(2))
    >>> bool((a == b).numpy().any())
    False
    """

    def __init__(self, seed=None, name=None, **kwargs):
        kwargs.pop("backend", None)
        if kwargs:
            raise ValueError(f"SeedGenerator has no arguments {sorted(kwargs)}; it has seed and name.")
        self._given_seed = seed
        seed = make_default_seed() if seed is None else _checked(seed)
        self.name = name or auto_name("seed_generator")
        self.initial_seed = seed
        self.state = Variable(np.array([seed, 0], np.uint32), trainable=False, name="seed_generator_state")

    def next(self, ordered=True):
        """The seed for one draw, two numbers; the next call gives others."""
        seed = K.empty((2,), np.uint32)
        run(_next_seed, self.state.value, ordered, seed)
        return Tensor(seed)

    def get_config(self):
        """The arguments that `from_config` needs to make it again."""
        return {"seed": self._given_seed, "name": self.name}

    @classmethod
    def from_config(cls, config):
        """A generator made from what `get_config` gave."""
        return cls(**config)


def _next_seed(state, ordered, seed):
    seed[:] = state
    if ordered:
        state[1] += np.uint32(1)
    else:
        state[:] = (state + np.uint32(1)) * np.uint32(5387) % np.uint32(933199)


def _checked(seed):
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**32:
        raise ValueError(f"`seed` must be a whole number from 0 to 2**32 - 1; got {seed!r}.")
    return int(seed)


def make_default_seed():
    """A seed from Python's `random`, as Keras draws it."""
    return python_random.randint(1, int(1e9))


_unseeded = []  # the generator for draws without a seed, once there was one


def forget_draws():
    """The next draw without a seed begins anew: `keras.utils.set_random_seed`."""
    _unseeded.clear()


def _seed_into(seed, out):
    """Write the two numbers that a seed means."""
    if seed is None and not _unseeded:
        _unseeded.append(SeedGenerator())
    if seed is None or isinstance(seed, SeedGenerator):
        state = (_unseeded[0] if seed is None else seed).state.value
        _next_seed(fetch(state), seed is not None, out)
        wrote(state)
    else:
        out[:] = fetch(seed.value) if isinstance(seed, Tensor) else (seed, 0)


def _valid(seed):
    return seed if seed is None or isinstance(seed, (SeedGenerator, Tensor)) else _checked(seed)


def _drawn(draw, shape, dtype, seed, *arrays):
    """A tensor of draw(generator, shape, *arrays)."""
    out = np.empty(shape, dtype or config.floatx())
    run(_draw_into, draw, _valid(seed), out, *arrays)
    return Tensor(out)


def _draw_into(draw, seed, out, *arrays):
    start = np.empty(2, np.uint32)
    _seed_into(seed, start)
    out[...] = draw(np.random.default_rng(start), out.shape, *arrays)


# numbers ---------------------------------------------------------------------------------------


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normally distributed numbers. A mean and a stddev that are tensors have their gradients."""
    if isinstance(mean, Tensor) or isinstance(stddev, Tensor):
        return mean + stddev * normal(shape, dtype=dtype, seed=seed)
    return _drawn(lambda rng, shape: rng.normal(mean, stddev, shape), shape, dtype, seed)


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


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """Numbers spread evenly over minval..maxval: floats. For whole numbers use `randint`."""
    if dtype and np.dtype(dtype).kind != "f":
        raise ValueError(f"keras.random.uniform gives floats; got dtype={dtype!r}. For whole numbers use randint.")
    if isinstance(minval, Tensor) or isinstance(maxval, Tensor):
        return minval + (maxval - minval) * uniform(shape, dtype=dtype, seed=seed)
    return _drawn(lambda rng, shape: rng.uniform(minval, maxval, shape), shape, dtype, seed)


def randint(shape, minval, maxval, dtype="int32", seed=None):
    """Whole numbers from minval up to, but not including, maxval."""
    if dtype and np.dtype(dtype).kind not in "iu":
        raise ValueError(f"keras.random.randint gives whole numbers; got dtype={dtype!r}. For floats use uniform.")
    dtype = np.dtype(dtype or "int32")
    low, high = (np.asarray(x.numpy() if isinstance(x, Tensor) else x) for x in (minval, maxval))
    return _drawn(lambda rng, shape: rng.integers(low, high, shape, dtype), shape, dtype, seed)


def _numbers(x):
    """The array of a tensor, whose values come later if a step is being recorded; or of plain numbers."""
    return x.value if isinstance(x, Tensor) else np.asarray(x)


def gamma(shape, alpha, dtype=None, seed=None):
    """Numbers of a gamma distribution with shape `alpha` and scale 1."""
    draw = lambda rng, shape, alpha: rng.gamma(alpha, 1.0, shape)
    return _drawn(draw, shape, dtype, seed, _numbers(alpha))


def beta(shape, alpha, beta, dtype=None, seed=None):
    """Numbers of a beta distribution, within 0..1."""
    draw = lambda rng, shape, alpha, beta: rng.beta(alpha, beta, shape)
    return _drawn(draw, shape, dtype, seed, _numbers(alpha), _numbers(beta))


def binomial(shape, counts, probabilities, dtype=None, seed=None):
    """How often something of these probabilities happens in `counts` trials."""
    draw = lambda rng, shape, n, p: rng.binomial(n.astype(np.int64), p, shape)
    return _drawn(draw, shape, dtype, seed, _numbers(counts), _numbers(probabilities))


def categorical(logits, num_samples, dtype="int32", seed=None):
    """Class numbers drawn with the probabilities softmax(logits), row by row: (rows, classes) -> (rows, num_samples).

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.random.categorical([[0.0, 100.0]], 3, seed=1).numpy()
    array([[1, 1, 1]], dtype=int32)
    """
    logits = tensor(logits)
    if logits.ndim != 2:
        raise ValueError(f"categorical takes logits (rows, classes); got shape {logits.shape}.")

    def draw(rng, shape, logits):
        e = np.exp(logits - logits.max(1, keepdims=True))
        p = e / e.sum(1, keepdims=True)
        return np.array([rng.choice(logits.shape[1], num_samples, p=row) for row in p]).reshape(shape)

    return _drawn(draw, (logits.shape[0], num_samples), dtype, seed, logits.value)


def shuffle(x, axis=0, seed=None):
    """The numbers of each line along `axis` in another order: each line in an order of its own."""
    x = tensor(x)
    (axis,) = ops.helpers.axes_of(axis, x.ndim)
    along = [-1 if i == axis else 1 for i in range(x.ndim)]
    order = np.broadcast_to(np.arange(x.shape[axis], dtype=np.int32).reshape(along), x.shape)
    places = _drawn(lambda rng, shape: rng.permuted(order, axis=axis), x.shape, "int32", seed)
    return ops.take_along_axis(x, places, axis)


def dropout(inputs, rate, noise_shape=None, seed=None):
    """`inputs` with each number 0 with probability `rate`, and divided by 1 - rate otherwise.

    noise_shape may have 1 (or None, for inputs' size) on an axis: one decision then holds for the whole axis.
    """
    x = tensor(inputs)
    shape = x.shape if noise_shape is None else _noise_shape(x.shape, noise_shape)
    if rate == 0:
        return x
    mask = K.empty(shape, x.value.dtype)
    if rate >= 1:
        mask.fill(0)
        return x * Tensor(mask)
    if isinstance(seed, SeedGenerator):
        state = seed.state.value
    else:
        state = np.empty(2, np.uint32)
        run(_seed_into, _valid(seed), state)
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
