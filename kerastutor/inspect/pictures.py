"""Arrays as pictures: which number stands at which place of a grid of small maps, and what was left out."""

import math

import numpy as np

MAPS, SIDE, WRAP = 32, 64, 32  # maps beside one another, pixels along a map's side, numbers in a row of a long vector


class Picture:
    """Some numbers of an array as `maps` of rows and columns.

    Attributes
    ----------
    values : numpy.ndarray
        (maps, rows, columns), NaN where there is no number.
    names : list of str
        Of each map: "channel 3".
    note : str
        What was left out; "" if nothing was.
    """

    def __init__(self, array, channels_first=False, what="channel"):
        array = np.asarray(array)
        self.shape = array.shape
        places = np.arange(array.size).reshape(array.shape)
        self.places, self.names, self.note = _arranged(places, channels_first, what)
        flat = array.reshape(-1).astype(np.float32)
        self.values = np.where(self.places >= 0, flat[np.maximum(self.places, 0)], np.nan).astype(np.float32)

    def index(self, which, row, column):
        """The index into the array of the number at a place of the picture; None where there is none."""
        if not all(0 <= i < n for i, n in zip((which, row, column), self.places.shape)):
            return None
        place = self.places[which, row, column]
        return None if place < 0 else tuple(int(i) for i in np.unravel_index(place, self.shape))

    def place(self, index):
        """(map, row, column) of a number; the nearest that is shown; None if its map is not."""
        flat = np.ravel_multi_index(tuple(index), self.shape) if self.shape else 0
        found = np.argwhere(self.places == flat)
        if len(found):
            return tuple(map(int, found[0]))
        away = np.where(self.places >= 0, np.abs(self.places - flat), self.places.max() + 1)
        nearest = np.unravel_index(int(away.argmin()), away.shape)
        shown = self.index(*nearest)
        near = shown is not None and max((abs(a - b) for a, b in zip(shown, index)), default=0) <= math.ceil(
            max(self.shape, default=1) / SIDE
        )
        return tuple(map(int, nearest)) if near else None


def _arranged(places, channels_first, what):
    """The places as (maps, rows, columns), -1 for none; the maps' names; what was left out."""
    if places.ndim == 0:
        return places.reshape(1, 1, 1), [""], ""
    if places.ndim == 1:
        return _vector(places)
    if places.ndim == 2:
        shown, note = _thinned(places[None])
        return shown, [""], note
    maps = places if channels_first else np.moveaxis(places, -1, 0)
    count = len(maps)
    maps = maps.reshape(count, -1, maps.shape[-1])
    shown, note = _thinned(maps[:MAPS])
    if count > MAPS:
        note = f"{MAPS} of {count} {what}s. {note}".strip()
    return shown, [f"{what} {i}" for i in range(len(shown))], note


def _vector(places):
    n, note = len(places), ""
    if n > WRAP * SIDE:
        places, note = places[:: -(-n // (WRAP * SIDE))], f"{WRAP * SIDE} of {n:,} numbers at most, evenly spread."
    columns = len(places) if len(places) <= WRAP else WRAP
    padded = np.full(-(-len(places) // columns) * columns, -1)
    padded[: len(places)] = places
    return padded.reshape(1, -1, columns), [""], note


def _thinned(maps):
    steps = [-(-n // SIDE) for n in maps.shape[1:]]
    note = "" if max(steps) == 1 else f"Every {max(steps)}th place along the longest side."
    return maps[:, :: steps[0], :: steps[1]], note


def of_output(one, row):
    """The picture of what a layer gives for one sample; of the mean over all of them if `row` is None."""
    return Picture(_sample(one.output, row), getattr(one.layer, "data_format", None) == "channels_first")


def of_gradient(one, row):
    """The picture of dL/dy, or None."""
    if one.output_gradient is None:
        return None
    return Picture(_sample(one.output_gradient, row), getattr(one.layer, "data_format", None) == "channels_first")


def _sample(array, row):
    return array[row] if row is not None else array.mean(axis=0)


def of_weight(trace, one, name, values=None):
    """The picture of a weight, or of `values` of its shape: filters as images, one for each filter and channel.

    The weights of a dense layer behind an image that was flattened are shown as images too, one for each unit.
    """
    w = one.weights[name] if values is None else values
    if name == "kernel" and w.ndim == 2:
        image = _flattened_image(trace, one)
        if image is not None:
            stacked = np.moveaxis(w.reshape(*image, w.shape[1]), -1, 0).reshape(w.shape[1], image[0], -1)
            return Picture(stacked, True, "unit")
    if w.ndim >= 4 or (w.ndim == 3 and "kernel" in name and hasattr(one.layer, "kernel_size")):
        filters = np.moveaxis(w, (-1, -2), (0, 1))
        channels = filters.shape[1]
        picture = Picture(filters.reshape(-1, int(np.prod(w.shape[:-3])) or 1, w.shape[-3]), True, "filter")
        picture.names = [f"filter {i // channels}, channel {i % channels}" for i in range(len(picture.values))]
        return picture
    return Picture(w if w.ndim <= 2 else w.reshape(w.shape[0], -1))


def _flattened_image(trace, one):
    """(rows, columns, channels) of the image that a dense layer sees flattened, or None."""
    before = [trace[s] for s in one.sources]
    if len(before) == 1 and before[0].kind in ("Flatten", "Reshape") and before[0].inputs[0].ndim in (3, 4):
        shape = before[0].inputs[0].shape[1:]
        return (*shape, 1) if len(shape) == 2 else shape if shape[-1] <= 4 else None
    side = math.isqrt(one.weights["kernel"].shape[0])
    return (side, side, 1) if not before and side >= 16 and side * side == one.weights["kernel"].shape[0] else None
