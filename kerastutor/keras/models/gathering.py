"""The outputs of many batches as one array each."""

import numpy as np

from .. import tree


class Gathered:
    """What `predict` gives: the rows of all batches, one after the other.

    Parameters
    ----------
    rows : int or None
        How many there will be at most; None if nobody knows.
    """

    def __init__(self, rows):
        self._rows = rows
        self._at = 0
        self._room = None  # arrays for all rows
        self._parts = []  # or the outputs of each batch

    def add(self, outputs):
        """Take in a batch's outputs, whose arrays the next batch may overwrite. Returns them as arrays to keep."""
        arrays = tree.map_structure(lambda y: y.numpy(), outputs)
        if self._rows is None:
            self._parts.append(tree.map_structure(np.array, arrays))
            return self._parts[-1]
        if self._room is None:
            self._room = tree.map_structure(lambda y: np.empty((self._rows, *y.shape[1:]), y.dtype), arrays)
        start = self._at
        self._at += len(tree.flatten(arrays)[0])
        new = tree.map_structure(lambda room: room[start : self._at], self._room)
        for room, part in zip(tree.flatten(new), tree.flatten(arrays), strict=True):
            room[...] = part
        return new

    def whole(self):
        """All rows."""
        if self._rows is None:
            return joined(self._parts)
        return tree.map_structure(lambda room: room[: self._at], self._room)


def joined(parts):
    """The rows of several batches, one after the other."""
    try:
        return parts[0] if len(parts) == 1 else tree.map_structure(lambda *ys: np.concatenate(ys), *parts)
    except ValueError:
        shapes = sorted({y.shape[1:] for part in parts for y in tree.flatten(part)})
        raise ValueError(
            f"predict: the batches' outputs have different shapes ({', '.join(map(str, shapes))}) and do not fit into "
            "one array: pad all samples to one length, or call predict_on_batch for each batch."
        ) from None
