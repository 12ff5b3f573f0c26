"""Normalization beyond the table of cases: moving averages through a training, masks, fused against simple."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from kerastutor.keras.ops.normalization import normalize_batch
from tests.keras.oracle import array, real
from tests.keras.test_ops import differences


def close(a, b, rtol=1e-5, atol=2e-6):
    np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=rtol, atol=atol)


# the fused kernels beside the composition of simple ops ---------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (64, 2), (129, 5), (3, 4, 5, 2), (5000, 4)], ids=str)
def test_batch_norm_is_the_composition_of_its_steps(shape, backend, float64, rng):
    x, weights = (rng.normal(3, 2, shape) for _ in range(2))
    gamma, beta = (rng.normal(size=shape[-1]) for _ in range(2))
    results = []
    for fused in (True, False):
        inputs = [Tensor(a, tracked=True) for a in (x, gamma, beta)]
        with Tape() as tape:
            if fused:
                y, mean, variance = normalize_batch(*inputs, 1e-3)
            else:
                mean, variance = ops.moments(inputs[0], tuple(range(len(shape) - 1)))
                y = ops.batch_normalization(inputs[0], mean, variance, -1, inputs[2], inputs[1], 1e-3)
            loss = ops.sum(y * weights)
        results.append([y, mean, variance, *tape.gradients(loss, inputs)])
    for a, b in zip(*results, strict=True):
        close(a, b, rtol=1e-9, atol=1e-9)


def test_moments_are_those_of_keras(backend, rng):
    x = rng.normal(2, 3, (3, 4, 5)).astype("float32")
    for axes, keepdims in (((0,), False), ((0, 2), True), ((-1,), False)):
        found, wanted = (k.ops.moments(x, axes, keepdims=keepdims) for k in (keras, real()))
        for a, b in zip(found, wanted, strict=True):
            assert a.shape == b.shape
            close(a.numpy(), array(b))


def test_batch_statistics_far_from_zero_keep_their_digits(backend, rng):
    """100,000 rows around 1000: the variance of a sum in float32, or of mean(x²) - mean(x)², would be lost."""
    x = (1000 + rng.normal(size=(100_000, 2))).astype("float32")
    y, mean, variance = normalize_batch(Tensor(x), epsilon=0.0)
    close(mean.numpy(), x.astype("float64").mean(0), rtol=2e-7)
    close(variance.numpy(), x.astype("float64").var(0), rtol=1e-5)


def test_gradient_outside_training(backend, float64, rng):
    """Of a frozen layer: mean and variance are constants then."""
    layer, x = keras.layers.BatchNormalization(epsilon=0.1), rng.normal(size=(4, 3))
    layer.build((None, 3))
    for v in layer.weights:
        v.assign(rng.uniform(0.5, 2, 3))
    weights, t = rng.normal(size=(4, 3)), Tensor(x, tracked=True)
    with Tape() as tape:
        loss = ops.sum(layer(t, training=False) * weights)
    wanted = [t, *layer.trainable_variables]
    for v, found in zip(wanted, tape.gradients(loss, wanted), strict=True):
        close(found, differences(lambda: float(ops.sum(layer(t, training=False) * weights)), v.value), rtol=1e-6)


# through a training ---------------------------------------------------------------------------


def model_of(k, *between):
    model = k.Sequential([k.Input((5,)), k.layers.Dense(6), *between, k.layers.Activation("tanh"), k.layers.Dense(2)])
    model.compile(k.optimizers.SGD(0.05), "mse", run_eagerly=k is not keras)
    return model


def trained(make, rng, epochs=3):
    """Weights after the same training (whose last batch is smaller), of ours, of theirs."""
    x, y = rng.normal(1, 2, (22, 5)).astype("float32"), rng.normal(size=(22, 2)).astype("float32")
    ours, theirs = make(keras), make(real())
    ours.set_weights(theirs.get_weights())
    for model in (ours, theirs):
        model.fit(x, y, batch_size=8, epochs=epochs, shuffle=False, verbose=0)
    close(ours.predict(x, verbose=0), theirs.predict(x, verbose=0), rtol=1e-4, atol=1e-5)
    return ours.get_weights(), theirs.get_weights()


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [{}, {"momentum": 0.7, "center": False}, {"trainable": False}, {"renorm": True, "renorm_momentum": 0.8},
     {"renorm": True, "renorm_clipping": {"rmin": 0.8, "rmax": 1.2, "dmax": 0.1}, "scale": False}],
    ids=str,
)
def test_a_training_moves_the_averages_as_keras_does(options, backend, rng):
    """By the recorded step: each replay moves them on."""
    for a, b in zip(*trained(lambda k: model_of(k, k.layers.BatchNormalization(**options)), rng), strict=True):
        close(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("iterations", [1, 3])
def test_spectral_normalization_trains_as_in_keras(iterations, backend, rng):
    make = lambda k: model_of(k, k.layers.SpectralNormalization(k.layers.Dense(4), power_iterations=iterations))
    for a, b in zip(*trained(make, rng), strict=True):
        close(a, b, rtol=1e-4, atol=1e-5)


def test_spectral_normalization_finds_the_largest_singular_value(backend, rng):
    layer = keras.layers.SpectralNormalization(keras.layers.Dense(4), power_iterations=50)
    layer(rng.normal(size=(2, 6)), training=True)
    assert abs(np.linalg.svd(layer.kernel.numpy())[1].max() - 1) < 1e-4


def test_spectral_normalization_of_zeros_and_of_embeddings(backend):
    layer = keras.layers.SpectralNormalization(keras.layers.Dense(4, kernel_initializer="zeros"))
    assert not layer(np.ones((2, 6), "float32"), training=True).numpy().any()
    layer = keras.layers.SpectralNormalization(keras.layers.Embedding(5, 3))
    y = layer(np.array([1, 2]), training=True)  # Keras casts the result to the indices' dtype, where nothing is left
    close(y.numpy(), layer.kernel.numpy()[1:3])


def test_the_moving_averages_follow_their_formula(backend, rng):
    layer, mean, variance = keras.layers.BatchNormalization(momentum=0.6), np.zeros(3), np.ones(3)
    for _ in range(4):
        x = rng.normal(4, 3, (8, 3)).astype("float32")
        layer(x, training=True)
        mean, variance = 0.6 * mean + 0.4 * x.mean(0), 0.6 * variance + 0.4 * x.var(0)
    close(layer.moving_mean.numpy(), mean)
    close(layer.moving_variance.numpy(), variance)
    before = [v.numpy() for v in layer.weights]
    layer(x), layer(x, training=False)
    for v, w in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(v.numpy(), w)


def test_a_frozen_layer_runs_as_outside_training(backend, rng):
    layer, x = keras.layers.BatchNormalization(), rng.normal(4, 3, (8, 3)).astype("float32")
    layer(x, training=True)
    layer.trainable = False
    before = layer.get_weights()
    np.testing.assert_array_equal(layer(x, training=True).numpy(), layer(x, training=False).numpy())
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


# masks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"renorm": True}], ids=str)
def test_masked_positions_are_left_out_of_the_statistics(options, backend, rng):
    x = rng.normal(2, 3, (4, 5, 3)).astype("float32")
    mask = rng.random((4, 5)) < 0.6
    ours, theirs = (k.layers.BatchNormalization(momentum=0.5, **options) for k in (keras, real()))
    found, wanted = (layer(x, training=True, mask=m) for layer, m in ((ours, mask), (theirs, mask)))
    close(found.numpy(), array(wanted), rtol=1e-4, atol=1e-5)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        close(a, b)
    x[~mask] = np.nan
    ours(x, training=True, mask=mask)
    assert np.isfinite(ours.moving_mean.numpy()).all()


def test_a_mask_goes_on_to_the_next_layer(rng):
    x = Tensor(rng.normal(size=(2, 3, 4)).astype("float32"))
    x._keras_mask = Tensor(np.array([[True, True, False], [True, False, False]]))
    for name in ("BatchNormalization", "LayerNormalization", "UnitNormalization"):
        assert getattr(keras.layers, name)()(x)._keras_mask is x._keras_mask
    assert keras.layers.RMSNormalization()(x)._keras_mask is None  # as in Keras


# mistakes -------------------------------------------------------------------------------------

X = np.ones((2, 3, 4), "float32")
MISTAKES = [
    (lambda k: k.BatchNormalization(synchronized=True), ["synchronized", "TensorFlow"]),
    (lambda k: k.BatchNormalization(axis=3)(X), ["no axis 3", "(2, 3, 4)"]),
    (lambda k: k.BatchNormalization()(X, mask=np.ones((2, 3, 4), bool), training=True), ["mask", "(2, 3, 4)"]),
    (lambda k: k.BatchNormalization(renorm=True, renorm_clipping={"max": 1}), ["renorm_clipping", "max"]),
    (lambda k: k.BatchNormalization(renorm=True, renorm_clipping={"rmin": 2, "rmax": 1}), ["rmax", "rmin"]),
    (lambda k: k.BatchNormalization(renorm=True, renorm_clipping={"dmax": -1}), ["dmax", "negative"]),
    (lambda k: k.LayerNormalization(axis=5)(X), ["no axis 5", "(2, 3, 4)"]),
    (lambda k: k.LayerNormalization(axis="last"), ["axis", "'last'"]),
    (lambda k: k.GroupNormalization(groups=0), ["groups", "0"]),
    (lambda k: k.GroupNormalization(groups=3)(X), ["4 channels", "3 groups"]),
    (lambda k: k.GroupNormalization(groups=32)(X), ["4 channels", "32 groups"]),
    (lambda k: k.UnitNormalization(axis=1.5), ["axis", "1.5"]),
    (lambda k: k.SpectralNormalization(k.Dense(2), power_iterations=0), ["power_iterations", "0"]),
    (lambda k: k.SpectralNormalization(k.Flatten(name="flat"))(X), ["flat", "Flatten", "kernel"]),
    (lambda k: k.SpectralNormalization("dense"), ["dense"]),
]


@pytest.mark.parametrize("make, words", MISTAKES, ids=[" ".join(words) for _, words in MISTAKES])
def test_mistakes_are_explained(make, words):
    with pytest.raises((ValueError, TypeError)) as caught:
        make(keras.layers)
    for word in words:
        assert word in str(caught.value)
    with pytest.raises(Exception):  # noqa: B017  (whatever Keras calls it)
        make(real().layers)


def test_rms_normalization_of_a_middle_axis_is_refused():
    """In Keras its scale meets the wrong axis."""
    with pytest.raises(ValueError, match="last axes"):
        keras.layers.RMSNormalization(axis=1)(X)
