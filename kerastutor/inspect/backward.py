"""Where the gradient of one number comes from: through which numbers of the layers after it, and how much."""

import numpy as np

from ..keras import layers
from .explanation import Flow, at
from .generic import pulled_back
from .windows import Geometry, channels_last, join, split


def flows(trace, one, index, row):
    """dL/da as a sum over the ways forward from this number: list of Flow, and what of dL/da they leave over."""
    found, consumers = [], _consumers(trace, one)
    for consumer in consumers:
        for i, x in enumerate(consumer.inputs):
            if x is one.output or (x.shape == one.output.shape and _same(x, one.output)):
                found += _through(consumer, i, index, row)
    gradient = at(one.output_gradient, row, index)
    if gradient is None:
        return []
    rest = gradient - sum(f.product for f in found)
    if not found and not consumers:
        return [Flow("the loss", None, gradient)]
    if abs(rest) > 1e-5 * max(abs(gradient), max((abs(f.product) for f in found), default=0), 1e-12):
        found.append(Flow("the loss, or ops between", None, rest))
    return found


def _consumers(trace, one):
    """Who takes what the layer gives; of the last layer of a model inside another, who takes what that gives."""
    found = trace.consumers(one.key)
    if not found and one.parent is not None and _same(trace[one.parent].output, one.output):
        return _consumers(trace, trace[one.parent])
    return found


def _same(a, b):
    return a.__array_interface__["data"] == b.__array_interface__["data"]


def _through(consumer, i, index, row):
    if type(consumer.layer) is layers.Dense and consumer.dz is not None:
        return _dense(consumer, index, row)
    if type(consumer.layer) in (layers.Conv1D, layers.Conv2D, layers.Conv3D) and consumer.dz is not None:
        if consumer.layer.groups == 1:
            return _convolution(consumer, index, row)
    back = pulled_back(consumer, row)[i]
    return [] if back is None else [Flow(consumer.key, tuple(index), float(back[tuple(index)]))]


def _dense(consumer, index, row):
    *before, i = index
    dz, kernel = consumer.dz[(row, *before)], consumer.weights["kernel"]
    return [Flow(consumer.key, (*before, k), float(dz[k]), float(kernel[i, k])) for k in range(len(dz))]


def _convolution(consumer, index, row):
    layer, (space, c) = consumer.layer, split(consumer.layer, index)
    x, dz = channels_last(layer, consumer.inputs[0])[row], channels_last(layer, consumer.dz)[row]
    geometry, kernel = Geometry(layer, x.shape[:-1], layer.kernel_size), consumer.weights["kernel"]
    return [
        Flow(consumer.key, join(layer, p, f), float(dz[(*p, f)]), float(kernel[(*t, c, f)]))
        for t, p in geometry.windows(space, dz.shape[:-1]) for f in np.flatnonzero(dz[p]).tolist()
    ]
