"""Several cells as one. Source: https://keras.io/api/layers/recurrent_layers/stacked_rnn_cell/"""

from ... import ops, tree
from ...saving import deserialize_keras_object, serialize_keras_object
from ..layer import Layer


class StackedRNNCells(Layer):
    """Cells on top of each other: each step goes through all of them, the output of one being the input of the next.

    Parameters
    ----------
    cells : list

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> cells = [keras.layers.LSTMCell(4), keras.layers.LSTMCell(3)]
    >>> keras.layers.RNN(keras.layers.StackedRNNCells(cells))(np.zeros((2, 5, 6))).shape
    (2, 3)

    Source: https://keras.io/api/layers/recurrent_layers/stacked_rnn_cell/
    """

    def __init__(self, cells, **kwargs):
        super().__init__(**kwargs)
        for cell in cells:
            check_cell(cell, "StackedRNNCells")
        self.cells = list(cells)

    @property
    def state_size(self):
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self):
        return output_size(self.cells[-1])

    def get_initial_state(self, batch_size=None):
        return [first_states(cell, batch_size, self.compute_dtype) for cell in self.cells]

    def build(self, input_shape):
        batch = input_shape[0]
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(input_shape)
                cell.built = True
            input_shape = (batch, output_size(cell))

    def call(self, inputs, states, training=False):
        new_states = []
        for cell, state in zip(self.cells, states, strict=True):
            several = tree.is_nested(state)
            inputs, new = step_with(cell, inputs, list(state) if several else [state], training)
            new_states.append(new[0] if tree.is_nested(new) and not several else new)
        return inputs, new_states

    def get_config(self):
        return {**super().get_config(), "cells": [serialize_keras_object(cell) for cell in self.cells]}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        cells = [deserialize_keras_object(cell, custom_objects=custom_objects) for cell in config.pop("cells")]
        return cls(cells, **config)


def check_cell(cell, who):
    """Raise a ValueError unless `cell` can be stepped."""
    missing = [name for name in ("call", "state_size") if name not in dir(cell)]
    if missing:
        raise ValueError(
            f"{who}: {cell!r} is no cell, it has no `{missing[0]}`. A cell has call(inputs, states), which gives "
            "(output, new states), and state_size, the size of its state (an int, or a list of them): LSTMCell(32), or "
            "a Layer of your own with both."
        )
    sizes = getattr(cell, "state_size", None)
    if not isinstance(sizes, (int, list, tuple)):
        raise ValueError(f"{who}: the cell's state_size must be an int or a list of them; got {sizes!r}.")


def output_size(cell):
    return getattr(cell, "output_size", None) or tree.flatten(cell.state_size)[0]


def first_states(cell, batch_size, dtype):
    """What a cell's sequence begins with: what it says, or zeros."""
    if getattr(cell, "get_initial_state", None):
        return cell.get_initial_state(batch_size=batch_size)
    dtype = getattr(cell, "compute_dtype", dtype)
    return tree.map_structure(lambda n: ops.zeros((batch_size, n), dtype=dtype), cell.state_size)


def step_with(cell, inputs, states, training):
    """One step of any cell: (output, new states)."""
    options = {"training": training} if isinstance(cell, Layer) and cell._signature.takes_training else {}
    return (cell if callable(cell) else cell.call)(inputs, states, **options)
