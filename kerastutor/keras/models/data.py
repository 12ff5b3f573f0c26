"""Data on its way into training: checked as a whole before anything changes, then cut into batches."""

import math
import numbers

import numpy as np

from ...backends import K
from .. import config, naming, tree


def as_array(name, a):
    """`a` (a NumPy array, a pandas table, a tensor) as an array of numbers, floats in Keras's floatx.

    Raises a TypeError or ValueError that says what came, what was expected and the likely fix.
    """
    if hasattr(a, "to_numpy"):  # pandas
        a = a.to_numpy()
    elif hasattr(a, "numpy"):  # tensors, ours and others'
        a = a.numpy()
    if isinstance(a, (list, tuple)):
        raise TypeError(
            f"`{name}` is a {type(a).__name__}; Keras takes NumPy arrays here: write {name} = np.array({name})."
        )
    if not isinstance(a, np.ndarray):
        raise TypeError(f"`{name}` must be a NumPy array; got {type(a).__name__}.")
    if a.dtype.kind not in "fiub":
        kinds = {"O": "ragged rows, text or None among the numbers", "U": "text", "S": "text", "c": "complex numbers"}
        raise TypeError(
            f"`{name}` has dtype {a.dtype} ({kinds.get(a.dtype.kind, 'not numbers')}); expected numbers: "
            "encode text as numbers (a TextVectorization or StringLookup layer does, applied to the data before fit), "
            f"or convert with {name}.astype('float32')."
        )
    if a.ndim == 0:
        raise ValueError(f"`{name}` is a single number; expected one row a sample: an array of at least one axis.")
    if len(a) == 0:
        raise ValueError(f"`{name}` is empty (shape {a.shape}): there is nothing to work on.")
    return a.astype(config.floatx(), copy=False) if a.dtype.kind == "f" else a


def _arrays(name, given):
    """Every array of a structure, checked; a list counts as one of arrays only if each part is an array."""
    if isinstance(given, dict):
        return {key: _arrays(f"{name}[{key!r}]", part) for key, part in given.items()}
    if isinstance(given, (list, tuple)) and given and all(hasattr(part, "shape") and part.ndim for part in given):
        return type(given)(_arrays(f"{name}[{i}]", part) for i, part in enumerate(given))
    return None if given is None else as_array(name, given)


def _named(name, structure):
    """(name, array) of each array in a structure, in the order of `tree.flatten`."""
    leaves = zip(tree.paths(structure), tree.flatten(structure))
    return [(name + "".join(f"[{key!r}]" for key in path), a) for path, a in leaves if a is not None]


def _filled(structure, leaf):
    """The structure with leaf(a) for each array, called in the order of `tree.flatten`."""
    return tree.pack_sequence_as(structure, [leaf(a) for a in tree.flatten(structure)])


def check_finite(name, a):
    """Raise a ValueError that says where the first NaN or inf is. Reads `a` once, without a copy."""
    if a.dtype.kind != "f":
        return
    with np.errstate(over="ignore", invalid="ignore"):
        flat = a.reshape(-1) if a.flags.c_contiguous else None
        if np.isfinite(a.sum() if flat is None else np.dot(flat, flat)):  # a product reads it all the fastest
            return
    step = max(1, 2**20 // max(1, a[0].size))
    count, first = 0, None
    for start in range(0, len(a), step):
        bad = ~np.isfinite(a[start : start + step])
        if bad.any():
            count += int(bad.sum())
            if first is None:
                place = np.argwhere(bad)[0].tolist()
                first = (start + place[0], *place[1:])
    if count:
        raise ValueError(
            f"`{name}` holds {count} NaN or infinite value{'s' if count > 1 else ''}, the first at "
            f"{name}[{', '.join(map(str, first))}] = {a[first]}. Training on it would turn every weight into NaN: "
            "drop or fill those rows first (np.isfinite finds them)."
        )


def batch_size_of(batch_size, default=32):
    """The batch size as an int; Keras's 32 if None."""
    if batch_size is None:
        return default
    if isinstance(batch_size, bool) or not isinstance(batch_size, numbers.Integral) or batch_size < 1:
        raise ValueError(f"`batch_size` must be a whole number from 1 up, or None for 32; got {batch_size!r}.")
    return int(batch_size)


class Arrays:
    """x, y and sample weights, each an array or arrays in lists and dicts, with as many rows in each.

    Parameters
    ----------
    x, y, sample_weight : array, or nested
        y and sample_weight may be None.
    batch_size : int or None
    steps : int or None
        Batches an epoch; all of them if None.
    finite : bool
        Refuse NaN and inf.
    names : tuple of str
        What x and y are called in messages.

    Attributes
    ----------
    arrays : list
        All arrays, in the order of `tree.flatten((x, y, sample_weight))`.
    """

    def __init__(self, x, y=None, sample_weight=None, batch_size=None, steps=None, finite=True, names=("x", "y")):
        if x is None:
            raise ValueError(f"`{names[0]}` is missing: there is no data.")
        self.x, self.y = _arrays(names[0], x), _arrays(names[1], y)
        weights = _arrays("sample_weight", sample_weight)
        self.sample_weight = tree.map_structure(lambda w: None if w is None else w.astype(config.floatx()), weights)
        named = [*_named(names[0], self.x), *_named(names[1], self.y), *_named("sample_weight", self.sample_weight)]
        self._check(named, finite)
        self.arrays = [a for _, a in named]
        self.n = len(self.arrays[0])
        self.batch_size = math.ceil(self.n / steps) if steps and batch_size is None else batch_size_of(batch_size)
        self.all_batches = math.ceil(self.n / self.batch_size)
        if steps is not None and (not isinstance(steps, numbers.Integral) or steps < 1):
            raise ValueError(f"`steps` must be a whole number from 1 up, or None for all batches; got {steps!r}.")
        self.steps = steps
        self.batches = self.all_batches if steps is None else min(self.all_batches, int(steps))
        if config.max_steps_per_epoch() is not None and self.batches > config.max_steps_per_epoch():
            self.steps = self.batches = config.max_steps_per_epoch()
        self._next = self.all_batches  # the batch to go on with: none is left, so a new pass begins

    def _check(self, named, finite):
        (first, rows), *rest = [(name, len(a)) for name, a in named]
        for name, n in rest:
            if n != rows:
                hint = f" One sample alone needs a batch axis: {first}[None, ...]." if 1 in (n, rows) else ""
                raise ValueError(
                    f"`{first}` has {rows} samples and `{name}` has {n}: each sample needs one row in both.{hint}"
                )
        if finite:
            for name, a in named:
                check_finite(name, a)

    def pack(self, leaves):
        """Things in the place of the arrays, as (x, y, sample_weight): what a training step takes."""
        leaves = iter(leaves)
        taken = lambda a: None if a is None else next(leaves)
        return tuple(_filled(part, taken) for part in (self.x, self.y, self.sample_weight))

    def new_order(self):
        """Draw the order of the rows for a shuffled pass over the data."""
        return np.random.permutation(self.n)

    def epoch(self, shuffle=False):
        """Pairs (step, rows) for one epoch; with `steps`, an epoch goes on where the last one ended, as in Keras."""
        if self.steps is None or self._next >= self.all_batches:
            self._order, self._next = (self.new_order() if shuffle else None), 0
        for step in range(self.batches):
            if self._next >= self.all_batches:
                naming.warn(
                    f"The data ran out after {step} of {self.steps} steps: this epoch is shorter. There are "
                    f"{self.all_batches} batches of {self.batch_size} samples in all."
                )
                break
            number = self._next
            self._next += 1
            yield step, self._rows(number)

    def _rows(self, number):
        start, stop = number * self.batch_size, min((number + 1) * self.batch_size, self.n)
        return slice(start, stop) if self._order is None else self._order[start:stop]

    def buffers(self, rows):
        """Empty arrays for a batch of that many rows."""
        return [np.empty((rows, *a.shape[1:]), a.dtype) for a in self.arrays]

    def loader(self, buffers):
        """How a batch gets into the buffers: a function of its rows (a slice, or row numbers), and kernel calls.

        Large rows of floats are copied by a kernel, which is part of the step: the cores share it. The function then
        only says which rows; it copies all else.
        """
        pairs = list(zip(self.arrays, buffers, strict=True))
        large = [pair for pair in pairs if _is_large(*pair)]
        index = np.empty(len(buffers[0]), np.int32)
        calls = [(K.take_rows, (a.reshape(len(a), -1), index, b.reshape(len(b), -1))) for a, b in large]
        fill = self._filler([pair for pair in pairs if not _is_large(*pair)])
        first = np.arange(len(index), dtype=np.int32)

        def load(rows):
            if calls:
                if type(rows) is slice:
                    np.add(first, rows.start, index)
                else:
                    np.copyto(index, rows, "unsafe")
            fill(rows)

        return load, calls

    @staticmethod
    def _filler(pairs):
        """A function of rows that copies them from each array of the pairs into the other."""
        # "clip" makes `take` write straight into the buffer; of other layouts it would copy the whole array first
        takes = [(a.take, buffer) for a, buffer in pairs if a.flags.c_contiguous]
        copies = [(a, buffer) for a, buffer in pairs if not a.flags.c_contiguous]

        def fill(rows):
            if type(rows) is slice:
                for a, buffer in pairs:
                    np.copyto(buffer, a[rows])
                return
            for take, buffer in takes:
                take(rows, 0, buffer, "clip")
            for a, buffer in copies:
                np.copyto(buffer, a[rows])

        return fill


def _is_large(a, buffer):
    return a.flags.c_contiguous and a.dtype == config.floatx() and len(buffer) and a[0].size >= 64 and len(a) < 2**31


def class_weights(y, class_weight, sample_weight):
    """One weight a sample, from one a class: {class: weight}, 1 for classes not named."""
    if sample_weight is not None:
        raise ValueError("Give `class_weight` or `sample_weight`, not both: Keras takes one of them.")
    if not isinstance(class_weight, dict):
        raise ValueError(
            f"`class_weight` must be a dict of class number and weight, as {{0: 1.0, 1: 5.0}}; got {class_weight!r}."
        )
    if tree.is_nested(y):
        raise ValueError("`class_weight` is for models with one output: give `sample_weight` for each output instead.")
    y = as_array("y", y)
    classes = y.argmax(-1) if y.ndim > 1 and y.shape[-1] != 1 else y.reshape(len(y))
    classes = np.round(classes).astype(np.int64)
    weights = np.ones(len(y), config.floatx())
    for c, w in class_weight.items():
        weights[classes == c] = w
    return weights


def split(data, share):
    """The structures' heads and tails: the last `share` of the rows, before any shuffling, is for validation."""
    if not isinstance(share, numbers.Real) or not 0 < share < 1:
        raise ValueError(f"`validation_split` is a share between 0 and 1, for 20 % write 0.2; got {share!r}.")
    at = math.floor(data.n * (1 - share))
    if at in (0, data.n):
        raise ValueError(f"{data.n} samples are too few for validation_split={share}: one part would be empty.")
    parts = data.x, data.y, data.sample_weight
    cut = lambda rows: [tree.map_structure(lambda a: None if a is None else a[rows], part) for part in parts]
    return cut(slice(None, at)), cut(slice(at, None))


def count(rows):
    """How many rows a slice or an array of row numbers has."""
    return rows.stop - rows.start if type(rows) is slice else rows.size
