"""Looking on while a model computes: which layers are called, inside which, on what, and what they give."""

import copy

import numpy as np

from ..backends import fetch, wrote
from ..keras import tree
from ..keras.autodiff import Tensor, state
from ..keras.layers.layer import Layer, context
from ..keras.layers.recurrent import RNN
from ..keras.models.model import Model

MOST = 2000  # calls that are kept; a model that makes more is shown up to there


class Call:
    """One call of a layer or op, of which the tensors are kept until the gradients are known."""

    def __init__(self, operation, args, kwargs, parent):
        self.operation, self.args, self.kwargs, self.parent = operation, args, kwargs, parent
        self.inputs = _tensors((args, {name: a for name, a in kwargs.items() if not name.endswith("mask")}))
        self.outputs, self.z, self.sources, self.from_input = [], None, [], False


class Watch:
    """with Watch() as watch: model(x); then `watch.calls`, each layer before those inside it.

    Sees the calls of this thread only. The cells of a recurrent layer are not looked into.
    """

    def __init__(self):
        self.calls, self.full = [], False
        self._open, self._closed, self._producer = [], 0, {}
        self._origins, self._read = {}, 0

    def __enter__(self):
        self._outer, context.watcher = context.watcher, self
        return self

    def __exit__(self, *error):
        context.watcher = self._outer

    def __call__(self, layer, args, kwargs):
        if self._closed:
            return layer.call(*args, **kwargs)
        return self._watched(layer, args, kwargs, lambda call: self._made(layer, args, kwargs, call))

    def _operation(self, operation, *args, **kwargs):
        """An op in a functional model's graph."""
        if isinstance(operation, Layer) or self._closed:
            return operation(*args, **kwargs)
        return self._watched(operation, args, kwargs, lambda call: operation(*args, **kwargs))

    def _watched(self, operation, args, kwargs, make):
        if len(self.calls) >= MOST:
            self.full = True
            return operation.call(*args, **kwargs) if isinstance(operation, Layer) else operation(*args, **kwargs)
        call = Call(operation, args, kwargs, self._open[-1] if self._open else None)
        call.sources = self._sources(call)
        self.calls.append(call)
        self._open.append(call)
        self._closed += isinstance(operation, RNN)
        try:
            outputs = make(call)
        finally:
            self._open.pop()
            self._closed -= isinstance(operation, RNN)
        call.outputs = _tensors(outputs)
        self._producer.update((id(y), call) for y in call.outputs)
        return outputs

    def _made(self, layer, args, kwargs, call):
        if isinstance(layer, Model) and layer._graph is not None and type(layer).call is Model.call:
            return layer._graph.run(layer._fitted_inputs(args[0], kwargs.get("mask")), self._operation)
        activation = layer.__dict__.get("activation")
        if not callable(activation):
            return layer.call(*args, **kwargs)

        beside, heard = listening(layer)
        outputs = beside.call(*args, **kwargs)
        call.z = heard[-1] if heard and isinstance(heard[-1], Tensor) else None
        return outputs

    def _sources(self, call):
        """The calls beside this one that its inputs come from, directly or through ops that are no layer."""
        tape = state.tape or []
        for out, _, inputs in tape[self._read :]:
            self._origins[id(out)] = inputs
        self._read = len(tape)
        found, seen, waiting = {}, set(), list(reversed(call.inputs))
        around = {id(x) for x in call.parent.inputs} if call.parent else ()
        while waiting:
            x = waiting.pop()
            if id(x) in seen:
                continue
            seen.add(id(x))
            producer = _beside(self._producer.get(id(x)), call.parent)
            if producer is not None:
                found[id(producer)] = producer
            elif id(x) in around:
                call.from_input = True
            else:
                waiting += self._origins.get(id(x), ())
        call.from_input = call.from_input or not found
        return list(found.values())


def listening(layer):
    """The same layer, but for an activation that writes what goes into it into a list: (layer, list)."""
    activation, heard = layer.activation, []

    def spy(z, *more, **options):
        heard.append(z)
        return activation(z, *more, **options)

    beside = object.__new__(type(layer))
    beside.__dict__.update(layer.__dict__, activation=spy)
    return beside, heard


def _beside(call, parent):
    """The call or the one around it that was made in `parent`."""
    while call is not None and call.parent is not parent:
        call = call.parent
    return call


def _tensors(structure):
    return [x for x in tree.flatten(structure) if isinstance(x, Tensor)]


def twin(model):
    """A copy of a built model, weights and compiled loss included: what is done to it leaves the model as it is."""
    memo = {id(getattr(model, "optimizer", None)): None, id(model.__dict__.get("history")): None}
    try:
        for layer in _from_the_front(model):  # in order, so that copying one never leads through all before it
            copy.deepcopy(layer, memo)
        return copy.deepcopy(model, memo)
    except TypeError as error:
        raise TypeError(
            f"Inspector: model {model.name!r} can't be copied ({error}), and only a copy is looked into. Does a layer "
            "keep an open file, a lock or a generator as an attribute? Make it in `call` instead."
        ) from None


def _from_the_front(model):
    for layer in model._graph.operations if getattr(model, "_graph", None) is not None else model._layers:
        if isinstance(layer, Model):
            yield from _from_the_front(layer)
        yield layer


def forget(layer):
    """Set the states of all stateful layers inside to 0, so that each trace begins alike."""
    if getattr(layer, "stateful", False) and getattr(layer, "states", None) is not None:
        layer.reset_state()
    for inner in layer._layers:
        forget(inner)


def copy_weights(model, other):
    """Write a model's weights into its twin."""
    for ours, theirs in zip(other.variables, model.variables, strict=True):
        np.copyto(fetch(ours.value), fetch(theirs.value))
        wrote(ours.value)
