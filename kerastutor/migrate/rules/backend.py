"""keras.backend computed; today keras.ops does, and keras.backend keeps settings."""

from .. import syntax
from ..file import first_name
from ..rule import Rule

SAME = """abs exp log sqrt square sum mean max min prod std var argmax argmin clip cast reshape squeeze expand_dims
equal not_equal greater greater_equal less less_equal maximum minimum relu softmax sigmoid tanh softplus softsign elu
zeros ones zeros_like ones_like eye shape stop_gradient tile stack one_hot any all round sign cumsum cumprod concatenate
hard_sigmoid logsumexp dot sin cos tanh arange flip""".split()

RENAMED = {f"keras.backend.{name}": f"keras.ops.{name}" for name in SAME} | {
    "keras.backend.pow": "keras.ops.power", "keras.backend.switch": "keras.ops.where",
    "keras.backend.constant": "keras.ops.convert_to_tensor", "keras.backend.variable": "keras.Variable",
    "keras.backend.get_value": "keras.ops.convert_to_numpy", "keras.backend.eval": "keras.ops.convert_to_numpy",
    "keras.backend.random_normal": "keras.random.normal", "keras.backend.random_uniform": "keras.random.uniform",
    "keras.backend.truncated_normal": "keras.random.truncated_normal",
    "keras.backend.l2_normalize": "keras.ops.normalize", "keras.backend.permute_dimensions": "keras.ops.transpose",
    "keras.backend.repeat_elements": "keras.ops.repeat", "keras.backend.tf.Session": "tensorflow.Session",
    "keras.backend.image_dim_ordering": "keras.backend.image_data_format",
}

WHY = {
    "function": "build a Model from the same input to the tensor that is wanted, and call predict.",
    "gradients": "gradients are the backend's own: jax.grad, tf.GradientTape, or autograd in Torch.",
    "placeholder": "use keras.Input(shape, batch_size).",
    "learning_phase": "a layer's call takes the argument training=; model(x, training=True) sets it.",
    "set_learning_phase": "model(x, training=False), or layer.trainable = False.",
    "in_train_phase": "in call(self, x, training=False) write `a if training else b`.",
    "get_session": "there are no sessions; computing is eager.", "set_session": "there are no sessions; see how the "
    "backend takes such options (for TensorFlow: tf.config).",
    "rnn": "use keras.layers.RNN with a cell.", "batch_dot": "use keras.ops.einsum or keras.ops.matmul.",
    "update": "write variable.assign(value).", "update_add": "write variable.assign_add(value).",
    "map_fn": "use keras.ops.map.", "foldl": "use keras.ops.scan.",
}


def as_text(template):
    """A rule that writes the call's arguments into a template."""

    def rewrite(call):
        values = [syntax.code(v) for v in call.positional]
        if len(values) == len(call.args) == template.count("{"):
            call.replace(template.format(*values))
            call.file.left.add(first_name(call.original.func))
        else:
            call.say(f"{call.was} is gone; today: {template.format(*'xyz')}.")

    return rewrite


def gather(call):
    if len(call.args) == 2:
        call.refer("keras.ops.take")
        call.put("axis", "0")


def flatten(tail):
    def rewrite(call):
        if len(call.args) == 1:
            inner = syntax.code(call.args[0].value)
            shape = call.file.refer("keras.ops.shape", call.original.func)
            call.refer("keras.ops.reshape")
            text = "(-1,)" if tail == "all" else f"({syntax.code(shape)}({inner})[0], -1)"
            call.args = syntax.with_argument(call.args, syntax.argument(None, syntax.expression(text)))

    return rewrite


def arguments(call):
    """Words of a few functions that have other names in keras.ops."""
    short = (call.was or "").rpartition(".")[2]
    if not (call.was or "").startswith("keras.backend."):
        return
    if short == "repeat_elements":
        call.rename("rep", "repeats")
    elif short == "permute_dimensions":
        call.rename("pattern", "axes")
    elif short in ("random_normal", "random_uniform", "truncated_normal") and call.index("seed") is None:
        call.say("on JAX a layer's random numbers need a generator that is kept: write a Layer that makes "
                 "self.seed = keras.random.SeedGenerator() in __init__, and give seed=self.seed in call.")
    elif short in ("sum", "mean", "max", "min", "std", "var", "any", "all", "concatenate"):
        call.rename("keep_dims", "keepdims")


CALLS = {
    "int_shape": as_text("{}.shape"), "ndim": as_text("len({}.shape)"), "set_value": as_text("{}.assign({})"),
    "update": as_text("{}.assign({})"), "update_add": as_text("{}.assign_add({})"),
    "update_sub": as_text("{}.assign_sub({})"),
    "count_params": as_text("{}.size"), "dtype": as_text("{}.dtype"),
    "gather": gather, "flatten": flatten("all"), "batch_flatten": flatten("rows"),
}


def losses(call):
    """K.binary_crossentropy(target, output): the same order in keras.ops; Keras 1 had output first."""
    if (call.was or "").startswith("keras.backend."):
        if call.index("output") is not None and call.index("target") is not None:
            return
        if len(call.positional) > 1 and syntax.code(call.positional[0]) in ("y_pred", "pred", "output", "x_decoded"):
            first, second = call.positional[:2]
            call.put_at(0, second)
            call.put_at(1, first)


CROSSENTROPIES = ["binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"]

RULES = [
    Rule(
        "backend-ops",
        "What keras.backend computed, keras.ops computes.",
        "from keras import backend as K\n\n\ndef loss(y_true, y_pred):\n"
        "    return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1) + K.epsilon())\n",
        "from keras import backend as K, ops\n\n\ndef loss(y_true, y_pred):\n"
        "    return ops.sqrt(ops.mean(ops.square(y_pred - y_true), axis=-1) + K.epsilon())\n",
        names={**RENAMED, **{f"keras.backend.{n}": f"keras.ops.{n}" for n in CROSSENTROPIES}},
        gone={f"keras.backend.{name}": why for name, why in WHY.items()},
        calls={**dict.fromkeys(set(RENAMED.values()), arguments),
               **{f"keras.ops.{n}": losses for n in CROSSENTROPIES}},
    ),
    Rule(
        "backend-shapes",
        "A tensor knows its own shape; a variable is set by assign.",
        "import keras.backend as K\nn = K.int_shape(x)[1]\nK.set_value(model.optimizer.lr, 0.01)\n",
        "n = x.shape[1]\nmodel.optimizer.learning_rate.assign(0.01)\n",
        calls={f"keras.backend.{name}": function for name, function in CALLS.items()},
    ),
    Rule(
        "backend-gone",
        "What has no counterpart is explained.",
        "from keras import backend as K\nf = K.function([model.input], [model.output])\n",
        "from keras import backend as K\nf = K.function([model.input], [model.output])\n",
        finds=("build a Model",),
    ),
]
