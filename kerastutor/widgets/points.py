"""Points in the plane in two classes: what the playground's networks learn to tell apart."""

import numpy as np

from kerastutor.keras.naming import look_up

SPAN = 3.0  # the pictures show -SPAN ... SPAN on both axes; without noise all points lie within 2.5


def circles(n, rng):
    """A disc inside a ring."""
    label = np.arange(n) % 2
    radius = np.where(label, rng.uniform(0, 1.1, n), rng.uniform(1.75, 2.5, n))
    return _polar(radius, rng.uniform(0, 2 * np.pi, n)), label


def xor(n, rng):
    """Four squares: class 1 where both coordinates have the same sign."""
    x = rng.uniform(0.2, 2.5, (n, 2)) * rng.choice([-1.0, 1.0], (n, 2))
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


def moons(n, rng):
    """Two half circles, each reaching into the other."""
    label = np.arange(n) % 2
    half = _polar(np.full(n, 1.5), rng.uniform(0, np.pi, n)) - [0.75, 0.375]
    return np.where(label[:, None], -half, half), label


def spiral(n, rng):
    """Two arms, wound around each other once and three quarters."""
    label = np.arange(n) % 2
    along = rng.uniform(0.05, 1, n)
    return _polar(2.5 * along, 3.5 * np.pi * along + np.pi * label), label


def blobs(n, rng):
    """Two heaps."""
    label = np.arange(n) % 2
    return np.where(label[:, None], 1.0, -1.0) + rng.uniform(-0.5, 0.5, (n, 2)), label


KINDS = {"circles": circles, "xor": xor, "moons": moons, "spiral": spiral, "blobs": blobs}


def points(kind, n=400, noise=0.1, seed=0):
    """Draw n points of a kind.

    Parameters
    ----------
    kind : {"circles", "xor", "moons", "spiral", "blobs"}
    n : int
    noise : float
        Every point is moved by a normal random number of standard deviation `noise`; 0.5 is a lot.
    seed : int

    Returns
    -------
    x : numpy.ndarray, (n, 2), float32
    y : numpy.ndarray, (n, 1), float32
        0 or 1.

    Examples
    --------
    >>> x, y = points("xor", n=100, noise=0.0)
    >>> bool(((x[:, :1] * x[:, 1:] > 0) == y).all())
    True
    """
    draw = look_up(kind, KINDS, "data for the playground")
    rng = np.random.default_rng(seed)
    x, label = draw(n, rng)
    x = x + rng.normal(0, noise, (n, 2))
    return x.astype("float32"), label[:, None].astype("float32")


def _polar(radius, angle):
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
