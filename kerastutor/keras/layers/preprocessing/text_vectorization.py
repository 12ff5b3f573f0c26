"""TextVectorization: from texts to numbers."""

import re
import string

import numpy as np

from ...autodiff import Tensor
from ..layer import Layer
from .encoding import batches
from .lookup import LEFT_OUT
from .string_lookup import StringLookup
from .strings import OutsideModels, as_strings

LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
WORD = re.compile(r"[^ \t\n\v\f\r]+")


class TextVectorization(OutsideModels, Layer):
    """Texts as sequences of word indices, or as counts of words: standardize, split, make n-grams, look up.

    It works on lists and arrays of strings, before a model rather than in one.

    Parameters
    ----------
    max_tokens : int, optional
        No more tokens than that, the special ones included: the most frequent.
    standardize : {"lower_and_strip_punctuation", "lower", "strip_punctuation"}, callable or None
        A function gets an array of strings and gives one.
    split : {"whitespace", "character"}, callable or None
        A function gets an array of strings and gives a list of strings for each.
    ngrams : int or tuple of int, optional
        Sequences of so many words (with an int: up to so many) are tokens too.
    output_mode : {"int", "multi_hot", "count", "tf_idf"}
        Indices in the order of the text, 0 behind its end and 1 for unknown words; or a vector with a place for each
        token.
    output_sequence_length : int, optional
        Cut off or fill up each sequence to this length; that of the longest unless given.
    pad_to_max_tokens, vocabulary, idf_weights, encoding
        As in `StringLookup`.

    Raises
    ------
    ValueError
        If options contradict one another, or the input is not one text for each sample.

    Examples
    --------
    >>> from kerastutor import keras
    >>> layer = keras.layers.TextVectorization(output_sequence_length=4)
    >>> layer.adapt(["foo bar", "bar baz", "baz bada boom"])
    >>> layer(["Foo, qux bar!", "qux baz"]).numpy()
    array([[4, 1, 3, 0],
           [1, 2, 0, 0]], dtype=int32)

    Source: https://keras.io/api/layers/preprocessing_layers/text/text_vectorization/
    """

    def __init__(
        self,
        max_tokens=None,
        standardize="lower_and_strip_punctuation",
        split="whitespace",
        ngrams=None,
        output_mode="int",
        output_sequence_length=None,
        pad_to_max_tokens=False,
        vocabulary=None,
        idf_weights=None,
        sparse=False,
        ragged=False,
        encoding="utf-8",
        name=None,
        **kwargs,
    ):
        inner = {k: kwargs.pop(k) for k in ("has_input_vocabulary", "vocabulary_size") if k in kwargs}
        kwargs.pop("dtype", None)
        super().__init__(name=name, **kwargs)
        _check("standardize", standardize, ("lower_and_strip_punctuation", "lower", "strip_punctuation"))
        _check("split", split, ("whitespace", "character"))
        if ragged:
            raise ValueError("TextVectorization: ragged=True gives tensors of TensorFlow's; leave it out.")
        if not (ngrams is None or isinstance(ngrams, int)
                or isinstance(ngrams, tuple) and all(isinstance(n, int) for n in ngrams)):
            raise ValueError(f"TextVectorization: `ngrams` must be a whole number or a tuple of them; got {ngrams!r}.")
        if output_sequence_length is not None and (output_mode != "int" or not isinstance(output_sequence_length, int)):
            raise ValueError(
                "TextVectorization: `output_sequence_length` is a whole number and goes with output_mode='int'; got "
                f"{output_sequence_length!r} and {output_mode!r}."
            )
        self.standardize, self.split, self.ngrams = standardize, split, ngrams
        self.output_sequence_length, self.encoding = output_sequence_length, encoding
        self._lookup_layer = StringLookup(
            max_tokens=max_tokens, vocabulary=vocabulary, idf_weights=idf_weights, mask_token="",
            pad_to_max_tokens=pad_to_max_tokens, output_mode=output_mode, sparse=sparse, encoding=encoding, **inner,
        )
        self.output_mode, self.built = self._lookup_layer.output_mode, True

    # from texts to tokens ----------------------------------------------------------------------

    def _rows(self, texts):
        """The tokens of each text, as a list of lists; and the shape in which the results of these lists belong."""
        texts = as_strings(texts, f"Layer {self.name!r} (TextVectorization)", self.encoding)
        texts = self._standardized(texts)
        if self.split is None:
            shape = texts.shape[:-1]
            rows = texts.reshape(-1, texts.shape[-1]).tolist() if texts.ndim else [[texts.item()]]
        else:
            if texts.ndim > 1 and texts.shape[-1] != 1:
                raise ValueError(
                    f"Layer {self.name!r} (TextVectorization) splits one text for each sample: an input of shape "
                    f"(batch,) or (batch, 1). Got {texts.shape}."
                )
            shape = texts.shape[:-1] if texts.ndim > 1 else texts.shape
            rows = self._split(texts.reshape(-1))
        if self.ngrams is not None:
            sizes = range(1, self.ngrams + 1) if isinstance(self.ngrams, int) else self.ngrams
            rows = [[" ".join(row[i : i + n]) for n in sizes for i in range(len(row) - n + 1)] for row in rows]
        return rows, shape

    def _standardized(self, texts):
        if callable(self.standardize):
            return as_strings(self.standardize(texts.astype(str)), "TextVectorization, after `standardize`,")
        change = {}
        if self.standardize in ("lower", "lower_and_strip_punctuation"):
            change |= LOWER
        if self.standardize in ("strip_punctuation", "lower_and_strip_punctuation"):
            change |= NO_PUNCTUATION
        out = np.empty(texts.size, object)
        out[:] = [text.translate(change) for text in texts.reshape(-1).tolist()]
        return out.reshape(texts.shape)

    def _split(self, texts):
        if callable(self.split):
            return [list(row) for row in self.split(texts.astype(str))]
        return [list(text) if self.split == "character" else WORD.findall(text) for text in texts.tolist()]

    # the vocabulary ----------------------------------------------------------------------------

    def adapt(self, data, batch_size=None, steps=None):
        """Learn the vocabulary from an array or list of texts, or from batches of them (`steps` batches, or all)."""
        self.reset_state()
        for batch in batches(data, steps):
            texts = as_strings(batch, f"Layer {self.name!r} (TextVectorization)", self.encoding)
            self.update_state(texts[:, None] if batch is data and texts.ndim == 1 else texts)
        self.finalize_state()

    def update_state(self, data):
        """Count in a batch of texts."""
        self._lookup_layer.count(self._rows(data)[0])

    def finalize_state(self):
        """Make the vocabulary of what was counted."""
        self._lookup_layer.finalize_state()

    def reset_state(self):
        """Forget what was counted."""
        self._lookup_layer.reset_state()

    def set_vocabulary(self, vocabulary, idf_weights=None):
        """Take this vocabulary (a list, or the path of a text file with a token a line) in place of the one so far."""
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights)

    def get_vocabulary(self, include_special_tokens=True):
        """The tokens, each at the place of its index."""
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def vocabulary_size(self):
        """How many tokens there are, the special ones included."""
        return self._lookup_layer.vocabulary_size()

    # from tokens to numbers --------------------------------------------------------------------

    def call(self, inputs):
        rows, shape = self._rows(inputs)
        length = self.output_sequence_length
        if length is None:
            length = max(map(len, rows), default=0)
        index = np.full((len(rows), length), 0 if self.output_mode == "int" else LEFT_OUT, np.int64)
        for place, row in zip(index, rows):
            found = self._lookup_layer.indices(row[:length])
            place[: len(found)] = found
        y = self._lookup_layer.result(index.shape)
        self._lookup_layer.write(index, y)
        return Tensor(y.reshape(*shape, y.shape[-1]) if y.ndim == 2 else y)

    def compute_output_shape(self, input_shape):
        if self.output_mode == "int":
            return (input_shape[0], self.output_sequence_length)
        rows = tuple(input_shape) if self.split is None and len(input_shape) > 1 else (*input_shape, None)
        return self._lookup_layer.compute_output_shape(rows)

    # configuration and files -------------------------------------------------------------------

    def get_config(self):
        inner = self._lookup_layer.get_config()
        shared = ("max_tokens", "pad_to_max_tokens", "sparse", "vocabulary", "idf_weights", "vocabulary_size")
        return {
            **super().get_config(),
            **{name: inner[name] for name in shared},
            "standardize": self.standardize,
            "split": self.split,
            "ngrams": self.ngrams,
            "output_mode": self.output_mode,
            "output_sequence_length": self.output_sequence_length,
            "ragged": False,
            "encoding": self.encoding,
        }

    @classmethod
    def from_config(cls, config):
        ngrams = config.get("ngrams")
        return cls(**{**config, "ngrams": tuple(ngrams) if isinstance(ngrams, list) else ngrams})

    def save_own_variables(self, store):
        """Into a file's store."""
        self._lookup_layer.save_own_variables(store)

    def load_own_variables(self, store):
        """From a file's store."""
        self._lookup_layer.load_own_variables(store)

    def save_assets(self, dir_path):
        """The vocabulary as a text file."""
        self._lookup_layer.save_assets(dir_path)

    def load_assets(self, dir_path):
        """The vocabulary that `save_assets` wrote."""
        self._lookup_layer.load_assets(dir_path)


def _check(name, value, allowed):
    if value is not None and value not in allowed and not callable(value):
        raise ValueError(
            f"TextVectorization: `{name}` must be one of {', '.join(map(repr, allowed))}, a function or None; got "
            f"{value!r}."
        )
