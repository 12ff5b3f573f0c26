"""TensorFlow around Keras: simple functions are keras.ops; sessions and the rest are explained."""

from .. import syntax
from ..file import first_name
from ..rule import Rule

OPS = {
    "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "max", "reduce_min": "min", "square": "square",
    "sqrt": "sqrt", "exp": "exp", "abs": "abs", "cast": "cast", "reshape": "reshape", "maximum": "maximum",
    "minimum": "minimum", "matmul": "matmul", "stack": "stack", "squeeze": "squeeze", "expand_dims": "expand_dims",
    "argmax": "argmax", "one_hot": "one_hot", "shape": "shape", "where": "where", "zeros_like": "zeros_like",
    "ones_like": "ones_like", "transpose": "transpose", "tile": "tile", "nn.relu": "relu", "nn.softmax": "softmax",
    "nn.sigmoid": "sigmoid", "nn.tanh": "tanh", "tanh": "tanh", "math.log": "log", "math.exp": "exp",
    "math.reduce_mean": "mean", "math.reduce_sum": "sum", "math.square": "square", "math.sqrt": "sqrt",
    "math.abs": "abs", "sign": "sign", "equal": "equal", "norm": "norm",
}

RENAMED = {f"tensorflow.{old}": f"keras.ops.{new}" for old, new in OPS.items()} | {
    f"tensorflow.{name}": "keras.utils.set_random_seed"
    for name in ("set_random_seed", "random.set_seed", "random.set_random_seed", "compat.v1.set_random_seed")
}

SESSIONS = ("tensorflow.Session", "tensorflow.InteractiveSession", "tensorflow.ConfigProto",
            "tensorflow.compat.v1.Session", "tensorflow.compat.v1.ConfigProto", "tensorflow.GPUOptions",
            "tensorflow.global_variables_initializer", "tensorflow.get_default_graph", "tensorflow.placeholder")


def session(call):
    call.say("there are no sessions, graphs or placeholders in Keras 3: computing is eager. Take these lines out; "
             "which device is used is said to the backend.")


def words(call):
    """`tf.reduce_mean(input_tensor=x, keep_dims=True)`."""
    if (call.was or "").startswith("tensorflow."):
        call.rename("input_tensor", "x")
        call.rename("keep_dims", "keepdims")
        if call.was.endswith(".transpose"):
            call.rename("perm", "axes")


def leftovers(file, original, updated):
    """What is still TensorFlow's own, said once for each name."""
    dotted = file.meaning(original)
    if dotted and dotted.startswith("tensorflow.") and dotted not in RENAMED and dotted not in SESSIONS:
        if first_name(original) in file.bindings and any("keras" in b.split(".")[0] for b in file.bindings.values()):
            file.say(original, f"{syntax.code(original)} is TensorFlow's own and stays; with kerastutor, or with Keras "
                               "on another backend, look for its counterpart in keras.ops.")
    return updated


RULES = [
    Rule(
        "tf-ops",
        "Simple functions of TensorFlow are in keras.ops.",
        "import tensorflow as tf\n\n\ndef loss(y_true, y_pred):\n"
        "    return tf.reduce_mean(tf.square(y_true - y_pred), axis=-1)\n\n\nlayer = tf.keras.layers.Dense(1)\n",
        "import keras\n\n\ndef loss(y_true, y_pred):\n"
        "    return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)\n\n\nlayer = keras.layers.Dense(1)\n",
        names=RENAMED,
        calls={f"keras.ops.{name}": words for name in set(OPS.values())},
    ),
    Rule(
        "tf-seed",
        "One function seeds Python, NumPy and the backend.",
        "import tensorflow as tf\nimport keras\ntf.set_random_seed(1)\n",
        "import keras\nkeras.utils.set_random_seed(1)\n",
    ),
    Rule(
        "tf-session",
        "Sessions are explained.",
        "import tensorflow as tf\nfrom keras import backend as K\nK.set_session(tf.Session())\n",
        "import tensorflow as tf\nfrom keras import backend as K\nK.set_session(tf.Session())\n",
        calls=dict.fromkeys(SESSIONS, session),
        nodes={"Attribute": leftovers},
        finds=("there are no sessions",),
    ),
]
