"""What the table of cases can't say of layers that draw random numbers; plain Dropout is in `test_layers_core.py`."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import recording
from tests.keras.oracle import real

NOISE = [("GaussianNoise", {"stddev": 0.5}), ("GaussianDropout", {"rate": 0.4}), ("AlphaDropout", {"rate": 0.3}),
         ("SpatialDropout1D", {"rate": 0.4}), ("Dropout", {"rate": 0.4})]  # fmt: skip
over_noise = pytest.mark.parametrize("name, options", NOISE)


@over_noise
def test_only_training_is_disturbed(name, options, backend):
    x = np.random.default_rng(1).normal(size=(3, 4, 5)).astype("float32")
    layer = getattr(keras.layers, name)(seed=1, **options)
    np.testing.assert_array_equal(layer(x).numpy(), x)
    np.testing.assert_array_equal(layer(x, training=False).numpy(), x)
    assert (layer(x, training=True).numpy() != x).any()


@over_noise
def test_a_seed_gives_the_same_numbers_again_but_new_ones_at_each_call(name, options, backend):
    x = np.ones((3, 4, 50), "float32")
    layers = [getattr(keras.layers, name)(seed=7, **options) for _ in range(2)]
    first, again = ([layer(x, training=True).numpy() for _ in range(2)] for layer in layers)
    np.testing.assert_array_equal(first, again)
    assert (first[0] != first[1]).any()


@over_noise
def test_a_recorded_step_draws_anew_when_it_is_replayed(name, options, backend):
    layer = getattr(keras.layers, name)(seed=7, **options)
    x = ops.convert_to_tensor(np.ones((3, 4, 50), "float32"))
    with recording() as calls:
        y = layer(x, training=True)
    values = []
    for _ in range(3):
        for kernel, arguments in calls:
            kernel(*arguments)
        values.append(y.value.copy())
    assert (values[0] != values[1]).any() and (values[1] != values[2]).any()
    again = getattr(keras.layers, name)(seed=7, **options)
    np.testing.assert_array_equal(values[0], again(x, training=True).numpy())


@pytest.mark.parametrize("name, options, mean, stddev", [
    ("GaussianNoise", {"stddev": 0.5}, 2, 0.5),
    ("GaussianDropout", {"rate": 0.2}, 2, 2 * np.sqrt(0.2 / 0.8)),
])  # fmt: skip
def test_mean_and_spread_of_the_noise(name, options, mean, stddev, backend):
    n = 100_000
    y = getattr(keras.layers, name)(seed=3, **options)(np.full((100, n // 100), 2, "float32"), training=True).numpy()
    assert abs(y.mean() - mean) < 5 * stddev / np.sqrt(n)  # five standard errors
    assert abs(y.std() - stddev) < 5 * stddev / np.sqrt(2 * n)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_alpha_dropout_keeps_mean_and_variance(rate, backend):
    n = 200_000
    x = np.random.default_rng(1).normal(size=(200, n // 200)).astype("float32")
    y = keras.layers.AlphaDropout(rate, seed=3)(x, training=True).numpy()
    assert abs(y.mean() - x.mean()) < 5 / np.sqrt(n)
    assert abs(y.var() - x.var()) < 5 * np.sqrt(3 / n)
    values, counts = np.unique(y, return_counts=True)
    dropped = counts.max() / n  # all that are dropped have one value
    assert abs(dropped - rate) < 5 * np.sqrt(rate * (1 - rate) / n)


@pytest.mark.parametrize("name, shape, axes, options", [
    ("SpatialDropout1D", (20, 5, 30), (1,), {}),
    ("SpatialDropout2D", (20, 3, 4, 30), (1, 2), {}),
    ("SpatialDropout2D", (20, 30, 3, 4), (2, 3), {"data_format": "channels_first"}),
    ("SpatialDropout3D", (20, 2, 3, 2, 30), (1, 2, 3), {}),
    ("SpatialDropout3D", (20, 30, 2, 3, 2), (2, 3, 4), {"data_format": "channels_first"}),
])  # fmt: skip
def test_spatial_dropout_drops_whole_channels(name, shape, axes, options, backend):
    y = getattr(keras.layers, name)(0.5, seed=1, **options)(np.ones(shape, "float32"), training=True).numpy()
    assert set(np.unique(y)) == {0, 2}
    one = y.min(axes)
    np.testing.assert_array_equal(one, y.max(axes))
    assert 0.4 < (one == 0).mean() < 0.6


@pytest.mark.parametrize("name", ["SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"])
def test_real_keras_takes_the_configuration(name):
    """Its spatial dropout refuses the `trainable` of other layers."""
    config = getattr(keras.layers, name)(0.3, name="d").get_config()
    assert getattr(real().layers, name).from_config(config).rate == 0.3


def test_a_cost_of_the_activity():
    x = np.array([[1.0, -2.0], [3.0, 0.5]], "float32")
    costs = []
    for k in (keras, real()):
        layer = k.layers.ActivityRegularization(l1=0.1, l2=0.2)
        layer(x)
        costs.append([float(loss) for loss in layer.losses])
    np.testing.assert_allclose(costs[0], costs[1], rtol=1e-6)
    assert "activity_regularizer" not in keras.layers.ActivityRegularization().get_config()


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: keras.layers.GaussianNoise(2), ["GaussianNoise", "stddev", "2"]),
        (lambda: keras.layers.GaussianDropout(30), ["GaussianDropout", "30", "0.25"]),
        (lambda: keras.layers.GaussianDropout(1), ["GaussianDropout", "less than 1"]),
        (lambda: keras.layers.AlphaDropout(1.0), ["AlphaDropout", "less than 1"]),
        (lambda: keras.layers.SpatialDropout1D("0.5"), ["SpatialDropout1D", "'0.5'"]),
        (lambda: keras.layers.SpatialDropout2D(0.5, name="d")(np.ones((2, 3, 4))), ["'d'", "(2, 3, 4)"]),
        (lambda: keras.layers.Dropout(0.5, noise_shape=3), ["Dropout", "noise_shape", "3"]),
        (lambda: keras.layers.Dropout(0.5, noise_shape=(None, 0)), ["noise_shape", "(None, 0)"]),
        (lambda: keras.layers.ActivityRegularization(l1=-1), ["l1", "-1"]),
    ],
)
def test_mistakes_are_explained(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
