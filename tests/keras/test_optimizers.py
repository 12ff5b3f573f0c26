"""Each optimizer beside real Keras's: the same gradients, the same weights and state after every step."""

import inspect
import json

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.optimizer_cases import BOTH, CASES, CLASSES, close, gradients, over, variables
from tests.keras.oracle import real, same_signature

STEPS = 5
MISSING = {
    "LossScaleOptimizer": "guards float16 gradients against underflow, and nothing here is computed in float16",
}
"""Public names of keras.optimizers that are left out, and why."""
METHODS_MISSING = {
    "stateless_apply": "for pure functions under jax.grad and jax.jit; variables here are changed in place",
}


@over(CASES)
def test_weights_and_state_are_those_of_keras_after_every_step(case, backend):
    k = real()
    ours, theirs, mine, keras_ = variables(keras), variables(k), case.make(keras), case.make(k)
    for step in range(1, STEPS + 1):
        g = gradients(step)
        mine.apply(g, ours)
        keras_.apply([k.ops.convert_to_tensor(a) for a in g], theirs)
        for a, b in zip(ours, theirs, strict=True):
            close(a, b, step)
        for a, b in zip(mine.variables, keras_.variables, strict=True):
            assert (a.name, a.shape, a.dtype) == (b.name, tuple(b.shape), b.dtype) or "variable" in b.name
            close(a, b, step)
    assert int(mine.iterations) == int(keras_.iterations)
    mine.finalize_variable_values(ours), keras_.finalize_variable_values(theirs)
    for a, b in zip(ours, theirs, strict=True):
        close(a, b, STEPS)


def test_every_optimizer_has_a_case():
    assert {case.name for case in CASES} | {"Optimizer"} == set(CLASSES)


@over(CASES, all_quick=True)
def test_a_replayed_step_is_the_step(case, backend):
    """fit records one step for each size of batch and replays it: the same weights as Python run at every step."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(22, 4)), rng.normal(size=(22, 2))
    found = []
    for eagerly in (True, False):
        keras.utils.set_random_seed(3)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="tanh", name="w1"),
                                  keras.layers.Dense(2, kernel_constraint="max_norm")])
        model.compile(case.make(keras), "mse", run_eagerly=eagerly)
        model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)  # the last batch of an epoch has two rows
        assert model._replays() is not eagerly
        found.append([*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)])
    for a, b in zip(*found, strict=True):  # sums are added up in another order, and Muon makes more of that
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@over([case for case in CASES if case.name != "MultiOptimizer"], all_quick=True)
def test_float64(case, backend, float64):
    """The same numbers with more digits."""
    exact, ours = variables(keras, "float64"), variables(keras, "float32")
    optimizers = [case.make(keras), case.make(keras)]
    for step in range(1, 4):
        for o, v, dtype in zip(optimizers, (exact, ours), ("float64", "float32")):
            o.apply(gradients(step, dtype), v)
    for a, b in zip(exact, ours, strict=True):
        assert a.dtype == "float64" and b.dtype == "float32"
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-4, atol=1e-5)


@over(CASES)
def test_config(case):
    ours, theirs = case.make(keras), case.make(real())
    config, wanted = keras.optimizers.serialize(ours), real().optimizers.serialize(theirs)
    for c in (config, wanted):
        c["config"]["name"] = "any"
    assert _without_names(json.loads(json.dumps(config))) == _without_names(json.loads(json.dumps(wanted)))
    for again in (keras.optimizers.deserialize(json.loads(json.dumps(wanted))), keras.optimizers.get(config),
                  type(ours).from_config(ours.get_config())):
        assert type(again) is type(ours)
        assert _without_names(again.get_config()) == _without_names(ours.get_config())


def _without_names(config):
    """Their counters depend on what was made before."""
    if isinstance(config, dict):
        return {k: _without_names(v) for k, v in config.items() if k != "name"}
    return config


@pytest.mark.parametrize("name", CLASSES)
def test_arguments_are_named_as_in_keras(name):
    ours, theirs = CLASSES[name].__init__, getattr(real().optimizers, name).__init__
    assert list(same_signature(ours, theirs)) == []
    assert set(inspect.signature(ours).parameters) == set(inspect.signature(theirs).parameters)


def test_all_of_keras_is_here_or_has_a_reason():
    public = lambda thing: {n for n in dir(thing) if not n.startswith("_")}
    theirs = real().optimizers
    assert public(theirs) - public(keras.optimizers) == set(MISSING)
    assert public(theirs.legacy) <= public(keras.optimizers.legacy)
    assert public(theirs.Optimizer(0.1)) - public(keras.optimizers.Optimizer(0.1)) == set(METHODS_MISSING)
    for name in public(theirs.Optimizer):
        if name not in METHODS_MISSING and callable(getattr(theirs.Optimizer, name)):
            mine = getattr(keras.optimizers.Optimizer, name)
            assert list(same_signature(mine, getattr(theirs.Optimizer, name))) == [], name


# names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sgd", "SGD", "rmsprop", "RMSprop", "Adam", "ADAM", "adamw", "nadam", "adamax",
                                  "adagrad", "adadelta", "adafactor", "ftrl", "lion", "muon", "schedulefreeadamw"])
def test_names(name):
    assert type(keras.optimizers.get(name)).__name__ == type(real().optimizers.get(name)).__name__


def test_default_names_count_as_in_keras():
    for k in (keras, real()):
        k.utils.clear_session()
        names = [getattr(k.optimizers, n)().name for n in ("SGD", "SGD", "RMSprop", "AdamW", "ScheduleFreeAdamW")]
        assert names == ["sgd", "sgd_1", "rm_sprop", "adam_w", "schedule_free_adam_w"]
    assert keras.optimizers.get(None) is None


REFUSED = {  # name: (what to do, words that the message must hold)
    "name": (lambda k: k.optimizers.get("adamm"), ["adamm", "'adam'"]),
    "class": (lambda k: k.optimizers.get(k.optimizers.Adam), ["Adam()"]),
    "number": (lambda k: k.optimizers.get(3), ["'adam'", "3"]),
    "class name": (lambda k: k.optimizers.get({"class_name": "Adamm", "config": {}}), ["Adamm", "'Adam'"]),
    "rate as a list": (lambda k: k.optimizers.Adam([0.1]), ["learning_rate", "[0.1]", "list"]),
    "rate as a dict": (lambda k: k.optimizers.Adam({"rate": 0.1}), ["learning_rate", "dict", "schedule"]),
    "rate as an int": (lambda k: k.optimizers.SGD(1), ["learning_rate", "1.0"]),
    "rate as text": (lambda k: k.optimizers.SGD("0.1"), ["learning_rate", "'0.1'"]),
    "no rate": (lambda k: k.optimizers.SGD(None), ["learning_rate", "None"]),
    "two limits": (lambda k: k.optimizers.Adam(clipnorm=1.0, clipvalue=0.5), ["clipnorm=1.0", "clipvalue=0.5"]),
    "accumulation": (lambda k: k.optimizers.Adam(gradient_accumulation_steps=1), ["gradient_accumulation_steps", "2"]),
    "average": (lambda k: k.optimizers.Adam(use_ema=True, ema_momentum=1.5), ["ema_momentum", "1.5"]),
    "how often": (lambda k: k.optimizers.Adam(use_ema=True, ema_overwrite_frequency=0.5), ["ema_overwrite_frequency"]),
    "momentum": (lambda k: k.optimizers.SGD(momentum=2.0), ["momentum", "2.0"]),
    "momentum as an int": (lambda k: k.optimizers.SGD(momentum=1), ["momentum", "float"]),
    "no decay": (lambda k: k.optimizers.AdamW(weight_decay=None), ["weight_decay"]),
    "lion": (lambda k: k.optimizers.Lion(beta_1=0), ["beta_1"]),
    "ftrl": (lambda k: k.optimizers.Ftrl(learning_rate_power=0.5), ["learning_rate_power", "0.5"]),
    "ftrl's accumulator": (lambda k: k.optimizers.Ftrl(initial_accumulator_value=-1.0), ["initial_accumulator_value"]),
    "argument": (lambda k: k.optimizers.Adam(learnin_rate=0.1), ["learnin_rate", "'learning_rate'"]),
    "weights before build": (lambda k: k.optimizers.Adam().set_weights([1]), ["build"]),
    "apply before build": (lambda k: k.optimizers.Adam().apply([k.ops.ones(2)]), ["build"]),
    "no gradient": (lambda k: k.optimizers.Adam().apply([None], [k.Variable([1.0])]), ["gradient"]),
}


@BOTH
@pytest.mark.parametrize("case", REFUSED)
def test_what_keras_refuses_is_refused_and_says_why(k, case):
    do, words = REFUSED[case]
    with pytest.raises(ValueError) as caught:
        do(k or real())
    for word in words if k else ():
        assert word in str(caught.value), str(caught.value)


def test_refused_here_alone():
    """Keras takes these and goes astray."""
    with pytest.raises(ValueError, match="CosineDecay"):
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay)
    with pytest.raises(ValueError, match="LearningRateSchedule"):
        keras.optimizers.Adam(lambda step: 0.1)
    with pytest.raises(ValueError, match="learning_rate="):
        keras.optimizers.Adam(lr=0.1)
    with pytest.raises(ValueError, match="-0.1"):
        keras.optimizers.Adam().learning_rate = -0.1
    with pytest.warns(UserWarning, match="decay"):
        keras.optimizers.Adam(decay=0.1)


def test_optimizers_of_keras_2_say_what_to_write():
    with pytest.raises(ImportError, match=r"keras\.optimizers\.Adam\b"):
        keras.optimizers.legacy.Adam(0.001)
