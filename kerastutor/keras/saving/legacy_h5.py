"""Whole models in one HDF5 file, `.h5`, as Keras 1 and 2 wrote them; Keras 3 still reads and writes it.

    attributes    model_config, training_config: JSON
    model_weights/<layer>/<weight>, optimizer_weights/<weight>, with their order in the attribute `weight_names`
"""


import numpy as np

from .. import naming, tree
from . import hdf5
from .deserialization import reading
from .files import replacing
from .legacy_config import compile_arguments, deserialize_legacy, serialize_legacy, writing_legacy
from .registry import known_objects
from .text import as_json, check_version, keras_version, parsed

LIMIT = 64512  # bytes of one attribute; longer lists are cut into several


def save_model_to_h5(model, path, include_optimizer=True):
    """Write a model with its weights, and its optimizer's state, as one HDF5 file, whole or not at all."""
    naming.warn(
        "A file '....h5' is of the form that Keras 1 and 2 had. Today's is '....keras': model.save('model.keras')."
    )
    attributes = {"keras_version": keras_version(), "backend": "numpy"}
    with writing_legacy():
        attributes["model_config"] = as_json(serialize_legacy(model)).encode()
        trained = include_optimizer and model.compiled
        if trained:
            arguments = dict(model._compile_arguments)
            arguments["optimizer_config"] = serialize_legacy(arguments.pop("optimizer"))
            arguments["loss"] = tree.map_structure(_full_name, arguments["loss"])
            attributes["training_config"] = as_json(serialize_legacy(arguments)).encode()

    def write(file):
        for name, value in attributes.items():
            file.attrs[name] = value
        _write_weights(file.create_group("model_weights"), model)
        if trained and model.optimizer.variables:
            _write_arrays(file.create_group("optimizer_weights"), model.optimizer.variables)

    data = hdf5.written(write)
    with replacing(path) as file:
        file.write(data)


def _full_name(loss):
    """A loss's name without abbreviation: Keras reads "mean_squared_error" from such a file, and not "mse"."""
    from .. import losses

    return getattr(losses.get(loss), "__name__", loss) if isinstance(loss, str) else loss


def _write_weights(group, model):
    _write_names(group, "layer_names", [layer.name for layer in model.layers])
    group.attrs["backend"], group.attrs["keras_version"] = b"numpy", keras_version().encode()
    for layer in sorted(model.layers, key=lambda layer: layer.name):
        _write_arrays(group.create_group(layer.name), _in_old_order(layer))
    _write_arrays(group.create_group("top_level_model_weights"), model._own_in_order())


def _in_old_order(layer):
    return layer.trainable_variables + layer.non_trainable_variables


def _write_arrays(group, variables):
    """Each array under its variable's path; a number behind it where two variables have the same one."""
    names = []
    for v in variables:
        name, n = v.path, 1
        while name in names:
            name, n = f"{v.path}_{n}", n + 1
        names.append(name)
        group.create_dataset(name, data=v.numpy())
    _write_names(group, "weight_names", names)


def _write_names(group, attribute, names):
    encoded = [name.encode() for name in names]
    longest = max(map(len, encoded), default=0) or 1
    step = max(1, LIMIT // longest)
    if len(encoded) <= step:
        group.attrs[attribute] = encoded
    else:
        for i in range(0, len(encoded), step):
            group.attrs[f"{attribute}{i // step}"] = encoded[i:i + step]


# loading ---------------------------------------------------------------------------------------


def load_model_from_h5(path, custom_objects=None, compile=True, safe_mode=True):
    """The model of an `.h5` file. Errors are for the caller to complete with the file's name."""
    with open(path, "rb") as raw, hdf5.opened(raw.read(), path) as file:
        config = _json(file, "model_config")
        if config is None:
            raise ValueError(
                "it has no 'model_config': it holds weights alone. Make the model, then call load_weights on it."
            )
        check_version(_text(file.attrs.get("keras_version")))
        offered = known_objects(custom_objects)
        with reading(safe_mode, custom_objects):
            model = deserialize_legacy(config, offered)
        load_weights_from_h5(model, file)
        training = _json(file, "training_config")
        if compile and training is None:
            naming.warn("The file does not say how the model was compiled: call compile(...).")
        elif compile:
            model.compile(**compile_arguments(training, custom_objects))
            _load_optimizer(model, file)
    return model


def _load_optimizer(model, file):
    group = hdf5.group(file, "optimizer_weights")
    if group is None:
        return
    model.optimizer.build(model.trainable_variables)
    arrays, variables = [hdf5.dataset(group, name) for name in _names(group, "weight_names")], model.optimizer.variables
    if len(arrays) <= 2:  # saved before its first step: only its counter and its rate
        variables = variables[: len(arrays)]
    if [tuple(a.shape) for a in arrays] != [tuple(v.shape) for v in variables]:
        naming.warn("The optimizer starts anew: its state in the file is that of another version.")
        return
    for v, array in zip(variables, arrays, strict=True):
        v.assign(hdf5.numbers(array))


def load_weights_from_h5(model, file, skip_mismatch=False, by_name=False):
    """Set the model's weights from a file of the old form: all of them, or none if anything does not fit."""
    group = file
    if "layer_names" not in file.attrs and "model_weights" in file:
        group = hdf5.group(file, "model_weights")
    stored = {name: _arrays(hdf5.group(group, name), name) for name in _names(group, "layer_names")}
    pairs = _by_name(model, stored) if by_name else _by_order(model, stored)
    if hdf5.group(group, "top_level_model_weights") is not None:
        pairs.append((model, _arrays(hdf5.group(group, "top_level_model_weights"), "the model")))
    wrong, right = [], []
    for layer, arrays in pairs:
        variables = model._own_in_order() if layer is model else _in_old_order(layer)
        shapes = [tuple(a.shape) for a in arrays]
        if shapes == [tuple(v.shape) for v in variables]:
            right += list(zip(variables, arrays))
        else:
            wrong.append(
                f"{type(layer).__name__} {layer.name!r} has weights of the shapes "
                f"{[tuple(v.shape) for v in variables]}, and the file has {shapes} for it."
            )
    if wrong and not skip_mismatch:
        raise ValueError(" ".join(wrong[:3]))
    for problem in wrong:
        naming.warn(f"Left as it was: {problem}")
    values = [hdf5.numbers(array) for _, array in right]
    for (v, _), value in zip(right, values, strict=True):
        v.assign(value)
    for layer, _ in pairs:
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def _arrays(group, name):
    if group is None:
        raise ValueError(f"the weights of {name!r} are missing in it.")
    return [hdf5.dataset(group, weight) for weight in _names(group, "weight_names")]


def _by_order(model, stored):
    layers = [layer for layer in model.layers if layer.variables]
    kept = {name: arrays for name, arrays in stored.items() if arrays}
    if len(layers) != len(kept):
        raise ValueError(
            f"The model has {len(layers)} layers with weights {[layer.name for layer in layers]}, and the file has "
            f"{len(kept)}: {list(kept)}."
        )
    return list(zip(layers, kept.values()))


def _by_name(model, stored):
    return [(layer, stored[layer.name]) for layer in model.layers if layer.name in stored]


def _names(group, attribute):
    """A list of names, which may be cut into several attributes."""
    if attribute in group.attrs:
        found = group.attrs[attribute]
    else:
        found, i = [], 0
        while f"{attribute}{i}" in group.attrs:
            found += list(group.attrs[f"{attribute}{i}"])
            i += 1
    names = [_text(name) for name in np.ravel(found).tolist()]
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"its attribute {attribute!r} holds no names: it is damaged.")
    return names


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


def _json(file, attribute):
    value = file.attrs.get(attribute)
    return None if value is None else parsed(_text(value), attribute)
