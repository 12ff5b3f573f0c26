"""CategoryEncoding: whole numbers as indicators."""

from ... import ops
from .data_layer import DataLayer
from .encoding import check_output_mode, check_sparse, encode


class CategoryEncoding(DataLayer):
    """Categories 0..num_tokens-1 as vectors of num_tokens numbers.

    Parameters
    ----------
    num_tokens : int
    output_mode : {"multi_hot", "one_hot", "count"}
        For each sample a 1 at each category that occurs in it, or how often it occurs; one_hot: for each number a
        vector of its own.

    Call with
    ---------
    count_weights : array of the inputs' shape, optional
        In count mode, what each number counts.

    Raises
    ------
    ValueError
        If num_tokens is missing, or count_weights is given in another mode.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> keras.layers.CategoryEncoding(num_tokens=4)(np.array([[0, 1], [1, 3]])).numpy()
    array([[1., 1., 0., 0.],
           [0., 1., 0., 1.]], dtype=float32)

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/category_encoding/
    """

    def __init__(self, num_tokens=None, output_mode="multi_hot", sparse=False, **kwargs):
        super().__init__(**kwargs)
        check_sparse(sparse, "CategoryEncoding")
        self.output_mode = check_output_mode(output_mode, ("count", "one_hot", "multi_hot"), "CategoryEncoding")
        if num_tokens is None or num_tokens < 1:
            raise ValueError(
                f"CategoryEncoding: `num_tokens`, how many categories there are, must be 1 or more; got {num_tokens}. "
                "IntegerLookup finds it in the data."
            )
        self.num_tokens, self.sparse = num_tokens, sparse

    def call(self, inputs, count_weights=None):
        if count_weights is not None:
            if self.output_mode != "count":
                raise ValueError(
                    f"Layer {self.name!r} (CategoryEncoding): `count_weights` goes with output_mode='count', not "
                    f"{self.output_mode!r}."
                )
            count_weights = ops.cast(count_weights, self.dtype)
        return encode(ops.cast(inputs, "int32"), self.output_mode, self.num_tokens, self.dtype, count_weights)

    def compute_output_shape(self, input_shape):
        each = self.output_mode == "one_hot" and (len(input_shape) < 2 or input_shape[-1] != 1)
        return (*(input_shape if each else input_shape[:-1]), self.num_tokens)

    def get_config(self):
        return {**super().get_config(), "num_tokens": self.num_tokens, "output_mode": self.output_mode}
