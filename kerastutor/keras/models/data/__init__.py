"""Data on their way into training: arrays in memory or on disk, generators, PyDatasets.

All kinds answer the same questions: `batches`, `sample` (what a model is built for), `begin`, `epoch`, `stretches`,
`restart`, `close`, and those of a runner of steps: `key`, `buffers`, `feed`, `pack`, `tensors`.
"""

import math
import numbers

from ... import naming, tree
from ...utils.data import on_disk
from ...utils.py_dataset import PyDataset
from .arrays import Arrays, one_by_one
from .batches import Batches
from .files import Files
from .sources import Dataset, Generator, Iterable
from .weights import class_weights

__all__ = ["Arrays", "Batches", "Files", "class_weights", "data_for", "one_by_one", "split"]


def data_for(
    x, y=None, sample_weight=None, batch_size=None, steps=None, class_weight=None, finite=True, names=("x", "y"),
    only_x=False,
):
    """The data in the form that suits what came.

    Raises
    ------
    ValueError, TypeError
        If it is no data, or something is given beside batches that belongs into them.
    """
    source = _source_of(x, names[0])
    if source is None:
        if class_weight is not None:
            sample_weight = class_weights(y, class_weight, sample_weight)
        kind = Files if any(on_disk(a) for a in tree.flatten((x, y, sample_weight)) if a is not None) else Arrays
        return kind(x, y, sample_weight, batch_size, steps, finite, names)
    for name, value in ((names[1], y), ("sample_weight", sample_weight)):
        if value is not None:
            raise ValueError(
                f"`{name}` was given beside {source.what}: each batch holds its own, as (x, y) or "
                "(x, y, sample_weight)."
            )
    if batch_size is not None:
        naming.warn(
            f"`batch_size` has no effect: {source.what} makes the batches, so change their size there. "
            "For validation on arrays there is `validation_batch_size`."
        )
    if class_weight is not None and not source.takes_class_weight:
        raise ValueError("`class_weight` does not go with a generator: let it yield (x, y, sample_weight).")
    if isinstance(x, PyDataset) and source.num_batches is None and steps is None:
        raise ValueError(
            f"{type(x).__name__} never ends (its num_batches is None): say how many batches make an epoch, with "
            "`steps_per_epoch` in fit, `validation_steps` for validation, `steps` in evaluate and predict."
        )
    return Batches(source, steps, class_weight, finite, names, only_x)


def _source_of(x, name):
    """What makes the batches, if x is not made of arrays."""
    if isinstance(x, PyDataset):
        return Dataset(x)
    arrays = ("shape", "to_numpy", "numpy", "__array__", "toarray")
    if x is None or isinstance(x, (list, tuple, dict, str, bytes, set)) or any(hasattr(x, a) for a in arrays):
        return None
    if hasattr(x, "__next__"):
        return Generator(x)
    if hasattr(type(x), "__iter__"):
        return Iterable(x)
    if hasattr(x, "__getitem__"):
        raise TypeError(
            f"`{name}` is a {type(x).__name__}, which gives batches by number: let its class derive from "
            "keras.utils.PyDataset."
        )
    if callable(x):
        raise TypeError(f"`{name}` is a function; to use the generator that it makes, call it: fit({_called(x)}, ...).")
    return None


def _called(function):
    return f"{getattr(function, '__name__', 'function')}()"


def split(data, share, batch_sizes, steps):
    """The data's head and tail: the last `share` of the rows, before any shuffling, is for validation."""
    if not isinstance(share, numbers.Real) or not 0 < share < 1:
        raise ValueError(f"`validation_split` is a share between 0 and 1, for 20 % write 0.2; got {share!r}.")
    if isinstance(data, Batches):
        raise ValueError(
            f"`validation_split` needs arrays; x is {data.source.what}: give `validation_data` instead."
        )
    at = math.floor(data.n * (1 - share))
    if at in (0, data.n):
        raise ValueError(f"{data.n} samples are too few for validation_split={share}: one part would be empty.")
    return data.part(0, at, batch_sizes[0], steps[0]), data.part(at, data.n, batch_sizes[1], steps[1])
