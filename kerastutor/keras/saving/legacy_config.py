"""Configurations in the form of Keras 1 and 2, which `.h5` files have: {"class_name": ..., "config": {...}} alone."""

import contextlib
import threading

from .deserialization import deserialize_keras_object, reading
from .older import GONE
from .registry import get_registered_name, get_registered_object
from .serialization import own_config, serialize_keras_object


class _Legacy(threading.local):
    """Whether layers are now to be written in the old form."""

    on = False


_legacy = _Legacy()

@contextlib.contextmanager
def writing_legacy():
    """Inside, models write their layers in the old form."""
    _legacy.on = True
    try:
        yield
    finally:
        _legacy.on = False


def is_writing_legacy():
    """Whether this is inside `writing_legacy()`."""
    return _legacy.on


def serialize_layer(layer):
    """A layer of a model: in Keras 3's form, or in the old one inside `writing_legacy()`."""
    return serialize_legacy(layer) if _legacy.on else serialize_keras_object(layer)


def serialize_legacy(obj):
    """The dict of an object in the old form; a function as its name."""
    if obj is None or isinstance(obj, (str, int, float)):
        return obj
    if isinstance(obj, (list, tuple)):
        return [serialize_legacy(part) for part in obj]
    if isinstance(obj, dict):
        return {key: serialize_legacy(part) for key, part in obj.items()}
    if not hasattr(obj, "get_config"):
        return get_registered_name(obj)
    return {"class_name": get_registered_name(type(obj)), "config": own_config(obj)}


def deserialize_legacy(described, custom_objects=None):
    """The layer or model of a dict in the old form.

    Raises
    ------
    ValueError
        If it is no such dict.
    TypeError
        If its class is not known.
    """
    if not isinstance(described, dict) or "class_name" not in described or "config" not in described:
        raise ValueError(f"The configuration of a layer has 'class_name' and 'config'; got {described!r}.")
    name = "Functional" if described["class_name"] == "Model" else described["class_name"]
    return deserialize_keras_object({"class_name": name, "config": described["config"]}, custom_objects)


def compile_arguments(training, custom_objects=None):
    """The arguments of `compile` that a file of the old form holds.

    Parameters
    ----------
    training : dict
        With "optimizer_config", "loss", "metrics", ...
    """
    from .. import losses, metrics, optimizers

    with reading(None, custom_objects):
        described = training["optimizer_config"]
        inner = {k: v for k, v in described["config"].items() if k not in GONE}
        optimizer = optimizers.deserialize({"class_name": described["class_name"], "config": inner}, custom_objects)
        return {
            "optimizer": optimizer,
            "loss": _each(training.get("loss"), lambda one: _read(losses, one)),
            "metrics": _flat(_each(training.get("metrics"), lambda one: _metric(metrics, one))),
            "weighted_metrics": _flat(_each(training.get("weighted_metrics"), lambda one: _metric(metrics, one))),
            "loss_weights": training.get("loss_weights"),
        }


def _each(structure, read):
    """read(one) of each name or dict with a class in a structure."""
    if structure is None or isinstance(structure, str) or isinstance(structure, dict) and "class_name" in structure:
        return None if structure is None else read(structure)
    if isinstance(structure, dict):
        return {key: _each(part, read) for key, part in structure.items()}
    return [_each(part, read) for part in structure]


def _flat(found):
    """TensorFlow's Keras wrote the metrics of a single output as [[...]]."""
    return found[0] if isinstance(found, list) and len(found) == 1 and isinstance(found[0], list) else found


def _read(module, one):
    offered = get_registered_object(one) if isinstance(one, str) else None
    if isinstance(one, str):
        return offered or one
    inner = dict(one["config"])
    if inner.get("reduction") == "auto":  # what "sum_over_batch_size" was called
        inner["reduction"] = "sum_over_batch_size"
    return module.deserialize({**one, "config": inner})


def _metric(metrics, one):
    if isinstance(one, dict) and one["class_name"] == "MeanMetricWrapper" and isinstance(one["config"].get("fn"), str):
        name = one["config"].get("name")
        return name if name in ("accuracy", "acc") else _read(metrics, one["config"]["fn"])
    return _read(metrics, one)
