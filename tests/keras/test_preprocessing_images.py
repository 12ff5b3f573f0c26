"""Image layers and `ops.image`: the same movements as in Keras where they are given, the right range where drawn."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from kerastutor.keras.models.replay import Program
from tests.keras.oracle import array, real, same_signature
from tests.keras.test_ops import differences

RNG = np.random.default_rng(3)
IMAGES = RNG.normal(size=(3, 7, 5, 2)).astype("float32")
BYTES = RNG.integers(0, 256, (2, 6, 5, 3)).astype("uint8")
layers = keras.layers


def close(a, b, rtol=1e-5, atol=2e-5):
    np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=rtol, atol=atol)


def slow(*values):
    """Values of a parameter whose tests are slow ones."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


def first(x):
    """Channels in front."""
    return np.ascontiguousarray(np.moveaxis(x, -1, -3))


# affine_transform -----------------------------------------------------------------------------


def transforms(n):
    t = np.array([1, 0, 0, 0, 1, 0, 0, 0]) + RNG.uniform(-0.5, 0.5, (n, 8)) * [1, 1, 9, 1, 1, 9, 0, 0]
    return t.astype("float32")


@pytest.mark.slow
@pytest.mark.parametrize("fill_mode", ["constant", "nearest", "wrap", "mirror", "reflect"])
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize("case", ["batch", *slow("one", "channels_first", "bytes")])
def test_affine_transform(case, interpolation, fill_mode, backend):
    x, t = (BYTES, transforms(2)) if case == "bytes" else (IMAGES, transforms(3))
    x, t = (x[0], t[0]) if case == "one" else (first(x), t) if case == "channels_first" else (x, t)
    options = {"interpolation": interpolation, "fill_mode": fill_mode, "fill_value": 3}
    if case == "channels_first":
        options["data_format"] = "channels_first"
    ours, theirs = (k.ops.image.affine_transform(x, t, **options) for k in (keras, real()))
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype.name)
    close(ours.numpy(), array(theirs), atol=1 if case == "bytes" else 2e-4)
    assert (np.abs(ours.numpy() - array(theirs)) > 2e-4).mean() < 0.02  # bytes: a half may be rounded either way


@pytest.mark.slow
@pytest.mark.parametrize("fill_mode", ["constant", "nearest", "wrap", "mirror", "reflect"])
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
def test_gradient_of_affine_transform(interpolation, fill_mode, backend, float64):
    x, t = IMAGES.astype("float64"), transforms(3)
    tensor, weights = Tensor(x, tracked=True), RNG.normal(size=x.shape)
    loss = lambda: ops.sum(ops.image.affine_transform(tensor, t, interpolation, fill_mode, 2.0) * weights)
    with Tape() as tape:
        result = loss()
    close(tape.gradients(result, [tensor])[0], differences(lambda: float(loss()), x), rtol=1e-6, atol=1e-7)


def test_a_recorded_transform_sees_each_batch(backend):
    x, t = IMAGES.copy(), transforms(3)
    program = Program(ops.image.affine_transform, [x, t])
    for _ in range(2):
        x[:], t[:] = RNG.normal(size=x.shape), transforms(3)
        program.run()
        np.testing.assert_array_equal(program.result.numpy(), ops.image.affine_transform(x, t).numpy())


# resize, rgb_to_grayscale ---------------------------------------------------------------------


@pytest.mark.parametrize("size", [(8, 3), *slow((7, 5), (3, 2), (14, 10), (1, 1))], ids=str)
@pytest.mark.parametrize(
    "options",
    [{"interpolation": how, "antialias": smooth} for how in ("bilinear", "bicubic", "lanczos3", "lanczos5")
     for smooth in (False, True)]
    + [{"interpolation": "nearest"}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True, "fill_value": 2.5}],
    ids=str,
)
def test_resize(options, size, backend):
    for x, more in ((IMAGES, {}), (IMAGES[0], {}), (first(IMAGES), {"data_format": "channels_first"})):
        ours, theirs = (k.ops.image.resize(x, size, **options, **more) for k in (keras, real()))
        assert ours.shape == theirs.shape
        close(ours.numpy(), array(theirs))


def test_resize_of_bytes(backend):
    for how in ("bilinear", "nearest"):
        ours, theirs = (k.ops.image.resize(BYTES, (4, 9), interpolation=how) for k in (keras, real()))
        assert ours.dtype == theirs.dtype.name
        close(ours.numpy(), array(theirs).astype(float), atol=1)
        assert (ours.numpy() != array(theirs)).mean() < 0.02  # a half may be rounded either way


@pytest.mark.parametrize("x", [BYTES, BYTES / 255, BYTES[0], BYTES[..., :1]], ids=lambda x: f"{x.shape} {x.dtype}")
def test_rgb_to_grayscale(x, backend):
    x = x if x.dtype == "uint8" else x.astype("float32")
    for y, more in ((x, {}), (first(x), {"data_format": "channels_first"})):
        ours, theirs = (k.ops.image.rgb_to_grayscale(y, **more) for k in (keras, real()))
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype.name)
        close(ours.numpy(), array(theirs))


@pytest.mark.parametrize("name", ["affine_transform", "resize", "rgb_to_grayscale"])
def test_ops_take_the_arguments_of_keras(name):
    assert list(same_signature(getattr(ops.image, name), getattr(real().ops.image, name))) == []


# layers: given movements ----------------------------------------------------------------------

FIXED = [  # both ends of the range alike: nothing is left to chance
    ("RandomRotation", {"factor": (0.13, 0.13)}),
    ("RandomRotation", {"factor": (-0.25, -0.25), "fill_mode": "constant", "fill_value": 2.0}),
    ("RandomRotation", {"factor": (0.4, 0.4), "interpolation": "nearest", "fill_mode": "wrap"}),
    ("RandomZoom", {"height_factor": (0.3, 0.3)}),
    ("RandomZoom", {"height_factor": (-0.4, -0.4), "width_factor": (0.2, 0.2), "fill_mode": "nearest"}),
    ("RandomTranslation", {"height_factor": (0.2, 0.2), "width_factor": (-0.33, -0.33)}),
    ("RandomTranslation", {"height_factor": (-1.0, -1.0), "width_factor": 0.0, "fill_mode": "constant"}),
    ("RandomBrightness", {"factor": (0.3, 0.3)}),
    ("RandomBrightness", {"factor": (-0.5, -0.5), "value_range": (-1, 1)}),
    ("RandomCrop", {"height": 7, "width": 3}),
    ("RandomCrop", {"height": 9, "width": 9}),
    ("RandomCrop", {"height": 3, "width": 5}),
]


@pytest.mark.slow
@pytest.mark.parametrize("name, options", FIXED, ids=str)
def test_fixed_movements_are_those_of_keras(name, options, backend):
    for x, more in ((IMAGES, {}), (IMAGES[1], {}), (first(IMAGES), {"data_format": "channels_first"})):
        ours, theirs = (getattr(k.layers, name)(**options, **more) for k in (keras, real()))
        for training in (True, False):
            found, wanted = ours(x, training=training), theirs(x, training=training)
            assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype.name)
            close(found.numpy(), array(wanted), atol=2e-4)


GIVEN = [
    ("RandomFlip", {"mode": mode}, {"flips": np.array([True, False, True]).reshape(3, 1, 1, 1), "input_shape": None})
    for mode in ("horizontal", "vertical", "horizontal_and_vertical")
] + [
    ("RandomContrast", {"factor": 0.5, "value_range": (-1, 2)}, {"contrast_factor": np.float32([[[[1.3]]], [[[0.4]]],
                                                                                               [[[1.0]]]])}),
    ("RandomCrop", {"height": 4, "width": 2}, (1, 3)),
]


@pytest.mark.parametrize("name, options, transformation", GIVEN, ids=str)
def test_given_transformations_are_those_of_keras(name, options, transformation, backend):
    for x, more in ((IMAGES, {}), (first(IMAGES), {"data_format": "channels_first"})):
        ours, theirs = (getattr(k.layers, name)(**options, **more) for k in (keras, real()))
        given = transformation if isinstance(transformation, tuple) else {
            k: v if v is None else ops.convert_to_tensor(v) for k, v in transformation.items()}
        close(ours.transform_images(Tensor(x), given).numpy(), array(theirs.transform_images(x, transformation)))


@pytest.mark.parametrize(
    "name, options",
    [("RandomFlip", {}), ("RandomRotation", {"factor": 0.1}), ("RandomContrast", {"factor": 0.1}), ("CenterCrop",
      {"height": 3, "width": 3}), ("RandomCrop", {"height": 3, "width": 3}), ("Resizing", {"height": 3, "width": 3})],
)
def test_bytes_come_out_as_in_keras(name, options, backend):
    for training in (True, False):
        ours, theirs = (getattr(k.layers, name)(**options)(BYTES, training=training) for k in (keras, real()))
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype.name)


def test_bytes_do_not_run_over(backend):
    """Unlike in Keras, where 200 + 127 is 71."""
    y = layers.RandomBrightness((0.5, 0.5))(np.full((1, 2, 2, 1), 200, "uint8"))
    assert y.dtype == "float32" and (y.numpy() == 255).all()


# layers: what is drawn ------------------------------------------------------------------------

MANY = np.zeros((4000, 2, 2, 1), "float32")
DRAWN = [  # the number drawn, its range
    ("RandomRotation", {"factor": 0.25}, "angle", -90, 90),
    ("RandomRotation", {"factor": (0.1, 0.2)}, "angle", 36, 72),
    ("RandomZoom", {"height_factor": (-0.3, 0.1), "width_factor": 0.2}, "height_zoom", 0.7, 1.1),
    ("RandomZoom", {"height_factor": (-0.3, 0.1), "width_factor": 0.2}, "width_zoom", 0.8, 1.2),
    ("RandomContrast", {"factor": (0.2, 0.6)}, "contrast_factor", 0.8, 1.6),
    ("RandomContrast", {"factor": 0.5}, "contrast_factor", 1.0, 1.5),
    ("RandomBrightness", {"factor": 0.2}, "rgb_delta", -51, 51),
    ("RandomTranslation", {"height_factor": 0.5, "width_factor": 0.5}, "translations", -1, 1),
]


@pytest.mark.parametrize("name, options, what, low, high", DRAWN, ids=str)
def test_numbers_are_drawn_evenly_from_the_range_of_keras(name, options, what, low, high):
    ours, theirs = (getattr(k.layers, name)(seed=1, **options) for k in (keras, real()))
    for layer in (ours, theirs):
        drawn = array(layer.get_random_transformation(MANY)[what])
        assert low <= drawn.min() and drawn.max() <= high
        share, _ = np.histogram(drawn, 10, (low, high))
        assert np.abs(share / drawn.size - 0.1).max() < 5 * np.sqrt(0.09 / drawn.size)


def test_half_of_the_images_are_flipped():
    x = np.arange(2.0, dtype="float32").reshape(1, 1, 2, 1).repeat(2000, 0)
    flipped = layers.RandomFlip("horizontal", seed=1)(x).numpy()[:, 0, 0, 0].mean()
    assert abs(flipped - 0.5) < 5 * np.sqrt(0.25 / 2000)


def test_crops_come_from_everywhere_and_are_the_batch_s(backend):
    x = np.arange(30.0, dtype="float32").reshape(1, 6, 5, 1).repeat(2, 0)
    layer, corners = layers.RandomCrop(4, 3, seed=1), set()
    for _ in range(200):
        y = layer(x).numpy()
        np.testing.assert_array_equal(y[0], y[1])
        row, column = divmod(int(y[0, 0, 0, 0]), 5)
        np.testing.assert_array_equal(y[0], x[0, row : row + 4, column : column + 3])
        corners.add((row, column))
    assert corners == {(row, column) for row in range(3) for column in range(3)}


RANDOM = [
    ("RandomFlip", {}), ("RandomRotation", {"factor": 0.3}), ("RandomZoom", {"height_factor": 0.3}),
    ("RandomTranslation", {"height_factor": 0.3, "width_factor": 0.3}), ("RandomContrast", {"factor": 0.9}),
    ("RandomBrightness", {"factor": 0.3}), ("RandomCrop", {"height": 3, "width": 3}),
]


@pytest.mark.parametrize("name, options", RANDOM)
def test_each_call_and_each_replay_draws_anew(name, options, backend):
    x = np.abs(RNG.normal(size=(20, 7, 5, 2))).astype("float32")
    make = lambda: getattr(layers, name)(seed=5, **options)
    layer, again = make(), make()
    one, two = layer(x).numpy(), layer(x).numpy()
    assert np.abs(one - two).max() > 0.01
    np.testing.assert_array_equal(again(x).numpy(), one)  # the same seed, the same numbers
    program = Program(lambda x: layer(x, training=True), [x])
    program.run()
    third = program.result.numpy().copy()
    program.run()
    assert np.abs(program.result.numpy() - third).max() > 0.01


@pytest.mark.parametrize("name, options", RANDOM)
def test_in_a_model_images_change_in_training_only(name, options, backend):
    shape = (20, 4, 4, 2)
    x, seen = np.abs(RNG.normal(size=shape)).astype("float32"), []
    options = options if name != "RandomCrop" else {"height": 4, "width": 4}
    model = keras.Sequential([keras.Input(shape[1:]), getattr(layers, name)(**options), layers.Flatten()])
    np.testing.assert_array_equal(model(x, training=False).numpy().reshape(shape), x)
    np.testing.assert_array_equal(model.predict(x, verbose=0).reshape(shape), x)
    if name != "RandomCrop":
        assert np.abs(model(x, training=True).numpy().reshape(shape) - x).max() > 0.01
        model.add(layers.Dense(1))
        model.compile("sgd", "mse")
        seen = model.fit(x, np.zeros((20, 1)), epochs=2, batch_size=8, verbose=0).history["loss"]
        assert np.isfinite(seen).all()


@pytest.mark.slow
def test_labels_stay_and_masks_move_along(backend):
    masks = RNG.integers(0, 3, (3, 7, 5, 1)).astype("float32")
    data = {"images": IMAGES, "labels": np.eye(3, dtype="float32"), "segmentation_masks": masks}
    options = {"factor": (0.2, 0.2), "fill_mode": "constant"}
    ours, theirs = (k.layers.RandomRotation(**options)(dict(data)) for k in (keras, real()))
    for name in data:
        close(ours[name].numpy(), array(theirs[name]), atol=2e-4)
    y = layers.RandomContrast(0.5)(dict(data))
    np.testing.assert_array_equal(y["segmentation_masks"].numpy(), masks)


# mistakes -------------------------------------------------------------------------------------

MISTAKES = [
    (lambda k: k.layers.RandomRotation(1.5), ["factor", "1.5"]),
    (lambda k: k.layers.RandomRotation((0.1, 0.2, 0.3)), ["factor", "0.3"]),
    (lambda k: k.layers.RandomRotation("small"), ["factor", "'small'"]),
    (lambda k: k.layers.RandomRotation(0.1, fill_mode="black"), ["fill_mode", "'black'", "constant"]),
    (lambda k: k.layers.RandomRotation(0.1, interpolation="cubic"), ["interpolation", "'cubic'"]),
    (lambda k: k.layers.RandomZoom(-1.0), ["height_factor", "-1"]),
    (lambda k: k.layers.RandomZoom(0.1, 2.0), ["width_factor", "2.0"]),
    (lambda k: k.layers.RandomTranslation(0.1, 2.0), ["width_factor", "2.0"]),
    (lambda k: k.layers.RandomContrast(2.0), ["factor", "2.0"]),
    (lambda k: k.layers.RandomBrightness(2.0), ["factor", "2.0"]),
    (lambda k: k.layers.RandomBrightness(0.1, value_range=255), ["value_range", "255"]),
    (lambda k: k.layers.RandomFlip(data_format="last"), ["data_format", "'last'"]),
    (lambda k: k.layers.RandomContrast(0.1)(np.ones((4, 4))), ["(rows, columns, channels)", "(4, 4)"]),
    (lambda k: k.layers.Resizing(2, 2, interpolation="cubic")(IMAGES), ["interpolation", "'cubic'"]),
    (lambda k: k.layers.Resizing(2, 2, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True)(IMAGES), ["not both"]),
    (lambda k: k.ops.image.resize(IMAGES[0, 0], (2, 2)), ["three axes", "(5, 2)"]),
    (lambda k: k.ops.image.affine_transform(IMAGES, np.ones((2, 8))), ["(3, 8)", "(2, 8)"]),
    (lambda k: k.ops.image.affine_transform(IMAGES, np.ones(8), fill_mode="black"), ["fill_mode", "'black'"]),
]


@pytest.mark.parametrize("make, words", MISTAKES, ids=[" ".join(words) for _, words in MISTAKES])
def test_mistakes_are_explained(make, words):
    with pytest.raises((ValueError, NotImplementedError)) as caught:
        make(keras)
    for word in words:
        assert word in str(caught.value)
    with pytest.raises(Exception):  # noqa: B017  (whatever Keras calls it)
        make(real())


def test_a_mode_that_keras_overlooks_is_refused():
    with pytest.raises(ValueError, match="Did you mean 'horizontal'"):
        layers.RandomFlip("horizontl")
    with pytest.raises(NotImplementedError, match="bounding boxes"):
        layers.RandomFlip(bounding_box_format="xyxy")


def test_ops_in_a_model_s_graph(backend):
    images, transform = keras.Input((7, 5, 3)), keras.Input((8,))
    y = ops.image.rgb_to_grayscale(ops.image.resize(images, (4, 4)))
    model = keras.Model([images, transform], ops.image.affine_transform(y, transform))
    assert model.output_shape == (None, 4, 4, 1)
    x, t = RNG.normal(size=(2, 7, 5, 3)), transforms(2)
    wanted = ops.image.affine_transform(ops.image.rgb_to_grayscale(ops.image.resize(x, (4, 4))), t)
    close(model.predict([x, t], verbose=0), wanted.numpy())
