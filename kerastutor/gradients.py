"""The gradient check: what the tape says against what a tiny change of each weight really does."""

from dataclasses import dataclass

import numpy as np

from .backends import fetch, wrote
from .keras import config
from .keras.autodiff import Tape, Tensor


@dataclass(frozen=True)
class Difference:
    """One number checked: which, the tape's derivative, the measured one, and how far they are apart."""

    weight: str
    place: tuple
    tape: float
    measured: float
    error: float


class GradientCheck:
    """What `check_gradients` found.

    Attributes
    ----------
    max_error : float
        The largest relative difference.
    passed : bool
        Whether it is below `tolerance`.
    worst : Difference
    checked : list of Difference
    """

    def __init__(self, checked, tolerance):
        self.checked, self.tolerance = checked, tolerance
        self.worst = max(checked, key=lambda d: d.error)
        self.max_error = self.worst.error
        self.passed = self.max_error < tolerance

    def __bool__(self):
        return self.passed

    def __repr__(self):
        lines = [f"{'weight':28}{'checked':>8}{'largest error':>16}"]
        for name in dict.fromkeys(d.weight for d in self.checked):
            errors = [d.error for d in self.checked if d.weight == name]
            lines.append(f"{name:28}{len(errors):8d}{max(errors):16.1e}")
        w = self.worst
        verdict = "agree" if self.passed else "DIFFER"
        lines.append(
            f"Gradients {verdict} (limit {self.tolerance:g}). Worst: {w.weight}{list(w.place)}, "
            f"tape {w.tape:.6g}, measured {w.measured:.6g}."
        )
        return "\n".join(lines)


def check_gradients(model, x, y, loss=None, per_weight=10, step=1e-5, tolerance=1e-4, seed=0):
    """Compare the model's gradients with finite differences, in float64, on the backend in use.

    dL/dw is measured as (L(w + step) - L(w - step)) / (2 step), for `per_weight` numbers of each weight, drawn by
    `seed`, and of the input x. The error is |tape - measured| / max(|tape| + |measured|, 1e-6). The model is not
    changed. Dropout is off. Use few samples: the loss is computed twice for each number.

    Parameters
    ----------
    model : keras.Model
        Compiled, unless `loss` is given; built or not.
    x, y : numpy.ndarray
        A few samples and their targets.
    loss : callable, optional
        Of (y, prediction); the compiled loss if None.

    Returns
    -------
    GradientCheck
        `.max_error`, `.passed`; prints as a table.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import check_gradients, keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="tanh")])
    >>> model.compile(loss="mse")
    >>> check_gradients(model, np.ones((4, 3)), np.zeros((4, 2))).passed
    True

    Source: https://cs231n.github.io/neural-networks-3/#gradcheck
    """
    if loss is None:
        if not getattr(model, "compiled", False):
            raise ValueError("check_gradients needs a compiled model, or loss=, a function of (y, prediction).")
        x, y = model.checked_batch(x, y)
        loss = model.compute_loss_of
    else:
        x, y = np.asarray(x), np.asarray(y)
        model(x, training=False)  # makes the weights, if they are not there yet
    floats = [v for v in model.variables if v.value.dtype.kind == "f"]
    before, floatx = [v.value for v in floats], config.floatx()
    config.set_floatx("float64")
    try:
        for v in floats:
            v.value = fetch(v.value).astype(np.float64)
        return GradientCheck(_differences(model, x, y, loss, per_weight, step, np.random.default_rng(seed)), tolerance)
    finally:
        config.set_floatx(floatx)
        for v, value in zip(floats, before, strict=True):
            v.value = value


def _differences(model, x, y, loss, per_weight, step, rng):
    x = x.astype(np.float64) if x.dtype.kind == "f" else x
    y = y.astype(np.float64) if y.dtype.kind == "f" else y
    inputs, targets = Tensor(np.ascontiguousarray(x)), Tensor(np.ascontiguousarray(y))
    inputs.tracked = x.dtype.kind == "f"

    def value():
        return loss(targets, model(inputs, training=False))

    variables = [v for v in model.trainable_variables if v.value.dtype.kind == "f"]
    watched = variables + ([inputs] if inputs.tracked else [])
    with Tape() as tape:
        total = value()
    gradients = tape.gradients(total, watched)
    found = []
    for v, g in zip(watched, gradients, strict=True):
        name = "input" if v is inputs else v.path
        for flat in rng.permutation(v.value.size)[:per_weight]:
            place = np.unravel_index(flat, v.shape)
            old, ends = fetch(v.value)[place], []
            for change in (step, -step):
                v.value[place] = old + change
                wrote(v.value)
                ends.append(float(value()))
            v.value[place] = old
            wrote(v.value)
            measured = (ends[0] - ends[1]) / (2 * step)
            tape_says = 0.0 if g is None else float(g[place])
            error = abs(tape_says - measured) / max(abs(tape_says) + abs(measured), 1e-6)
            found.append(Difference(name, tuple(int(i) for i in place), tape_says, measured, error))
    return found
