"""The steps of a recurrent layer, taken apart: its gates at every time, and the gradient of each."""

from dataclasses import dataclass

import numpy as np

from ..backends import fetch
from ..keras import layers, ops
from ..keras.autodiff import Tape, Tensor
from .explanation import Explanation, Term, at
from .generic import activation_name
from .trace import again

GATES = {
    "LSTM": {"i": "input gate", "f": "forget gate", "g": "candidate", "o": "output gate"},
    "GRU": {"z": "update gate", "r": "reset gate", "g": "candidate"},
    "SimpleRNN": {"h": "state"},
}


@dataclass
class Steps:
    """A sequence, step by step; each array is (time, units), of one sample.

    Attributes
    ----------
    values : dict
        Each gate after its activation, and the states "h" and "c".
    sums : dict
        Each gate before its activation.
    gradients : dict
        dL/d of each sum, and of "h" and "c"; empty without a loss.
    x : numpy.ndarray
        (time, n), in the order in which the steps were made.
    """

    values: dict
    sums: dict
    gradients: dict
    x: np.ndarray
    first: dict


def steps(one, row=0):
    """Run an LSTM, GRU or SimpleRNN step by step on one sample of a trace.

    Returns
    -------
    Steps
    """
    layer = one.layer
    inputs, _, _ = again(one, row)
    x, *states = inputs
    x = fetch(x.value)[:, ::-1].copy() if layer.go_backwards else fetch(x.value)
    mask = one.kwargs.get("mask")
    on = np.ones(x.shape[1], bool) if mask is None else fetch(mask.value)[row].astype(bool)
    on = on[::-1] if layer.go_backwards else on
    names = ("h", "c")[: len(layer.state_size)]
    zero = lambda: np.zeros((1, layer.units), x.dtype)
    given = [fetch(s.value) for s in states[: len(names)]]
    given += [zero() for _ in names[len(given) :]]
    state = {name: Tensor(s, tracked=True) for name, s in zip(names, given)}
    first = {name: fetch(s.value)[0] for name, s in state.items()}
    sums, values = [], []
    make = {"LSTM": _lstm, "GRU": _gru, "SimpleRNN": _simple}[_kind(layer)]
    with Tape() as tape:
        for t in range(x.shape[1]):
            s, v = make(layer.cell, Tensor(np.ascontiguousarray(x[:, t])), state)
            if on[t]:
                state = {name: v[name] for name in names}
            v = {**v, **state}
            sums.append(s), values.append(v)
    as_array = lambda found: {name: np.stack([fetch(step[name].value)[0] for step in found]) for name in found[0]}
    return Steps(as_array(values), as_array(sums), _gradients(one, row, tape, sums, values, names), x[0], first)


def _kind(layer):
    return next(name for name in GATES if isinstance(layer, getattr(layers, name)))


def _sums(cell, x, h):
    return ops.matmul(x, cell.kernel), ops.matmul(h, cell.recurrent_kernel)


def _lstm(cell, x, state):
    from_x, from_h = _sums(cell, x, state["h"])
    z = from_x + from_h if cell.bias is None else from_x + from_h + cell.bias
    sums = dict(zip("ifgo", ops.split(z, 4, axis=-1)))
    found = {name: (cell.activation if name == "g" else cell.recurrent_activation)(s) for name, s in sums.items()}
    c = found["f"] * state["c"] + found["i"] * found["g"]
    return sums, {**found, "c": c, "h": found["o"] * cell.activation(c)}


def _gru(cell, x, state):
    h = state["h"]
    bias = np.zeros((2, 3 * cell.units), x.value.dtype) if cell.bias is None else cell.bias
    from_x = ops.split(ops.matmul(x, cell.kernel) + (bias[0] if len(bias.shape) == 2 else bias), 3, axis=-1)
    parts = ops.split(cell.recurrent_kernel, 3, axis=-1)
    from_h = [ops.matmul(h, part) for part in parts]
    if cell.reset_after:
        second = ops.split(ops.convert_to_tensor(bias[1]), 3, axis=-1)
        from_h = [s + b for s, b in zip(from_h, second)]
    sums = {"z": from_x[0] + from_h[0], "r": from_x[1] + from_h[1]}
    z, r = (cell.recurrent_activation(sums[name]) for name in "zr")
    inner = r * from_h[2] if cell.reset_after else ops.matmul(r * h, parts[2])
    sums["g"] = from_x[2] + inner
    g = cell.activation(sums["g"])
    return sums, {"z": z, "r": r, "g": g, "h": z * h + (1.0 - z) * g}


def _simple(cell, x, state):
    from_x, from_h = _sums(cell, x, state["h"])
    z = from_x + from_h if cell.bias is None else from_x + from_h + cell.bias
    return {"h": z}, {"h": cell.activation(z)}


def _gradients(one, row, tape, sums, values, names):
    """Send dL/dy, which the trace knows, back through the steps."""
    if all(g is None for g in one.output_gradients):
        return {}
    layer, last = one.layer, values[-1]
    total = Tensor(np.zeros((), last["h"].value.dtype), tracked=True)
    dy, dh, dc, *_ = [None if g is None else g[row] for g in one.output_gradients] + [None] * 3
    fused, seeds = layer.cell.can_fuse(False), []  # a loop knows h and c of the last step with all that follows of them
    if layer.return_sequences and dy is not None:
        seeds += [(v["h"], dy[t]) for t, v in enumerate(values)]
    if not layer.return_sequences:
        dh = dh if dy is None else dy
    if dh is not None and not (fused and seeds):
        seeds[-1:] = [(last["h"], dh)]
    if dc is not None and "c" in names:
        seeds.append((last["c"], dc if fused or dh is None else dc - _through_h(layer.cell, last, dh)))

    def hand_back(_):
        for tensor, g in seeds:
            tensor.add_grad(g[None])

    tape._steps.append((total, hand_back, ()))
    wanted = {}
    for kind, found in (("", sums), ("state ", values)):
        for t, step in enumerate(found):
            wanted.update(((kind + name, t), x) for name, x in step.items() if not kind or name in names)
    gradients = dict(zip(wanted, tape.gradients(total, list(wanted.values()))))
    zeros = np.zeros(layer.units, last["h"].value.dtype)
    by_name = {}
    for (name, _), g in gradients.items():
        by_name.setdefault(name, []).append(zeros if g is None else g[0])
    return {name: np.stack(rows) for name, rows in by_name.items()}


def _through_h(cell, last, dh):
    """What of dL/dc comes through h = o * activation(c)."""
    c = Tensor(last["c"].value, tracked=True)
    with Tape() as tape:
        loss = ops.sum(cell.activation(c) * Tensor(fetch(last["o"].value) * dh))
    return tape.gradients(loss, [c])[0][0]


def recurrent(one, index, row, step=None):
    """One unit at one time: its gates, each with its sum, and what they make of the state."""
    layer, kind = one.layer, _kind(one.layer)
    found = steps(one, row)
    unit = index[-1]
    count = len(found.x)
    t = (index[0] if layer.return_sequences else count - 1) if step is None else step
    if not 0 <= t < count:
        raise IndexError(f"Layer {layer.name!r} made the steps 0..{count - 1}; there is no step {t}.")
    before = found.values["h"][t - 1] if t else found.first["h"]
    v = {name: float(array[t, unit]) for name, array in found.values.items()}
    gates = [_gate(layer, found, kind, name, t, unit, before, v) for name in GATES[kind]]
    result = Explanation(one.key, tuple(index), row, "gates", "", v["h"])
    shown = index[0] if layer.return_sequences else count - 1
    result.a = at(one.output, row, index) if t == shown else v["h"]
    result.extra = {"gates": gates, "step": t, "steps": count, "unit": unit, "x": found.x[t].copy(), "h": before.copy()}
    result.da = float(found.gradients["state h"][t, unit]) if found.gradients else None
    if kind == "LSTM":
        c_before = float((found.values["c"][t - 1] if t else found.first["c"])[unit])
        result.formula = "c = f·c₋₁ + i·g, then h = o·tanh(c)"
        result.terms = [Term(("c", t - 1), c_before, v["f"]), Term(("g", t), v["g"], v["i"])]
        result.z, result.extra["c"] = v["c"], v["c"]
        result.dz = float(found.gradients["state c"][t, unit]) if found.gradients else None
    elif kind == "GRU":
        result.formula = "h = z·h₋₁ + (1 − z)·g"
        result.terms = [Term(("h", t - 1), float(before[unit]), v["z"]), Term(("g", t), v["g"], 1 - v["z"])]
    else:
        result.activation = activation_name(layer)
        result.kind, result.formula = "sum", "h = tanh(x·kernel + h₋₁·recurrent_kernel + bias)"
        result.terms, result.bias = gates[0]["terms"], gates[0]["bias"]
        result.z, result.dz = gates[0]["sum"], gates[0]["gradient"]
    return result


def _gate(layer, found, kind, name, t, unit, before, v):
    """One gate: the sum that opened it."""
    cell, units = layer.cell, layer.units
    column = list(GATES[kind]).index(name) * units + unit
    kernel, recurrent_kernel = fetch(cell.kernel.value), fetch(cell.recurrent_kernel.value)
    gradient = float(found.gradients[name][t, unit]) if found.gradients else None
    factor, bias = 1.0, 0.0
    if cell.bias is not None:
        bias = fetch(cell.bias.value)[..., column]
        if kind == "GRU" and name == "g" and cell.reset_after:
            bias = bias[0] + found.values["r"][t, unit] * bias[1]
        bias = float(np.sum(bias))
    if kind == "GRU" and name == "g":
        r = found.values["r"][t]
        before, factor = (before, float(r[unit])) if cell.reset_after else (r * before, 1.0)
    back = lambda w: None if gradient is None else w * gradient
    terms = []
    for i, x in enumerate(found.x[t]):
        w = float(kernel[i, column])
        terms.append(Term(("x", i), float(x), w, ("kernel", (i, column)), dx=back(w)))
    for i, h in enumerate(before):
        w = float(recurrent_kernel[i, column]) * factor
        terms.append(Term(("h", i), float(h), w, ("recurrent_kernel", (i, column)), dx=back(w)))
    value = v[name] if name in v else float(found.values[name][t, unit])
    return {"name": name, "meaning": GATES[kind][name], "sum": float(found.sums[name][t, unit]), "value": value,
            "bias": bias, "gradient": gradient, "terms": terms}
