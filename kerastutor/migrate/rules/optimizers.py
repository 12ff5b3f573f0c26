"""Optimizers: lr is learning_rate, decay is a schedule."""

import libcst as cst

from .. import syntax
from ..rule import Rule

RATES = {"SGD": 0.01, "RMSprop": 0.001, "Adam": 0.001, "Adagrad": 0.01, "Adadelta": 1.0, "Adamax": 0.002,
         "Nadam": 0.002}
"""The learning rates that Keras 2 began with."""


def rate(call):
    call.rename("lr", "learning_rate")
    decay = call.get("decay")
    if decay is not None:
        if syntax.literal(decay, 1) == 0:
            call.pop("decay")
        else:
            _schedule(call)
    if call.index("epsilon") is not None and call.get("epsilon") is not None:
        if syntax.code(call.get("epsilon")) == "None":
            call.pop("epsilon")
    call.pop("schedule_decay")
    if call.index("amsgrad") is not None and call.literal("amsgrad") is False and call.index("lr") is not None:
        call.pop("amsgrad")


def _schedule(call):
    """lr / (1 + decay * step) is InverseTimeDecay."""
    decay = syntax.code(call.pop("decay"))
    first = call.get("learning_rate", 0)
    first = syntax.code(first) if first is not None else str(RATES[call.name.rpartition(".")[2]])
    made = syntax.code(call.file.refer("keras.optimizers.schedules.InverseTimeDecay", call.original.func))
    text = f"{made}({first}, decay_steps=1, decay_rate={decay})"
    if call.positional:
        call.put_at(0, syntax.expression(text))
    else:
        new = syntax.argument("learning_rate", syntax.expression(text))
        if call.index("learning_rate") is None and call.args:
            comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
            call.args = [new.with_changes(comma=comma), *call.args]
        else:
            call.put("learning_rate", text)
    for name, _ in call.file.calls:
        if name == "keras.callbacks.ReduceLROnPlateau" or name == "keras.callbacks.LearningRateScheduler":
            call.say("decay= became a schedule, which a callback that sets the learning rate can't change: keep one.")
            break


def attribute(file, original, updated):
    """`model.optimizer.lr` -> `model.optimizer.learning_rate`."""
    if original.attr.value != "lr" or file.meaning(original) is not None:
        return updated
    made = {name.rpartition(".")[2] for name in file.made_by(original.value)}
    if syntax.code(original.value).endswith("optimizer") or made & set(RATES):
        return updated.with_changes(attr=cst.Name("learning_rate"))
    return updated


RULES = [
    Rule(
        "learning-rate",
        "lr= is learning_rate=, on optimizers and in their attribute.",
        "from keras.optimizers import SGD\nsgd = SGD(lr=0.1, momentum=0.9, nesterov=True)\nprint(sgd.lr)\n",
        "from keras.optimizers import SGD\nsgd = SGD(learning_rate=0.1, momentum=0.9, nesterov=True)\n"
        "print(sgd.learning_rate)\n",
        calls={f"keras.optimizers.{name}": rate for name in [*RATES, "Ftrl", "Lion", "AdamW"]},
        nodes={"Attribute": attribute},
    ),
    Rule(
        "decay",
        "decay= is the schedule InverseTimeDecay, with the same learning rate at each step.",
        "from keras.optimizers import SGD\nsgd = SGD(lr=0.01, decay=1e-6, momentum=0.9)\n",
        "from keras.optimizers import SGD\nfrom keras.optimizers.schedules import InverseTimeDecay\n"
        "sgd = SGD(learning_rate=InverseTimeDecay(0.01, decay_steps=1, decay_rate=1e-6), momentum=0.9)\n",
    ),
    Rule(
        "legacy-optimizers",
        "keras.optimizers.legacy is gone; the optimizers of today are in keras.optimizers.",
        "from tensorflow.keras.optimizers.legacy import Adam\nadam = Adam(lr=0.002)\n",
        "from keras.optimizers import Adam\nadam = Adam(learning_rate=0.002)\n",
    ),
]
