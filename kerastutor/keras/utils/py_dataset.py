"""Data as numbered batches, made by Python code of your own.

Source: https://keras.io/api/utils/python_utils/#pydataset-class
"""

import itertools


class PyDataset:
    """The base of datasets that say how many batches they have and make batch number i when it is asked for.

    Override `__len__` (how many batches) and `__getitem__` (batch number i, whole: (x,), (x, y) or
    (x, y, sample_weight), or x alone as an array or a dict). `fit(dataset)` draws the order of the batches anew for
    each epoch unless shuffle=False.

    Parameters
    ----------
    workers : int
        With more than one, so many threads load batches ahead of the training.
    use_multiprocessing : bool
        Load in processes instead of threads. The dataset is then pickled: its class must stand in a module that they
        can import.
    max_queue_size : int
        How many batches may be loaded ahead.

    Raises
    ------
    ValueError
        If `workers` or `max_queue_size` is not a whole number that makes sense.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> class Squares(keras.utils.PyDataset):
    ...     def __len__(self):
    ...         return 3
    ...
    ...     def __getitem__(self, index):
    ...         x = np.arange(4 * index, 4 * index + 4, dtype="float32")[:, None]
    ...         return x, x**2
    >>> [x.shape for x, y in Squares()]
    [(4, 1), (4, 1), (4, 1)]
    """

    _workers, _use_multiprocessing, _max_queue_size = 1, False, 10  # also where super().__init__() was forgotten

    def __init__(self, workers=1, use_multiprocessing=False, max_queue_size=10):
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    @property
    def workers(self):
        """How many threads or processes load batches ahead; 0 and 1: none, the training loads them itself."""
        return self._workers

    @workers.setter
    def workers(self, value):
        self._workers = _whole("workers", value, 0)

    @property
    def use_multiprocessing(self):
        """Whether processes load the batches, not threads."""
        return self._use_multiprocessing

    @use_multiprocessing.setter
    def use_multiprocessing(self, value):
        self._use_multiprocessing = bool(value)

    @property
    def max_queue_size(self):
        """How many batches may be loaded ahead."""
        return self._max_queue_size

    @max_queue_size.setter
    def max_queue_size(self, value):
        self._max_queue_size = _whole("max_queue_size", value, 1)

    def __getitem__(self, index):
        """Batch number `index`."""
        raise NotImplementedError(
            f"{type(self).__name__} has no __getitem__: it gives batch number `index`, as (x, y). "
            "Write def __getitem__(self, index): ..."
        )

    @property
    def num_batches(self):
        """How many batches there are: `len(self)` unless overridden; None if they never end."""
        if hasattr(self, "__len__"):
            return len(self)
        raise NotImplementedError(
            f"{type(self).__name__} does not say how many batches it has: write def __len__(self): ..., or, for data "
            "without an end, a property `num_batches` that gives None."
        )

    def __iter__(self):
        """All batches, from the first."""
        try:
            n = self.num_batches
        except NotImplementedError:
            n = None
        for index in itertools.count() if n is None else range(n):
            yield self[index]

    def on_epoch_begin(self):
        """Called before each pass over the data; override it to change the data between epochs."""

    def on_epoch_end(self):
        """Called after each pass over the data; override it to change the data between epochs."""


def _whole(name, value, least):
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"PyDataset: `{name}` must be a whole number from {least} up; got {value!r}.")
    return value
