"""Learning rate schedules beside real Keras's, at every step."""

import inspect
import json

import jax
import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array, real, same_signature

CASES = [
    ("ExponentialDecay", dict(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.5)),
    ("ExponentialDecay", dict(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.9, staircase=True)),
    ("InverseTimeDecay", dict(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.5)),
    ("InverseTimeDecay", dict(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.5, staircase=True)),
    ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=20)),
    ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=20, end_learning_rate=0.01, power=0.5)),
    ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=9, power=2.0, cycle=True)),
    ("PiecewiseConstantDecay", dict(boundaries=[10, 20], values=[1.0, 0.5, 0.1])),
    ("PiecewiseConstantDecay", dict(boundaries=[3], values=[0.1, 0.2], name="two")),
    ("CosineDecay", dict(initial_learning_rate=0.1, decay_steps=30)),
    ("CosineDecay", dict(initial_learning_rate=0.1, decay_steps=30, alpha=0.2)),
    ("CosineDecay", dict(initial_learning_rate=0.0, decay_steps=20, warmup_target=0.1, warmup_steps=10, alpha=0.1)),
    ("CosineDecay", dict(initial_learning_rate=0.05, decay_steps=20, warmup_target=0.1, warmup_steps=0)),
    ("CosineDecayRestarts", dict(initial_learning_rate=0.1, first_decay_steps=5)),
    ("CosineDecayRestarts", dict(initial_learning_rate=0.1, first_decay_steps=7, t_mul=1.0, m_mul=0.5, alpha=0.1)),
    ("CosineDecayRestarts", dict(initial_learning_rate=0.1, first_decay_steps=6, t_mul=1.5, m_mul=0.8)),
]
STEPS = [*range(60), 100, 1000, 12345]

over = pytest.mark.parametrize("name, arguments", CASES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CASES)])
BOTH = pytest.mark.parametrize("k", [pytest.param(keras, id="ours"), pytest.param(None, id="keras")])


def make(k, name, arguments):
    return getattr(k.optimizers.schedules, name)(**arguments)


@over
def test_rates_are_those_of_keras(name, arguments):
    ours, theirs = make(keras, name, arguments), make(real(), name, arguments)
    compiled = jax.jit(theirs.__call__)  # Keras's branches are compiled at each call otherwise
    for step in STEPS:  # 1 - step / decay_steps, and 1 + cos near -1, leave few digits of a float32
        np.testing.assert_allclose(float(ours(step)), float(compiled(step)), rtol=2e-5, atol=2e-8, err_msg=str(step))
    assert array(ours(3)).dtype == array(theirs(3)).dtype and ours(3).shape == ()


@over
def test_a_curve_is_drawn_at_once(name, arguments):
    schedule = make(keras, name, arguments)
    rates = schedule(np.array(STEPS)).numpy()
    np.testing.assert_allclose(rates, [float(schedule(step)) for step in STEPS], rtol=1e-5, atol=1e-8)


@over
def test_config(name, arguments):
    schedules = keras.optimizers.schedules
    ours, theirs = make(keras, name, arguments), make(real(), name, arguments)
    config = schedules.serialize(ours)
    assert config == real().optimizers.schedules.serialize(theirs)
    assert list(config["config"]) == list(theirs.get_config())
    again = schedules.deserialize(json.loads(json.dumps(config)))
    assert type(again) is type(ours) and again.get_config() == ours.get_config()
    optimizer = keras.optimizers.Adam(ours)
    copy = keras.optimizers.Adam.from_config(json.loads(json.dumps(optimizer.get_config())))
    assert float(copy.learning_rate) == float(optimizer.learning_rate) == pytest.approx(float(ours(0)))


@pytest.mark.parametrize("name", [n for n, c in vars(keras.optimizers.schedules).items() if inspect.isclass(c)])
def test_arguments_are_named_as_in_keras(name):
    ours, theirs = (getattr(k.optimizers.schedules, name) for k in (keras, real()))
    assert list(same_signature(ours.__init__, theirs.__init__)) == []
    assert set(inspect.signature(ours.__init__).parameters) == set(inspect.signature(theirs.__init__).parameters)


def test_all_of_keras_is_here():
    public = lambda thing: {n for n in dir(thing) if not n.startswith("_")}
    assert public(real().optimizers.schedules) <= public(keras.optimizers.schedules)


@BOTH
@pytest.mark.parametrize("name, arguments", [
    ("ExponentialDecay", dict(initial_learning_rate=0.1, decay_steps=0, decay_rate=0.5)),
    ("InverseTimeDecay", dict(initial_learning_rate=0.1, decay_steps=-1, decay_rate=0.5)),
    ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=0)),
    ("CosineDecay", dict(initial_learning_rate=0.1, decay_steps=0)),
    ("CosineDecayRestarts", dict(initial_learning_rate=0.1, first_decay_steps=0)),
    ("PiecewiseConstantDecay", dict(boundaries=[1, 2], values=[0.1, 0.2])),
], ids=str)
def test_what_can_not_be_is_refused(k, name, arguments):
    with pytest.raises(ValueError, match="decay_steps|boundaries"):
        make(k or real(), name, arguments)


@BOTH
def test_a_schedule_of_ones_own(k):
    """Its formula, with the operators and functions that Keras has; without one it says so."""
    k = k or real()

    class Warmup(k.optimizers.schedules.LearningRateSchedule):
        def __init__(self, size=64, steps=4):
            self.size, self.steps = size, steps

        def __call__(self, step):
            step = k.ops.cast(step, "float32") + 1
            return self.size**-0.5 * k.ops.minimum(step**-0.5, step * self.steps**-1.5)

        def get_config(self):
            return {"size": self.size, "steps": self.steps}

    optimizer, v = k.optimizers.SGD(Warmup()), k.Variable([0.0])
    for step in range(1, 7):
        before = float(np.asarray(v)[0])
        optimizer.apply([k.ops.convert_to_tensor([-1.0])], [v])
        assert float(np.asarray(v)[0]) - before == pytest.approx(64**-0.5 * min(step**-0.5, step * 4**-1.5), rel=1e-5)
    config = optimizer.get_config()
    assert config["learning_rate"]["config"] == {"size": 64, "steps": 4}
    again = k.optimizers.SGD.from_config(config, custom_objects={"Warmup": Warmup})
    assert float(again.learning_rate) == pytest.approx(64**-0.5 * 4**-1.5)
    bare = k.optimizers.schedules.LearningRateSchedule()
    with pytest.raises(NotImplementedError, match="__call__"):
        bare(0)
    with pytest.raises(NotImplementedError, match="get_config"):
        bare.get_config()


def test_an_unknown_schedule_is_refused():
    with pytest.raises(ValueError, match="'CosineDecay'"):
        keras.optimizers.schedules.deserialize({"class_name": "CosinDecay", "config": {}})
