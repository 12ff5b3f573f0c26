"""What the table of cases can't say of merging: masks, functions, shapes that don't go together."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.autodiff import Tensor
from tests.keras.oracle import array, real

ALL = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"]
MASKS = [
    np.array([[True, True, False, False], [True, False, True, True]]),
    np.array([[True, False, True, False], [False, False, True, False]]),
]


def inputs(masks, with_mask):
    rng = np.random.default_rng(3)
    made = []
    for mask in masks:
        x = rng.normal(size=(2, 4, 3)).astype("float32")
        made.append(with_mask(x, mask))
    return made


def ours(x, mask):
    x = Tensor(x)
    x._keras_mask = None if mask is None else Tensor(mask)
    return x


def theirs(x, mask):
    from keras.src.backend import set_keras_mask

    x = real().ops.convert_to_tensor(x)
    if mask is not None:
        set_keras_mask(x, real().ops.convert_to_tensor(mask))
    return x


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("masks", [
    MASKS, [MASKS[0], None], [None, MASKS[1]], [None, None], [MASKS[0], None, MASKS[1]], [*MASKS, ~MASKS[0]],
], ids=["both", "first", "second", "none", "two of three", "all of three"])  # fmt: skip
def test_masks(name, masks, backend):
    if name in ("Subtract", "Dot"):
        masks = masks[:2]
    options = {"axes": 2} if name == "Dot" else {}
    found = getattr(keras.layers, name)(**options)(inputs(masks, ours))
    wanted = getattr(real().layers, name)(**options)(inputs(masks, theirs))
    np.testing.assert_allclose(found.numpy(), array(wanted), rtol=1e-5, atol=1e-6)
    mask, wanted_mask = found._keras_mask, getattr(wanted, "_keras_mask", None)
    assert (mask is None) == (wanted_mask is None)
    if mask is not None:
        np.testing.assert_array_equal(mask.numpy(), array(wanted_mask))


def test_masks_joined_along_the_steps(backend):
    found = keras.layers.Concatenate(axis=1)(inputs([MASKS[0], None], ours))._keras_mask
    np.testing.assert_array_equal(found.numpy(), np.concatenate([MASKS[0], np.ones((2, 4), bool)], 1))


@pytest.mark.parametrize("name", ALL)
def test_functions(name, backend):
    a, b = inputs([None, None], ours)
    options = {"axes": 2} if name == "Dot" else {}
    y = getattr(keras.layers, name.lower())([a, b], **options)
    np.testing.assert_array_equal(y.numpy(), getattr(keras.layers, name)(**options)([a, b]).numpy())
    named = getattr(keras.layers, name.lower())([keras.Input((4, 3)), keras.Input((4, 3))], name="m", **options)
    assert named.history.operation.name == "m"


@pytest.mark.parametrize("name, shapes", [
    ("Add", [(None, 3), (None, 3)]),
    ("Add", [(None, 3), (3,)]),
    ("Multiply", [(None, 1), (4, 3)]),
    ("Concatenate", [(None, 3), (None, 4)]),
    ("Concatenate", [(None, 3), (5, 4)]),
])  # fmt: skip
def test_sizes_that_vary(name, shapes):
    found, wanted = (getattr(k.layers, name)()([k.Input(s) for s in shapes]).shape for k in (keras, real()))
    assert found == tuple(wanted)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: keras.layers.Add(name="a")(np.ones((2, 3))), ["'a'", "list", "(2, 3)"]),
        (lambda: keras.layers.Add(name="a")(keras.Input((3,))), ["'a'", "list"]),
        (lambda: keras.layers.Concatenate(name="a")(np.ones((2, 3))), ["'a'", "list"]),
        (lambda: keras.layers.Add(name="a")([np.ones((2, 3)), np.ones((2, 4))]), ["'a'", "(3,)", "(4,)"]),
        (lambda: keras.layers.Add(name="a")([keras.Input((5, 3)), keras.Input((4, 3))]), ["'a'", "(5, 3)", "(4, 3)"]),
        (lambda: keras.layers.Maximum(name="a")([np.ones((2, 3)), np.ones((4, 3))]), ["'a'", "(2, 3)", "(4, 3)"]),
        (lambda: keras.layers.Subtract(name="a")([np.ones((2, 3))] * 3), ["'a'", "two", "3"]),
        (lambda: keras.layers.Concatenate(axis=1, name="a")([np.ones((2, 3, 4)), np.ones((2, 3, 5))]),
         ["'a'", "axis 1", "(2, 3, 4)", "(2, 3, 5)"]),
        (lambda: keras.layers.Concatenate(name="a")([np.ones((2, 3)), np.ones((2, 3, 5))]), ["'a'", "(2, 3, 5)"]),
        (lambda: keras.layers.Concatenate(axis=3, name="a")([np.ones((2, 3))] * 2), ["'a'", "axis=3"]),
        (lambda: keras.layers.Dot(axes=0), ["Dot", "0", "batch"]),
        (lambda: keras.layers.Dot(axes=(1, 2, 3)), ["Dot", "(1, 2, 3)"]),
        (lambda: keras.layers.Dot(axes="1"), ["Dot", "'1'"]),
        (lambda: keras.layers.Dot(axes=2, name="a")([np.ones((2, 3))] * 2), ["'a'", "2", "(2, 3)"]),
        (lambda: keras.layers.Dot(axes=1, name="a")([np.ones((2, 3)), np.ones((2, 4))]), ["'a'", "3", "4"]),
        (lambda: keras.layers.Dot(axes=1, name="a")([np.ones((2, 3))] * 3), ["'a'", "two", "3"]),
    ],
)
def test_mistakes_are_explained(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
