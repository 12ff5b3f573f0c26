"""A cell, step by step over a sequence. Source: https://keras.io/api/layers/recurrent_layers/rnn/"""

from ... import ops, tree
from ...autodiff import Variable
from ...ops.recurrent import snapshot
from ...saving import deserialize_keras_object, serialize_keras_object
from ..layer import Layer
from .stacked_cells import StackedRNNCells, check_cell, first_states, step_with


class RNN(Layer):
    """A recurrent layer: the cell goes over the steps of a sequence, and hands its states from step to step.

    Parameters
    ----------
    cell : object or list of them
        Has `call(inputs, states)`, which gives (output, new states), and `state_size`, an int or a list of them;
        perhaps `output_size` and `get_initial_state(batch_size)`. Of several, each gets the output of the one before.
    return_sequences : bool
        Whether to give the output of every step rather than the last one's.
    return_state : bool
        Whether to give the last states too.
    go_backwards : bool
        Whether to begin at the last step. The outputs come in the order in which they were computed.
    stateful : bool
        Whether a batch begins with the states that the one before ended with, sample by sample; `reset_state()` sets
        them to 0. Then the batch's size is fixed: Input(..., batch_size=32), and fit(..., shuffle=False).
    unroll : bool
        For Keras's sake: the loop is written down once in any case. As there, with `unroll` a masked step repeats the
        output before it rather than the state, and `zero_output_for_mask` has no effect.
    zero_output_for_mask : bool
        Whether the output of a masked step is 0, rather than that of the step before.

    Call arguments
    --------------
    mask : (batch, time) of bools
        Where it is False, a step changes no state.
    initial_state : tensor or list of tensors
        The first states; 0 unless given.

    Shapes
    ------
    (batch, time, ...) -> (batch, output_size), or (batch, time, output_size); with `return_state` the states follow.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> class Sum(keras.layers.Layer):
    ...     state_size = 2
    ...     def call(self, inputs, states):
    ...         total = states[0] + inputs
    ...         return total, [total]
    >>> keras.layers.RNN(Sum(), return_sequences=True)(np.ones((1, 3, 2))).numpy()[0, :, 0]
    array([1., 2., 3.], dtype=float32)

    Source: https://keras.io/api/layers/recurrent_layers/rnn/
    """

    supports_masking = True

    def __init__(
        self, cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
        zero_output_for_mask=False, **kwargs,
    ):
        cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else cell
        check_cell(cell, type(self).__name__)
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences, self.return_state, self.go_backwards = return_sequences, return_state, go_backwards
        self.stateful, self.unroll, self.zero_output_for_mask = stateful, unroll, zero_output_for_mask
        self.states = None
        self.single_state = isinstance(cell.state_size, int)
        self.state_size = [cell.state_size] if self.single_state else list(cell.state_size)

    def build(self, sequences_shape, initial_state_shape=None):
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build((sequences_shape[0], *sequences_shape[2:]))
            self.cell.built = True
        if self.stateful and self.states is None:
            batch = sequences_shape[0]
            if batch is None:
                raise ValueError(
                    f"{self._who}: with stateful=True the batch must have a fixed size, and its input's shape is "
                    f"{tuple(sequences_shape)}. Give Input a batch_size, and the same one to fit."
                )
            states = tree.map_structure(
                lambda state: Variable(state, trainable=False, name="rnn_state"), self.get_initial_state(batch)
            )
            object.__setattr__(self, "states", states)  # not among the weights, as in Keras

    def get_initial_state(self, batch_size):
        """The states that a sequence begins with, as a list."""
        states = first_states(self.cell, batch_size, self.compute_dtype)
        return list(states) if tree.is_nested(states) else [states]

    def reset_state(self):
        """Set the states of a stateful layer to 0."""
        for v in tree.flatten(self.states):
            if v is not None:
                v.assign(ops.zeros_like(v))

    reset_states = reset_state

    # calling -----------------------------------------------------------------------------------

    def call(self, sequences, initial_state=None, mask=None, training=False):
        mask = mask[0] if isinstance(mask, (list, tuple)) else mask
        states = self._first_states(sequences, initial_state, mask)
        for cell in self._cells_with_dropout():
            cell.start_sequence()
        try:
            outputs, states = self.inner_loop(sequences, states, mask, training)
        finally:
            for cell in self._cells_with_dropout():
                cell.end_sequence()
        if self.stateful:
            for variable, state in zip(tree.flatten(self.states), tree.flatten(states), strict=True):
                variable.assign(state)
        return (outputs, *states) if self.return_state else outputs

    def inner_loop(self, sequences, states, mask, training=False):
        """(outputs, last states), by one op for the whole sequence if the cell has one that fits, else step by step."""
        unrolled_mask = self.unroll and mask is not None
        if hasattr(self.cell, "can_fuse") and self.cell.can_fuse(training) and not unrolled_mask:
            return self._fused(sequences, states, mask, training)
        return self._loop(sequences, states, mask, training)

    def _fused(self, x, states, mask, training):
        way, end = (-1, 0) if self.go_backwards else (1, -1)
        outputs, others = self.cell.fused(x, states, mask, self.return_sequences, way, training)
        last = outputs
        if self.return_sequences and (self.return_state or self.stateful):
            last = outputs[:, end]
        if self.zero_output_for_mask and mask is not None:
            on = mask if self.return_sequences else mask[:, end]
            outputs = ops.where(ops.expand_dims(on, -1), outputs, 0.0)
        if self.go_backwards and self.return_sequences:
            outputs = ops.flip(outputs, axis=1)
        return outputs, [last, *others]

    def _loop(self, x, states, mask, training):
        steps = ops.unstack(x, axis=1)
        masks = [None] * len(steps) if mask is None else ops.unstack(ops.cast(mask, "bool"), axis=1)
        if self.go_backwards:
            steps, masks = steps[::-1], masks[::-1]
        outputs = []
        for step, on in zip(steps, masks, strict=True):
            output, new_states = step_with(self.cell, step, states, training)
            new_states = new_states if tree.is_nested(new_states) else [new_states]
            if on is not None:
                output = _choose(on, output, self._masked_output(output, states, outputs))
                new_states = tree.map_structure(lambda new, old: _choose(on, new, old), new_states, states)  # noqa: B023
            states = new_states
            outputs.append(output)
        return ops.stack(outputs, axis=1) if self.return_sequences else outputs[-1], list(states)

    def _masked_output(self, output, states, outputs):
        """What a masked step gives out."""
        if self.unroll:
            return outputs[-1] if outputs else ops.zeros_like(output)
        if self.zero_output_for_mask:
            return ops.zeros_like(output)
        return states[-1][0] if tree.is_nested(states[0]) else states[0]  # of stacked cells, the last one's

    # states ------------------------------------------------------------------------------------

    def _first_states(self, x, given, mask):
        batch, time = x.shape[:2]
        if not time:
            raise ValueError(f"{self._who} got sequences without a step: an input of shape {x.shape}.")
        if mask is not None and tuple(mask.shape[:2]) != (batch, time):
            raise ValueError(f"{self._who}: a mask of shape {mask.shape} does not fit sequences of shape {x.shape}.")
        if self.stateful and tree.flatten(self.states)[0].shape[0] != batch:
            raise ValueError(
                f"{self._who} is stateful and was built for batches of {tree.flatten(self.states)[0].shape[0]}; this "
                f"one has {batch} samples. Its states go from each sample to the one at the same place of the next "
                "batch: give batches of one size, also to evaluate and predict."
            )
        if given is None:
            return tree.map_structure(snapshot, self.states) if self.stateful else self.get_initial_state(batch)
        given = list(given) if tree.is_nested(given) else [given]
        given = tree.map_structure(lambda state: ops.convert_to_tensor(state, self.compute_dtype), given)
        found, wanted = ([s.shape for s in tree.flatten(g)] for g in (given, self.get_initial_state(batch)))
        if found != wanted:
            raise ValueError(
                f"{self._who}: initial_state must be {len(wanted)} tensor{'s' * (len(wanted) > 1)} of shape "
                f"{' and '.join(map(str, wanted))}; got {' and '.join(map(str, found))}."
            )
        return given

    def _cells_with_dropout(self):
        cells = [self.cell]
        while cells:
            cell = cells.pop()
            cells += getattr(cell, "cells", [])
            if hasattr(cell, "start_sequence"):
                yield cell

    @property
    def _who(self):
        return f"Layer {self.name!r} ({type(self).__name__})"

    # shapes and masks --------------------------------------------------------------------------

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        batch, time = sequences_shape[:2]
        size = getattr(self.cell, "output_size", None) or tree.flatten(self.state_size)[0]
        output = (batch, time, size) if self.return_sequences else (batch, size)
        if not self.return_state:
            return output
        return output, *tree.map_structure(lambda n: (batch, n), self.state_size)

    def compute_mask(self, sequences, mask):
        mask = tree.flatten(mask)[0] if mask is not None else None
        mask = mask if self.return_sequences else None
        return [mask, *[None] * len(self.state_size)] if self.return_state else mask

    # configuration -----------------------------------------------------------------------------

    def get_config(self):
        return {
            **super().get_config(),
            "cell": serialize_keras_object(self.cell),
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": self.unroll,
            "zero_output_for_mask": self.zero_output_for_mask,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        cell = deserialize_keras_object(config.pop("cell"), custom_objects=custom_objects)
        return cls(cell, **config)


def _choose(on, new, old):
    """`new` for the samples whose step counts, else `old`."""
    return ops.where(ops.reshape(on, (on.shape[0], *[1] * (new.ndim - 1))), new, old)
