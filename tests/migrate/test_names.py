"""The list of Keras 3's names is that of real Keras."""

import types

import pytest

from kerastutor.migrate import names
from kerastutor.migrate.rules import RULES
from tests.keras.oracle import real


def public(module, name):
    for key in dir(module):
        value = getattr(module, key)
        if key.startswith("_") or key in ("src", "api"):
            continue
        if isinstance(value, types.ModuleType):
            if value.__name__.startswith("keras."):
                yield f"{name}.{key}"
                yield from public(value, f"{name}.{key}")
        else:
            yield f"{name}.{key}"


@pytest.mark.slow
def test_the_names_are_those_of_keras():
    found = {name for name in public(real(), "keras") if not name.startswith("keras.optimizers.legacy")}
    assert names.known() - {"keras"} == found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_new_name_is_there(rule):
    assert [new for new in rule.names.values() if new.startswith("keras") and new not in names.known()] == []


@pytest.mark.parametrize(
    "old, new",
    [
        ("keras.layers.core.Dense", "keras.layers.Dense"),
        ("keras.layers.Dense.call", "keras.layers.Dense.call"),
        ("keras.utils.np_utils.to_categorical", "keras.utils.to_categorical"),
        ("keras.objectives.mse", "keras.losses.mean_squared_error"),
        ("keras.engine.topology.Layer", "keras.layers.Layer"),
        ("keras.layers.core.Highway", None),
        ("keras.layers.core", None),
        ("keras.applications.vgg16.VGG16", "keras.applications.vgg16.VGG16"),
    ],
)
def test_where_a_name_has_gone(old, new):
    assert names.today(old, {o: n for rule in RULES for o, n in rule.names.items()}) == new


def test_roots():
    assert names.plain("tensorflow.python.keras.layers.Dense") == "keras.layers.Dense"
    assert names.plain("tensorflow.nn.relu") == "tensorflow.nn.relu"
    assert names.root("kerasplotlib.x") is None
