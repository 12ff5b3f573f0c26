"""Arguments of layers that are called otherwise today, and those that are gone."""

import libcst as cst

from ... import older
from .. import names, syntax
from ..rule import Rule

NOT_FOR = {"output_dim": {"Embedding"}}  # where an old word is today's own
INITIALIZERS = {"zero": "zeros", "one": "ones", "normal": "random_normal", "uniform": "random_uniform"}
HANDLED = {"Embedding": {"init": "embeddings_initializer", "W_regularizer": "embeddings_regularizer",
                         "W_constraint": "embeddings_constraint"},
           "BatchNormalization": {"init": "gamma_initializer", "gamma_init": "gamma_initializer",
                                  "beta_init": "beta_initializer"},
           "LeakyReLU": {"alpha": "negative_slope"},
           "PReLU": {"init": "alpha_initializer"}}
GONE = {"consume_less", "implementation", "theano_mode", "mode"}


def rename(call):
    """The words of Keras 1."""
    layer = call.name.rpartition(".")[2]
    words = {**older.ARGUMENTS, **HANDLED.get(layer, {})}
    for argument in [a.keyword.value for a in call.args if a.keyword is not None]:
        if argument in words and layer not in NOT_FOR.get(argument, ()):
            call.rename(argument, words[argument])
    for argument in [a.keyword.value for a in call.args if a.keyword is not None]:
        value = call.literal(argument)
        if argument.endswith("_initializer") and isinstance(value, str) and value in INITIALIZERS:
            call.put(argument, syntax.string(call.get(argument), INITIALIZERS[value]))
        if argument == "data_format" and value in ["th", "tf", "default"]:
            if value == "default":
                call.pop("data_format")
            else:
                order = "channels_first" if value == "th" else "channels_last"
                call.put("data_format", syntax.string(call.get("data_format"), order))


def gone(call):
    """Arguments that chose between ways to compute the same, and some that have no successor."""
    layer = call.name.rpartition(".")[2]
    if layer == "Bidirectional":
        return
    if layer == "Embedding":
        call.pop("input_length")
        if call.index("dropout") is not None:
            call.say("Embedding(dropout=...) is gone: put a SpatialDropout1D layer behind it.")
    if layer == "BatchNormalization" and call.index("mode") is not None and call.literal("mode") != 0:
        call.say("BatchNormalization(mode=...) is gone: today's layer always works as mode 0.")
        return
    for argument in GONE:
        if layer in ("BatchNormalization", "LSTM", "GRU", "SimpleRNN"):
            call.pop(argument)
    if call.index("weights") is not None and layer != "Embedding":
        call.say("weights=[...] is gone from layers: build the model, then call layer.set_weights([...]).")
    if call.index("forget_bias_init") is not None:
        if call.literal("forget_bias_init") in ("one", "ones"):
            call.pop("forget_bias_init")  # as it is today
        else:
            call.say("forget_bias_init= is gone: today it is 1; unit_forget_bias=False makes it 0.")


def batch_shape(call):
    if call.name.rpartition(".")[2] in ("Input", "InputLayer"):
        call.rename("batch_input_shape", "batch_shape")
        if call.name.endswith("InputLayer"):
            call.rename("input_shape", "shape")
    elif call.original in call.file.lifted:
        call.pop("batch_input_shape")
    elif call.index("batch_input_shape") is not None:
        call.say("batch_input_shape= is gone: put keras.Input(batch_shape=...) before this layer.")


def lift(file):
    """Find the layers in `model.add(...)` and `Sequential([...])` whose batch_input_shape becomes an Input."""
    for name, call in file.calls:
        first = call.args[0].value if call.args else None
        if name in ("keras.models.Sequential", "keras.Sequential") and syntax.elements(first):
            layer = syntax.elements(first)[0]
            shape = _batch_input_shape(layer)
        elif isinstance(call.func, cst.Attribute) and call.func.attr.value == "add":
            layer, shape = first, _batch_input_shape(first)
            if shape:
                add = syntax.code(call.func)
                file.before[call] = f"{add}({file.named('keras.layers.Input', _home(layer))}(batch_shape={shape}))"
        else:
            continue
        if shape:
            file.lifted[layer] = f"{file.named('keras.layers.Input', _home(layer))}(batch_shape={shape})"


def _home(layer):
    return layer.func.value if isinstance(layer.func, cst.Name) else None


def _batch_input_shape(node):
    for arg in node.args if isinstance(node, cst.Call) else ():
        if arg.keyword is not None and arg.keyword.value == "batch_input_shape":
            return syntax.code(arg.value)


def first_element(file, original, updated):
    """`[LSTM(8, batch_input_shape=s), ...]` -> `[Input(batch_shape=s), LSTM(8), ...]`."""
    layer = original.elements[0].value if original.elements else None
    if layer not in file.lifted or isinstance(updated.elements[0].comma, cst.MaybeSentinel):
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    else:
        comma = updated.elements[0].comma
    if layer not in file.lifted:
        return updated
    new = cst.Element(syntax.expression(file.lifted[layer]), comma=comma)
    return updated.with_changes(elements=[new, *updated.elements])


LAYERS = {n for n in names.known() if n.startswith("keras.layers.") and n.rpartition(".")[2][0].isupper()}

WITHOUT = {
    "keras.layers.Highway": "a highway layer in today's words: t = Dense(n, activation='sigmoid')(x); "
                            "y = t * Dense(n, activation='relu')(x) + (1 - t) * x.",
    "keras.layers.MaxoutDense": "today: Dense(units * k), Reshape((k, units)), then a Lambda with ops.max(x, axis=1).",
    "keras.layers.LocallyConnected1D": "a convolution without shared weights: write a layer of your own with "
                                       "keras.ops, or try Conv1D.",
    "keras.layers.LocallyConnected2D": "a convolution without shared weights: write a layer of your own with "
                                       "keras.ops, or try Conv2D.",
    "keras.layers.SReLU": "use PReLU or LeakyReLU.", "keras.layers.ParametricSoftplus": "use PReLU or softplus.",
    "keras.layers.ThresholdedReLU": "write Lambda(lambda x: x * ops.cast(x > theta, x.dtype)).",
    "keras.models.Graph": "write a functional model: Input, layers called on tensors, Model(inputs, outputs).",
    "keras.legacy.models.Graph": "write a functional model.",
    "keras.layers.advanced_activations.SReLU": "use PReLU or LeakyReLU.",
}

RULES = [
    Rule(
        "layer-arguments",
        "The arguments of Keras 1's layers have other names.",
        "from keras.layers import Dense, Dropout, Embedding\n"
        "a = Dense(output_dim=8, init='uniform', W_regularizer=None, bias=False)\nb = Dropout(p=0.5)\n"
        "c = Embedding(20, 4, input_length=9, init='uniform')\n",
        "from keras.layers import Dense, Dropout, Embedding\n"
        "a = Dense(units=8, kernel_initializer='random_uniform', kernel_regularizer=None, use_bias=False)\n"
        "b = Dropout(rate=0.5)\nc = Embedding(20, 4, embeddings_initializer='random_uniform')\n",
        calls=dict.fromkeys(LAYERS, rename),
    ),
    Rule(
        "gone-arguments",
        "Arguments that only chose how to compute are dropped; others are explained.",
        "from keras.layers import LSTM, BatchNormalization\na = LSTM(8, consume_less='gpu', return_sequences=True)\n"
        "b = BatchNormalization(mode=0)\n",
        "from keras.layers import LSTM, BatchNormalization\na = LSTM(8, return_sequences=True)\n"
        "b = BatchNormalization()\n",
        calls=dict.fromkeys(LAYERS, gone),
    ),
    Rule(
        "batch-shape",
        "A fixed batch size is said by Input(batch_shape=...).",
        "from keras.layers import LSTM\nmodel.add(LSTM(8, batch_input_shape=(4, 10, 2), stateful=True))\n",
        "from keras.layers import LSTM, Input\nmodel.add(Input(batch_shape=(4, 10, 2)))\n"
        "model.add(LSTM(8, stateful=True))\n",
        calls=dict.fromkeys([*LAYERS, "keras.Input"], batch_shape),
        nodes={"List": first_element},
        surveys=(lift,),
    ),
    Rule(
        "removed-layers",
        "Layers without a successor are named, with what to write.",
        "from keras.layers.core import Highway\nx = Highway(activation='relu')\n",
        "from keras.layers.core import Highway\nx = Highway(activation='relu')\n",
        gone={**WITHOUT, **{n.replace("keras.layers.", "keras.layers.core."): w for n, w in WITHOUT.items()},
              **{n.replace("keras.layers.", "keras.layers.local."): w for n, w in WITHOUT.items()}},
        finds=("t = Dense",),
    ),
]
