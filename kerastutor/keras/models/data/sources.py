"""Where batches come from: a generator, anything that can be gone through again, a PyDataset.

A source gives `passes`: each an iterator over batches as the user's code makes them.
"""

import itertools
import random

from ... import naming
from .ahead import Ahead


class Generator:
    """A Python generator, or another iterator: it can be gone through only once.

    Its first two batches are kept, and every pass begins with them, as in Keras.
    """

    num_batches = None
    takes_class_weight = False

    def __init__(self, generator):
        self.what = "the generator"
        self._rest = iter(generator)
        self._kept = list(itertools.islice(self._rest, 2))
        self._ended = False
        if not self._kept:
            raise ValueError("`x` is a generator that gives no batch: it is empty, or was gone through before.")
        if not isinstance(self._kept[0], tuple):
            raise ValueError(
                f"`x` is a generator that gives a {type(self._kept[0]).__name__}; expected a tuple for each batch: "
                "(x,), (x, y) or (x, y, sample_weight), as in `yield x, y` or `yield (x,)`."
            )

    def first(self):
        """A batch to know the shapes from."""
        return self._kept[0]

    def new_pass(self, shuffle, ahead=True):
        """An iterator over all batches."""
        yield from self._kept
        had_ended = self._ended
        yield from itertools.chain(self._rest)  # the chain keeps the generator from being closed with the pass
        self._ended = True
        if had_ended:
            naming.warn(
                f"A generator can be gone through only once, and this one has ended: in this pass the model saw only "
                f"its first {len(self._kept)} batch{'es' if len(self._kept) > 1 else ''}, which were kept. Give an "
                "endless generator and the number of steps, or a keras.utils.PyDataset."
            )

    def on_epoch_begin(self):
        pass

    on_epoch_end = on_epoch_begin


class Iterable:
    """Something that gives batches each time it is gone through, such as a DataLoader."""

    takes_class_weight = True

    def __init__(self, iterable):
        self.what = f"the {type(iterable).__name__}"
        self._iterable = iterable

    @property
    def num_batches(self):
        try:
            return len(self._iterable)
        except TypeError:  # there is no telling
            return None

    def first(self):
        return next(iter(self._iterable), None)

    def new_pass(self, shuffle, ahead=True):
        return iter(self._iterable)

    def on_epoch_begin(self):
        pass

    on_epoch_end = on_epoch_begin


class Dataset:
    """A PyDataset: numbered batches, in an order that is drawn for each pass if they are to be shuffled."""

    takes_class_weight = True

    def __init__(self, dataset):
        self.what = f"the PyDataset {type(dataset).__name__}"
        self._dataset = dataset
        self._loads_ahead = dataset.workers > 1 or (dataset.workers > 0 and dataset.use_multiprocessing)

    @property
    def num_batches(self):
        return self._dataset.num_batches

    def first(self):
        return self._dataset[0]

    def new_pass(self, shuffle, ahead=True):
        """`ahead`: whether workers may load more than is asked for."""
        numbers = itertools.count() if self.num_batches is None else list(range(self.num_batches))
        if shuffle and self.num_batches is not None and not getattr(self._dataset, "keeps_order", False):
            random.shuffle(numbers)
        return Ahead(self._dataset, numbers) if ahead and self._loads_ahead else map(self._dataset.__getitem__, numbers)

    def on_epoch_begin(self):
        self._dataset.on_epoch_begin()

    def on_epoch_end(self):
        self._dataset.on_epoch_end()
