"""A layer's formula, with this model's shapes and numbers."""

import math

from ..keras import layers
from ..keras.layers.convolutional.base import Convolution
from .generic import activation_name
from .trace import parameters


def formula(one):
    """What the layer computes, in one line, with its own sizes.

    Parameters
    ----------
    one : LayerTrace

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.inspect import formula, trace
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "relu", name="d")])
    >>> formula(trace(model, np.ones((4, 3)))["d"])
    'y[j] = relu(Σ x[i] · kernel[i, j] + bias[j]),  i = 0…2, j = 0…1'
    """
    for classes, how in _FORMULAS:
        if isinstance(one.layer, classes):
            return how(one)
    if one.is_op:
        return f"y = ops.{one.layer.function.__name__}(" + ", ".join("x" * bool(one.inputs) for _ in one.inputs) + ")"
    first = (type(one.layer).__doc__ or "").strip().splitlines()
    return first[0] if first else f"y = {one.kind}(x)"


def _wrapped(one, inside):
    name = activation_name(one.layer)
    return inside if name == "linear" else f"{name}({inside})"


def _dense(one):
    n, units = one.weights["kernel"].shape
    bias = " + bias[j]" if "bias" in one.weights else ""
    return f"y[j] = {_wrapped(one, f'Σ x[i] · kernel[i, j]{bias}')},  i = 0…{n - 1}, j = 0…{units - 1}"


def _convolution(one):
    layer, at, taps = one.layer, [], []
    for letter, tap, stride, dilation, k in zip("ijk", "abd", layer.strides, layer.dilation_rate, layer.kernel_size):
        at.append(f"{f'{stride}·' * (stride > 1)}{letter} + {f'{dilation}·' * (dilation > 1)}{tap}")
        taps.append(f"{tap} = 0…{k - 1}")
    places, window = ", ".join("ijk"[: len(at)]), ", ".join("abd"[: len(at)])
    if "Transpose" in one.kind or "Separable" in one.kind:
        return f"y[{places}, f] = {_wrapped(one, f'{one.kind}(x, kernel) + bias[f]')},  windows of {layer.kernel_size}"
    bias = " + bias[f]" if "bias" in one.weights else ""
    depthwise = hasattr(layer, "depth_multiplier")
    summed = f"Σ x[{', '.join(at)}, c] · kernel[{window}, {'c, m' if depthwise else 'c, f'}]{bias}"
    inner = one.weights["kernel"].shape[-2]
    channels = "each channel c by itself" if depthwise else f"c = 0…{inner - 1}" if inner > 1 else "c = 0"
    padding = "" if layer.padding == "valid" else f"; padding {layer.padding!r}: zeros around x"
    return f"y[{places}, f] = {_wrapped(one, summed)},  {', '.join(taps)}, {channels}{padding}"


def _pooling(one):
    what = "max" if "Max" in one.kind else "mean"
    if "Global" in one.kind:
        return f"y[c] = {what} of x[…, c] over all {math.prod(one.inputs[0].shape[1:-1])} places"
    size = getattr(one.layer, "pool_size", None) or one.layer.output_size
    return f"y[…, c] = {what} of x over a window of {'×'.join(map(str, size))}, channel by channel"


def _embedding(one):
    rows, columns = one.weights["embeddings"].shape
    return f"y[t] = embeddings[x[t]]: row x[t] of a table with {rows} rows of {columns} numbers"


def _lstm(one):
    act, gate = _recurrent_names(one)
    return (f"i, f, o = {gate}(x·W + h₋₁·U + b), g = {act}(x·W + h₋₁·U + b), each with its own columns; "
            f"c = f·c₋₁ + i·g; h = o·{act}(c);  {_sizes(one, 4)}")


def _gru(one):
    act, gate = _recurrent_names(one)
    inner = "r·(h₋₁·U + b′)" if one.layer.reset_after else "(r·h₋₁)·U"
    return (f"z, r = {gate}(x·W + h₋₁·U + b), g = {act}(x·W + {inner} + b); h = z·h₋₁ + (1 − z)·g;  {_sizes(one, 3)}")


def _simple(one):
    return f"h = {activation_name(one.layer)}(x·W + h₋₁·U + b), step by step;  {_sizes(one, 1)}"


def _recurrent_names(one):
    return activation_name(one.layer), one.layer.recurrent_activation.__name__


def _sizes(one, gates):
    n, u = one.inputs[0].shape[-1], one.layer.units
    return f"W ({n}, {gates * u}), U ({u}, {gates * u})"


def _merge(one):
    sign = {"Add": " + ", "Multiply": " · ", "Subtract": " − "}.get(one.kind)
    names = [f"x{n}" for n in "₁₂₃₄₅₆₇₈₉"[: len(one.inputs)]]
    return f"y = {sign.join(names)}" if sign else f"y = {one.kind.lower()}({', '.join(names)})"


def _dropout(one):
    rate = one.layer.rate
    return f"in training: y = x · mask / {1 - rate:g}, mask 0 with probability {rate:g}; else y = x"


def _activation(one):
    name = activation_name(one.layer)
    return "y[j] = e^x[j] / Σ e^x" if name == "softmax" else f"y = {name}(x), number by number"


_FORMULAS = (
    ((layers.Dense,), _dense),
    ((Convolution,), _convolution),
    (tuple(getattr(layers, name) for name in dir(layers) if "Pooling" in name), _pooling),
    ((layers.Embedding,), _embedding),
    ((layers.LSTM,), _lstm),
    ((layers.GRU,), _gru),
    ((layers.SimpleRNN,), _simple),
    ((layers.Add, layers.Multiply, layers.Subtract, layers.Average, layers.Maximum, layers.Minimum), _merge),
    ((layers.Concatenate,), lambda one: f"y = its {len(one.inputs)} inputs, one behind the other"),
    ((layers.Dropout,), _dropout),
    ((layers.Activation, layers.ReLU, layers.Softmax), _activation),
    ((layers.Flatten,), lambda one: f"y = the {math.prod(one.inputs[0].shape[1:])} numbers of x in one row"),
    ((layers.BatchNormalization,), lambda one: "y = gamma · (x − mean) / √(variance + "
     f"{one.layer.epsilon:g}) + beta, channel by channel"),
    ((layers.LayerNormalization,), lambda one: "y = gamma · (x − mean) / √(variance + "
     f"{one.layer.epsilon:g}) + beta, mean and variance of the sample's own row"),
)


def count(one):
    """How the number of parameters comes about: "kernel 3·3·1·8 + bias 8 = 80"."""
    if not one.weights:
        return "0 parameters: nothing to learn"
    parts = [f"{name} {'·'.join(map(str, w.shape)) or 1}" for name, w in one.weights.items()]
    shown = parts if len(parts) <= 6 else [*parts[:5], f"{len(parts) - 5} more"]
    fixed = sum(w.size for name, w in one.weights.items() if name not in _trainable(one))
    said = f", {fixed:,} of them not trained" if fixed else ""
    return f"{' + '.join(shown)} = {parameters(one):,} parameters{said}"


def _trainable(one):
    variables = getattr(one.layer, "trainable_variables", ())
    return {v.name for v in variables} | {v.path for v in variables}


def shapes(one):
    """What goes in and what comes out, as text: "(batch, 8, 8, 1) → (batch, 6, 6, 4)"."""
    text = lambda a: f"({', '.join(['batch', *map(str, a.shape[1:])])})" if a.ndim else "()"
    return f"{', '.join(map(text, one.inputs))} → {', '.join(map(text, one.outputs))}"
