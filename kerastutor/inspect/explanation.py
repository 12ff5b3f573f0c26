"""One number of a layer, taken apart: the sum that made it, and the gradients that flowed back into it."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Term:
    """One summand: x * w.

    Attributes
    ----------
    place : tuple
        Where x is in the layer's input, without the sample.
    x, w : float
        What came in, and what it was multiplied with.
    weight : tuple or None
        (name, place) of w among the layer's weights; None where w is no weight.
    dw : float or None
        dL/dw, over all samples of the trace.
    dx : float or None
        What this path adds to dL/dx: w * dL/dz.
    """

    place: tuple
    x: float
    w: float
    weight: tuple | None = None
    dw: float | None = None
    dx: float | None = None
    input: int = 0

    @property
    def product(self):
        return self.x * self.w


@dataclass
class Flow:
    """One summand of dL/da: a way from the loss back to this number, through `layer` at `place`.

    The gradient there, `gradient`, times `w`, by which this number was multiplied on its way.
    """

    layer: str
    place: tuple | None
    gradient: float
    w: float = 1.0

    @property
    def product(self):
        return self.gradient * self.w


@dataclass
class Explanation:
    """How one number of a layer's output came about, and what the loss wants of it.

    Forward: z = sum of the terms' products + bias, a = activation(z). Backward: da = sum of the flows' products,
    dz = da * slope where the activation looks at one number only.

    Attributes
    ----------
    terms : list of Term
        From the largest contribution on. For what is no sum (max, softmax, ...) `formula` says what was done.
    flows : list of Flow
        From the largest on.
    z, a, bias, da, dz : float or None
    slope : float or None
        da/dz of the activation, at z.
    kind : str
        "sum", "max", "mean", "row", "copy", "gates", "formula" or "slopes" (dy/dx of each input: not a sum).
    extra : dict
        What a picture of it needs: `window` and `filter` (arrays), `gates`, `winner`, ...
    """

    layer: str
    index: tuple
    sample: int
    kind: str
    formula: str
    a: float
    terms: list = field(default_factory=list)
    bias: float | None = None
    bias_gradient: float | None = None
    z: float | None = None
    activation: str | None = None
    slope: float | None = None
    da: float | None = None
    dz: float | None = None
    flows: list = field(default_factory=list)
    extra: dict = field(default_factory=dict)
    note: str = ""

    @property
    def total(self):
        """The sum of the terms and the bias, added up anew."""
        return float(np.sum([t.product for t in self.terms], dtype=np.float64)) + (self.bias or 0.0)

    def sort(self):
        self.terms.sort(key=lambda t: -abs(t.product) if np.isfinite(t.product) else -np.inf)
        self.flows.sort(key=lambda f: -abs(f.product) if np.isfinite(f.product) else -np.inf)
        return self

    def __repr__(self):
        lines = [f"{self.layer}{list(self.index)} = {self.a:.6g}   ({self.formula})"]
        if self.kind in ("sum", "mean", "max", "copy", "row", "slopes"):
            lines += [f"  x{list(t.place)} · {t.w:+.5g} = {t.product:+.5g}" for t in self.terms[:10]]
            lines += [f"  ... and {len(self.terms) - 10} more"] if len(self.terms) > 10 else []
        if self.bias is not None:
            lines.append(f"  bias {self.bias:+.5g}")
        if self.z is not None and self.activation:
            lines.append(f"  z = {self.z:.6g},  a = {self.activation}(z) = {self.a:.6g}")
        if self.da is not None:
            lines.append(f"  dL/da = {self.da:.5g}" + ("" if self.dz is None else f",  dL/dz = {self.dz:.5g}"))
            for f in self.flows[:10]:
                lines.append(f"    from {f.layer}{list(f.place) if f.place else ''}: {f.gradient:+.5g} · {f.w:+.5g}")
        return "\n".join([*lines, *([self.note] if self.note else [])])


def at(array, row, index):
    """One number of an array with the samples first, as a float; None of nothing."""
    return None if array is None else float(array[(row, *index)])
