"""Whole numbers to vectors. Source: https://keras.io/api/layers/core_layers/embedding/"""


import numpy as np

from .. import constraints, initializers, naming, ops, regularizers
from ..ops.indexing import refuse_outside, take_rows
from .layer import Layer


class Embedding(Layer):
    """A table with a row of `output_dim` weights for each whole number from 0 up: y = table[x].

    Parameters
    ----------
    input_dim : int
        How many rows: the largest number that may come, plus 1.
    output_dim : int
        How many columns, the size of each vector.
    embeddings_initializer : str or Initializer
    mask_zero : bool
        Whether 0 means "no word here": recurrent layers then skip these steps, by the mask that this layer gives.
    weights : array, optional
        The table's first values, (input_dim, output_dim).

    Shapes
    ------
    (batch, ...) -> (batch, ..., output_dim).

    Raises
    ------
    IndexError
        If a number is not within 0..input_dim - 1. (Keras gives NaN, without a word.)

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> layer = keras.layers.Embedding(3, 2, weights=np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]]))
    >>> layer(np.array([[2, 1]])).numpy()
    array([[[3., 4.],
            [1., 2.]]], dtype=float32)

    Source: https://keras.io/api/layers/core_layers/embedding/
    """

    def __init__(
        self, input_dim, output_dim, embeddings_initializer="uniform", embeddings_regularizer=None,
        embeddings_constraint=None, mask_zero=False, weights=None, **kwargs,
    ):
        for name, n in (("input_dim", input_dim), ("output_dim", output_dim)):
            if not isinstance(n, int) or isinstance(n, bool) or n < 1:
                raise ValueError(f"Embedding: `{name}` must be a positive whole number; got {n!r}.")
        if kwargs.pop("input_length", None) is not None:
            naming.warn("Embedding: `input_length` is deprecated and does nothing: leave it out.")
        super().__init__(**kwargs)
        self.input_dim, self.output_dim = input_dim, output_dim
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = self.supports_masking = mask_zero
        self.autocast = False
        if weights is not None:
            self.build()
            self.set_weights(weights if isinstance(weights, (list, tuple)) and len(weights) == 1 else [weights])

    def build(self, input_shape=None):
        if self.built:
            return
        self.embeddings = self.add_weight(
            (self.input_dim, self.output_dim), self.embeddings_initializer, name="embeddings",
            regularizer=self.embeddings_regularizer, constraint=self.embeddings_constraint,
        )

    def call(self, inputs):
        index = ops.cast(inputs, "int32")
        flat = ops.reshape(index, (-1,)).value
        refuse_outside(flat, self.input_dim, lambda place, number: self._complain(place, number, index.shape))
        rows = take_rows(self.embeddings, flat)
        return ops.reshape(rows, (*inputs.shape, self.output_dim))

    def _complain(self, place, number, shape):
        place = tuple(int(i) for i in np.unravel_index(place, shape))
        raise IndexError(
            f"Layer {self.name!r} (Embedding) got the number {number} at place {place} of the batch, and its table has "
            f"rows for 0..{self.input_dim - 1}. Make input_dim the largest number in the data plus 1, or replace rare "
            "words: load_data(num_words=...) keeps numbers below num_words."
        )

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.output_dim)

    def get_config(self):
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": regularizers.serialize(self.embeddings_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "embeddings_constraint": constraints.serialize(self.embeddings_constraint),
            "mask_zero": self.mask_zero,
        }
