"""A model's forward and backward pass on some samples, written down layer by layer."""

import difflib
from dataclasses import dataclass, field

import numpy as np

from ..backends import current, fetch, wrote
from ..keras import tree
from ..keras.autodiff import Tape, Tensor, state, tensor
from ..keras.layers.layer import Layer
from ..keras.models.data.checks import as_array
from .watching import Watch, copy_weights, forget, twin

ROWS = 256  # samples of a batch that are looked at, unless told otherwise
BYTES = 96 * 2**20  # of activations and their gradients


@dataclass
class LayerTrace:
    """What went through one layer, forward and backward. Arrays have the samples first.

    Attributes
    ----------
    key : str
        The layer's name, after those of the models around it: "encoder/dense". A second call has ":2" behind it.
    layer : Layer, or an op of a functional model
    inputs, outputs : list of numpy.ndarray
    input_gradients, output_gradients : list of numpy.ndarray or None
        dL/dx and dL/dy; None where nothing flows.
    z, dz : numpy.ndarray or None
        What went into the layer's activation, and dL/dz.
    weights, gradients : dict of str to numpy.ndarray
        By name; gradients only of those that can be trained.
    sources : list of str
        The keys of the layers that it takes its inputs from; `from_input`: whether also from the model's own input.
    parent : str or None
        The key of the model or layer around it.
    """

    key: str
    layer: object
    args: tuple
    kwargs: dict
    inputs: list
    outputs: list
    z: object
    sources: list
    parent: str | None
    from_input: bool = False
    children: list = field(default_factory=list)
    input_gradients: list = field(default_factory=list)
    output_gradients: list = field(default_factory=list)
    dz: object = None
    weights: dict = field(default_factory=dict)
    gradients: dict = field(default_factory=dict)

    @property
    def kind(self):
        """The class's name, or the op's."""
        return getattr(self.layer, "class_name", None) or type(self.layer).__name__

    @property
    def is_op(self):
        return not isinstance(self.layer, Layer)

    @property
    def output(self):
        return self.outputs[0]

    @property
    def output_gradient(self):
        return self.output_gradients[0] if self.output_gradients else None

    def __repr__(self):
        shapes = ", ".join(str(x.shape) for x in self.inputs), ", ".join(str(y.shape) for y in self.outputs)
        return f"<{self.key} ({self.kind}): {shapes[0]} -> {shapes[1]}, {parameters(self):,} parameters>"


def parameters(one):
    """How many numbers the layer's own weights have."""
    return sum(w.size for w in one.weights.values())


class Trace:
    """One forward and backward pass, layer by layer: `trace["dense"]`, `for layer in trace`.

    Attributes
    ----------
    rows : numpy.ndarray
        Which of the data's samples went in.
    total : int
        How many samples there are.
    loss : float or None
        The mean loss of these samples; None without a target or a compiled loss. All gradients are of it.
    prediction : numpy.ndarray or structure of them
    note : str
        What was left out, in a sentence; "" if nothing was.
    """

    def __init__(self, model, layers, rows, total, loss, prediction, note):
        self.model, self.layers, self.rows, self.total = model, layers, rows, total
        self.loss, self.prediction, self.note = loss, prediction, note
        self.backend = current()

    def __getitem__(self, key):
        if isinstance(key, LayerTrace):
            return key
        if isinstance(key, int):
            return list(self.layers.values())[key]
        key = getattr(key, "name", key)
        if key in self.layers:
            return self.layers[key]
        ends = [k for k in self.layers if k.rpartition("/")[2] == key]
        if len(ends) == 1:
            return self.layers[ends[0]]
        near = difflib.get_close_matches(str(key), self.layers, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"The trace of {self.model.name!r} has no layer {key!r}.{hint} It has: "
                         f"{', '.join(self.layers)}.")

    def __iter__(self):
        return iter(self.layers.values())

    def __len__(self):
        return len(self.layers)

    def inside(self, key=None):
        """The layers made in the model or layer `key`; None for the model itself."""
        return [one for one in self if one.parent == key]

    def consumers(self, key):
        """The layers that take what `key` gives."""
        return [one for one in self if key in one.sources]

    def __repr__(self):
        loss = "no loss" if self.loss is None else f"loss {self.loss:.4g}"
        head = f"Trace of {self.model.name!r} on {len(self.rows)} of {self.total} samples, {loss}"
        return "\n".join([head, *(f"  {'  ' * one.key.count('/')}{one!r}" for one in self),
                          *([self.note] if self.note else [])])


def trace(model, x, y=None, samples=None, training=False):
    """Run a model forward and backward on some samples, and keep what every layer saw.

    The model is not changed: a copy of it does the work.

    Parameters
    ----------
    model : keras.Model
        Of any kind; compiled, if gradients are wanted.
    x, y : numpy.ndarray, or lists or dicts of them
        Samples and targets; without `y` there are no gradients.
    samples : int or sequence of int, optional
        Which; unless given, all, or as many, spread evenly, as can be looked at (at most 256).
    training : bool
        Whether layers do what they do in training (dropout).

    Returns
    -------
    Trace

    Raises
    ------
    IndexError
        If there is no such sample.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.inspect import trace
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "relu", name="hidden")])
    >>> model.compile(loss="mse")
    >>> seen = trace(model, np.ones((4, 3)), np.zeros((4, 2)))
    >>> seen["hidden"].output.shape, seen["hidden"].gradients["kernel"].shape
    ((4, 2), (3, 2))
    """
    return Tracer(model, x, y).trace(samples, training)


class Tracer:
    """A model's twin and the data: traces again and again, with the model's weights of now or those of a moment."""

    def __init__(self, model, x, y=None):
        self.model = model
        self.x = tree.map_structure(lambda a: as_array("x", a), x)
        self.y = None if y is None else tree.map_structure(lambda a: as_array("y", a), y)
        self.total = len(tree.flatten(self.x)[0])
        for name, leaves in (("x", tree.flatten(self.x)), ("y", [] if y is None else tree.flatten(self.y))):
            for leaf in leaves:
                if len(leaf) != self.total:
                    raise ValueError(f"Inspector: `{name}` has {len(leaf)} samples where x has {self.total}: each "
                                     "array must have one row for each sample.")
        if not self.total:
            raise ValueError("Inspector: `x` is empty: there is no sample to look at.")
        self.fixed = _fixed_batch(model)
        first = np.arange(self.fixed or 2) % self.total
        some = [tree.map_structure(lambda a: a[first], data) for data in (self.x, self.y) if data is not None]
        self.graded = self.y is not None and getattr(model, "compiled", False)
        if self.graded:
            model.checked_batch(*some)  # makes the weights and chooses the loss, as the first batch would
        else:
            model(tree.map_structure(tensor, some[0]), training=False)
        self.twin, self._bytes = twin(model), None

    def _some(self, data, rows):
        return tree.map_structure(lambda a: tensor(a[rows]), data)

    def take_weights(self, weights=None):
        """Give the twin the model's weights of now, or those of a moment, as `get_weights` gives them."""
        if weights is None:
            if [v.shape for v in self.twin.variables] != [v.shape for v in self.model.variables]:
                self.twin, self._bytes = twin(self.model), None  # layers came or went
            copy_weights(self.model, self.twin)
        else:
            for v, value in zip(self.twin.variables, weights, strict=True):
                np.copyto(fetch(v.value), value)
                wrote(v.value)

    def trace(self, samples=None, training=False):
        rows, note = self._rows(samples)
        return self._trace(rows, training, note)

    def _rows(self, samples):
        if samples is not None:
            rows = np.atleast_1d(np.asarray(samples, np.int64))
            bad = rows[(rows < -self.total) | (rows >= self.total)]
            if bad.size:
                raise IndexError(f"There is no sample {bad[0]}: the data has {self.total}, 0..{self.total - 1}.")
            return self._whole(rows % self.total)
        if self.fixed:
            return self._whole(np.array([0]))
        if self._bytes is None:
            one = self._trace(np.array([0]), False, "")
            self._bytes = 2 * sum(a.nbytes for layer in one for a in layer.outputs) + 1
        count = max(1, min(self.total, ROWS, BYTES // self._bytes))
        if count == self.total:
            return np.arange(self.total), ""
        rows = np.linspace(0, self.total - 1, count).astype(np.int64)
        return rows, f"Statistics are over {count} of {self.total:,} samples, evenly spread."

    def _whole(self, rows):
        """As many rows as the model wants, where it takes batches of one size only: these and those after them."""
        if not self.fixed or len(rows) == self.fixed:
            return rows, ""
        rows = (rows[0] + np.arange(self.fixed)) % self.total
        return rows, f"The model takes batches of {self.fixed} samples: gradients are of their mean loss."

    def _trace(self, rows, training, note):
        x = self._some(self.x, rows)
        for leaf in tree.flatten(x):
            leaf.tracked = leaf.value.dtype.kind == "f"
        with np.errstate(all="ignore"), Tape() as tape, Watch() as watch:
            self.twin._clear_losses()
            forget(self.twin)
            prediction = self.twin(x, training=training)
            loss = self._loss(rows, prediction) if self.graded else None
        found = _gradients(tape, loss, watch.calls)
        if watch.full:
            note = f"{note} Only the first {len(watch.calls)} calls of layers are shown.".strip()
        layers = _written_down(watch.calls, found)
        return Trace(self.twin, layers, rows, self.total, None if loss is None else float(loss),
                     tree.map_structure(lambda p: p.numpy(), prediction), note)

    def _loss(self, rows, prediction):
        y = tree.map_structure(lambda a: a[rows], self.y)
        if self.twin._compile_loss.built:
            self.twin._compile_loss.check_targets(y, [p.shape for p in tree.flatten(prediction)])
        return self.twin.compute_loss_of(tree.map_structure(tensor, y), prediction)


def _fixed_batch(model):
    declared = tree.flatten(model._declared_inputs) if model._declared_inputs is not None else []
    return next((x.shape[0] for x in declared if x.shape[0] is not None), None)


def _gradients(tape, loss, calls):
    """dL/dt of every tensor that a layer took or gave, and of the weights, by the tensor's id."""
    if loss is None or not loss.tracked:
        return {}
    tensors = {id(t): t for call in calls for t in (*call.inputs, *call.outputs, call.z) if t is not None}
    for call in calls:
        tensors.update((id(v), v) for v in getattr(call.operation, "trainable_variables", ()))
    with np.errstate(all="ignore"):
        gradients = tape.gradients(loss, list(tensors.values()))
    return dict(zip(tensors, gradients, strict=True))


def _written_down(calls, gradients):
    layers, keys = {}, {}
    used = {id(x) for call in calls for x in call.inputs}
    used |= {id(y) for call in calls if isinstance(call.operation, Layer) for y in call.outputs}
    for call in calls:
        if not any(id(y) in used for y in call.outputs):
            continue  # an op that only makes a mask
        key = call.operation.name
        if call.parent is not None and call.parent.parent is not None:
            key = f"{keys[id(call.parent)]}/{key}"
        base, n = key, 1
        while key in layers:
            n += 1
            key = f"{base}:{n}"
        keys[id(call)] = key
        if call.parent is None:
            continue  # the model itself
        parent = keys[id(call.parent)] if call.parent.parent is not None else None
        one = LayerTrace(
            key, call.operation, call.args, call.kwargs, [x.numpy() for x in call.inputs],
            [y.numpy() for y in call.outputs], None if call.z is None else call.z.numpy(),
            [keys[id(s)] for s in call.sources], parent, call.from_input,
        )
        one.input_gradients = [gradients.get(id(x)) for x in call.inputs]
        one.output_gradients = [gradients.get(id(y)) for y in call.outputs]
        one.dz = gradients.get(id(call.z))
        _add_weights(one, gradients)
        layers[key] = one
        if parent is not None:
            layers[parent].children.append(key)
    return layers


def _add_weights(one, gradients):
    variables = getattr(one.layer, "variables", ())
    names = [v.name for v in variables]
    for v in variables:
        if v.value.dtype.kind != "f" and "seed" in v.name:
            continue
        name = v.name if names.count(v.name) == 1 else v.path
        n = sum(known.rpartition(":")[0] == name or known == name for known in one.weights)
        name = f"{name}:{n + 1}" if n else name
        one.weights[name] = fetch(v.value)
        if gradients.get(id(v)) is not None:
            one.gradients[name] = gradients[id(v)]


def again(one, row, layer=None):
    """The layer, or one like it, called once more on a sample: (tracked input tensors, output tensors, the tape)."""
    def sample(x):
        if not isinstance(x, Tensor):
            return x
        rows = fetch(x.value)[row : row + 1] if x.ndim else fetch(x.value)
        t = Tensor(np.array(rows, order="C"), tracked=x.value.dtype.kind == "f")
        if x._keras_mask is not None:
            t._keras_mask = Tensor(fetch(x._keras_mask.value)[row : row + 1].copy())
        return t

    outer, state.discard_losses = state.discard_losses, True
    try:
        args, kwargs = tree.map_structure(sample, (tuple(one.args), one.kwargs))
        with np.errstate(all="ignore"), Tape() as tape:
            outputs = (layer or one.layer)(*args, **kwargs)
    finally:
        state.discard_losses = outer
    pick = lambda structure: [t for t in tree.flatten(structure) if isinstance(t, Tensor)]
    data = {name: a for name, a in kwargs.items() if not name.endswith("mask")}
    return pick((args, data)), pick(outputs), tape
