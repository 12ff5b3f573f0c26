"""Surfaces to walk down: functions of two numbers, written with `keras.ops`, so that our own tape finds the slope."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kerastutor import Tape, keras

LOST = 1e3  # a walker that is so far off does not come back


@dataclass(frozen=True)
class Surface:
    """f(x, y), where to look at it, where to start, and where its minimum is.

    `rate` is a learning rate with which plain gradient descent goes down without jumping out.
    """

    name: str
    formula: str
    f: Callable
    x: tuple
    y: tuple
    start: tuple
    minimum: tuple | None
    rate: float

    def __call__(self, x, y):
        return self.f(x, y)

    @property
    def lowest(self):
        """The smallest value in the picture."""
        return float(self.f(*self.minimum)) if self.minimum else float(self.grid(81, 81).min())

    def grid(self, rows=120, columns=160):
        """The heights, as an array of shape (rows, columns); the first row is the largest y."""
        x, y = np.meshgrid(np.linspace(*self.x, columns), np.linspace(*self.y[::-1], rows))
        return np.asarray(self.f(x, y), "float32")


def beale(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


SURFACES = {
    one.name: one
    for one in (
        Surface("bowl", "x² + y²", lambda x, y: x**2 + y**2, (-3, 3), (-2, 2), (-2.5, 1.5), (0, 0), 0.1),
        Surface("ravine", "0.05 x² + 2 y²", lambda x, y: 0.05 * x**2 + 2 * y**2,
                (-6, 6), (-2, 2), (-5, 1.5), (0, 0), 0.4),
        Surface("saddle", "x² − y² + 0.1 y⁴", lambda x, y: x**2 - y**2 + 0.1 * y**4, (-3, 3), (-3, 3), (-2.5, 0.01),
                (0, 5**0.5), 0.05),
        Surface("Rosenbrock", "(1 − x)² + 100 (y − x²)²", lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
                (-2, 2), (-1, 3), (-1.5, 2), (1, 1), 0.0005),
        Surface("Beale", "(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²", beale,
                (-1, 4.5), (-2, 2), (1, 1.5), (3, 0.5), 0.005),
    )
}


def descend(surface, optimizer, start, steps):
    """Let `optimizer` walk from `start`; its places and heights.

    Parameters
    ----------
    surface : Surface
    optimizer : keras.optimizers.Optimizer
        Fresh: it keeps state from step to step.
    start : tuple of float
    steps : int

    Returns
    -------
    numpy.ndarray
        Of shape (steps + 1, 3): x, y, f(x, y). NaN from the step on that left the page for good.

    Examples
    --------
    >>> from kerastutor import keras
    >>> path = descend(SURFACES["bowl"], keras.optimizers.SGD(0.25), (2.0, 1.0), steps=2)
    >>> path[:, :2].tolist()  # each step halves both
    [[2.0, 1.0], [1.0, 0.5], [0.5, 0.25]]
    """
    w = keras.Variable(np.array(start, "float32"))
    path = np.full((steps + 1, 3), np.nan, "float32")
    for step in range(steps + 1):
        with Tape() as tape:
            height = surface(w[0], w[1])
        place = w.numpy()
        if not np.all(np.abs(place) < LOST):
            break
        path[step] = *place, height.numpy()
        if step < steps:
            optimizer.apply(tape.gradients(height, [w]), [w])
    return path
