"""merge([...], mode='concat') and Merge: today one function for each way to merge; Model(input=, output=)."""

from ..rule import Rule

MODES = {"sum": "add", "mul": "multiply", "concat": "concatenate", "ave": "average", "max": "maximum", "dot": "dot",
         "cos": "dot"}


def merge(call):
    mode = call.literal("mode", 1, default="sum" if call.get("mode", 1) is None else None)
    if mode not in list(MODES):
        call.say("merge with a mode that is a function: write Lambda(function)([a, b]), or compute with keras.ops.")
        return
    if call.index("mode") is None and len(call.positional) > 1:
        call.pop_at(1)
    call.pop("mode")
    axis = call.pop("concat_axis")
    if mode == "concat" and axis is not None:
        call.put("axis", axis)
    axes = call.pop("dot_axes")
    if mode in ("dot", "cos"):
        call.put("axes", axes if axes is not None else "-1")
    if mode == "cos":
        call.put("normalize", "True")
    for ignored in ("output_shape", "output_mask", "arguments", "node_indices", "tensor_indices"):
        call.pop(ignored)
    call.refer(f"keras.layers.{MODES[mode]}")


def merge_layer(call):
    call.say(
        "Merge took whole models as branches: call the branches on Inputs instead and write e.g. "
        "x = concatenate([left(a), right(b)]), then Model([a, b], ...)."
    )


def model(call):
    for old in ("input", "output"):
        call.rename(old, old + "s")


MERGE = ["keras.layers.merge", "keras.layers.core.merge", "keras.engine.merge", "keras.engine.topology.merge",
         "keras.legacy.layers.merge"]

RULES = [
    Rule(
        "merge",
        "merge([...], mode='concat') is concatenate([...]), and so on for each mode.",
        "from keras.layers import Input, merge\nx = Input(shape=(4,))\n"
        "a = merge([x, x], mode='concat', concat_axis=1)\nb = merge([x, x], mode='sum')\n",
        "from keras.layers import Input, concatenate, add\nx = Input(shape=(4,))\n"
        "a = concatenate([x, x], axis=1)\nb = add([x, x])\n",
        calls=dict.fromkeys(MERGE, merge),
    ),
    Rule(
        "Merge",
        "The layer Merge, which joined whole models, is explained.",
        "from keras.layers import Merge\nlayer = Merge([left, right], mode='concat')\n",
        "from keras.layers import Merge\nlayer = Merge([left, right], mode='concat')\n",
        calls={f"keras.{m}.Merge": merge_layer for m in ("layers", "layers.core", "engine", "engine.topology")},
        finds=("took whole models",),
    ),
    Rule(
        "model-inputs",
        "Model(input=x, output=y) is Model(inputs=x, outputs=y).",
        "from keras.models import Model\nmodel = Model(input=x, output=y)\n",
        "from keras.models import Model\nmodel = Model(inputs=x, outputs=y)\n",
        calls=dict.fromkeys(("keras.models.Model", "keras.Model", "keras.engine.Model"), model),
    ),
]
