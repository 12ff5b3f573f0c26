"""explain: one number of a layer, taken apart."""

import numpy as np

from ..keras import layers
from ..keras.layers.convolutional.base import Convolution
from . import forward, generic
from .backward import flows
from .explanation import Flow, at
from .recurrent import recurrent

_POOLING = tuple(getattr(layers, f"{kind}Pooling{n}D") for kind in ("Max", "Average") for n in (1, 2, 3))
_GLOBAL = tuple(getattr(layers, f"Global{kind}Pooling{n}D") for kind in ("Max", "Average") for n in (1, 2, 3))
_DIRECT = (layers.Conv1D, layers.Conv2D, layers.Conv3D, layers.DepthwiseConv1D, layers.DepthwiseConv2D)
_HOW = (
    ((layers.Dense,), forward.dense),
    (_DIRECT, forward.convolution),
    (_POOLING, forward.pooling),
    (_GLOBAL, forward.global_pooling),
    ((layers.Embedding,), forward.embedding),
    ((layers.LSTM, layers.GRU, layers.SimpleRNN), recurrent),
    ((layers.BatchNormalization,), generic.batch_normalization),
    ((layers.Softmax,), generic.softmax),
)


def explain(trace, layer, index=None, sample=0, step=None):
    """Take one number of a layer's output apart: the sum that made it, and the gradients that flow back into it.

    Parameters
    ----------
    trace : Trace
    layer : str, int, Layer or LayerTrace
        Which layer of the trace.
    index : int or tuple, optional
        Which number, without the sample: a neuron (3), a pixel of a channel (10, 12, 0). The largest unless given.
    sample : int
        Which of the trace's samples, counted from 0 in the trace.
    step : int, optional
        Of a recurrent layer, the time step to look at; the one that gave the number unless given.

    Returns
    -------
    Explanation

    Raises
    ------
    IndexError
        If the output has no such number.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.inspect import explain, trace
    >>> layer = keras.layers.Dense(1, "relu", name="d", kernel_initializer="ones", bias_initializer="ones")
    >>> model = keras.Sequential([keras.Input((2,)), layer])
    >>> explain(trace(model, np.array([[2.0, 5.0]])), "d", 0)
    d[0] = 8   (z = Σᵢ xᵢ·kernel[i, 0] + bias[0])
      x[1] · +1 = +5
      x[0] · +1 = +2
      bias +1
      z = 8,  a = relu(z) = 8
    """
    one = trace[layer]
    sample = _sample(trace, sample)
    index = _index(one, index, sample)
    found = _how(one)(one, index, sample, *([step] if step is not None and _recurrent(one) else []))
    _finish(trace, one, found, index, sample)
    return found.sort()


def _recurrent(one):
    return type(one.layer) in (layers.LSTM, layers.GRU, layers.SimpleRNN)


def _how(one):
    """The function that explains such a layer. A subclass with a `call` of its own is taken for any layer."""
    for classes, how in _HOW:
        for known in classes:
            if isinstance(one.layer, known) and type(one.layer).call is known.call:
                return how
    if isinstance(one.layer, (layers.Activation, layers.ReLU, layers.LeakyReLU, layers.ELU)):
        name = generic.activation_name(one.layer)
        return generic.softmax if name == "softmax" else generic.elementwise
    return generic.by_slopes


def _finish(trace, one, found, index, sample):
    """The activation, and the way back."""
    if "step" in found.extra and found.extra["step"] != _shown_step(one, index, found):
        found.flows = [] if found.da is None else [Flow(f"{one.key}, later steps", None, found.da)]
        return  # a state within the layer, of which only the layer itself knows
    if found.z is not None and isinstance(one.layer, (layers.Dense, Convolution)):
        found.activation = generic.activation_name(one.layer)
        found.slope = generic.slope(one, index, sample)
        found.dz = at(one.dz, sample, index)
        if found.activation == "softmax":
            found.note = "softmax: a = e^z / Σ e^z over the row, so every z of the row has a share in a."
    if found.da is None:
        found.da = at(one.output_gradient, sample, index)
    if found.da is not None and one.output_gradient is not None:
        found.flows = flows(trace, one, index, sample)
        rest = found.da - sum(f.product for f in found.flows)
        if found.kind == "gates" or _recurrent(one):
            if abs(rest) > 1e-6 * max(abs(found.da), 1e-6):
                found.flows.append(Flow(f"{one.key}, later steps", None, rest))


def _shown_step(one, index, found):
    return index[0] if one.layer.return_sequences else found.extra["steps"] - 1


def _sample(trace, sample):
    if not 0 <= sample < len(trace.rows):
        raise IndexError(f"explain: sample {sample} is not in the trace, which has {len(trace.rows)} samples, "
                         f"0..{len(trace.rows) - 1}.")
    return sample


def _index(one, index, sample):
    shape = one.output.shape[1:]
    if index is None:
        return tuple(int(i) for i in np.unravel_index(int(np.argmax(one.output[sample])), shape)) if shape else ()
    index = tuple(int(i) for i in (index if isinstance(index, (tuple, list)) else (index,)))
    if len(index) != len(shape) or any(not -n <= i < n for i, n in zip(index, shape)):
        raise IndexError(f"Layer {one.key!r} gives numbers of shape {shape} for each sample: {list(index)} is none of "
                         f"their places; write {len(shape)} number{'s' * (len(shape) != 1)}, from 0 up.")
    return tuple(i % n for i, n in zip(index, shape))
