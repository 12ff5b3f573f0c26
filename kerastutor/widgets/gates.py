"""The gates of a recurrent layer along one sequence, step by step in NumPy: what the layer computes, left open.

Source: https://keras.io/api/layers/recurrent_layers/
"""

import numpy as np

ORDER = {"LSTM": "ifgo", "GRU": "zrg", "SimpleRNN": "h"}  # of the kernels' columns
FORMULAS = {
    "LSTM": {
        "i": "i = σ(x·Wᵢ + h₋·Uᵢ + bᵢ)",
        "f": "f = σ(x·W_f + h₋·U_f + b_f)",
        "g": "c̃ = tanh(x·W_c + h₋·U_c + b_c)",
        "o": "o = σ(x·Wₒ + h₋·Uₒ + bₒ)",
        "c": "c = f · c₋ + i · c̃",
        "h": "h = o · tanh(c)",
    },
    "GRU": {
        "z": "z = σ(x·W_z + h₋·U_z + b_z)",
        "r": "r = σ(x·Wᵣ + h₋·Uᵣ + bᵣ)",
        "g": "h̃ = tanh(x·W_h + b_h + r · (h₋·U_h + d_h))",
        "h": "h = z · h₋ + (1 − z) · h̃",
    },
    "SimpleRNN": {"h": "h = tanh(x·W + h₋·U + b)"},
}
MEANING = {
    "i": "input gate: how much of c̃ is written",
    "f": "forget gate: how much of the old c is kept",
    "g": "candidate: what would be written",
    "o": "output gate: how much of c is shown",
    "c": "cell state: the memory",
    "h": "output",
    "z": "update gate: how much of the old h is kept",
    "r": "reset gate: how much of the old h the candidate sees",
}


class Gates:
    """Every gate and state of a layer at every step of one sequence.

    Attributes
    ----------
    kind : {"LSTM", "GRU", "SimpleRNN"}
    values : dict of str to numpy.ndarray, (time, units)
        i, f, g (the candidate c̃), o, c, h of an LSTM; z, r, g (h̃), h of a GRU; h of a SimpleRNN.
    from_x, from_h, bias : dict of str to numpy.ndarray, (time, units)
        The three terms in the brackets of each gate: x·W, h₋·U and b. Of a GRU's g, from_h is
        r · (h₋·U + d), or (r · h₋)·U with reset_after=False.
    kept : numpy.ndarray of bool, (time,)
        False where the step is masked: there the states stay as they were.
    """

    def __init__(self, kind, time, units):
        self.kind = kind
        self.values = {name: np.zeros((time, units), "float32") for name in FORMULAS[kind]}
        self.from_x, self.from_h, self.bias = (
            {name: np.zeros((time, units), "float32") for name in ORDER[kind]} for _ in range(3)
        )
        self.kept = np.ones(time, bool)

    @property
    def names(self):
        return list(self.values)

    @property
    def time(self):
        return len(self.kept)

    @property
    def units(self):
        return self.values["h"].shape[1]

    def before(self, name, step):
        """A state, c or h, as the step found it: zeros at the first one."""
        return self.values[name][step - 1] if step else np.zeros(self.units, "float32")


def gates(layer, x, mask=None):
    """Walk an LSTM, GRU or SimpleRNN layer over one sequence.

    Parameters
    ----------
    layer : LSTM, GRU or SimpleRNN
        Built. With go_backwards the walk begins at the sequence's end, as the layer's does.
    x : array, (time, features)
    mask : array of bool, (time,), optional
        False where the layer skips the step.

    Returns
    -------
    Gates

    Raises
    ------
    TypeError, ValueError
        If the layer is of another kind, is not built, or x does not fit it.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> layer, x = keras.layers.GRU(3), np.ones((1, 4, 2), "float32")
    >>> y = layer(x)
    >>> bool(np.allclose(gates(layer, x[0]).values["h"][-1], y[0], atol=1e-6))
    True
    """
    kind = kind_of(layer)
    x = _checked(layer, x)
    mask = np.ones(len(x), bool) if mask is None else np.asarray(mask, bool)
    if mask.shape != (len(x),):
        raise ValueError(f"gates: the mask must have shape ({len(x)},), one value a step; got {mask.shape}.")
    if layer.go_backwards:
        x, mask = x[::-1], mask[::-1]
    step = {"LSTM": _lstm, "GRU": _gru, "SimpleRNN": _simple_rnn}[kind]
    found = Gates(kind, len(x), layer.units)
    found.kept[:] = mask
    states = {name: found.before(name, 0) for name in ("h", "c")}
    for t in range(len(x)):
        found_now = step(found, t, layer, x[t], states)
        if mask[t]:
            states = {**states, **{name: found_now[name] for name in ("h", "c") if name in found_now}}
        for name in found.names:
            found.values[name][t] = states[name] if name in states else found_now[name]
    return found


def kind_of(layer):
    """"LSTM", "GRU" or "SimpleRNN"; a TypeError for any other layer."""
    for cls in type(layer).__mro__:
        if cls.__name__ in ORDER:
            return cls.__name__
    raise TypeError(f"gates: the layer must be an LSTM, GRU or SimpleRNN; got {type(layer).__name__}.")


def _lstm(found, t, layer, x, before):
    (i, f, g, o) = (_gate(found, t, layer, name, x, before["h"]) for name in "ifgo")
    c = f * before["c"] + i * g
    return dict(i=i, f=f, g=g, o=o, c=c, h=o * _apply(layer.activation, c))


def _gru(found, t, layer, x, before):
    h = before["h"]
    z, r = (_gate(found, t, layer, name, x, h) for name in "zr")
    W, U, b, d = _weights(layer, "g")
    from_h = r * (h @ U + d) if layer.reset_after else (r * h) @ U
    g = _sum(found, t, layer.activation, "g", x @ W, from_h, b)
    return dict(z=z, r=r, g=g, h=z * h + (1 - z) * g)


def _simple_rnn(found, t, layer, x, before):
    return dict(h=_gate(found, t, layer, "h", x, before["h"]))


def _gate(found, t, layer, name, x, h):
    """activation(x·W + h₋·U + b), with this gate's columns."""
    W, U, b, d = _weights(layer, name)
    activation = layer.activation if name in "gh" else layer.recurrent_activation
    return _sum(found, t, activation, name, x @ W, h @ U, b + d)


def _sum(found, t, activation, name, *terms):
    for part, value in zip((found.from_x, found.from_h, found.bias), terms, strict=True):
        part[name][t] = value
    return _apply(activation, sum(terms))


def _weights(layer, name):
    """A gate's columns: W for x, U for h, b, and d, the bias that a GRU with reset_after adds to h·U (else 0)."""
    at = ORDER[kind_of(layer)].index(name) * layer.units
    columns = slice(at, at + layer.units)
    cell = layer.cell
    W, U = (np.asarray(w)[:, columns] for w in (cell.kernel, cell.recurrent_kernel))
    bias = np.zeros(layer.units, "float32") if cell.bias is None else np.asarray(cell.bias)[..., columns]
    return (W, U, *bias) if bias.ndim == 2 else (W, U, bias, np.zeros_like(bias))


def _apply(activation, z):
    return np.asarray(activation(np.asarray(z, "float32")[None]))[0]


def _checked(layer, x):
    if not getattr(layer.cell, "built", True) or not hasattr(layer.cell, "kernel"):
        raise ValueError(f"gates: layer {layer.name!r} has no weights yet: call it on data, or build its model, first.")
    x = np.asarray(x, "float32")
    x = x[0] if x.ndim == 3 and len(x) == 1 else x
    features = layer.cell.kernel.shape[0]
    if x.ndim != 2 or x.shape[1] != features or not len(x):
        raise ValueError(
            f"gates: layer {layer.name!r} ({type(layer).__name__}) takes one sequence of shape (time, {features}); "
            f"got {x.shape}."
        )
    return x
