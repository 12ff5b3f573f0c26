"""What the table of cases can't say of activation layers and EinsumDense."""

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import real


def test_at_their_corners_as_keras(backend):
    x = np.array([-2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0], "float32")
    for name, options in [
        ("ReLU", {"max_value": 1.0, "threshold": 0.5}), ("ReLU", {"negative_slope": 0.1, "threshold": 1.0}),
        ("ReLU", {"max_value": 0.0}), ("LeakyReLU", {}), ("ELU", {"alpha": 2.0}), ("LeakyReLU", {"negative_slope": 0}),
    ]:
        found, wanted = (getattr(k.layers, name)(**options)(x) for k in (keras, real()))
        np.testing.assert_allclose(found.numpy(), np.asarray(wanted), rtol=1e-6, err_msg=f"{name} {options}")


def test_the_old_name_of_the_slope():
    with pytest.warns(UserWarning, match="negative_slope"):
        assert keras.layers.LeakyReLU(alpha=0.1).negative_slope == 0.1


def test_softmax_of_nothing_that_counts_is_zero(backend):
    y = keras.layers.Softmax()(np.ones((2, 3)), mask=np.array([[False] * 3, [True, False, False]]))
    assert y.numpy().tolist() == [[0, 0, 0], [1, 0, 0]]


def test_einsum_dense_starts_from_what_flows_in(backend):
    """The fans are those of the equation: as many as Dense would have."""
    x = np.ones((1, 300))
    layers = [
        keras.layers.EinsumDense("ab,cb->ac", 200, kernel_initializer="lecun_uniform"),
        keras.layers.Dense(200, kernel_initializer="lecun_uniform"),
    ]
    found, wanted = ((layer(x), np.abs(layer.kernel.numpy()).max())[1] for layer in layers)
    assert abs(found / wanted - 1) < 0.01


def test_einsum_dense_with_sizes_that_vary():
    for k in (keras, real()):
        layer = k.layers.EinsumDense("abc,cd->abd", output_shape=(None, 5))
        assert layer(k.Input((None, 4))).shape == (None, None, 5)
        assert tuple(layer.compute_output_shape((2, 3, 4))) == (2, None, 5)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: keras.layers.ReLU(max_value=-1), ["ReLU", "max_value", "-1"]),
        (lambda: keras.layers.ReLU(negative_slope=None), ["ReLU", "negative_slope", "None"]),
        (lambda: keras.layers.LeakyReLU(-0.1), ["LeakyReLU", "-0.1"]),
        (lambda: keras.layers.PReLU(name="p")(keras.Input((None, 3))), ["'p'", "shared_axes", "(None, None, 3)"]),
        (lambda: keras.layers.PReLU(shared_axes=[3], name="p")(np.ones((2, 3))), ["'p'", "[3]"]),
        (lambda: keras.layers.Softmax(name="s")(np.ones((2, 3)), mask=np.ones((2, 2), bool)), ["'s'", "(2, 2)"]),
        (lambda: keras.layers.ThresholdedReLU(1.0), ["ThresholdedReLU", "ReLU(threshold"]),
        (lambda: keras.layers.EinsumDense("ab->ac", 3)(np.ones((2, 3))), ["EinsumDense", "'ab->ac'"]),
        (lambda: keras.layers.EinsumDense("ab,bc->ac", 3)(np.ones((2, 3, 4))), ["'ab,bc->ac'", "3 axes"]),
        (lambda: keras.layers.EinsumDense("ab,bc->ad", 3)(np.ones((2, 3))), ["'d'", "'ab,bc->ad'"]),
        (lambda: keras.layers.EinsumDense("abc,cd->abd", (4, 5))(np.ones((2, 3, 4))), ["'b'", "3", "4"]),
        (lambda: keras.layers.EinsumDense("abc,cd->abd", 5)(np.ones((2, 3, 4))), ["(5,)", "3 axes"]),
        (lambda: keras.layers.EinsumDense("ab,bc->ac", 3)(keras.Input((None,))), ["'b'", "(None, None)"]),
    ],
)
def test_mistakes_are_explained(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
