"""Hashing: categories without a vocabulary."""

import numpy as np

from ... import config
from ...autodiff import Tensor, run
from .data_layer import DataLayer, as_arrays
from .encoding import check_output_mode, check_sparse, encode
from .fingerprint import bucket
from .strings import as_strings


class Hashing(DataLayer):
    """Strings or whole numbers as numbers within 0..num_bins-1, always the same for the same: by a hash.

    Different ones may get the same number, the more of them the fewer bins there are.

    Parameters
    ----------
    num_bins : int
    mask_value : str or int, optional
        What becomes 0; all others then become 1..num_bins-1.
    salt : int or two, optional
        Another number, another hash (SipHash instead of FarmHash).
    output_mode : {"int", "one_hot", "multi_hot", "count"}

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.layers.Hashing(num_bins=3)([["A"], ["B"], ["C"], ["D"], ["E"]]).numpy().ravel()
    array([1, 0, 1, 1, 2], dtype=int32)

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/hashing/
    """

    def __init__(self, num_bins, mask_value=None, salt=None, output_mode="int", sparse=False, **kwargs):
        kwargs["dtype"] = kwargs.get("dtype") or ("int64" if output_mode == "int" else config.floatx())
        super().__init__(**kwargs)
        check_sparse(sparse, "Hashing")
        self.output_mode = check_output_mode(output_mode, ("int", "one_hot", "multi_hot", "count"), "Hashing")
        if num_bins is None or num_bins <= 0:
            raise ValueError(f"Hashing: `num_bins` must be a positive whole number; got {num_bins!r}.")
        if output_mode == "int" and not self.dtype.startswith("int"):
            raise ValueError(f"Hashing: output_mode='int' goes with dtype 'int32' or 'int64'; got {self.dtype!r}.")
        if salt is not None and not isinstance(salt, int) and (not isinstance(salt, (list, tuple)) or len(salt) != 2):
            raise ValueError(f"Hashing: `salt` must be a whole number or two of them; got {salt!r}.")
        self.num_bins, self.mask_value, self.sparse = num_bins, mask_value, sparse
        self.salt = [salt, salt] if isinstance(salt, int) else salt and list(salt)
        self.built = True

    def __call__(self, inputs, **kwargs):
        x = as_arrays(inputs)
        strings = isinstance(x, np.ndarray) and x.dtype.kind in "OUS"
        return self.call(as_strings(x, f"Layer {self.name!r} (Hashing)")) if strings else super().__call__(x, **kwargs)

    def call(self, inputs):
        x = inputs.value if isinstance(inputs, Tensor) else inputs
        index = np.empty(x.shape, np.int32)
        run(self._hash, x, index)
        dtype = "int32" if self.output_mode == "int" else self.dtype
        return encode(Tensor(index), self.output_mode, self.num_bins, dtype)

    def _hash(self, x, index):
        masked = self.mask_value is not None and self.num_bins > 1
        bins, first = (self.num_bins - 1, 1) if masked else (self.num_bins, 0)
        values = x.reshape(-1).tolist()
        found = {v: first + bucket(int(v) if isinstance(v, float) else v, bins, self.salt) for v in set(values)}
        if masked:
            found[self.mask_value] = 0
        index[...] = np.array([found[v] for v in values], np.int32).reshape(x.shape)

    def compute_output_shape(self, input_shape):
        if self.output_mode == "int":
            return tuple(input_shape)
        each = self.output_mode == "one_hot" and not (len(input_shape) > 1 and input_shape[-1] == 1)
        return (*(input_shape if each else input_shape[:-1]), self.num_bins)

    def get_config(self):
        return {
            **super().get_config(),
            "num_bins": self.num_bins,
            "salt": self.salt,
            "mask_value": self.mask_value,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
        }
