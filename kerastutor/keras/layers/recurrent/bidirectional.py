"""A recurrent layer in both directions. Source: https://keras.io/api/layers/recurrent_layers/bidirectional/"""

import types

from ... import ops
from ...saving import CustomObjectScope, deserialize_keras_object, serialize_keras_object
from ..layer import Layer

MERGE = {
    "concat": lambda a, b: ops.concatenate([a, b], axis=-1),
    "sum": ops.add,
    "ave": lambda a, b: (a + b) / 2.0,
    "mul": ops.multiply,
    None: lambda a, b: (a, b),
}


class Bidirectional(Layer):
    """Runs a recurrent layer over the sequence and another one from its end, and puts their outputs together.

    Parameters
    ----------
    layer : RNN
        Both directions are made new from its configuration, with weights of their own.
    merge_mode : {"concat", "sum", "mul", "ave", None}
        None gives both outputs.
    weights : list of arrays, optional
        The first weights, the forward layer's before the backward layer's.
    backward_layer : RNN, optional
        Another layer for the way back, with go_backwards=True.

    Shapes
    ------
    (batch, time, n) -> (batch, 2 * units), or (batch, time, 2 * units), with "concat"; with return_state the states of
    both follow, the forward layer's first. `initial_state` takes them in that order.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.Bidirectional(keras.layers.LSTM(8))(np.zeros((2, 5, 3))).shape
    (2, 16)

    Source: Schuster and Paliwal, "Bidirectional Recurrent Neural Networks", IEEE Trans. Signal Processing 45 (1997);
    https://keras.io/api/layers/recurrent_layers/bidirectional/
    """

    supports_masking = True

    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        for name, given in (("layer", layer), ("backward_layer", backward_layer)):
            if not isinstance(given, Layer) and not (name == "backward_layer" and given is None):
                raise ValueError(f"Bidirectional: `{name}` must be a recurrent layer, such as LSTM(32); got {given!r}.")
        if merge_mode not in MERGE:
            known = ", ".join(map(repr, MERGE))
            raise ValueError(f"Bidirectional: `merge_mode` must be one of {known}; got {merge_mode!r}.")
        super().__init__(**kwargs)
        self.forward_layer = _again(layer, "forward_")
        self.backward_layer = backward_layer or _again(layer, "backward_", go_backwards=True)
        self._check_directions()
        for direction in (self.forward_layer, self.backward_layer):
            if hasattr(direction, "zero_output_for_mask"):
                direction.zero_output_for_mask = direction.return_sequences  # so that merging sees no stale output
        self.merge_mode = merge_mode
        self._first_weights = weights
        self.stateful, self.return_sequences = layer.stateful, layer.return_sequences
        self.return_state, self.input_spec = layer.return_state, layer.input_spec

    def _check_directions(self):
        forward, backward = self.forward_layer, self.backward_layer
        if forward.go_backwards == backward.go_backwards:
            raise ValueError(
                "Bidirectional: its two layers must go in opposite directions: give the backward_layer "
                f"go_backwards={not forward.go_backwards}."
            )
        for name in ("stateful", "return_sequences", "return_state"):
            a, b = getattr(forward, name), getattr(backward, name)
            if a != b:
                raise ValueError(f"Bidirectional: `{name}` is {a} in the forward layer and {b} in the backward layer.")

    def build(self, sequences_shape, initial_state_shape=None):
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                layer.build(sequences_shape)
                layer.built = True
        if self._first_weights:
            self.set_weights(self._first_weights)

    def call(self, sequences, initial_state=None, mask=None, training=None):
        half = len(initial_state) // 2 if initial_state is not None else None
        states = [initial_state[:half], initial_state[half:]] if half is not None else [None, None]
        y, y_back = (
            self._run(layer, sequences, state, mask, training)
            for layer, state in zip((self.forward_layer, self.backward_layer), states, strict=True)
        )
        last_states = ()
        if self.return_state:
            last_states = (*y[1:], *y_back[1:])
            y, y_back = y[0], y_back[0]
        if self.return_sequences:
            y_back = ops.flip(y_back, axis=1)
        output = MERGE[self.merge_mode](y, y_back)
        if not self.return_state:
            return output
        return (*output, *last_states) if self.merge_mode is None else (output, *last_states)

    def _run(self, layer, sequences, state, mask, training):
        options = {"training": training, "mask": mask}
        options = {name: value for name, value in options.items() if name in layer._signature.all}
        if state is not None:
            options["initial_state"] = state
        return layer(sequences, **options)

    def reset_state(self):
        """Set the states of both layers to 0."""
        if not self.stateful:
            raise AttributeError(f"Layer {self.name!r} (Bidirectional) has no states to reset: it is not stateful.")
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    reset_states = reset_state

    @property
    def states(self):
        forward, backward = self.forward_layer.states, self.backward_layer.states
        return (*forward, *backward) if forward and backward else None

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        shape = self.forward_layer.compute_output_shape(sequences_shape)
        output, states = (shape[0], tuple(shape[1:])) if self.return_state else (tuple(shape), ())
        if self.merge_mode == "concat":
            output = (*output[:-1], 2 * output[-1])
        if self.merge_mode is None:
            return (output, output, *states, *states)
        return (output, *states, *states) if self.return_state else output

    def compute_mask(self, sequences, mask):
        mask = mask[0] if isinstance(mask, (list, tuple)) else mask
        mask = mask if self.return_sequences else None
        return (mask, mask) if self.merge_mode is None else mask

    def get_config(self):
        return {
            **super().get_config(),
            "merge_mode": self.merge_mode,
            "layer": serialize_keras_object(self.forward_layer),
            "backward_layer": serialize_keras_object(self.backward_layer),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        for name in ("layer", "backward_layer"):
            if config.get(name) is not None:
                config[name] = deserialize_keras_object(config[name], custom_objects=custom_objects)
        return cls(**config)


def _again(layer, prefix, **changes):
    """A layer with the same configuration, but for the name and `changes`, and weights of its own."""
    described = serialize_keras_object(layer)
    name = prefix + layer.name.removeprefix(prefix)
    described["config"] = {**described["config"], **changes, "name": name}
    described.pop("build_config", None)
    with CustomObjectScope(_parts(layer)):
        return deserialize_keras_object(described)


def _parts(layer):
    """The classes and functions that a layer is made of, by name: a user's own need not be registered for this."""
    found = {type(layer).__name__: type(layer)}
    for value in vars(layer).values():
        if isinstance(value, types.FunctionType):
            found[value.__name__] = value
        elif isinstance(value, Layer):
            found |= _parts(value)
    for inner in layer._layers:
        found |= _parts(inner)
    return found
