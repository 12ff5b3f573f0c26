"""Files: weights end in .weights.h5; how often a checkpoint is written; how models are saved."""

import re

from .. import syntax
from ..rule import Rule


def weights(call):
    _weights_name(call, 0, "filepath")


def _weights_name(call, position, keyword):
    node = call.get(keyword, position)
    name = syntax.literal(node)
    if not isinstance(name, str):
        known = [syntax.literal(v) for v in call.file.values.get(syntax.code(node), [])] if node is not None else []
        if any(isinstance(value, str) and not value.endswith(".weights.h5") for value in known):
            call.say("the name of a file of weights must end in .weights.h5; this one is not written out here.")
        return
    if not name.endswith(".weights.h5"):
        new = syntax.string(node, re.sub(r"(_weights|-weights)?\.(h5|hdf5|hdf|ckpt)$|$", ".weights.h5", name, count=1))
        if call.index(keyword) is None:
            call.put_at(position, new)
        else:
            call.put(keyword, new)


def loaded(call):
    """A name that this file also saves to changes with it; others are files that exist."""
    name = call.literal("filepath", 0)
    saved = {syntax.literal(c.args[0].value) for _, c in call.file.calls
             if syntax.code(c.func).endswith(".save_weights") and c.args}
    if name in saved:
        _weights_name(call, 0, "filepath")


def checkpoint(call):
    if call.index("period") is not None:
        if call.literal("period") == 1:
            call.pop("period")
        else:
            call.say("period= is gone: save_freq='epoch', or save_freq=n for every n batches; for every n-th epoch "
                     "write a callback.")
    if call.index("mode") is None and call.literal("monitor", 1) in ("acc", "val_acc"):
        monitor = call.get("monitor", 1)
        new = syntax.string(monitor, call.literal("monitor", 1).replace("acc", "accuracy"))
        call.put("monitor", new) if call.index("monitor") is not None else call.put_at(1, new)
    _checkpoint_path(call)


def _checkpoint_path(call):
    node = call.get("filepath", 0)
    path = syntax.literal(node)
    if not isinstance(path, str):
        return
    new = re.sub(r"\{(val_)?acc(?=[:}])", r"{\1accuracy", path)
    if call.literal("save_weights_only") is True:
        if not new.endswith(".weights.h5"):
            new = re.sub(r"\.(h5|hdf5|ckpt)$|$", ".weights.h5", new, count=1)
    elif re.search(r"\.hdf5$", new):
        new = re.sub(r"\.hdf5$", ".h5", new)
    if new != path:
        call.put_at(0, syntax.string(node, new)) if call.index("filepath") is None else call.put(
            "filepath", syntax.string(node, new))


RULES = [
    Rule(
        "weights-files",
        "A file of weights ends in .weights.h5.",
        "from keras.models import Sequential\nmodel.save_weights('first.h5')\nmodel.load_weights('first.h5')\n",
        "from keras.models import Sequential\nmodel.save_weights('first.weights.h5')\n"
        "model.load_weights('first.weights.h5')\n",
        methods={"save_weights": weights, "load_weights": loaded},
    ),
    Rule(
        "checkpoint",
        "ModelCheckpoint: period=1 is the default, the names of metrics and files are today's.",
        "from keras.callbacks import ModelCheckpoint\n"
        "a = ModelCheckpoint('{epoch:02d}-{val_acc:.2f}.hdf5', monitor='val_acc', period=1)\n"
        "b = ModelCheckpoint('w.h5', save_weights_only=True)\n",
        "from keras.callbacks import ModelCheckpoint\n"
        "a = ModelCheckpoint('{epoch:02d}-{val_accuracy:.2f}.h5', monitor='val_accuracy')\n"
        "b = ModelCheckpoint('w.weights.h5', save_weights_only=True)\n",
        calls={"keras.callbacks.ModelCheckpoint": checkpoint},
    ),
]
