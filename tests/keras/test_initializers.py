"""Initializers give the very numbers of Keras's NumPy backend; regularizers and constraints are as in Keras."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import constraints, initializers, regularizers
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.oracle import array, real, same_signature

RANDOM = ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"]
CASES = [
    *((name, {"seed": 7}, shape) for name in RANDOM for shape in [(5,), (5, 3), (3, 3, 2, 4)]),
    ("RandomNormal", {"seed": 3}, (4, 5)),
    ("RandomNormal", {"mean": 1.0, "stddev": 2.0, "seed": 3}, (40,)),
    ("TruncatedNormal", {"stddev": 0.5, "seed": 4}, (20, 30)),
    ("RandomUniform", {"minval": -1, "maxval": 3, "seed": 0}, (4, 5)),
    ("VarianceScaling", {"seed": 9}, (6, 2)),
    ("VarianceScaling", {"scale": 3.0, "mode": "fan_out", "distribution": "untruncated_normal", "seed": 9}, (6, 2)),
    ("VarianceScaling", {"mode": "fan_avg", "distribution": "uniform", "seed": 2**32 - 1}, (6, 2)),
    ("VarianceScaling", {"input_axes": [0], "output_axes": [1, 2], "seed": 5}, (6, 2, 3)),
    ("Orthogonal", {"seed": 5}, (4, 4)),
    ("Orthogonal", {"gain": 2.0, "seed": 5}, (6, 3)),
    ("Orthogonal", {"seed": 5}, (2, 3, 7)),
    ("Zeros", {}, (3, 2)),
    ("Ones", {}, (3,)),
    ("Constant", {"value": 2.5}, (2, 2)),
    ("Identity", {"gain": 3.0}, (3, 4)),
    ("IdentityInitializer", {}, (2, 2)),
    ("OrthogonalInitializer", {"seed": 2}, (2, 2)),
]
WAVES = [
    {}, {"side": "imag"}, {"window": "hamming", "scaling": "spectrum"}, {"window": None}, {"scaling": None},
    {"window": "blackman", "periodic": True}, {"window": "bartlett", "side": "imag", "periodic": True},
]
UNSEEDED = [*RANDOM, "RandomNormal", "Orthogonal"]

ASK_KERAS = """
import json, sys
import keras
cases, unseeded = json.load(sys.stdin)
out = {}
for i, (name, options, shape) in enumerate(cases):
    out[f"{i}"] = getattr(keras.initializers, name)(**options)(tuple(shape))
keras.utils.set_random_seed(11)
for name in unseeded:
    out[name] = getattr(keras.initializers, name)()((3, 3))
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(5), keras.layers.Dense(2)])
out["first"], out["second"] = model.layers[0].kernel.numpy(), model.layers[1].kernel.numpy()
import numpy as np
np.savez(sys.argv[1], **out)
"""


@pytest.fixture(scope="module")
def numpy_backend(tmp_path_factory):
    """What real Keras on its NumPy backend, in a process of its own, makes of all cases."""
    path = tmp_path_factory.mktemp("initializers") / "out.npz"
    subprocess.run(
        [sys.executable, "-c", ASK_KERAS, str(path)],
        input=json.dumps([CASES, UNSEEDED]), text=True, check=True, env={**os.environ, "KERAS_BACKEND": "numpy"},
    )
    return np.load(path)


@pytest.mark.slow
@pytest.mark.parametrize("i", range(len(CASES)), ids=[f"{name}-{shape}-{options}" for name, options, shape in CASES])
def test_the_same_numbers(i, numpy_backend):
    name, options, shape = CASES[i]
    ours = getattr(initializers, name)(**options)(shape)
    wanted = numpy_backend[str(i)]
    assert ours.dtype == wanted.dtype.name
    np.testing.assert_array_equal(ours.numpy(), wanted)


@pytest.mark.parametrize("options", WAVES, ids=str)
def test_waves_of_a_fourier_transform(options):
    ours, theirs = (k.initializers.STFT(**options)((9, 1, 6)) for k in (keras, real()))
    np.testing.assert_allclose(ours.numpy(), array(theirs), rtol=1e-5, atol=1e-6)


def test_constants_and_seeds_of_all_kinds_survive_json():
    seeds = keras.random.SeedGenerator(5)
    for made in (
        initializers.Constant(np.array([1.0, 2.0])), initializers.Constant(keras.ops.ones(2)), initializers.Constant(3),
        initializers.HeNormal(seed=seeds), initializers.RandomNormal(seed=seeds), initializers.STFT("imag", "hamming"),
    ):
        again = initializers.deserialize(json.loads(json.dumps(initializers.serialize(made))))
        assert type(again) is type(made)
        shape = (3, 1, 2)
        first = made(shape).numpy()
        if getattr(made, "seed", None) is seeds:
            assert again.seed.get_config() == seeds.get_config()
        else:
            np.testing.assert_array_equal(again(shape).numpy(), first)


def test_the_same_default_seeds(numpy_backend):
    """Without seeds of their own, after set_random_seed: each draws its seed as Keras does, in the same order."""
    keras.utils.set_random_seed(11)
    for name in UNSEEDED:
        np.testing.assert_array_equal(getattr(initializers, name)()((3, 3)).numpy(), numpy_backend[name])
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(5), keras.layers.Dense(2)])
    np.testing.assert_array_equal(model.layers[0].kernel.numpy(), numpy_backend["first"])
    np.testing.assert_array_equal(model.layers[1].kernel.numpy(), numpy_backend["second"])


def test_one_object_one_set_of_numbers():
    glorot = initializers.GlorotUniform()
    np.testing.assert_array_equal(glorot((3, 3)).numpy(), glorot((3, 3)).numpy())
    assert (glorot((3, 3)).numpy() != initializers.GlorotUniform()((3, 3)).numpy()).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype(dtype):
    for name, options, shape in CASES:
        assert getattr(initializers, name)(**options)(shape, dtype=dtype).dtype == dtype


INITIALIZERS = [n for n, o in vars(initializers).items() if n[0].isupper() and hasattr(o, "from_config")]


@pytest.mark.parametrize("ours, names", [
    (initializers, INITIALIZERS),
    (regularizers, ["L1", "L2", "L1L2", "OrthogonalRegularizer"]),
    (constraints, ["MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm"]),
])
def test_names_arguments_and_configurations(ours, names):
    theirs = getattr(real(), ours.__name__.rpartition(".")[2])
    assert len(names) > 3
    for name in names:
        cls = getattr(ours, name)
        assert not list(same_signature(cls, getattr(theirs, name))), name
        if name == "Initializer":
            continue
        thing = ours.get(name)
        assert type(ours.deserialize(ours.serialize(thing))) is cls
        wanted = theirs.serialize(getattr(theirs, name)())
        made = ours.serialize(thing)
        kept = {key: made["config"][key] for key in wanted["config"]}  # Keras forgets Identity's gain
        assert made | {"config": kept} == wanted | {"config": pytest.approx(wanted["config"])}
        assert type(ours.get(wanted)) is cls
        assert type(theirs.get(ours.serialize(thing))) is getattr(theirs, name)
    assert ours.get(None) is None


@pytest.mark.parametrize("name", ["glorot_uniform", "he_normal", "zeros", "zero", "one", "normal", "uniform"])
def test_snake_case_names(name):
    assert type(initializers.get(name)).__name__ == type(real().initializers.get(name)).__name__
    if name not in ("zero", "one", "normal", "uniform"):
        assert isinstance(initializers.get(name), getattr(initializers, name))


def test_functions_and_arrays():
    def twos(shape, dtype=None):
        return 2 * np.ones(shape, dtype)

    assert keras.layers.Layer().add_weight((2,), initializer=twos).numpy().tolist() == [2, 2]
    given = np.arange(6.0).reshape(2, 3)
    assert (keras.layers.Layer().add_weight((2, 3), initializer=given).numpy() == given).all()
    with pytest.raises(ValueError, match="\\(2, 3\\)"):
        keras.layers.Layer().add_weight((3, 2), initializer=given)


@pytest.mark.parametrize("regularizer", [
    ("L1", {}), ("L1", {"l1": 0.3}), ("L2", {}), ("L2", {"l2": 0.2}), ("L1L2", {}), ("L1L2", {"l1": 0.1, "l2": 0.2}),
    ("L1L2", {"l2": 0.2}), ("OrthogonalRegularizer", {}), ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
])
def test_regularizers(regularizer, backend, rng):
    """Value and gradient."""
    import jax

    name, options = regularizer
    w = np.float32(rng.normal(size=(5, 3)))
    theirs = getattr(real().regularizers, name)(**options)
    value, gradient = jax.value_and_grad(lambda w: theirs(w) + 0 * w.sum())(w)
    x = Tensor(w, tracked=True)
    with Tape() as tape:
        cost = getattr(regularizers, name)(**options)(x) + 0.0 * keras.ops.sum(x)
    np.testing.assert_allclose(cost.numpy(), value, rtol=1e-5)
    np.testing.assert_allclose(tape.gradients(cost, [x])[0], gradient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("constraint", [
    ("MaxNorm", {}), ("MaxNorm", {"max_value": 0.7, "axis": 1}), ("NonNeg", {}), ("UnitNorm", {}),
    ("UnitNorm", {"axis": (0, 1)}), ("MinMaxNorm", {}), ("MinMaxNorm", {"min_value": 2.5, "max_value": 3, "rate": 0.4}),
])
def test_constraints(constraint, backend, rng):
    name, options = constraint
    w = np.float32(rng.normal(size=(5, 3)))
    ours, theirs = getattr(constraints, name)(**options)(w), getattr(real().constraints, name)(**options)(w)
    assert ours.dtype == "float32"
    np.testing.assert_allclose(ours.numpy(), array(theirs), rtol=1e-5)


@pytest.mark.parametrize("call, told", [
    (lambda: initializers.get("he_nromal"), "he_normal"),
    (lambda: initializers.get(7), "initializer"),
    (lambda: initializers.get({"config": {}}), "class_name"),
    (lambda: initializers.HeNormal(seed=1.5), "seed"),
    (lambda: initializers.HeNormal(seed=-1), "seed"),
    (lambda: initializers.VarianceScaling(scale=0), "scale"),
    (lambda: initializers.VarianceScaling(mode="fan"), "fan_in"),
    (lambda: initializers.VarianceScaling(distribution="gauss"), "uniform"),
    (lambda: initializers.Identity()((2,)), "two axes"),
    (lambda: initializers.Orthogonal()((2,)), "two axes"),
    (lambda: regularizers.get("l3"), "l1"),
    (lambda: regularizers.L2(-1), "l2"),
    (lambda: regularizers.L1(float("nan")), "l1"),
    (lambda: regularizers.OrthogonalRegularizer(mode="row"), "rows"),
    (lambda: regularizers.OrthogonalRegularizer()(keras.ops.ones(3)), "matrix"),
    (lambda: constraints.get("maxnorm"), "max_norm"),
])
def test_bad_input(call, told):
    with pytest.raises(ValueError, match=told):
        call()
