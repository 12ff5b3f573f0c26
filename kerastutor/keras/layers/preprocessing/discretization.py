"""Discretization: which of several ranges a number lies in."""

import numpy as np

from ... import ops
from ...utils.data import in_blocks, on_disk
from .data_layer import DataLayer
from .encoding import batches, check_output_mode, check_sparse, encode


class Discretization(DataLayer):
    """The number of the bin that each number lies in: i where boundaries[i - 1] <= x < boundaries[i].

    Parameters
    ----------
    bin_boundaries : list of float, optional
        From small to large.
    num_bins : int, optional
        So many bins with about as many numbers in each, found by `adapt`.
    epsilon : float
        How far off, as a share of all, a boundary that `adapt` finds may be.
    output_mode : {"int", "one_hot", "multi_hot", "count"}

    Raises
    ------
    ValueError
        If not exactly one of bin_boundaries and num_bins is given.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> layer = keras.layers.Discretization(bin_boundaries=[0.0, 1.0, 2.0])
    >>> layer(np.array([[-1.5, 1.0, 3.4, 0.5]])).numpy()
    array([[0, 2, 3, 1]], dtype=int32)

    Source: https://keras.io/api/layers/preprocessing_layers/numerical/discretization/
    """

    def __init__(
        self, bin_boundaries=None, num_bins=None, epsilon=0.01, output_mode="int", sparse=False, dtype=None, name=None
    ):
        super().__init__(name=name, dtype=dtype)
        check_sparse(sparse, "Discretization")
        self.output_mode = check_output_mode(output_mode, ("int", "one_hot", "multi_hot", "count"), "Discretization")
        if (num_bins is None) == (bin_boundaries is None):
            raise ValueError(
                f"Discretization: give either `bin_boundaries` or `num_bins`; got {bin_boundaries} and {num_bins}."
            )
        if num_bins is not None and num_bins < 0:
            raise ValueError(f"Discretization: `num_bins` must be 0 or more; got {num_bins}.")
        if bin_boundaries is not None and list(bin_boundaries) != sorted(bin_boundaries):
            raise ValueError(f"Discretization: `bin_boundaries` must go from small to large; got {bin_boundaries}.")
        self.bin_boundaries, self.num_bins, self.epsilon, self.sparse = bin_boundaries, num_bins, epsilon, sparse

    def adapt(self, data, steps=None):
        """Find the boundaries from an array, or from batches (`steps` of them, or all)."""
        if self.num_bins is None:
            raise ValueError("Discretization: with `bin_boundaries` there is nothing to adapt; use `num_bins` instead.")
        summary = np.zeros((2, 0), "float32")
        data = data.to_numpy() if hasattr(data, "to_numpy") else in_blocks(data) if on_disk(data) else data
        whole = isinstance(data, np.ndarray) or hasattr(data, "add_grad") or not hasattr(data, "__iter__")
        for batch in [data] if whole else batches(iter(data), steps):
            merged = np.concatenate([_summary(np.asarray(batch, "float32"), self.epsilon), summary], axis=1)
            summary = _compressed(merged[:, np.argsort(merged[0])], self.epsilon)
        self.bin_boundaries = _compressed(summary, 1 / self.num_bins)[0, :-1].tolist()

    def call(self, inputs):
        if self.bin_boundaries is None:
            raise ValueError(
                f"Layer {self.name!r} (Discretization) knows no bins yet: call adapt(data) before it is used, or give "
                "`bin_boundaries`."
            )
        indices = ops.digitize(inputs, np.asarray(self.bin_boundaries, "float32"))
        dtype = "int32" if self.output_mode == "int" else self.dtype
        return encode(indices, self.output_mode, len(self.bin_boundaries) + 1, dtype)

    def compute_output_shape(self, input_shape):
        if self.output_mode == "int":
            return tuple(input_shape)
        depth = self.num_bins if self.bin_boundaries is None else len(self.bin_boundaries) + 1
        if self.output_mode == "one_hot":
            single = len(input_shape) > 1 and input_shape[-1] == 1
            return (*(input_shape[:-1] if single else input_shape), depth)
        return (input_shape[0], *input_shape[2:], depth) if len(input_shape) > 1 else (depth,)

    def get_config(self):
        return {
            "bin_boundaries": self.bin_boundaries,
            "num_bins": self.num_bins,
            "epsilon": self.epsilon,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "name": self.name,
            "dtype": self.dtype,
        }

    @classmethod
    def from_config(cls, config):
        found = config.get("bin_boundaries") if config.get("num_bins") is not None else None
        if found is None:
            return cls(**config)
        layer = cls(**{**config, "bin_boundaries": None})
        layer.bin_boundaries = found  # what it was adapted to
        return layer


# A summary of numbers, (2, n): some of them in order, and how many each of them stands for.


def _summary(values, epsilon):
    """Every k-th number, so that 1 / epsilon remain."""
    step = max(values.size * epsilon, 1)
    chosen = np.sort(values, axis=None)[int(step - 1) :: int(step)]
    return np.stack([chosen, np.full_like(chosen, step)])


def _compressed(summary, epsilon):
    """1 / epsilon numbers that stand for equal shares."""
    if summary.shape[1] * epsilon < 1:
        return summary
    shares = epsilon + np.arange(0.0, 1.0, epsilon)
    so_far = summary[1].cumsum()
    values = np.interp(shares, so_far / so_far[-1], summary[0])
    counts = np.diff(np.interp(shares, so_far / so_far[-1], so_far), prepend=0)
    return np.stack([values, counts]).astype("float32")
