"""compile, fit and evaluate: epochs, and arguments that are gone."""

from .. import syntax
from ..rule import Rule
from .generators import rename_words

GONE_FROM_COMPILE = {
    "class_mode": None, "theano_mode": None,
    "sample_weight_mode": "sample_weight_mode= is gone: give sample_weight of the shape of the targets, or one "
                          "weight for each step, and it is used so.",
    "target_tensors": "target_tensors= is gone: give the targets to fit.",
}
WORKERS = {"workers", "use_multiprocessing", "max_queue_size", "nb_worker", "max_q_size", "pickle_safe"}


def fit(call):
    if call.file.is_model(call.receiver) is False:
        return
    rename_words(call)
    if call.index("show_accuracy") is not None:
        call.pop("show_accuracy")
        compiled = [c for _, c in call.file.calls if syntax.code(c.func) == f"{syntax.code(call.receiver)}.compile"]
        if not any(a.keyword is not None and a.keyword.value == "metrics" for c in compiled for a in c.args):
            call.say("show_accuracy= is gone: compile the model with metrics=['accuracy'].")
    for word in WORKERS:
        call.pop(word)


def compile_(call):
    for word, why in GONE_FROM_COMPILE.items():
        if call.index(word) is not None:
            call.pop(word)
            if why:
                call.say(why)
    _one_loss_for_several_outputs(call)


def _one_loss_for_several_outputs(call):
    """`loss='mse', loss_weights=[1, 0.2]` -> `loss=['mse', 'mse'], ...`: today each weight needs a loss."""
    weights, loss = syntax.elements(call.get("loss_weights")), call.get("loss")
    if weights and len(weights) > 1 and isinstance(call.literal("loss"), str):
        call.put("loss", "[" + ", ".join([syntax.code(loss)] * len(weights)) + "]")


RULES = [
    Rule(
        "epochs",
        "nb_epoch= is epochs=; show_accuracy= is a metric of compile.",
        "from keras.models import Sequential\nmodel = Sequential()\n"
        "model.compile('sgd', 'mse', metrics=['accuracy'], class_mode='binary')\n"
        "model.fit(x, y, nb_epoch=5, show_accuracy=True)\n",
        "from keras.models import Sequential\nmodel = Sequential()\n"
        "model.compile('sgd', 'mse', metrics=['accuracy'])\nmodel.fit(x, y, epochs=5)\n",
        methods=dict.fromkeys(("fit", "evaluate", "predict", "train_on_batch", "test_on_batch"), fit)
        | {"compile": compile_},
    ),
    Rule(
        "losses-of-outputs",
        "Where the outputs have weights, each has a loss.",
        "from keras.models import Model\nmodel = Model(x, [a, b])\n"
        "model.compile('sgd', loss='mse', loss_weights=[1., 0.2])\n",
        "from keras.models import Model\nmodel = Model(x, [a, b])\n"
        "model.compile('sgd', loss=['mse', 'mse'], loss_weights=[1., 0.2])\n",
    ),
]
