"""Configurations of Keras 1 and 2 with today's names for their arguments. They name a class, but no module."""

# arguments of older versions that change no result
GONE = ("implementation", "time_major", "input_length", "fused", "virtual_batch_size", "adjustment", "decay", "ragged",
        "batch_input_shape", "is_legacy_optimizer", "jit_compile")


def today(name, config):
    """The configuration of a class as Keras 3 would have written it."""
    if isinstance(config, list):  # a Sequential before Keras 2.2.3
        return {"name": "sequential", "layers": config}
    shape = config.get("batch_input_shape")
    config = {key: value for key, value in config.items() if key not in GONE}
    if shape is not None and name == "InputLayer":
        config.setdefault("batch_shape", shape)
    elif shape is not None:
        config["input_shape"] = tuple(shape[1:])
    axis = config.get("axis")
    if isinstance(axis, list) and len(axis) == 1:
        config["axis"] = int(axis[0])
    if name == "Lambda":
        for key in ("module", "function_type", "output_shape_type", "output_shape_module"):
            config.pop(key, None)
        if isinstance(config.get("function"), list):
            config["function"] = {
                "class_name": "__lambda__", "config": dict(zip(("code", "defaults", "closure"), config["function"])),
            }
    return config
