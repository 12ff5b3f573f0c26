"""IntegerLookup."""

import numpy as np

from ...autodiff import Tensor
from .data_layer import DataLayer
from .lookup import IndexLookup


class IntegerLookup(IndexLookup, DataLayer):
    """Whole numbers (postcodes, identifiers) as indices of a vocabulary, that is given or that `adapt` learns.

    Parameters
    ----------
    max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, pad_to_max_tokens
        As in `StringLookup`.
    oov_method : {"floormod", "farmhash"}
        How one of several indices is chosen for an unknown number: the remainder of a division, or a hash.

    Raises
    ------
    ValueError
        If options contradict one another, or a number is unknown and there is no index for it.

    Examples
    --------
    >>> from kerastutor import keras
    >>> layer = keras.layers.IntegerLookup(vocabulary=[12, 36, 1138, 42])
    >>> layer([[12, 1138, 42], [42, 1000, 36]]).numpy()
    array([[1, 3, 4],
           [4, 0, 2]], dtype=int32)

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/integer_lookup/
    """

    def __init__(
        self,
        max_tokens=None,
        num_oov_indices=1,
        mask_token=None,
        oov_token=-1,
        vocabulary=None,
        vocabulary_dtype="int64",
        idf_weights=None,
        invert=False,
        output_mode="int",
        sparse=False,
        pad_to_max_tokens=False,
        oov_method="floormod",
        salt=None,
        name=None,
        **kwargs,
    ):
        if vocabulary_dtype != "int64":
            raise ValueError(f"IntegerLookup: `vocabulary_dtype` can only be 'int64'; got {vocabulary_dtype!r}.")
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, sparse,
            pad_to_max_tokens, salt, name, vocabulary_dtype="int64", oov_method=oov_method, **kwargs,
        )

    def _tokens_of(self, x):
        x = x.value if isinstance(x, Tensor) else np.asarray(x)
        if x.dtype.kind not in "iub" and x.size:
            raise TypeError(
                f"Layer {self.name!r} (IntegerLookup) takes whole numbers; got {x.dtype}. For strings use "
                "StringLookup, for ranges of numbers Discretization."
            )
        return x

    def _bucket(self, token):
        return token % self.num_oov_indices if self.oov_method == "floormod" else super()._bucket(token)

    def _tokens_out(self, tokens, shape):
        return Tensor(np.array(tokens, np.int32).reshape(shape))

    def _parsed(self, lines):
        return [int(line) for line in lines]
