"""Random numbers are those of Keras's NumPy backend, bit for bit; a recorded step draws anew each time."""

import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops, random
from kerastutor.keras.autodiff import Tape, Tensor
from kerastutor.keras.models.replay import Program
from tests.keras.oracle import real, same_signature

LOGITS = [[0.0, 1.0, -1.0, 2.0], [3.0, 0.0, 0.0, 0.0]]
DRAWS = [
    ("normal", {"shape": [3, 4]}), ("normal", {"shape": [5], "mean": 2.0, "stddev": 0.1}),
    ("uniform", {"shape": [3, 4]}), ("uniform", {"shape": [5], "minval": -3, "maxval": 2, "dtype": "float64"}),
    ("truncated_normal", {"shape": [50], "mean": 1.0, "stddev": 2.0}),
    ("randint", {"shape": [3, 4], "minval": -2, "maxval": 9}),
    ("randint", {"shape": [9], "minval": 0, "maxval": 3, "dtype": "uint8"}),
    ("gamma", {"shape": [6], "alpha": 0.7}), ("gamma", {"shape": [2, 3], "alpha": [0.5, 1.0, 4.0]}),
    ("beta", {"shape": [6], "alpha": 0.7, "beta": 2.0}), ("beta", {"shape": [2, 2], "alpha": [1.0, 2.0], "beta": 0.5}),
    ("binomial", {"shape": [6], "counts": 9, "probabilities": 0.3}),
    ("binomial", {"shape": [2, 3], "counts": [1, 5, 50], "probabilities": [0.2, 0.5, 0.9], "dtype": "int32"}),
    ("categorical", {"logits": LOGITS, "num_samples": 6}),
    ("categorical", {"logits": LOGITS, "num_samples": 2, "dtype": "uint8"}),
    ("shuffle", {"x": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]}),
    ("shuffle", {"x": [[1, 2, 3, 4], [5, 6, 7, 8]], "axis": 1}),
]

ASK_KERAS = """
import json, pickle, sys
import numpy as np
import keras
draws, seed = json.load(sys.stdin)
found = []
for name, options in draws:
    draw = getattr(keras.random, name)
    arrays = {k: np.array(v) for k, v in options.items() if isinstance(v, list) and k != "shape"}
    options |= {k: v.astype("float32") if v.dtype.kind == "f" else v for k, v in arrays.items()}
    seeds = keras.random.SeedGenerator(seed)
    keras.utils.set_random_seed(seed)
    found.append([np.asarray(draw(**options, seed=s)) for s in (seed, seeds, seeds, None, None)])
found.append([seeds.state.numpy(), np.asarray(seeds.next())])
found[-1] += [np.asarray(seeds.next(ordered=False)), seeds.state.numpy()]
pickle.dump(found, sys.stdout.buffer)
"""
SEED = 20


@pytest.fixture(scope="module")
def numpy_backend():
    """What real Keras on its NumPy backend, in a process of its own, draws."""
    answer = subprocess.run(
        [sys.executable, "-c", ASK_KERAS], input=json.dumps([DRAWS, SEED]).encode(), capture_output=True, check=True,
        env={**os.environ, "KERAS_BACKEND": "numpy"},
    )
    return pickle.loads(answer.stdout)


def arguments(options):
    arrays = {k: np.array(v) for k, v in options.items() if isinstance(v, list) and k != "shape"}
    return options | {k: v.astype("float32") if v.dtype.kind == "f" else v.astype("int32") for k, v in arrays.items()}


@pytest.mark.parametrize("i", range(len(DRAWS)), ids=[f"{name} {options}" for name, options in DRAWS])
def test_the_numbers_of_keras(i, numpy_backend):
    """By an int, by a generator twice, and twice by no seed after set_random_seed."""
    name, options = DRAWS[i]
    seeds = random.SeedGenerator(SEED)
    keras.utils.set_random_seed(SEED)
    for seed, wanted in zip((SEED, seeds, seeds, None, None), numpy_backend[i], strict=True):
        found = getattr(random, name)(**arguments(options), seed=seed)
        if name != "shuffle" or wanted.dtype.kind == "f":  # whole numbers in a list: int64 with Keras on NumPy
            assert found.dtype == wanted.dtype.name
        np.testing.assert_array_equal(found.numpy(), wanted)


def test_states_are_those_of_keras(numpy_backend):
    seeds = random.SeedGenerator(SEED)
    for _ in range(2):
        seeds.next()
    found = [seeds.state.numpy(), seeds.next().numpy(), seeds.next(ordered=False).numpy(), seeds.state.numpy()]
    np.testing.assert_array_equal(found, numpy_backend[-1])
    assert seeds.state.dtype == "uint32" and not seeds.state.trainable
    again = random.SeedGenerator.from_config(json.loads(json.dumps(seeds.get_config())))
    np.testing.assert_array_equal(again.state.numpy(), [SEED, 0])
    assert again.name == seeds.name


@pytest.mark.parametrize("i", range(len(DRAWS)), ids=[f"{name} {options}" for name, options in DRAWS])
def test_a_recorded_draw_is_another_at_each_step(i):
    name, options = DRAWS[i]
    given = arguments(options)
    seeds, same = random.SeedGenerator(3), random.SeedGenerator(3)
    program = Program(lambda: getattr(random, name)(**given, seed=seeds), [])
    fixed = Program(lambda: getattr(random, name)(**given, seed=3), [])
    for _ in range(3):
        program.run(), fixed.run()
        np.testing.assert_array_equal(program.result.value, getattr(random, name)(**given, seed=same).numpy())
        np.testing.assert_array_equal(fixed.result.value, getattr(random, name)(**given, seed=3).numpy())


def test_a_seed_that_is_a_tensor():
    seed = random.SeedGenerator(4).next()
    np.testing.assert_array_equal(random.normal((3,), seed=seed).numpy(), random.normal((3,), seed=4).numpy())


def test_dropout(backend):
    x = np.ones((40, 50), "float32")
    seeds = random.SeedGenerator(1)
    first, second = (random.dropout(x, 0.25, seed=seeds).numpy() for _ in range(2))
    assert set(np.unique(first)) == {0, np.float32(1 / 0.75)}
    assert 0.2 < (first == 0).mean() < 0.3 and (first != second).any()
    np.testing.assert_array_equal(random.dropout(x, 0.5, seed=7).numpy(), random.dropout(x, 0.5, seed=7).numpy())
    fixed = Program(lambda: random.dropout(x, 0.5, seed=7), [])
    for _ in range(2):
        fixed.run()
        np.testing.assert_array_equal(fixed.result.value, random.dropout(x, 0.5, seed=7).numpy())
    assert (random.dropout(x, 0.0).numpy() == x).all() and not random.dropout(x, 1.0).numpy().any()
    rows = random.dropout(x, 0.5, noise_shape=(40, 1), seed=2).numpy()
    assert (rows == rows[:, :1]).all()


def test_gradients_flow_through_shuffle_and_the_parameters_of_normal_and_uniform():
    x = Tensor(np.arange(4, dtype="float32"), tracked=True)
    with Tape() as tape:
        y = random.shuffle(x, seed=1)
        loss = ops.sum(y * np.arange(4, dtype="float32"))
    np.testing.assert_array_equal(tape.gradients(loss, [x])[0], np.argsort(y.numpy()))
    mean, spread = Tensor(np.zeros(3, "float32"), tracked=True), Tensor(np.ones(3, "float32"), tracked=True)
    with Tape() as tape:
        y = random.normal((3,), mean, spread, seed=1)
        loss = ops.sum(y)
    to_mean, to_spread = tape.gradients(loss, [mean, spread])
    assert to_mean.tolist() == [1, 1, 1] and (to_spread == y.numpy()).all()
    with Tape() as tape:
        loss = ops.sum(random.uniform((3,), mean, spread, seed=1))
    assert np.allclose(sum(tape.gradients(loss, [mean, spread])), 1)


MISTAKES = [
    (lambda: random.uniform((2,), dtype="int32"), "randint"),
    (lambda: random.randint((2,), 0, 3, dtype="float32"), "uniform"),
    (lambda: random.categorical([1.0, 2.0], 3), r"\(2,\)"),
    (lambda: random.SeedGenerator(-1), "seed"),
    (lambda: random.SeedGenerator(1.5), "seed"),
    (lambda: random.SeedGenerator(1, sede=3), "sede"),
    (lambda: random.normal((2,), seed="1"), "seed"),
    (lambda: random.dropout(np.ones((2, 3), "float32"), 0.5, (3, 2)), "noise_shape"),
]


@pytest.mark.parametrize("call, told", MISTAKES, ids=[told for _, told in MISTAKES])
def test_mistakes_are_explained(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_there_is_all_that_keras_has():
    names = {n for n in vars(real().random) if not n.startswith("_")}
    assert names <= set(vars(random))
    for name in names:
        assert list(same_signature(getattr(random, name), getattr(real().random, name))) == []
