"""What the table of cases can't say of reshaping, borders and upsampling."""

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import real


@pytest.mark.parametrize(
    "name, options, shape",
    [
        ("Flatten", {}, (None, 3)),
        ("Reshape", {"target_shape": (-1, 3)}, (None, 3)),
        ("Reshape", {"target_shape": (3, -1)}, (4, None)),
        ("Permute", {"dims": (2, 1)}, (None, 3)),
        ("RepeatVector", {"n": 2}, (3,)),
        ("ZeroPadding2D", {"padding": 1}, (None, 4, 3)),
        ("Cropping2D", {"cropping": 1}, (None, 4, 3)),
        ("UpSampling2D", {"size": 2}, (None, 4, 3)),
        ("UpSampling1D", {"size": 2}, (None, 3)),
    ],
)
def test_sizes_that_vary(name, options, shape):
    found, wanted = (getattr(k.layers, name)(**options)(k.Input(shape)).shape for k in (keras, real()))
    assert found == tuple(wanted)


@pytest.mark.parametrize("name, options", [("Flatten", {}), ("Reshape", {"target_shape": (2, 3)}), ("Identity", {}),
                                           ("Permute", {"dims": (2, 1)})])
def test_integers_stay_integers(name, options):
    found, wanted = (getattr(k.layers, name)(**options)(k.Input((3, 2), dtype="int32")) for k in (keras, real()))
    assert found.dtype == wanted.dtype == "int32"
    x = np.arange(12).reshape(2, 3, 2).astype("int32")
    assert getattr(keras.layers, name)(**options)(x).dtype == "int32"


def test_a_batch_may_have_any_size_at_every_call():
    layer = keras.layers.Reshape((-1, 2))
    assert layer(np.ones((3, 4), "float32")).shape == (3, 2, 2)
    assert layer(np.ones((5, 8), "float32")).shape == (5, 4, 2)


def test_channels_first_flattens_as_channels_last():
    """So that weights behind it serve both."""
    x = np.random.default_rng(1).normal(size=(2, 3, 4, 5)).astype("float32")
    first = keras.layers.Flatten("channels_first")(x)
    last = keras.layers.Flatten("channels_last")(x.transpose(0, 2, 3, 1))
    np.testing.assert_array_equal(first.numpy(), last.numpy())


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: keras.layers.Permute((0, 1)), ["Permute", "(0, 1)", "from 1"]),
        (lambda: keras.layers.Permute((1, 3)), ["Permute", "(1, 3)"]),
        (lambda: keras.layers.RepeatVector(0), ["RepeatVector", "0"]),
        (lambda: keras.layers.RepeatVector(2.0), ["RepeatVector", "2.0"]),
        (lambda: keras.layers.RepeatVector(2, name="r")(np.ones((2, 3, 4))), ["'r'", "(2, 3, 4)"]),
        (lambda: keras.layers.Reshape((2, -3)), ["Reshape", "(2, -3)"]),
        (lambda: keras.layers.Reshape((2.5,)), ["Reshape", "2.5"]),
        (lambda: keras.layers.Reshape((5, 5), name="r")(keras.Input((3, 4))), ["'r'", "(3, 4)", "12", "25"]),
        (lambda: keras.layers.ZeroPadding1D((1, 2, 3)), ["ZeroPadding1D", "(1, 2, 3)"]),
        (lambda: keras.layers.ZeroPadding2D(-1), ["ZeroPadding2D", "-1"]),
        (lambda: keras.layers.ZeroPadding2D(((1, 1), (1,))), ["ZeroPadding2D", "((1, 1), (1,))"]),
        (lambda: keras.layers.ZeroPadding3D((1, 1)), ["ZeroPadding3D", "(1, 1)", "3"]),
        (lambda: keras.layers.Cropping1D(3, name="c")(np.ones((1, 6, 2))), ["'c'", "(3, 3)", "size 6"]),
        (lambda: keras.layers.Cropping2D(2, name="c")(keras.Input((3, 9, 1))), ["'c'", "axis 1", "size 3"]),
        (lambda: keras.layers.Cropping2D("1"), ["Cropping2D", "'1'"]),
        (lambda: keras.layers.UpSampling1D(0), ["UpSampling1D", "0"]),
        (lambda: keras.layers.UpSampling2D(2, interpolation="bilinar"), ["interpolation", "'bilinear'"]),
        (lambda: keras.layers.Flatten(data_format="first"), ["data_format", "channels_first"]),
    ],
)
def test_mistakes_are_explained(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_other_interpolations_are_refused():
    with pytest.raises(NotImplementedError, match="bicubic.*bilinear"):
        keras.layers.UpSampling2D(2, interpolation="bicubic")
