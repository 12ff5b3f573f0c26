"""All weights of a model, of its optimizer too, in an HDF5 file: `layers/dense/vars/0`, ..., `optimizer/vars/0`, ...

Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
"""

import os
import tempfile

import numpy as np

from .. import naming
from . import hdf5
from .walk import Walk


class Store(dict):
    """The arrays that a part of the model saves, by name."""

    def __setitem__(self, name, value):
        super().__setitem__(name, np.asarray(value.numpy() if hasattr(value, "numpy") else value))


class StoredArrays:
    """The arrays that a file has for a part of the model, by name; each is read when it is asked for."""

    def __init__(self, group):
        self._group = group

    def keys(self):
        return list(self._group) if self._group is not None else []

    def __iter__(self):
        return iter(self.keys())

    def __len__(self):
        return len(self.keys())

    def __contains__(self, name):
        return name in self.keys()

    def __getitem__(self, name):
        if name not in self:
            raise KeyError(name)
        return hdf5.numbers(hdf5.dataset(self._group, name))

    def shape(self, name):
        """The shape of an array, not reading it."""
        return hdf5.dataset(self._group, name).shape


def _layer():
    from ..layers import Layer

    return Layer


def _keeps_numbers(part):
    return hasattr(part, "save_own_variables") and hasattr(part, "load_own_variables")


# saving ----------------------------------------------------------------------------------------


def save(model, sealed=True):
    """The bytes of a file with the weights of a model."""

    def write(file):
        for part, (way, *_) in Walk(model).parts:
            if _keeps_numbers(part):
                store = Store()
                part.save_own_variables(store)
                group = file.create_group(f"{way}/vars" if way else "vars")
                group.attrs["name"] = part.name
                for name, array in store.items():
                    group.create_dataset(name, data=array)

    return hdf5.written(write, sealed)


def save_assets(model):
    """What layers keep beside weights, as vocabularies: {way/file name: bytes}."""
    found = {}
    for part, (way, *_) in Walk(model).parts:
        if hasattr(part, "save_assets"):
            with tempfile.TemporaryDirectory() as folder:
                part.save_assets(folder)
                for at, _, names in os.walk(folder):
                    for name in names:
                        inner = os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/")
                        with open(os.path.join(at, name), "rb") as file:
                            found[f"{way}/{inner}" if way else inner] = file.read()
    return found


# loading ---------------------------------------------------------------------------------------


def load(model, file, skip_mismatch=False, skip=()):
    """Set the weights of a model from an open HDF5 file: all of them, or none if anything does not fit.

    Parameters
    ----------
    file : h5py.File
    skip_mismatch : bool
        Leave alone the layers that do not fit, with a warning, and set the others.
    skip : list of objects
        Layers, or the optimizer, to leave alone.

    Raises
    ------
    ValueError
        If weights are missing, too many, or not of the model's shapes.
    """
    walk = Walk(model)
    wrong = [] if skip_mismatch else _too_many(walk, file)
    before = [(v, v.numpy().copy()) for v in _variables(walk)]
    for part, ways in walk.parts:
        if not _keeps_numbers(part) or any(part is other for other in skip):
            continue
        try:
            _load_part(part, _stored(file, ways))
        except Exception as error:
            wrong.append(str(error) or repr(error))
    if wrong and not skip_mismatch:
        for v, value in before:
            v.assign(value)
        raise ValueError(" ".join(wrong[:3]) + (f" And {len(wrong) - 3} more like these." if len(wrong) > 3 else ""))
    for problem in wrong:
        naming.warn(f"Left as it was: {problem}")


def _load_part(part, store):
    """Let a layer or an optimizer take its numbers, after a look at their shapes."""
    if not isinstance(part, _layer()):
        _load_optimizer(part, store)
        return
    if type(part).load_own_variables is _layer().load_own_variables:
        check(part, part._own_in_order(), store)
    part.load_own_variables(store)


def _load_optimizer(optimizer, store):
    """The state of an optimizer; one that was saved before its first step has no more than its counter and rate."""
    variables = optimizer.variables
    if 0 < len(store) <= 2 < len(variables):
        variables = variables[: len(store)]
        check(optimizer, variables, store)
        for i, v in enumerate(variables):
            v.assign(store[str(i)])
        return
    if len(store) == len(variables):
        check(optimizer, variables, store)
    optimizer.load_own_variables(store)  # warns if the state is that of another optimizer


def check(owner, variables, store):
    """See that a store has the arrays for these variables; none of them is read.

    Raises
    ------
    ValueError
        If they are not as many, or not of those shapes; the message names the layer and the variable.
    """
    what = f"{type(owner).__name__} {owner.name!r}"
    if len(store.keys()) != len(variables):
        hint = ""
        if not variables and not getattr(owner, "built", True):
            hint = (
                " The layer has not been built: the `build` of the layer around it must build it, or it needs "
                "`get_build_config` and `build_from_config`."
            )
        raise ValueError(
            f"{what} has {len(variables)} weights {[v.name for v in variables]}, and the file has "
            f"{len(store.keys())} for it.{hint}"
        )
    for i, v in enumerate(variables):
        if str(i) not in store.keys():
            raise ValueError(f"{what}: the file has no weight number {i} for it.")
        shape = store.shape(str(i))
        if tuple(shape) != tuple(v.shape):
            raise ValueError(
                f"{what}: its weight {v.name!r} has shape {tuple(v.shape)}, that in the file {tuple(shape)}."
            )


def _variables(walk):
    """Every variable of layers and optimizers."""
    found = {}
    for part, _ in walk.parts:
        if _keeps_numbers(part):
            found.update((id(v), v) for v in (part._variables if isinstance(part, _layer()) else part.variables))
    return found.values()


def _stored(file, ways):
    """What the file has at the first of these ways that it knows."""
    for way in (*ways, *(w.replace("layers", "_layer_checkpoint_dependencies") for w in ways)):  # as of Keras 2.12
        group = hdf5.group(file, f"{way}/vars" if way else "vars")
        if group is not None:
            return StoredArrays(group)
    return StoredArrays(None)


def _too_many(walk, file):
    """What is wrong with the layers that the file has and the model has not."""
    for way, names in walk.lists.items():
        group = hdf5.group(file, way)
        more = [name for name in (group or ()) if name not in names and _holds_arrays(group, name)]
        if more:
            return [
                f"The file has weights for {len(more)} more layer{'s' if len(more) > 1 else ''} than the model at "
                f"{way!r}: {', '.join(sorted(more)[:5])}. It was saved from another model."
            ]
    return []


def _holds_arrays(group, name):
    inner = hdf5.group(group, name)
    return "vars" in inner and len(hdf5.group(inner, "vars")) > 0


def load_assets(model, assets):
    """Give the layers what `save_assets` found: {way/file name: bytes}."""
    for part, ways in Walk(model).parts:
        if not hasattr(part, "load_assets"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            for way in reversed(ways):
                for name, data in assets.items():
                    if name.startswith(f"{way}/") and "/" not in name[len(way) + 1:]:
                        with open(os.path.join(folder, name[len(way) + 1:]), "wb") as file:
                            file.write(data)
            part.load_assets(folder)
