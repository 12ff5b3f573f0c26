"""StringLookup."""

import numpy as np

from .lookup import IndexLookup
from .strings import OutsideModels, as_strings


class StringLookup(OutsideModels, IndexLookup):
    """Strings as indices of a vocabulary, that is given or that `adapt` learns: the most frequent first.

    It works on lists and arrays of strings, before a model rather than in one.

    Parameters
    ----------
    max_tokens : int, optional
        No more tokens than that, the special ones included: the most frequent.
    num_oov_indices : int
        How many indices there are for tokens that are not in the vocabulary; 0 makes them an error, and of several one
        is chosen by a hash.
    mask_token : str, optional
        Index 0 ("int" mode), or left out.
    oov_token : str
        How `get_vocabulary` and invert=True name unknown tokens.
    vocabulary : list of str or path of a text file, optional
    idf_weights : list of float, optional
        What each token counts in "tf_idf" mode.
    invert : bool
        The other way: from indices to strings.
    output_mode : {"int", "one_hot", "multi_hot", "count", "tf_idf"}
        Indices, or for each row (one_hot: each string) a vector with a place for each token.
    pad_to_max_tokens : bool
        Make these vectors max_tokens long, however many tokens there are.
    encoding : str
        Of strings that come as bytes.
    salt : int or two, optional
        For the hash.

    Raises
    ------
    ValueError
        If options contradict one another, or a string is unknown and there is no index for it.

    Examples
    --------
    >>> from kerastutor import keras
    >>> layer = keras.layers.StringLookup()
    >>> layer.adapt([["a", "c", "d"], ["d", "z", "b"]])
    >>> layer.get_vocabulary()
    ['[UNK]', 'd', 'z', 'c', 'b', 'a']
    >>> layer([["a", "d"], ["?", "b"]]).numpy()
    array([[5, 1],
           [0, 4]], dtype=int32)

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/string_lookup/
    """

    def __init__(
        self,
        max_tokens=None,
        num_oov_indices=1,
        mask_token=None,
        oov_token="[UNK]",
        vocabulary=None,
        idf_weights=None,
        invert=False,
        output_mode="int",
        pad_to_max_tokens=False,
        sparse=False,
        encoding="utf-8",
        name=None,
        salt=None,
        **kwargs,
    ):
        self.encoding = encoding
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, sparse,
            pad_to_max_tokens, salt, name, vocabulary_dtype="string", **kwargs,
        )

    def _tokens_of(self, x):
        return as_strings(x, f"Layer {self.name!r} (StringLookup)", self.encoding)

    def _tokens_out(self, tokens, shape):
        """Bytes, as TensorFlow's strings are when they come out of it."""
        out = np.empty(len(tokens), object)
        out[:] = [(token or "").encode(self.encoding) for token in tokens]
        return out.reshape(shape)

    def _parsed(self, lines):
        return lines

    def get_config(self):
        config = {**super().get_config(), "encoding": self.encoding}
        del config["vocabulary_dtype"]
        return config
