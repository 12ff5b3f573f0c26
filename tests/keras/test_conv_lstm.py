"""ConvLSTM2D beyond its cases beside Keras: masks, and what is refused."""

import numpy as np
import pytest

from kerastutor import keras


def test_a_masked_picture_changes_no_state_of_a_conv_lstm(backend):
    """Keras on JAX lays the mask over the pictures' rows or columns, where the sizes happen to fit."""
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 3, 1)).astype("float32")
    layer = keras.layers.ConvLSTM2D(2, 2, return_state=True)
    mask = np.array([[True, True, True, True], [True, False, True, False]])
    found = layer(x, mask=mask)
    for y, whole, shorter in zip(found, layer(x[:1]), layer(x[1:, [0, 2]]), strict=True):
        np.testing.assert_allclose(y.numpy()[0], whole.numpy()[0], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(y.numpy()[1], shorter.numpy()[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("options, shape, words", [
    (dict(filters=0, kernel_size=2), (2, 3, 4, 4, 1), "filters"),
    (dict(filters=1, kernel_size=2, strides=2, dilation_rate=2), (2, 3, 4, 4, 1), "strides.*dilation_rate"),
    (dict(filters=1, kernel_size=2, padding="sam"), (2, 3, 4, 4, 1), "Did you mean 'same'"),
    (dict(filters=1, kernel_size=5), (2, 3, 4, 4, 1), "ConvLSTM2D"),
    (dict(filters=1, kernel_size=2), (2, 3, 4, 4), "ndim|axes|dimensions"),
], ids=str)
def test_a_conv_lstm_that_does_not_fit_is_refused(options, shape, words):
    with pytest.raises(ValueError, match=words):
        keras.layers.ConvLSTM2D(**options)(np.zeros(shape, "float32"))
    with pytest.raises(ValueError, match="must be fixed"):
        keras.layers.ConvLSTM2D(1, 2)(keras.Input((3, None, 4, 1)))
