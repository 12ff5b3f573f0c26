"""Each activation beside real Keras's, by function and by name, and its place in a configuration."""

import inspect

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import activations, ops
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.oracle import array, real, same_signature

X = np.float32([[-7.0, -3.0, -1.0, -0.6], [-0.5, -1e-3, 0.0, 1e-3], [0.3, 0.5, 1.0, 2.0], [3.0, 6.0, 7.0, 10.0]])
NAMES = [
    "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu",
    "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus",
    "swish", "tanh",
    "tanh_shrink",
]
OPTIONS = [
    ("relu", {"negative_slope": 0.1}), ("relu", {"max_value": 6}), ("relu", {"max_value": 2.5}),
    ("relu", {"threshold": 1.0}), ("relu", {"negative_slope": 0.2, "max_value": 6.0, "threshold": 0.5}),
    ("relu", {"negative_slope": 0.2, "max_value": 3}), ("relu", {"threshold": -1.0}), ("elu", {"alpha": 0.5}),
    ("celu", {"alpha": 0.5}), ("gelu", {"approximate": True}),
    ("glu", {"axis": 0}), ("hard_shrink", {"threshold": 2.0}), ("soft_shrink", {"threshold": 2.0}),
    ("leaky_relu", {"negative_slope": 0.3}), ("squareplus", {"b": 1}),
    ("threshold", {"threshold": 0.4, "default_value": 9.0}),
    ("softmax", {"axis": 0}), ("log_softmax", {"axis": 0}), ("sparsemax", {"axis": 0}), ("softmax", {"axis": (0, 1)}),
]


@pytest.mark.parametrize("name, options", [*((name, {}) for name in NAMES), *OPTIONS],
                         ids=lambda part: part if isinstance(part, str) else str(part))
def test_value_and_slope(name, options, backend):
    """The slope too, at the corners as well: JAX decides what it is there."""
    import jax

    theirs = getattr(real().activations, name)
    t = Tensor(X, tracked=True)
    with Tape() as tape:
        y = getattr(activations, name)(t, **options)
        loss = ops.sum(y * y)
    np.testing.assert_allclose(y.numpy(), array(theirs(X, **options)), rtol=1e-5, atol=2e-6)
    wanted = jax.grad(lambda x: (theirs(x, **options) ** 2).sum())(X)
    np.testing.assert_allclose(tape.gradients(loss, [t])[0], wanted, rtol=1e-4, atol=1e-5)


def test_there_are_all_that_keras_has():
    names = {n for n in vars(real().activations) if not n.startswith("_")}
    assert names - {n for n in vars(activations) if callable(getattr(activations, n))} == set()
    for name in names:
        assert list(same_signature(getattr(activations, name), getattr(real().activations, name))) == []


@pytest.mark.parametrize("name", [*NAMES, "threshold"])
def test_names_and_configurations(name):
    f = activations.get(name)
    assert f is getattr(activations, name)
    assert activations.serialize(f) == real().activations.serialize(real().activations.get(name))
    assert activations.deserialize(activations.serialize(f)) is f
    assert activations.get(activations.serialize(f)) is f


def test_functions_layers_and_none():
    assert activations.get(None) is activations.linear
    assert activations.get(np.tanh) is np.tanh
    layer = keras.layers.LeakyReLU(0.3)
    assert activations.get(layer) is layer
    made = activations.get(activations.serialize(layer))
    assert type(made) is keras.layers.LeakyReLU and made.negative_slope == 0.3

    @keras.saving.register_keras_serializable("tests")
    def twice(x):
        return 2 * x

    assert activations.deserialize(activations.serialize(twice)) is twice
    assert activations.get("tests>twice") is twice


@pytest.mark.parametrize("name, meant", [("rellu", "relu"), ("softmaks", "softmax"), ("Swich", "swish")])
def test_unknown_names_say_which_was_meant(name, meant):
    with pytest.raises(ValueError, match=f"{name}.*Did you mean '{meant}'"):
        activations.get(name)


@pytest.mark.parametrize("name", NAMES)
def test_placeholders(name):
    x = keras.Input((4,))
    y = getattr(activations, name)(x)
    assert y.shape == ((None, 2) if name == "glu" else (None, 4)) and y.dtype == "float32"


@pytest.mark.parametrize("name", ["relu", "relu6", "leaky_relu", "linear", "exponential", "hard_tanh"])
def test_whole_numbers(name):
    given = np.array([[1, -2], [9, 0]], "int32")
    ours, wanted = getattr(activations, name)(given), array(getattr(real().activations, name)(given))
    np.testing.assert_allclose(array(ours), wanted, rtol=1e-5)
    assert ours.dtype == wanted.dtype.name


def test_lists_are_taken():
    assert inspect.isfunction(activations.relu) and activations.relu([-1.0, 2.0]).numpy().tolist() == [0, 2]
    assert activations.mish([0.0]).numpy().tolist() == [0]
