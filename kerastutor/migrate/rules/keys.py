"""The accuracy is called accuracy: in metrics, in the history, in what callbacks watch."""

import libcst as cst

from .. import syntax
from ..rule import Rule

KEYS = {"acc": "accuracy", "val_acc": "val_accuracy"}


def compiled(call):
    """`metrics=['acc']` -> `metrics=['accuracy']`."""
    metrics = call.get("metrics")
    if isinstance(metrics, (cst.List, cst.Tuple)):
        new = [e.with_changes(value=_renamed(e.value)) for e in metrics.elements]
        if list(new) != list(metrics.elements):
            call.put("metrics", metrics.with_changes(elements=new))


def watched(call):
    """`monitor='val_acc'`, and '{val_acc:.2f}' in a file's name."""
    monitor = call.get("monitor", 0)
    if monitor is not None and call.literal("monitor", 0) in list(KEYS):
        if call.index("monitor") is None:
            call.put_at(0, _renamed(monitor))
        else:
            call.put("monitor", _renamed(monitor))


def subscript(file, original, updated):
    """`history.history['acc']`, `logs['val_acc']`."""
    if len(original.slice) == 1 and isinstance(original.slice[0].slice, cst.Index):
        key = original.slice[0].slice.value
        if syntax.literal(key) in list(KEYS) and _is_history(file, original.value):
            index = updated.slice[0].slice.with_changes(value=_renamed(key))
            return updated.with_changes(slice=[updated.slice[0].with_changes(slice=index)])
    return updated


def looked_up(call):
    """`logs.get('acc')`."""
    if call.literal("key", 0) in list(KEYS) and _is_history(call.file, call.receiver):
        call.put_at(0, _renamed(call.positional[0]))


def _is_history(file, node):
    text = syntax.code(node)
    if text.endswith(".history") or text in ("logs", "history_dict"):
        return True
    return any(syntax.code(value).endswith(".history") for value in file.values.get(text, []))


def _renamed(node):
    value = syntax.literal(node)
    return syntax.string(node, KEYS[value]) if isinstance(value, str) and value in KEYS else node


RULES = [
    Rule(
        "accuracy",
        "'acc' is 'accuracy', as a metric and as the history's key.",
        "from keras.models import Sequential\nfrom keras.callbacks import EarlyStopping\n"
        "model.compile('sgd', 'mse', metrics=['acc'])\nstop = EarlyStopping(monitor='val_acc')\n"
        "print(history.history['acc'], history.history['val_acc'])\n",
        "from keras.models import Sequential\nfrom keras.callbacks import EarlyStopping\n"
        "model.compile('sgd', 'mse', metrics=['accuracy'])\nstop = EarlyStopping(monitor='val_accuracy')\n"
        "print(history.history['accuracy'], history.history['val_accuracy'])\n",
        calls={f"keras.callbacks.{name}": watched for name in ("EarlyStopping", "ReduceLROnPlateau")},
        methods={"compile": compiled, "get": looked_up},
        nodes={"Subscript": subscript},
    ),
]
