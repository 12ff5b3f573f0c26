"""Data made when they are asked for: samples or batches, and what is to be done with them before they are used.

What `image_dataset_from_directory` and its like return. The methods are those of TensorFlow's `tf.data.Dataset` that
Keras's guides use, on NumPy arrays. Source: https://keras.io/api/data_loading/
"""

import numpy as np

from .. import tree
from ..autodiff import Tensor
from .py_dataset import PyDataset


class Dataset(PyDataset):
    """Elements 0, 1, 2, ..., each an array or a tuple of arrays, made by a function of the number.

    Every method gives a new dataset that asks this one. Nothing is kept in memory but what `cache` keeps.

    Parameters
    ----------
    get : callable
        number -> element.
    length : int or None
        How many elements there are; None: no end.
    parent : Dataset, optional
        The one that `get` asks: it hears of every new pass over the data.

    Attributes
    ----------
    class_names, file_paths : list of str
        Where the dataset was made of files in folders.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor.keras.utils.dataset import Dataset
    >>> data = Dataset.of(np.arange(5)).map(lambda x: x**2).batch(2)
    >>> [batch.tolist() for batch in data]
    [[0, 1], [4, 9], [16]]
    """

    keeps_order = True
    """`fit` takes the elements as they come, whatever its own `shuffle` says: `shuffle()` here is for that."""

    def __init__(self, get, length, parent=None):
        super().__init__()
        self._get, self._length, self._parent = get, length, parent

    @classmethod
    def of(cls, arrays):
        """A dataset of the rows of an array, or of arrays in a tuple or dict."""
        return cls(lambda i: tree.map_structure(lambda a: a[i], arrays), len(tree.flatten(arrays)[0]))

    def __len__(self):
        if self._length is None:
            raise TypeError("A dataset after repeat() has no end: use take(n), or steps_per_epoch in fit.")
        return self._length

    @property
    def num_batches(self):
        return self._length

    def __getitem__(self, index):
        if self._length is not None:
            if not -self._length <= index < self._length:
                raise IndexError(f"The dataset has {self._length} elements; number {index} was asked for.")
            index %= self._length
        return self._get(index)

    def __iter__(self):
        self.on_epoch_begin()
        index = 0
        while self._length is None or index < self._length:
            yield self[index]
            index += 1

    as_numpy_iterator = __iter__

    def on_epoch_begin(self):
        """A new pass begins: what is shuffled is shuffled anew."""
        if self._parent is not None:
            self._parent.on_epoch_begin()

    def map(self, map_func, num_parallel_calls=None, deterministic=None):
        """`map_func` of each element; a tuple's parts are its arguments. The other arguments change nothing."""

        def get(index):
            element = self[index]
            result = map_func(*element) if isinstance(element, tuple) else map_func(element)
            return tree.map_structure(lambda x: x.numpy() if isinstance(x, Tensor) else x, result)

        return Dataset(get, self._length, self)

    def batch(self, batch_size, drop_remainder=False, num_parallel_calls=None, deterministic=None):
        """`batch_size` elements together as one; the last one holds the rest, unless `drop_remainder`."""
        n = self._length
        if n is not None:
            n = n // batch_size if drop_remainder else -(-n // batch_size)

        def get(index):
            start, stop = index * batch_size, (index + 1) * batch_size
            stop = stop if self._length is None else min(stop, self._length)
            return tree.map_structure(_stacked, *[self[i] for i in range(start, stop)])

        return Dataset(get, n, self)

    def unbatch(self):
        """The samples one by one. All batches but the last must have one size."""
        size = _rows(self[0])
        last = (None, None)  # the batch that was used last

        def get(index):
            nonlocal last
            number, batch = last
            if number != index // size:
                number, batch = last = index // size, self[index // size]
            return tree.map_structure(lambda a: a[index % size], batch)

        n = self._length and (self._length - 1) * size + _rows(self[self._length - 1])
        return Dataset(get, n, self)

    def take(self, count):
        """The first `count` elements; all of them if it is -1."""
        return Dataset(self.__getitem__, _least(self._length, None if count < 0 else count), self)

    def skip(self, count):
        """All but the first `count` elements; none if it is -1."""
        if count < 0:
            return self.take(0)
        n = self._length if self._length is None else max(0, self._length - count)
        return Dataset(lambda index: self[index + count], n, self)

    def shuffle(self, buffer_size=None, seed=None, reshuffle_each_iteration=True):
        """In another order at each pass. All elements are mixed, whatever `buffer_size` says."""
        return _Shuffled(self, seed, reshuffle_each_iteration)

    def cache(self):
        """Each element is made once, and kept in memory. What was shuffled before keeps the order it has now."""
        kept = {}

        def get(index):
            if index not in kept:
                kept[index] = self[index]
            return kept[index]

        return Dataset(get, self._length)

    def prefetch(self, buffer_size=None):
        """The dataset as it is: `fit` loads ahead where it can."""
        return self

    def repeat(self, count=None):
        """Again and again, or `count` times."""
        if not self._length:
            return self
        n = None if count is None or count < 0 else count * self._length
        return Dataset(lambda index: self[index % len(self)], n, self)


class _Shuffled(Dataset):
    """Another dataset's elements in an order that is drawn at the beginning of each pass."""

    def __init__(self, parent, seed, again):
        super().__init__(lambda index: parent[self._order[index]], len(parent), parent)
        self._rng, self._again = np.random.default_rng(seed), again
        self._order, self._begun = self._rng.permutation(len(parent)), False

    def on_epoch_begin(self):
        super().on_epoch_begin()
        if self._begun and self._again:
            self._order = self._rng.permutation(len(self))
        self._begun = True


def _stacked(*parts):
    """One array of the parts; strings of any length stay Python's."""
    return np.array(parts, dtype=object) if isinstance(parts[0], str) else np.stack(parts)


def _rows(batch):
    return len(tree.flatten(batch)[0])


def _least(*numbers):
    return min((n for n in numbers if n is not None), default=None)
