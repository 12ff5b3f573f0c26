"""Models for scikit-learn."""

from .. import syntax
from ..rule import Rule


def wrapper(call):
    """`KerasClassifier(build_fn=f, epochs=2)` -> `SKLearnClassifier(lambda X, y: f(), fit_kwargs={"epochs": 2})`."""
    if not (call.was or "").endswith(("KerasClassifier", "KerasRegressor")):
        return
    build = call.get("build_fn", 0)
    if build is None or not call.is_plain or not syntax.is_dotted(build):
        call.say("KerasClassifier took a class or nothing here: give SKLearnClassifier a function (X, y) that makes a "
                 "compiled model.")
        return
    if call.index("build_fn") is not None:
        call.pop("build_fn")
    else:
        call.pop_at(0)
    words = {a.keyword.value for a in call.args if a.keyword is not None}
    fit = {"epochs", "nb_epoch", "batch_size", "verbose", "callbacks", "validation_split", "shuffle", "class_weight"}
    options = [(w, call.pop(w)) for w in [a.keyword.value for a in call.args if a.keyword is not None] if w in fit]
    others = [(w, call.pop(w)) for w in words - fit]
    call.args = [*[syntax.argument(None, build)], *call.args]
    given = ", ".join(f"{w}={syntax.code(v)}" for w, v in sorted(others))
    call.put_at(0, syntax.expression(f"lambda X, y: {syntax.code(build)}({given})"))
    if options:
        today = {"nb_epoch": "epochs"}
        call.put("fit_kwargs", "{" + ", ".join(f'"{today.get(w, w)}": {syntax.code(v)}' for w, v in options) + "}")


RULES = [
    Rule(
        "scikit-learn",
        "KerasClassifier is SKLearnClassifier, which takes a function of the data that gives a compiled model.",
        "from keras.wrappers.scikit_learn import KerasClassifier\n"
        "classifier = KerasClassifier(build_fn=make_model, nb_epoch=2, batch_size=8, verbose=0)\n",
        "from keras.wrappers import SKLearnClassifier\n"
        "classifier = SKLearnClassifier(lambda X, y: make_model(), "
        "fit_kwargs={\"epochs\": 2, \"batch_size\": 8, \"verbose\": 0})\n",
        names={"keras.wrappers.scikit_learn.KerasClassifier": "keras.wrappers.SKLearnClassifier",
               "keras.wrappers.scikit_learn.KerasRegressor": "keras.wrappers.SKLearnRegressor"},
        calls={"keras.wrappers.SKLearnClassifier": wrapper, "keras.wrappers.SKLearnRegressor": wrapper},
    ),
]
