"""The gates of a recurrent layer along a sentence, unit by unit and step by step."""

import numpy as np
import traitlets

from kerastutor.widgets import twins
from kerastutor.widgets.base import Widget
from kerastutor.widgets.gates import FORMULAS, MEANING, ORDER, gates, kind_of

MOST_STEPS, MOST_UNITS = 200, 64
SIGNS = {"g": {"LSTM": "c̃", "GRU": "h̃"}}


class GateView(Widget):
    """Open an LSTM, GRU or SimpleRNN along one sequence: every gate and state of every unit at every step.

    The upper picture shows one quantity, say the cell state c, of all units over the steps; the lower one shows all
    quantities of the chosen unit. For the chosen step the formulas stand below with this unit's numbers.
    Of a sequence of more than 200 steps the last 200 are shown, of more than 64 units the 64 whose output moves most.

    Parameters
    ----------
    model : keras.Model or LSTM, GRU, SimpleRNN layer
        Of a model its first recurrent layer is taken; of a Bidirectional one, the forward direction.
    x : array
        One sequence as the model takes it, (time,) of token numbers or (time, features), or (1, ...); of a layer
        (time, features).
    words : list of str, optional
        One for each step; the numbers of the steps unless given.
    layer : str or layer, optional
        Another layer of the model, or its name.

    Attributes
    ----------
    gates : kerastutor.widgets.gates.Gates
        The numbers: ``gates.values["f"]`` is (time, units).
    layer
        The layer that is shown.

    Raises
    ------
    TypeError, ValueError
        If there is no such layer, or the sequence or the words do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.widgets import GateView
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Embedding(50, 8), keras.layers.LSTM(6)])
    >>> view = GateView(model, [3, 14, 15, 9], words="the film was good".split())
    >>> view
    GateView: LSTM 'lstm', 4 steps of 6 units; unit 1 at step 4 (good)
    >>> view.gates.values["c"].shape
    (4, 6)

    Source: https://keras.io/api/layers/recurrent_layers/lstm/; Karpathy, Johnson and Li, "Visualizing and Understanding
    Recurrent Networks", arXiv 1506.02078
    """

    _script = "gate_view.js"
    content = traitlets.Dict().tag(sync=True)
    numbers = traitlets.Bytes().tag(sync=True)
    unit = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    quantity = traitlets.Unicode("h").tag(sync=True)

    def __init__(self, model, x, words=None, layer=None):
        self.layer, inputs, mask = opened(model, x, layer)
        self.gates = gates(self.layer, inputs, mask)
        words = list(words) if words is not None else [str(t + 1) for t in range(len(inputs))]
        if len(words) != len(inputs):
            raise ValueError(f"GateView: {len(inputs)} steps need as many words; got {len(words)}.")
        words = [str(word) for word in words]
        self.words = words[::-1] if self.layer.go_backwards else words
        self.steps = np.arange(len(inputs))[-MOST_STEPS:]
        self.units = liveliest(self.gates.values["h"], MOST_UNITS)
        names = self.gates.names
        super().__init__(
            content=self._content(),
            numbers=np.stack([part[np.ix_(self.steps, self.units)] for part in self._parts()]).tobytes(),
            unit=int(self.units[0]),
            step=int(self.steps[-1]),
            quantity="c" if "c" in names else "h",
        )

    def _parts(self):
        """What the page needs, in order: the values, then the three terms of each gate."""
        found = self.gates
        terms = [part[name] for name in ORDER[found.kind] for part in (found.from_x, found.from_h, found.bias)]
        states = [found.values[name] for name in ("h", "c") if name in found.values]
        before = [np.vstack([np.zeros((1, found.units), "float32"), state[:-1]]) for state in states]
        return [*found.values.values(), *terms, *before]

    def _content(self):
        found = self.gates
        kept = [
            f"the last {len(self.steps)} of {found.time} steps" * (len(self.steps) < found.time),
            f"the {len(self.units)} units of {found.units} whose output moves most" * (len(self.units) < found.units),
        ]
        return dict(
            kind=found.kind, name=self.layer.name, names=found.names, order=ORDER[found.kind],
            formulas=FORMULAS[found.kind], meaning={name: MEANING[name] for name in found.names},
            signs={name: sign(name, found.kind) for name in found.names},
            words=[self.words[t] for t in self.steps], steps=self.steps.tolist(), units=self.units.tolist(),
            kept=found.kept[self.steps].tolist(), shown=" and ".join(filter(None, kept)),
            activation=_name(self.layer.activation),
            recurrent_activation=_name(getattr(self.layer, "recurrent_activation", None)),
            reset_after=bool(getattr(self.layer, "reset_after", True)), backwards=bool(self.layer.go_backwards),
        )

    def choose(self, unit=None, step=None, quantity=None):
        """Show another unit or step, both counted from 0, or another quantity, as "f"."""
        for name, value, known in (("unit", unit, self.units), ("step", step, self.steps)):
            if value is not None and (not isinstance(value, (int, np.integer)) or value not in known):
                raise ValueError(f"GateView: {name} {value!r} is not shown; there are {known[0]} to {known[-1]}.")
        if quantity is not None and quantity not in self.gates.names:
            raise ValueError(f"GateView: quantity must be one of {', '.join(self.gates.names)}; got {quantity!r}.")
        self.unit = self.unit if unit is None else int(unit)
        self.step = self.step if step is None else int(step)
        self.quantity = quantity or self.quantity

    @traitlets.observe("unit", "step", "quantity")
    def _chosen(self, change):
        if hasattr(self, "_places"):
            self.keep()

    def figure(self):
        """Return the chosen quantity of all units, and all quantities of the chosen unit, over the words."""
        return twins.gate_view(self)

    def summary(self):
        found = self.gates
        return (
            f"{found.kind} {self.layer.name!r}, {found.time} steps of {found.units} units; "
            f"unit {self.unit + 1} at step {self.step + 1} ({self.words[self.step]})"
        )


def sign(name, kind):
    """How a quantity is written: c̃ for an LSTM's g, h̃ for a GRU's."""
    return SIGNS.get(name, {}).get(kind, name)


def _name(activation):
    return getattr(activation, "__name__", str(activation)) if activation is not None else ""


def liveliest(h, count):
    """The numbers of the units whose output varies most over time, in their own order."""
    if h.shape[1] <= count:
        return np.arange(h.shape[1])
    return np.sort(np.argsort(-h.std(axis=0), kind="stable")[:count])


def opened(model, x, layer=None):
    """Return (recurrent layer, what flows into it, its mask or None) for one sequence."""
    if not hasattr(model, "layers"):
        if layer is not None:
            raise ValueError("GateView: `layer` chooses one of a model's layers, but a layer was given.")
        found = _direction(model)
        kind_of(found)
        return found, _one(x, 2, "the layer"), None
    at = _chosen_layer(model, layer)
    x = np.asarray(x)
    shape = model.inputs[0].shape if len(model.inputs) == 1 else None
    if shape is None:
        raise ValueError(f"GateView: the model must have one input, not {len(model.inputs)}: give a layer and its x.")
    x = _one(x, len(shape) - 1, "the model")
    if shape[1] is not None and shape[1] != len(x):
        raise ValueError(
            f"GateView: the model takes sequences of {shape[1]} steps; got {len(x)}. "
            f"Fill it up with keras.utils.pad_sequences([x], {shape[1]})[0]."
        )
    inputs, mask = _flow_into(model, at, x[None])
    return _direction(at), inputs, mask


def _flow_into(model, layer, x):
    """Run the model up to the layer: its input, and the mask that comes with it."""
    seen = {}
    call = layer.call

    def listening(*args, **kwargs):
        seen["x"], seen["mask"] = args[0], kwargs.get("mask")
        return call(*args, **kwargs)

    object.__setattr__(layer, "call", listening)
    try:
        model(x)
    finally:
        object.__delattr__(layer, "call")
    mask = seen["mask"]
    return np.asarray(seen["x"])[0], None if mask is None else np.asarray(mask)[0]


def _chosen_layer(model, layer):
    recurrent = [one for one in model.layers if _is_recurrent(_direction(one))]
    if layer is None:
        if not recurrent:
            raise ValueError(
                f"GateView: model {model.name!r} has no LSTM, GRU or SimpleRNN among its layers: "
                f"{', '.join(type(one).__name__ for one in model.layers)}."
            )
        return recurrent[0]
    for one in model.layers:
        if one is layer or one.name == layer:
            kind_of(_direction(one))
            return one
    names = ", ".join(one.name for one in recurrent)
    raise ValueError(f"GateView: model {model.name!r} has no layer {layer!r}; its recurrent layers are: {names}.")


def _direction(layer):
    return getattr(layer, "forward_layer", layer)


def _is_recurrent(layer):
    return any(cls.__name__ in ORDER for cls in type(layer).__mro__)


def _one(x, ndim, whose):
    x = np.asarray(x)
    x = x[0] if x.ndim == ndim + 1 and len(x) == 1 else x
    if x.ndim != ndim or not len(x):
        raise ValueError(f"GateView: {whose} takes one sequence with {ndim} axes here; got shape {x.shape}.")
    return x
