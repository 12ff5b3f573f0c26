"""Changes of colour: with given numbers the pictures of Keras, and the numbers are drawn from its ranges."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tensor
from tests.keras.oracle import array, real

RNG = np.random.default_rng(4)
BRIGHT = RNG.uniform(0, 255, (3, 6, 5, 3)).astype("float32")
BRIGHT[0, 0] = [[0, 0, 0], [9, 9, 9], [200, 100, 100], [100, 200, 100], [100, 100, 200]]  # black, grey, one stands out
BRIGHT[2] = 17
UNIT = BRIGHT / 255
NUMBERS = np.float32([0.3, -0.45, 0.05])
FOUR = NUMBERS.reshape(3, 1, 1, 1)


def name(value):
    """A parameter in a test's name: functions by theirs, not by their address, which is another in each process."""
    return getattr(value, "__name__", str(value))


GIVEN = [
    ("RandomHue", {"factor": 0.5}, {"factor": NUMBERS}),
    ("RandomHue", {"factor": 0.5, "value_range": (0, 1)}, {"factor": NUMBERS}),
    ("RandomSaturation", {"factor": 0.5, "value_range": (0, 1)}, {"factor": np.abs(NUMBERS) * 3}),
    ("RandomSharpness", {"factor": 0.5}, {"factor": np.abs(NUMBERS) * 2}),
    ("RandomPosterization", {"factor": 3}, {"shift_factor": np.uint8([1, 4, 7])}),
    ("RandomPosterization", {"factor": (2, 6), "value_range": [0, 1]}, {"shift_factor": np.uint8([0, 3, 6])}),
    ("RandomInvert", {"factor": 0.5}, {"apply_inversion": np.array([True, False, True])}),
    ("Solarization", {}, {"additions": np.abs(FOUR) * 100, "thresholds": np.abs(FOUR) * 400}),
    ("Solarization", {"value_range": (0, 1)}, {"additions": np.abs(FOUR) * 100, "thresholds": np.abs(FOUR) * 400}),
    ("RandomGrayscale", {}, np.array([True, False, True]).reshape(3, 1, 1, 1)),
    ("AutoContrast", {}, None),
    ("AutoContrast", {"value_range": (0, 1)}, None),
]


def first(x):
    """Channels in front."""
    return np.ascontiguousarray(np.moveaxis(x, -1, -3))


def tensors(given):
    if isinstance(given, dict):
        return {name: Tensor(value) for name, value in given.items()}
    return None if given is None else Tensor(given)


@pytest.mark.parametrize("name, options, given", GIVEN, ids=name)
def test_given_numbers_make_the_pictures_of_keras(name, options, given, backend):
    last = UNIT if options.get("value_range") in ((0, 1), [0, 1]) else BRIGHT
    for x, more in ((last, {}), (first(last), {"data_format": "channels_first"})):
        if more and name == "AutoContrast":
            continue  # Keras takes the channels for rows
        ours, theirs = (getattr(k.layers, name)(**options, **more) for k in (keras, real()))
        found = ours.transform_images(Tensor(x), tensors(given)).numpy()
        wanted = array(theirs.transform_images(x, given))
        assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype)
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=2e-6 * x.max())
        assert np.abs(found - x).max() > 0.01 * x.max()


def test_contrast_of_channels_in_front_is_each_channel_s(backend):
    one = keras.layers.AutoContrast()(BRIGHT).numpy()
    other = keras.layers.AutoContrast(data_format="channels_first")(first(BRIGHT)).numpy()
    np.testing.assert_array_equal(first(one), other)


@pytest.mark.parametrize("op", ["rgb_to_hsv", "hsv_to_rgb"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_hues_are_those_of_keras(op, data_format, backend):
    x = UNIT if data_format == "channels_last" else first(UNIT)
    for images in (x, x[0]):
        found, wanted = (getattr(k.ops.image, op)(images, data_format) for k in (keras, real()))
        np.testing.assert_allclose(found.numpy(), array(wanted), rtol=1e-5, atol=1e-6)
    back = ops.image.hsv_to_rgb(ops.image.rgb_to_hsv(x, data_format), data_format)
    np.testing.assert_allclose(back.numpy(), x, atol=1e-6)


MANY = np.zeros((4000, 2, 2, 3), "float32")
DRAWN = [  # the number drawn, a function that makes it even, its range
    ("RandomHue", {"factor": (0.2, 0.6)}, "factor", np.abs, 0.1, 0.3),
    ("RandomHue", {"factor": 0.5}, "factor", np.abs, 0, 0.25),
    ("RandomSaturation", {"factor": (0.2, 0.6)}, "factor", lambda x: x / (1 + x), 0.2, 0.6),
    ("RandomSharpness", {"factor": 0.5}, "factor", np.array, 0, 0.5),
    ("RandomPosterization", {"factor": (1, 5)}, "shift_factor", np.array, 3.5, 7.5),
    ("RandomInvert", {"factor": 0.5}, "apply_inversion", None, 0.25, None),
    ("Solarization", {"addition_factor": 0.5}, "additions", np.array, 0, 127.5),
    ("Solarization", {"threshold_factor": (0.0, 0.4)}, "thresholds", np.array, 0, 102),
]


@pytest.mark.parametrize("name, options, what, even, low, high", DRAWN, ids=name)
def test_numbers_are_drawn_from_the_range_of_keras(name, options, what, even, low, high):
    for k in (keras, real()):
        drawn = array(getattr(k.layers, name)(seed=1, **options).get_random_transformation(MANY)[what]).ravel()
        if even is None:  # how often, if it is as likely as `low`
            assert abs(drawn.mean() - low) < 5 * np.sqrt(low / drawn.size)
            continue
        drawn = even(drawn.astype("float64"))
        assert low - 1e-5 <= drawn.min() and drawn.max() <= high + 1e-5
        share, _ = np.histogram(drawn, 4, (low, high))
        assert np.abs(share / drawn.size - 0.25).max() < 5 * np.sqrt(0.2 / drawn.size)


def test_half_of_the_pictures_lose_their_colours():
    x = np.tile(np.float32([1, 0, 0]), (2000, 1, 1, 1))
    grey = keras.layers.RandomGrayscale(seed=1)(x).numpy()[:, 0, 0, 1] > 0
    assert abs(grey.mean() - 0.5) < 5 * np.sqrt(0.25 / 2000)


@pytest.mark.parametrize("name, options", [(name, options) for name, options, given in GIVEN if given is not None],
                         ids=name)
def test_they_train_and_change_nothing_outside_training(name, options, backend):
    layer = getattr(keras.layers, name)(seed=3, **options)
    np.testing.assert_array_equal(layer(BRIGHT, training=False).numpy(), BRIGHT)
    model = keras.Sequential([keras.Input((6, 5, 3)), layer, keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1e-9), "mse")
    history = model.fit(UNIT, np.zeros((3, 1)), epochs=3, batch_size=2, verbose=0).history["loss"]
    assert np.isfinite(history).all()


@pytest.mark.parametrize("make, words", [
    (lambda k: k.layers.RandomHue(1.5), "factor.*1.5"), (lambda k: k.layers.RandomHue("much"), "factor.*much"),
    (lambda k: k.layers.RandomSharpness(2), "factor.*2"), (lambda k: k.layers.RandomGrayscale(1.5), "factor.*1.5"),
    (lambda k: k.layers.RandomPosterization(9), "factor.*9"),
    (lambda k: k.layers.Solarization(2.0), "addition_factor.*2.0"),
    (lambda k: k.layers.Solarization(value_range=255), "value_range.*255"),
    (lambda k: k.layers.AutoContrast(value_range=(1, 2, 3)), "value_range"),
    (lambda k: k.ops.image.rgb_to_hsv(np.ones((2, 2, 3), "int32")), "floats"),
    (lambda k: k.ops.image.hsv_to_rgb(np.ones((2, 2, 2), "float32")), "three channels"),
], ids=name)
def test_mistakes_are_explained(make, words):
    with pytest.raises(ValueError, match=words):
        make(keras)
    with pytest.raises(Exception):  # noqa: B017  (whatever Keras calls it)
        make(real())
