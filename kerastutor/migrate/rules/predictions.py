"""predict_classes and predict_proba: today the class is found from what predict gives."""

from .. import syntax
from ..rule import Rule


def probabilities(call):
    if call.file.is_model(call.receiver) or _only_keras(call):
        call.rename_method("predict")


def classes(call):
    if not (call.file.is_model(call.receiver) or _only_keras(call)):
        return
    two = _is_binary(call)
    if two is None:
        call.say("predict_classes is gone: np.argmax(model.predict(x), axis=-1), or for one output "
                 "(model.predict(x) > 0.5).astype('int32'); this file does not tell which.")
        return
    call.rename_method("predict")
    predicted = syntax.code(call.node.with_changes(args=call.args, lpar=[], rpar=[]))
    if two:
        call.replace(f'({predicted} > 0.5).astype("int32")')
    else:
        call.replace(f"{call.file.named('numpy.argmax')}({predicted}, axis=-1)")


def _only_keras(call):
    known = call.file.is_model(call.receiver)
    return known is None and not any(d.split(".")[0] == "sklearn" for d in call.file.bindings.values())


def _is_binary(call):
    """Whether the file's models end in one unit; None if some do and some don't."""
    losses = {value for value in map(_loss, call.file.calls) if value}
    binary = {"binary_crossentropy" in loss for loss in losses if "crossentropy" in loss}
    return binary.pop() if len(binary) == 1 else None


def _loss(entry):
    _, call = entry
    if syntax.code(call.func).endswith(".compile"):
        for i, arg in enumerate(call.args):
            if arg.keyword.value == "loss" if arg.keyword is not None else i == 1:
                return syntax.code(arg.value)
    return None


RULES = [
    Rule(
        "predict-classes",
        "The class is where predict's output is largest, or over one half where there is one output.",
        "from keras.models import Sequential\nmodel = Sequential()\n"
        "model.compile(loss='categorical_crossentropy', optimizer='adam')\n"
        "classes = model.predict_classes(x, verbose=0)\nproba = model.predict_proba(x)\n",
        "import numpy as np\nfrom keras.models import Sequential\nmodel = Sequential()\n"
        "model.compile(loss='categorical_crossentropy', optimizer='adam')\n"
        "classes = np.argmax(model.predict(x, verbose=0), axis=-1)\nproba = model.predict(x)\n",
        methods={"predict_classes": classes, "predict_proba": probabilities},
    ),
    Rule(
        "predict-one-class",
        "With one output, the class is whether it is over one half.",
        "from keras.models import Sequential\nmodel = Sequential()\n"
        "model.compile('adam', loss='binary_crossentropy')\nclasses = model.predict_classes(x)\n",
        "from keras.models import Sequential\nmodel = Sequential()\n"
        "model.compile('adam', loss='binary_crossentropy')\nclasses = (model.predict(x) > 0.5).astype(\"int32\")\n",
    ),
]
