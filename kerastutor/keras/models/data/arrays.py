"""Arrays in memory on their way into training: checked as a whole before anything changes, then cut into batches."""

import itertools
import math

import numpy as np

from ... import config, naming, tree
from ...autodiff import tensor
from .checks import check_finite, check_rows, checked, named, whole_or_none
from .feed import Feed


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
        self.names = names
        if x is None:
            raise ValueError(f"`{names[0]}` is missing: there is no data.")
        self.x, self.y, self.sample_weight, leaves = parts(x, y, sample_weight, names)
        if finite:
            for name, a in leaves:
                check_finite(name, a)
        self.arrays = [a for _, a in leaves]
        self._plan(len(self.arrays[0]), batch_size, steps)

    def _plan(self, n, batch_size, steps):
        """How many rows make a batch, and how many batches an epoch."""
        self.n, self.steps = n, whole_or_none("steps", steps, None, "all batches")
        self.batch_size = whole_or_none("batch_size", batch_size, math.ceil(n / steps) if steps else 32, "32")
        self.all_batches = math.ceil(n / self.batch_size)
        self.batches = self.all_batches if steps is None else min(self.all_batches, self.steps)
        limit = config.max_steps_per_epoch()
        if limit is not None and self.batches > limit:
            self.steps = self.batches = limit
        self.restart()

    @property
    def rows(self):
        """How many rows an epoch has, at most."""
        return self.n if self.steps is None else min(self.n, (self.batches + 1) * self.batch_size)

    @property
    def sample(self):
        """Data of the same shapes and dtypes, in memory: what a model is built for."""
        return self

    def begin(self, unbuilt, shuffle=False, reset=True):
        """Before the first epoch. Keras looks at a batch to build a model, and draws an order for it."""
        if unbuilt and shuffle:
            np.random.permutation(min(self.n, self.batch_size) if shuffle == "batch" else self.n)

    def look(self):
        """Before the first epoch of data to validate with."""

    def restart(self):
        """Let the next epoch begin with the first batch."""
        self._next = self.all_batches

    def close(self):
        """After the last epoch."""

    def part(self, start, stop, batch_size, steps):
        """Some of the rows, as data of their own, not copied."""
        cut = [tree.map_structure(lambda a: None if a is None else a[start:stop], p)
               for p in (self.x, self.y, self.sample_weight)]
        return Arrays(*cut, batch_size, steps, finite=False)

    def pack(self, leaves):
        """Things in the place of the arrays, as (x, y, sample_weight): what a training step takes."""
        leaves = iter(leaves)
        taken = lambda a: None if a is None else next(leaves)
        fill = lambda part: tree.pack_sequence_as(part, [taken(a) for a in tree.flatten(part)])
        return tuple(fill(part) for part in (self.x, self.y, self.sample_weight))

    def _new_order(self, shuffle):
        """The order of the rows for a pass over the data; None for as they are, or if each batch gets its own."""
        if shuffle == "batch":
            return None
        return np.random.permutation(self.n) if shuffle else None

    def epoch(self, shuffle=False, at_once=1):
        """Pairs (step, rows) for one epoch; with `steps`, an epoch goes on where the last one ended, as in Keras.

        `at_once`: steps that run together; their number is rounded up to a multiple of it.
        """
        if self.steps is None or self._next >= self.all_batches:
            self._order, self._next = self._new_order(shuffle), 0
        for step in steps_of(self.batches, at_once):
            if self._next >= self.all_batches:
                self._warn_short(step, at_once)
                break
            number = self._next
            self._next += 1
            rows = self._rows(number)
            yield step, rows if shuffle != "batch" else np.random.permutation(count(rows)) + rows.start

    def stretches(self, shuffle, most):
        """Triples (step, n, rows) for one epoch: n batches from that step on, of the same size.

        most : callable
            Gives how many batches may go together.
        """
        if self.steps is not None or shuffle == "batch":
            yield from one_by_one(self.epoch(shuffle))
            return
        order, size, whole = self._new_order(shuffle), self.batch_size, self.n // self.batch_size
        step = 0
        while step < self.batches:
            n = max(1, min(most(), whole - step))
            start, stop = step * size, min((step + n) * size, self.n)
            yield step, n, slice(start, stop) if order is None else order[start:stop]
            step += n

    def _warn_short(self, step, at_once):
        if step < self.batches and step % at_once == 0:
            warn_short(step, self.steps, f"There are {self.all_batches} batches of {self.batch_size} samples.")

    def _rows(self, number):
        start, stop = number * self.batch_size, min((number + 1) * self.batch_size, self.n)
        return slice(start, stop) if self._order is None else self._order[start:stop]

    # what a runner of steps asks ---------------------------------------------------------------

    def key(self, rows):
        """Batches with the same key can be run by the same program: they have as many rows."""
        return count(rows)

    def tensors(self, rows):
        """A batch as tensors."""
        return [tensor(a[rows]) for a in self.arrays]

    def buffers(self, rows):
        """Empty arrays for a batch of that many rows."""
        return [np.empty((rows, *a.shape[1:]), a.dtype) for a in self.arrays]

    def feed(self, buffers):
        """What carries batches into the buffers."""
        return Feed(self.arrays, buffers)


def parts(x, y, sample_weight, names=("x", "y"), as_leaf=None):
    """x, y and sample weights, checked, and (name, array) of each array in them."""
    given = [(names[0], x), (names[1], y), ("sample_weight", sample_weight)]
    made = [checked(name, part, *([as_leaf] if as_leaf else [])) for name, part in given]
    made[2] = tree.map_structure(lambda w: None if w is None else w.astype(config.floatx(), copy=False), made[2])
    leaves = [leaf for (name, _), part in zip(given, made) for leaf in named(name, part)]
    check_rows(leaves)
    return *made, leaves


def steps_of(n, at_once):
    """The numbers of the steps of an epoch; n is None if it ends when the data do."""
    return itertools.count() if n is None else range(-(-n // at_once) * at_once)


def one_by_one(pairs):
    """Triples (step, 1, batch) from pairs (step, batch)."""
    return ((step, 1, batch) for step, batch in pairs)


def warn_short(step, steps, what):
    naming.warn(f"The data ran out after {step} of {steps} steps: this epoch is shorter. {what}")


def count(rows):
    """How many rows a slice or an array of row numbers has."""
    return rows.stop - rows.start if type(rows) is slice else rows.size
