"""Layers of any other kind: by the tape, which inputs count for one output, and how much."""

import numpy as np

from ..backends import fetch
from ..keras import activations, layers
from ..keras.autodiff import Tape, Tensor
from .explanation import Explanation, Term, at
from .trace import again
from .watching import listening

MOST = 4096  # terms that are kept


def by_slopes(one, index, row):
    """dy/dx of every input number; where y is the sum of x * dy/dx, the layer is linear, and that is the sum.

    Of a layer with an activation, y is what goes into that.
    """
    if one.z is None or one.z.shape != one.output.shape or isinstance(one.layer, layers.Activation):
        inputs, outputs, tape = again(one, row)
        y, z = outputs[0], None
    else:
        layer, heard = listening(one.layer)
        inputs, _, tape = again(one, row, layer)
        y, z = heard[-1], at(one.z, row, index)
    seed = np.zeros(y.shape, y.value.dtype)
    seed[(0, *index)] = 1
    slopes = tape.gradients(_picked(y, seed, tape), [x for x in inputs if x.tracked]) if y.tracked else []
    dy, terms = at(one.output_gradient if z is None else one.dz, row, index), []
    tracked = [i for i, x in enumerate(inputs) if x.tracked]
    for i, slope in zip(tracked, slopes):
        if slope is None:
            continue
        for place in np.argwhere(slope[0] != 0)[:MOST].tolist():
            x, w = float(fetch(inputs[i].value)[(0, *place)]), float(slope[(0, *place)])
            terms.append(Term(tuple(place), x, w, dx=None if dy is None else w * dy, input=i))
    return _named(one, index, row, terms, z)


def _picked(y, seed, tape):
    """A tensor whose gradient with respect to y is `seed`, written on the tape by hand."""
    out = Tensor(np.array((fetch(y.value) * seed).sum(), y.value.dtype), tracked=True)
    tape._steps.append((out, lambda g: y.add_grad(seed * g), (y,)))
    return out


def _named(one, index, row, terms, z):
    a, bias = at(one.output, row, index), None
    if z is not None and one.weights.get("bias") is not None and one.weights["bias"].ndim == 1:
        axis = 0 if getattr(one.layer, "data_format", None) == "channels_first" else -1
        bias = float(one.weights["bias"][index[axis]])
    total = sum(t.product for t in terms) + (bias or 0.0)
    size, y = sum(abs(t.product) for t in terms), a if z is None else z
    if z is None and len(terms) == 1 and terms[0].w == 1 and terms[0].x == a:
        kind, formula = "copy", f"y = x{list(terms[0].place)}: the same number, in another place"
    elif terms and abs(total - y) <= 1e-5 * max(size, 1e-6) and not _curved(one):
        name, added = "y" if z is None else "z", " + bias" * (bias is not None)
        kind, formula = "sum", f"{name} = Σ x · w{added}: each input times what it counts for here"
    elif not terms:
        kind, formula = "slopes", "y does not depend on any input number here: its slope is 0"
    else:
        kind, formula = "slopes", "not a sum: dy/dx says how far y follows each input"
    return Explanation(one.key, tuple(index), row, kind, formula, a, terms, bias=bias, z=z)


def _curved(one):
    return one.kind.startswith(("Layer", "Batch", "Group", "RMS")) or isinstance(one.layer, layers.Multiply)


def elementwise(one, index, row):
    """a = activation(z), z being the input at the same place."""
    found = by_slopes(one, index, row)
    found.kind, found.formula = "formula", f"a = {activation_name(one.layer)}(x), x at the same place"
    found.z, found.terms = at(one.inputs[0], row, index), [t for t in found.terms if t.place == tuple(index)]
    found.activation = activation_name(one.layer)
    if found.terms:
        found.slope = found.terms[0].w
        found.dz = None if one.output_gradient is None else found.terms[0].dx
    return found


def softmax(one, index, row):
    """a_j = e ** z_j / sum of e ** z, over the row."""
    found = by_slopes(one, index, row)
    found.kind, found.formula = "slopes", "a_j = e^z_j / Σ_k e^z_k: all of the row's numbers count"
    found.z = at(one.inputs[0], row, index)
    return found


def batch_normalization(one, index, row):
    """y = gamma * (x - mean) / sqrt(variance + epsilon) + beta, of the channel."""
    layer, found = one.layer, by_slopes(one, index, row)
    channel = index[layer.axis - 1 if layer.axis > 0 else layer.axis]
    value = lambda name, default: float(one.weights[name][channel]) if name in one.weights else default
    parts = {
        "x": at(one.inputs[0], row, index), "mean": value("moving_mean", 0.0),
        "variance": value("moving_variance", 1.0), "epsilon": float(layer.epsilon),
        "gamma": value("gamma", 1.0), "beta": value("beta", 0.0),
    }
    found.kind = "formula"
    found.formula = (
        f"y = gamma·(x − mean)/√(variance + epsilon) + beta = {parts['gamma']:.4g}·({parts['x']:.4g} − "
        f"{parts['mean']:.4g})/√({parts['variance']:.4g} + {parts['epsilon']:g}) + {parts['beta']:.4g}"
    )
    found.extra = {"parts": parts}
    return found


def activation_name(layer):
    activation = getattr(layer, "activation", None)
    if activation is None:
        return type(layer).__name__
    name = activations.serialize(activation) if not isinstance(activation, str) else activation
    return name if isinstance(name, str) else getattr(activation, "__name__", type(activation).__name__)


def slope(one, index, row):
    """da/dz of the layer's activation at this place, by the tape; None without an activation."""
    activation = getattr(one.layer, "activation", None)
    if one.z is None or activation is None:
        return None
    z = Tensor(np.ascontiguousarray(one.z[row : row + 1]), tracked=True)
    with Tape() as tape:
        a = activation(z)
    seed = np.zeros(a.shape, a.value.dtype)
    seed[(0, *index)] = 1
    (found,) = tape.gradients(_picked(a, seed, tape), [z]) if a.tracked else [None]
    return None if found is None else float(found[(0, *index)])


def pulled_back(one, row):
    """What the layer alone hands back to each of its inputs: arrays for one sample, or None."""
    inputs, outputs, tape = again(one, row)
    pairs = [(y, g[row : row + 1]) for y, g in zip(outputs, one.output_gradients) if g is not None and y.tracked]
    if not pairs:
        return [None] * len(inputs)
    total = Tensor(np.zeros((), pairs[0][0].value.dtype), tracked=True)

    def hand_back(_):
        for y, g in pairs:
            y.add_grad(g)

    tape._steps.append((total, hand_back, tuple(y for y, _ in pairs)))
    return [None if g is None else g[0] for g in tape.gradients(total, inputs)]
