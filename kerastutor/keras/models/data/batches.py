"""Data that come as batches: each is checked when it comes, and must hold the same parts as the first one."""

import itertools

import numpy as np

from ... import config
from ...autodiff import tensor
from ...utils.data import unpack_x_y_sample_weight
from .arrays import Arrays, one_by_one, parts, steps_of, warn_short
from .checks import check_finite, whole_or_none
from .weights import class_weights


class Batches:
    """The batches of a source (`sources.py`), pass by pass.

    Parameters
    ----------
    source : Generator, Iterable or Dataset
    steps : int or None
        Batches an epoch; a whole pass if None.
    class_weight : dict or None
    finite : bool
        Refuse NaN and inf.
    names : tuple of str
        What x and y are called in messages.
    only_x : bool
        Leave out the rest of each batch.

    Attributes
    ----------
    batches : int or None
        How many an epoch has; None as long as nobody knows.
    sample : Arrays
        The first batch, after `begin`.
    inspect : callable or None
        A function of (x, y), called with each batch before it is used.
    """

    def __init__(self, source, steps=None, class_weight=None, finite=True, names=("x", "y"), only_x=False):
        self.source, self.names = source, names
        self._class_weight, self._finite, self._only_x = class_weight, finite, only_x
        self.sample = self.inspect = None
        self._opened = self._pass = None  # what the source gave, and the iterator over it
        self._begun, self._seen = False, 0
        self.steps = whole_or_none("steps", steps, None, "all batches")
        limit = config.max_steps_per_epoch()
        if limit is not None and (self.steps is None or limit < self.steps):
            self.steps = limit
        self._num_batches = source.num_batches
        if self._num_batches == 0:
            raise ValueError(f"`{names[0]}`: {source.what} has no batches: its length is 0.")
        self.batches = self.steps or self._num_batches

    # passes ------------------------------------------------------------------------------------

    def look(self):
        """Take the first batch as the sample, outside of any pass."""
        self._take_sample(self.source.first())

    def begin(self, unbuilt, shuffle=False, reset=True):
        """Take the first batch as the sample. It counts as seen if the model is unbuilt, as in Keras.

        What a PyDataset is told of epochs, and which batches it is asked for, is as in Keras too.
        """
        if unbuilt:
            self.source.on_epoch_begin()
            self._take_sample(next(iter(self.source.new_pass(shuffle, ahead=False)), None))
        if unbuilt or reset:
            self.restart()
        if not unbuilt:
            self.source.on_epoch_begin()
            self._begun = True
            self._open(shuffle)
            first = next(self._pass, None)
            self._take_sample(first)
            self._pass = itertools.chain([first], self._pass)

    def restart(self):
        """Let the next epoch begin a new pass."""
        self.close()
        self.source.on_epoch_end()

    def close(self):
        """End the pass, and whoever loads ahead for it."""
        if hasattr(self._opened, "close"):
            self._opened.close()
        self._opened = self._pass = None

    def _open(self, shuffle):
        self._opened, self._seen = self.source.new_pass(shuffle), 0
        self._pass = iter(self._opened)

    def epoch(self, shuffle=False, at_once=1):
        """Pairs (step, arrays of the batch); with `steps`, an epoch goes on where the last one ended, as in Keras."""
        if not self._begun:
            self.source.on_epoch_begin()
        self._begun = False
        if self._pass is None:
            self._open(shuffle)
        for step in steps_of(self.batches, at_once):
            batch = _END if self._seen == self._num_batches else next(self._pass, _END)
            if batch is _END and step == 0 and self._seen:  # the last epoch took the last batch
                self.close()
                self._open(shuffle)
                batch = next(self._pass, _END)
            if batch is _END:
                self._ended_at(step, at_once)
                break
            self._seen += 1
            yield step, self._leaves(batch)
        if self.steps is None or self._seen == self._num_batches:
            self.close()
        self.source.on_epoch_end()

    def _ended_at(self, step, at_once):
        if step == 0:
            raise ValueError(f"`{self.names[0]}`: {self.source.what} gave no batch in this epoch.")
        if self.batches is not None and step < self.batches and step % at_once == 0:
            warn_short(step, self.batches, f"They came from {self.source.what}.")
        self.close()

    rows = None  # nobody knows how many

    # batches -----------------------------------------------------------------------------------

    def _take_sample(self, batch):
        if batch is None:
            raise ValueError(f"`{self.names[0]}`: {self.source.what} gives no batch: there is nothing to work on.")
        self._names = None
        x, y, sample_weight, leaves = self._parts(batch)
        self._names = [name for name, _ in leaves]
        self.sample = Arrays(x, y, sample_weight, len(leaves[0][1]), finite=False, names=self.names)

    def _leaves(self, batch):
        """The arrays of a batch, checked."""
        x, y, _, leaves = self._parts(batch)
        if self.inspect is not None:
            self.inspect(x, y)
        return [a for _, a in leaves]

    def _parts(self, batch):
        try:
            x, y, sample_weight = self._unpacked(batch)
            made = parts(x, y, sample_weight, self.names)
            names = [name for name, _ in made[-1]]
            if self._names is not None and names != self._names:
                raise ValueError(f"It holds {', '.join(names)}; the first batch held {', '.join(self._names)}.")
            if self._finite:
                for name, a in made[-1]:
                    check_finite(name, a)
        except (TypeError, ValueError) as error:
            where = f"(batch {max(self._seen, 1)} of this pass over {self.source.what})"
            raise type(error)(f"{error} {where}") from None
        return made

    def _unpacked(self, batch):
        """x, y and sample weights as they came, or made from class weights."""
        given = tuple(batch) if isinstance(batch, list) else batch
        if isinstance(given, tuple) and len(given) not in (1, 2, 3):
            raise ValueError(
                f"A batch must be (x,), (x, y) or (x, y, sample_weight), or x alone; got {len(given)} parts."
            )
        x, y, sample_weight = unpack_x_y_sample_weight(given)
        if x is None:
            raise ValueError(f"`{self.names[0]}` is None.")
        if self._only_x:
            return x, None, None
        if self._class_weight is not None:
            sample_weight = class_weights(y, self._class_weight, sample_weight)
        return x, y, sample_weight

    # what a runner of steps asks ---------------------------------------------------------------

    def key(self, leaves):
        """Batches with the same key can be run by the same program."""
        return tuple((a.shape, a.dtype) for a in leaves)

    def buffers(self, key):
        """Empty arrays for batches with that key."""
        return [np.empty(shape, dtype) for shape, dtype in key]

    def feed(self, buffers):
        """What carries batches into the buffers."""
        return Copies(buffers)

    def stretches(self, shuffle, most):
        """Triples (step, 1, arrays of the batch): what comes one by one is used one by one."""
        return one_by_one(self.epoch(shuffle))

    def pack(self, leaves):
        """Things in the place of the arrays, as (x, y, sample_weight)."""
        return self.sample.pack(leaves)

    def tensors(self, leaves):
        """A batch as tensors."""
        return [tensor(a) for a in leaves]


class Copies:
    """As a Feed, for batches that are arrays already."""

    first, last, at_once = (), (), 1

    def __init__(self, buffers):
        self._buffers = self.written = buffers

    def choose(self, leaves):
        for buffer, a in zip(self._buffers, leaves, strict=True):
            np.copyto(buffer, a)


_END = object()
