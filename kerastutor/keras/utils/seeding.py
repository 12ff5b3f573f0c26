"""One seed for everything, and a fresh start. Source: https://keras.io/api/utils/python_utils/"""

import random

import numpy as np

from ..naming import reset_names
from ..random import forget_draws


def set_random_seed(seed):
    """Fix all random numbers from here on: initial weights, shuffling, dropout.

    Seeds Python's `random`, from which seeds of layers and initializers are drawn, and NumPy's global generator, which
    shuffles.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.utils.set_random_seed(0)
    >>> a = keras.initializers.HeNormal()((2, 2)).numpy()
    >>> keras.utils.set_random_seed(0)
    >>> bool((a == keras.initializers.HeNormal()((2, 2)).numpy()).all())
    True
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ValueError(f"set_random_seed: `seed` must be a whole number from 0 to 2**32 - 1; got {seed!r}.")
    random.seed(seed)
    np.random.seed(seed)
    forget_draws()


def clear_session(free_memory=True):
    """Number layers from the start again: the next Dense is "dense". Models that exist stay as they are."""
    reset_names()
