"""save_model, load_model, save_weights, load_weights. Source: https://keras.io/api/models/model_saving_apis/"""

import datetime
import os

from ..naming import warn
from . import archive, hdf5, weights
from .deserialization import deserialize_keras_object, reading
from .files import check_there, may_overwrite, naming, replacing
from .legacy_h5 import load_model_from_h5, load_weights_from_h5, save_model_to_h5
from .serialization import serialize_shared
from .text import as_json, check_version, keras_version, parsed

H5 = (".h5", ".hdf5")


def save_model(model, filepath, overwrite=True, zipped=None, **kwargs):
    """Save a model with its weights, and its optimizer's state if it is compiled, as a `.keras` file.

    Real Keras loads it too. The file is there whole or not at all: an old one stays until the new one is complete.

    Parameters
    ----------
    filepath : str or pathlib.Path
        "name.keras"; "name.h5" for the format of Keras 1 and 2; with zipped=False the name of a folder.
    overwrite : bool
        False: ask before an existing file is replaced.

    Raises
    ------
    ValueError
        If the name ends in nothing of these.
    TypeError
        If the model holds an object that can't be saved; nothing is written then.

    Examples
    --------
    >>> import os, tempfile
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "model.keras")
    ...     model.save(path)
    ...     keras.saving.load_model(path).count_params()
    3
    """
    include_optimizer = kwargs.pop("include_optimizer", True)
    kwargs.pop("save_format", None)  # Keras 3 goes by the file's name, and so do we
    if kwargs:
        raise ValueError(f"save has no argument {next(iter(kwargs))!r}.")
    path = str(filepath)
    _refuse_remote(path)
    if not may_overwrite(path, overwrite):
        return
    if path.endswith(H5) and zipped is not False:
        save_model_to_h5(model, path, include_optimizer)
    elif path.endswith(".keras") == (zipped is not False):
        _warn_unbuilt(model)
        members = _members(model)
        if zipped is False:
            _write_folder(path, members)
        else:
            with replacing(path) as file:
                archive.write(file, members)
    elif zipped is False:
        raise ValueError(f"With zipped=False a folder is written, whose name can't end in '.keras'; got {path!r}.")
    else:
        raise ValueError(f"A model's file must be called '....keras' (or '....h5'); got {path!r}.")


def _refuse_remote(path):
    if "://" in path:
        raise ValueError(f"Files can only be on this computer; got {path!r}.")


def _warn_unbuilt(model):
    if not model.built:
        warn(
            f"Model {model.name!r} is saved without weights: it has none yet, because it has not been built. Call it "
            "on data first, or begin it with an Input."
        )


def _members(model):
    config = serialize_shared(model)
    metadata = {
        "keras_version": keras_version(), "date_saved": datetime.datetime.now().strftime("%Y-%m-%d@%H:%M:%S"),
    }
    members = {archive.METADATA: as_json(metadata).encode(), archive.CONFIG: as_json(config).encode()}
    members[archive.WEIGHTS] = weights.save(model, sealed=False)  # a zip has checksums of its own
    return members | {f"{archive.ASSETS}{name}": data for name, data in weights.save_assets(model).items()}


def _write_folder(path, members):
    for name, data in members.items():
        target = os.path.join(path, *name.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with replacing(target) as file:
            file.write(data)


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    """The model in a `.keras` or `.h5` file, of this library or of Keras: as it was, its optimizer's state too.

    Nothing in the file is run: classes and functions of your own must be known here.

    Parameters
    ----------
    filepath : str or pathlib.Path
    custom_objects : dict, optional
        Name -> class or function, for those of your own that are not registered.
    compile : bool
        Whether to compile the model as it was.
    safe_mode : bool
        False allows lambdas, which are code in the file.

    Raises
    ------
    ValueError
        If the file is missing, damaged or no model's; the message names it.
    TypeError
        If it holds a class or function that is not known here.
    """
    path = str(filepath)
    _refuse_remote(path)
    check_there(path)
    with naming(path):
        if path.endswith(H5):
            return load_model_from_h5(path, custom_objects, compile, safe_mode)
        if not path.endswith(".keras") and not os.path.isdir(path):
            raise ValueError("the name of a model's file ends in .keras or .h5.")
        return _from_members(archive.read(path), custom_objects, compile, safe_mode)


def _from_members(members, custom_objects, compile, safe_mode):
    missing = [name for name in (archive.CONFIG, archive.WEIGHTS) if name not in members]
    if missing:
        raise ValueError(f"{' and '.join(missing)} are missing in it: it is no model's file, or was cut off.")
    check_version(parsed(members.get(archive.METADATA, b"{}"), archive.METADATA).get("keras_version"))
    config = parsed(members[archive.CONFIG], archive.CONFIG)
    if not compile:
        config["compile_config"] = None
    with reading(safe_mode, custom_objects, sharing=True):
        model = deserialize_keras_object(config, custom_objects, safe_mode)
    from ..models import Model

    if not isinstance(model, Model):
        raise ValueError(f"what is in it is no model but {type(model).__name__}.")
    assets = {n[len(archive.ASSETS):]: data for n, data in members.items() if n.startswith(archive.ASSETS)}
    weights.load_assets(model, assets)
    with hdf5.opened(members[archive.WEIGHTS]) as file:
        weights.load(model, file)
    return model


# weights alone ---------------------------------------------------------------------------------


def save_weights(model, filepath, overwrite=True, max_shard_size=None):
    """Save a model's weights, and its optimizer's state, as "name.weights.h5".

    Raises
    ------
    ValueError
        If the name ends in something else, or the model has no weights yet.
    """
    path = str(filepath)
    _refuse_remote(path)
    if max_shard_size is not None:
        raise NotImplementedError("save_weights: `max_shard_size`, several files for one model, is not offered.")
    if not path.endswith(".weights.h5"):
        raise ValueError(f"A file of weights must be called '....weights.h5'; got {path!r}.")
    _needs_weights(model, "save_weights")
    if may_overwrite(path, overwrite):
        data = weights.save(model)
        with replacing(path) as file:
            file.write(data)


def load_weights(model, filepath, skip_mismatch=False, **kwargs):
    """Set a model's weights from a file: all of them, or none if anything does not fit.

    Parameters
    ----------
    filepath : str or pathlib.Path
        "name.weights.h5", "name.keras", or "name.h5" in the format of Keras 1 and 2.
    skip_mismatch : bool
        Leave alone the layers that do not fit, with a warning.
    by_name : bool
        For "name.h5": by the layers' names instead of their order.
    """
    path = str(filepath)
    _refuse_remote(path)
    by_name, skip = kwargs.pop("by_name", None), kwargs.pop("objects_to_skip", None)
    if kwargs:
        raise ValueError(f"load_weights has no argument {next(iter(kwargs))!r}.")
    if by_name and (path.endswith((".keras", ".weights.h5"))):
        raise ValueError(f"load_weights: `by_name` is for .h5 files in the format of Keras 1 and 2; got {path!r}.")
    _needs_weights(model, "load_weights")
    check_there(path)
    with naming(path):
        if path.endswith(".keras"):
            data = archive.read(path).get(archive.WEIGHTS)
            if data is None:
                raise ValueError(f"{archive.WEIGHTS} is missing in it.")
            with hdf5.opened(data) as file:
                weights.load(model, file, skip_mismatch, skip or ())
        elif path.endswith(H5):
            with open(path, "rb") as raw, hdf5.opened(raw.read(), path) as file:
                if path.endswith(".weights.h5"):
                    weights.load(model, file, skip_mismatch, skip or ())
                else:
                    load_weights_from_h5(model, file, skip_mismatch, by_name)
        else:
            raise ValueError("the name of a file of weights ends in .weights.h5, .keras or .h5.")


def _needs_weights(model, what):
    if not model.built:
        raise ValueError(
            f"{what}: model {model.name!r} has no weights yet: call it on data first, or begin it with an Input."
        )
