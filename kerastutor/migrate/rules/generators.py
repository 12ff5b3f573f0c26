"""fit_generator, evaluate_generator and predict_generator: fit, evaluate and predict take generators today."""

import libcst as cst

from .. import syntax
from ..rule import Rule

WORDS = {"nb_epoch": "epochs", "max_q_size": "max_queue_size", "nb_worker": "workers",
         "pickle_safe": "use_multiprocessing"}


def rename_words(call):
    for old, new in WORDS.items():
        call.rename(old, new)


def from_generator(name):
    words = {
        "fit": ("steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data", "validation_steps",
                "class_weight"),
        "evaluate": ("steps",), "predict": ("steps",),
    }[name]

    def rewrite(call):
        rename_words(call)
        for old, new in (("samples_per_epoch", "steps_per_epoch"), ("nb_val_samples", "validation_steps"),
                         ("val_samples", "steps")):
            if call.index(old) is not None:
                source = call.get("validation_data") if old == "nb_val_samples" else call.get("generator", 0)
                _samples(call, old, new, source)
        for argument, word in zip(range(1, len(call.positional)), words):
            call.args[argument] = call.args[argument].with_changes(**syntax_keyword(word))
        for gone in ("workers", "use_multiprocessing", "max_queue_size", "wait_time", "pickle_safe"):
            call.pop(gone)
        if call.index("generator") is not None:
            call.rename("generator", "x")
        call.rename_method(name)

    return rewrite


def syntax_keyword(word):
    made = syntax.argument(word, cst.Name("x"))
    return {"keyword": made.keyword, "equal": made.equal}


def _samples(call, old, new, source):
    """Samples become steps where the generator's batch size is known."""
    size = batch_size(call.file, source)
    if size is None:
        call.say(f"{old} counted samples, {new} counts batches: divide by the generator's batch size.")
        return
    value = call.get(old)
    call.rename(old, new)
    number, batch = syntax.literal(value), syntax.literal(size)
    if isinstance(number, int) and isinstance(batch, int):
        call.put(new, str(max(1, -(-number // batch))))
    else:
        text = syntax.code(value)
        text = text if syntax.is_dotted(value) or isinstance(value, (cst.Call, cst.Subscript)) else f"({text})"
        call.put(new, f"{text} // {syntax.code(size)}")


def batch_size(file, source):
    """The batch_size= in the call that made a generator, or None."""
    if source is None:
        return None
    for value in [source] if isinstance(source, cst.Call) else file.values.get(syntax.code(source), []):
        for arg in value.args if isinstance(value, cst.Call) else ():
            if arg.keyword is not None and arg.keyword.value == "batch_size":
                return arg.value
        if isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
            if value.func.attr.value in ("flow", "flow_from_directory"):
                return cst.Integer("32")
    return None


RULES = [
    Rule(
        "fit-generator",
        "fit, evaluate and predict take generators; samples are counted in batches.",
        "from keras.models import Sequential\nmodel = Sequential()\nbatches = data.flow(x, y, batch_size=16)\n"
        "model.fit_generator(batches, samples_per_epoch=64, nb_epoch=2, nb_worker=4)\n"
        "model.evaluate_generator(batches, 4)\n",
        "from keras.models import Sequential\nmodel = Sequential()\nbatches = data.flow(x, y, batch_size=16)\n"
        "model.fit(batches, steps_per_epoch=4, epochs=2)\nmodel.evaluate(batches, steps=4)\n",
        methods={f"{name}_generator": from_generator(name) for name in ("fit", "evaluate", "predict")},
    ),
    Rule(
        "samples",
        "Where the batch size is not known, it is said.",
        "from keras.models import Sequential\nmodel = Sequential()\n"
        "model.fit_generator(batches(), samples_per_epoch=64)\n",
        "from keras.models import Sequential\nmodel = Sequential()\n"
        "model.fit(batches(), samples_per_epoch=64)\n",
        finds=("divide by the generator's batch size",),
    ),
    Rule(
        "data-sequence",
        "keras.utils.Sequence is keras.utils.PyDataset.",
        "from keras.utils.data_utils import Sequence\n\n\nclass Batches(Sequence):\n    pass\n",
        "from keras.utils import PyDataset\n\n\nclass Batches(PyDataset):\n    pass\n",
        names={"keras.utils.data_utils.Sequence": "keras.utils.PyDataset"},
    ),
]
