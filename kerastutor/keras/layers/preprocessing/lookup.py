"""From tokens (words, names, numbers) to indices by a vocabulary, and back: what the lookup layers share."""

import numpy as np

from ...autodiff import Tensor, run
from ..layer import Layer
from .encoding import batches, check_output_mode, check_sparse
from .fingerprint import bucket
from .vocabulary import Counts, check_vocabulary, read_vocabulary

MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")
LEFT_OUT = -1  # the index of a token that has no place in the result


class IndexLookup(Layer):
    """What StringLookup and IntegerLookup share.

    In "int" mode the indices are: 0 for the mask token if there is one, then `num_oov_indices` for unknown tokens, then
    the vocabulary's. In the other modes the mask token is left out.
    """

    def __init__(
        self, max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, sparse,
        pad_to_max_tokens, salt, name, *, vocabulary_dtype, oov_method="floormod", has_input_vocabulary=None,
        vocabulary_size=None, dtype=None, **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        self.output_mode = check_output_mode(output_mode, MODES, type(self).__name__)
        check_sparse(sparse, type(self).__name__)
        self.max_tokens, self.num_oov_indices = max_tokens, num_oov_indices
        self.mask_token, self.oov_token = mask_token, oov_token
        self.invert, self.sparse, self.pad_to_max_tokens, self.salt = invert, sparse, pad_to_max_tokens, _pair(salt)
        self.vocabulary_dtype, self.oov_method = vocabulary_dtype, oov_method
        self._check_options(vocabulary, idf_weights)
        self.input_vocabulary = None if isinstance(vocabulary, str) else vocabulary  # a file's goes into the saved file
        self.input_idf_weights, self.idf_weights = idf_weights, None
        self._has_input_vocabulary = vocabulary is not None if has_input_vocabulary is None else has_input_vocabulary
        self._size, self._counts = None, Counts()
        self._set_tokens([])
        self.built = True
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)

    def _check_options(self, vocabulary, idf_weights):
        limit = self.max_tokens
        wrong = [
            (limit is not None and limit < 2, f"`max_tokens` must be greater than 1; got {limit}"),
            (self.pad_to_max_tokens and limit is None, "pad_to_max_tokens=True needs `max_tokens`"),
            (self.num_oov_indices < 0, f"`num_oov_indices` must be 0 or more; got {self.num_oov_indices}"),
            (self.invert and self.output_mode != "int", "invert=True goes with output_mode='int'"),
            (idf_weights is not None and self.output_mode != "tf_idf", "`idf_weights` go with output_mode='tf_idf'"),
            (idf_weights is None and vocabulary is not None and self.output_mode == "tf_idf",
             "output_mode='tf_idf' needs the `idf_weights` of its vocabulary"),
            (self.oov_method not in ("floormod", "farmhash"), "`oov_method` must be 'floormod' or 'farmhash'"),
            (self.salt is not None and self.vocabulary_dtype == "int64" and self.oov_method != "farmhash",
             "`salt` goes with oov_method='farmhash'"),
        ]
        for is_so, message in wrong:
            if is_so:
                raise ValueError(f"{type(self).__name__}: {message}.")

    # the vocabulary ----------------------------------------------------------------------------

    @property
    def _oov_start(self):
        return int(self.mask_token is not None and self.output_mode == "int")

    @property
    def _special_tokens(self):
        return [self.mask_token] * self._oov_start + [self.oov_token] * self.num_oov_indices

    def set_vocabulary(self, vocabulary, idf_weights=None):
        """Take this vocabulary (a list, or the path of a text file with a token a line) in place of the one so far."""
        if (idf_weights is None) == (self.output_mode == "tf_idf"):
            raise ValueError(
                f"Layer {self.name!r}: `idf_weights` go with output_mode='tf_idf', and that needs them; the mode is "
                f"{self.output_mode!r}."
            )
        given = read_vocabulary(vocabulary) if isinstance(vocabulary, str) else np.asarray(vocabulary).tolist()
        given = [token.decode() if isinstance(token, bytes) else token for token in given]
        special = self._special_tokens
        has_special = bool(special) and given[: len(special)] == special
        tokens = given[len(special) :] if has_special else given
        reserved = [self.mask_token, *([self.oov_token] if self.invert else [])]
        check_vocabulary(tokens, special, reserved, f"Layer {self.name!r}")
        if self.max_tokens is not None and len(special) + len(tokens) > self.max_tokens:
            raise ValueError(
                f"Layer {self.name!r}: a vocabulary of {len(special) + len(tokens)} tokens, the special ones included, "
                f"is more than max_tokens={self.max_tokens}."
            )
        if idf_weights is not None and np.shape(idf_weights) != (len(given),):
            raise ValueError(
                f"Layer {self.name!r}: {len(given)} tokens need as many idf_weights; got shape {np.shape(idf_weights)}."
            )
        self._set_tokens(tokens)
        if idf_weights is not None:
            self._set_idf(np.asarray(idf_weights, "float32"), without_special=not has_special)

    def _set_idf(self, weights, without_special):
        """Keep the weights, with their mean for the special tokens, and 0 for places without a token."""
        if without_special:
            weights = np.insert(weights, 0, np.full(len(self._special_tokens), weights.mean()))
        places = self.max_tokens if self.pad_to_max_tokens else len(weights)
        self.idf_weights = np.pad(weights, (0, places - len(weights)))

    def _set_tokens(self, tokens):
        size = len(self._special_tokens) + len(tokens)
        fixed = self.output_mode != "int" and not self.pad_to_max_tokens
        if fixed and self._size not in (None, size):
            raise RuntimeError(
                f"Layer {self.name!r}: its results have {self._size} columns, one for each token, and a vocabulary of "
                f"{size} tokens would change that: make a new layer, or use pad_to_max_tokens=True."
            )
        self._tokens, self._size = tuple(tokens), size if tokens else None
        self._table = {token: i + len(self._special_tokens) for i, token in enumerate(tokens)}
        if self.mask_token is not None:
            self._table[self.mask_token] = 0 if self.output_mode == "int" else LEFT_OUT

    def get_vocabulary(self, include_special_tokens=True):
        """The tokens, each at the place of its index."""
        return (self._special_tokens if include_special_tokens else []) + list(self._tokens)

    def vocabulary_size(self):
        """How many tokens there are, the special ones included."""
        return len(self._special_tokens) + len(self._tokens)

    # learning it -------------------------------------------------------------------------------

    def adapt(self, data, steps=None):
        """Learn the vocabulary from an array or list, or from batches of them (`steps` batches, or all)."""
        self.reset_state()
        for batch in batches(data, steps):
            rows = self._tokens_of(batch)
            self.update_state(rows[:, None] if batch is data and rows.ndim == 1 else rows)
        self.finalize_state()

    def update_state(self, data):
        """Count in a batch, each row of which is a document."""
        rows = self._tokens_of(data)
        self.count(rows.reshape(1 if rows.ndim < 2 else len(rows), -1).tolist())

    def count(self, documents):
        """Count in documents, each a list of tokens."""
        if self._has_input_vocabulary:
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}) was made with a vocabulary: there is nothing to adapt. "
                "Leave out `vocabulary`, or call set_vocabulary for another one."
            )
        self._counts.add(documents)

    def finalize_state(self):
        """Make the vocabulary of what was counted."""
        if self._has_input_vocabulary or not self._counts.tokens:
            return
        limit = None if self.max_tokens is None else self.max_tokens - len(self._special_tokens)
        tokens = self._counts.vocabulary({self.mask_token, self.oov_token}, limit)
        self._set_tokens(tokens)
        if self.output_mode == "tf_idf":
            self._set_idf(self._counts.idf(tokens), without_special=True)
        self.reset_state()

    def reset_state(self):
        """Forget what was counted."""
        self._counts = Counts()

    # looking up --------------------------------------------------------------------------------

    def call(self, inputs):
        if self.invert:
            return self._back(inputs)
        tokens = self._tokens_of(inputs)
        y = self.result(tokens.shape)
        run(self._look_up, tokens, y)
        return Tensor(y)

    def _look_up(self, tokens, y):
        self.write(self.indices(tokens.reshape(-1).tolist()).reshape(tokens.shape), y)

    def result(self, shape):
        """An array for what tokens in this shape become."""
        if self._size is None:
            raise RuntimeError(
                f"Layer {self.name!r} ({type(self).__name__}) has no vocabulary yet: call adapt(data) first, or give "
                "it a `vocabulary`."
            )
        return np.empty(self.compute_output_shape(shape), "float32" if self.output_mode == "tf_idf" else "int32")

    def write(self, index, y):
        """Write indices, or for each row of them its vector, into y."""
        if self.output_mode == "int":
            y[...] = index
            return
        each = self.output_mode == "one_hot" or index.ndim == 0
        row = np.arange(index.size) // (1 if each else max(index.shape[-1], 1))
        y[...] = 0
        _indicate(row, index.reshape(-1), y.reshape(-1, y.shape[-1]), self.output_mode in ("count", "tf_idf"))
        if self.output_mode == "tf_idf":
            y *= self.idf_weights

    def indices(self, tokens):
        """The index of each of a list of tokens."""
        table = self._table
        return np.fromiter((table[t] if t in table else self._unknown(t) for t in tokens), np.int64, len(tokens))

    def _unknown(self, token):
        if self.num_oov_indices == 0:
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}): {token!r} is not in the vocabulary, and "
                "num_oov_indices=0 leaves no index for unknown tokens: use num_oov_indices=1."
            )
        return self._oov_start + (self._bucket(token) if self.num_oov_indices > 1 else 0)

    def _bucket(self, token):
        return bucket(token, self.num_oov_indices, self.salt)

    def _back(self, indices):
        """The tokens at these indices."""
        indices = np.asarray(indices.numpy() if isinstance(indices, Tensor) else indices)
        table = dict(enumerate(self.get_vocabulary()))
        found = [table.get(i, self.oov_token) for i in indices.reshape(-1).tolist()]
        return self._tokens_out(found, indices.shape)

    def compute_output_shape(self, input_shape):
        if self.output_mode == "int":
            return tuple(input_shape)
        depth, shape = self.max_tokens if self.pad_to_max_tokens else self._size, tuple(input_shape)
        if self.output_mode == "one_hot" and not (len(shape) > 1 and shape[-1] == 1):
            return (*shape, depth)
        return (*shape[:-1], depth)

    # configuration and files -------------------------------------------------------------------

    def get_config(self):
        plain = lambda x: None if x is None else np.asarray(x).tolist()
        return {
            **super().get_config(),
            "invert": self.invert,
            "max_tokens": self.max_tokens,
            "num_oov_indices": self.num_oov_indices,
            "oov_token": self.oov_token,
            "mask_token": self.mask_token,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "pad_to_max_tokens": self.pad_to_max_tokens,
            "idf_weights": plain(self.input_idf_weights),
            "vocabulary": plain(self.input_vocabulary),
            "vocabulary_size": self._size,
            "vocabulary_dtype": self.vocabulary_dtype,
            "oov_method": self.oov_method,
            "salt": self.salt,
        }

    def save_own_variables(self, store):
        """Into a file's store."""
        if self.output_mode == "tf_idf":
            store["idf_weights"] = self.idf_weights

    def load_own_variables(self, store):
        """From a file's store."""
        if self.output_mode == "tf_idf":
            self.idf_weights = np.asarray(store["idf_weights"], "float32")

    def save_assets(self, dir_path):
        """A learned vocabulary, or one from a file, as a text file of its own."""
        if self.input_vocabulary is None:
            with open(f"{dir_path}/vocabulary.txt", "w", encoding="utf-8") as file:
                file.write("\n".join(map(str, self.get_vocabulary())))

    def load_assets(self, dir_path):
        """The vocabulary that `save_assets` wrote."""
        if self.input_vocabulary is None:
            tokens = self._parsed(read_vocabulary(f"{dir_path}/vocabulary.txt"))
            self.set_vocabulary(tokens, self.idf_weights[: len(tokens)] if self.output_mode == "tf_idf" else None)


def _indicate(row, index, y, count):
    """1 at y[row, index] for each of the pairs, or one more with `count`; not for indices without a place."""
    row, index = row[index >= 0], index[index >= 0]
    if count:
        np.add.at(y, (row, index), 1)
    else:
        y[row, index] = 1


def _pair(salt):
    if salt is None or isinstance(salt, (list, tuple)) and len(salt) == 2:
        return salt if salt is None else list(salt)
    if isinstance(salt, int):
        return [salt, salt]
    raise ValueError(f"`salt` must be a whole number or two of them; got {salt!r}.")
