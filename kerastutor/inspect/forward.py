"""The sums behind layers that add up: dense, convolution, pooling, embedding."""

import numpy as np

from ..backends import fetch
from .explanation import Explanation, Term, at
from .windows import Geometry, channels_last, join, split


def dense(one, index, row):
    """z_j = sum over i of x_i * kernel[i, j] + bias_j."""
    *before, j = index
    x, kernel = one.inputs[0][(row, *before)], one.weights["kernel"]
    dz, dkernel = at(one.dz, row, index), one.gradients.get("kernel")
    terms = [
        Term((*before, i), float(x[i]), float(kernel[i, j]), ("kernel", (i, j)),
             None if dkernel is None else float(dkernel[i, j]), None if dz is None else float(kernel[i, j]) * dz)
        for i in range(len(x))
    ]
    return _with_bias(one, index, row, j, "sum", f"z = Σᵢ xᵢ·kernel[i, {j}] + bias[{j}]", terms)


def convolution(one, index, row):
    """z = the window times the filter, summed over the taps and the channels, + bias."""
    layer, (space, f) = one.layer, split(one.layer, index)
    x, kernel, dkernel = channels_last(layer, one.inputs[0])[row], one.weights["kernel"], one.gradients.get("kernel")
    geometry = Geometry(layer, x.shape[:-1], layer.kernel_size)
    depthwise = hasattr(layer, "depth_multiplier")
    if depthwise:
        c, m = divmod(f, layer.depth_multiplier)
        channels, weights = [c], lambda t, i: (*t, c, m)
    else:
        inner = kernel.shape[-2]
        first = f // (layer.filters // layer.groups) * inner
        channels, weights = range(first, first + inner), lambda t, i: (*t, i, f)
    dz, terms = at(one.dz, row, index), []
    window = np.full((*layer.kernel_size, len(channels)), np.nan, x.dtype)
    taps = np.empty_like(window)
    for t, place in geometry.places(space):
        for i, c in enumerate(channels):
            w = kernel[weights(t, i)]
            taps[(*t, i)] = w
            if place is None:
                continue
            window[(*t, i)] = x[(*place, c)]
            dw = None if dkernel is None else float(dkernel[weights(t, i)])
            terms.append(Term(join(layer, place, c), float(x[(*place, c)]), float(w), ("kernel", weights(t, i)), dw,
                              None if dz is None else float(w) * dz))
    found = _with_bias(one, index, row, f, "sum", "z = Σ window · filter, over its taps and channels, + bias", terms)
    found.extra = {"window": window, "filter": taps, "channels": list(channels), "outside": int(np.isnan(window).sum())
                   if len(terms) < window.size else 0}
    return found


def _with_bias(one, index, row, j, kind, formula, terms):
    bias = one.weights.get("bias")
    found = Explanation(one.key, tuple(index), row, kind, formula, at(one.output, row, index), terms)
    if bias is not None:
        found.bias = float(bias[j])
        found.bias_gradient = None if "bias" not in one.gradients else float(one.gradients["bias"][j])
    else:
        found.formula = formula.partition(" + bias")[0].rstrip(", ")
    found.z = at(one.z, row, index)
    return found


def pooling(one, index, row):
    """The largest number of a window, or its mean."""
    layer, (space, c) = one.layer, split(one.layer, index)
    x = channels_last(layer, one.inputs[0])[row]
    geometry = Geometry(layer, x.shape[:-1], layer.pool_size)
    window = np.full(layer.pool_size, np.nan, x.dtype)
    places = {}
    for t, place in geometry.places(space):
        if place is not None:
            window[t], places[t] = x[(*place, c)], place
    return _pooled(one, index, row, "Max" in one.kind, c, window, places)


def global_pooling(one, index, row):
    """The largest number, or the mean, over all of space."""
    layer, (_, c) = one.layer, split(one.layer, index)
    window = channels_last(layer, one.inputs[0])[row][..., c]
    mask = one.kwargs.get("mask")
    if mask is not None:
        window = np.where(fetch(mask.value)[row].astype(bool), window, np.nan)
    places = {t: t for t in np.ndindex(window.shape) if not np.isnan(window[t])}
    return _pooled(one, index, row, "Max" in one.kind, c, window, places)


def _pooled(one, index, row, largest, c, window, places):
    dy, a = at(one.output_gradient, row, index), at(one.output, row, index)
    winner = np.unravel_index(np.nanargmax(window), window.shape) if largest and places else None
    terms = []
    for t, place in places.items():
        w = 1.0 / len(places) if not largest else float(t == winner)
        terms.append(Term(join(one.layer, place, c), float(window[t]), w, dx=None if dy is None else w * dy))
    formula = f"y = max of {len(places)} numbers" if largest else f"y = mean of {len(places)} numbers"
    found = Explanation(one.key, tuple(index), row, "max" if largest else "mean", formula, a, terms)
    found.extra = {"window": window, "winner": None if winner is None else tuple(map(int, winner))}
    if largest:
        found.note = "The winner's x counts once, the others not at all; so it alone gets the gradient."
    return found


def embedding(one, index, row):
    """y = the table's row that the number names."""
    *place, j = index
    number, table = int(one.inputs[0][(row, *place)]), one.weights["embeddings"]
    gradient = one.gradients.get("embeddings")
    dw = None if gradient is None else float(gradient[number, j])
    terms = [Term(tuple(place), 1.0, float(table[number, j]), ("embeddings", (number, j)), dw)]
    found = Explanation(one.key, tuple(index), row, "row", f"y = embeddings[{number}, {j}]: row {number} of the table",
                        at(one.output, row, index), terms)
    found.extra = {"row": table[number].copy(), "number": number}
    return found
