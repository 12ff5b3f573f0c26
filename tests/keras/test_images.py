"""Pictures, arrays and padded sequences, against real Keras."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastutor import keras
from tests.keras.oracle import real


@given(
    sequences=st.lists(st.lists(st.integers(0, 99), max_size=6), min_size=1, max_size=5),
    maxlen=st.none() | st.integers(1, 8), padding=st.sampled_from(["pre", "post"]),
    truncating=st.sampled_from(["pre", "post"]), dtype=st.sampled_from(["int32", "float32"]), value=st.integers(-2, 2),
)
def test_pad_sequences(**arguments):
    ours, theirs = (library.utils.pad_sequences(**arguments) for library in (keras, real()))
    assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs) and ours.shape == theirs.shape


def test_pad_sequences_of_vectors_and_strings():
    for arguments in (
        dict(sequences=[np.ones((2, 3)), np.zeros((0, 3)), np.ones((4, 3))], maxlen=3),
        dict(sequences=[["a"], ["b", "longer"]], dtype=object, value="pad"),
    ):
        ours, theirs = (library.preprocessing.sequence.pad_sequences(**arguments) for library in (keras, real()))
        assert ours.dtype == theirs.dtype and (ours == theirs).all()


@pytest.mark.parametrize("arguments, match", [
    (dict(sequences=[1, 2]), "number 0"), (dict(sequences=3), "list of sequences"), (dict(sequences=[]), "maxlen"),
    (dict(sequences=[[1]], padding="left"), "padding"), (dict(sequences=[[1]], truncating="x"), "truncating"),
    (dict(sequences=[[1]], value="pad"), "dtype=object"),
    (dict(sequences=[np.ones((2, 3)), np.ones((2, 4))]), "sequence 1"),
])
def test_pad_sequences_refuses(arguments, match):
    with pytest.raises(ValueError, match=match):
        keras.utils.pad_sequences(**arguments)


@pytest.fixture
def files(tmp_path, rng):
    from PIL import Image

    pixels = rng.integers(0, 256, (13, 20, 4)).astype("uint8")
    for mode in ("L", "RGB", "RGBA", "I;16", "P"):
        source = Image.fromarray(pixels)
        if mode == "I;16":
            source = Image.fromarray(pixels[:, :, 0].astype("uint16") * 200)
        elif mode != "RGBA":
            source = source.convert("RGB").convert(mode)
        source.save(tmp_path / f"{mode.replace(';', '')}.png")
    return sorted(tmp_path.glob("*.png"))


@pytest.mark.parametrize("options", [
    {}, dict(target_size=(7, 9)), dict(target_size=(30, 9), interpolation="bilinear"),
    dict(target_size=(9, 9), interpolation="lanczos", keep_aspect_ratio=True),
    dict(target_size=(5, 25), interpolation="box", keep_aspect_ratio=True),
    dict(target_size=(6, 6), interpolation="hamming"), dict(target_size=(6, 6), interpolation="bicubic"),
], ids=str)
def test_load_img(options, files):
    for file in files:
        for color_mode in ("rgb", "rgba", "grayscale"):
            ours, theirs = (k.utils.load_img(file, color_mode=color_mode, **options) for k in (keras, real()))
            assert ours.mode == theirs.mode and ours.size == theirs.size
            for data_format in ("channels_last", "channels_first"):
                a, b = (k.utils.img_to_array(i, data_format) for k, i in ((keras, ours), (real(), theirs)))
                assert a.dtype == b.dtype and np.array_equal(a, b)
    assert np.array_equal(keras.utils.load_img(io.BytesIO(file.read_bytes())), keras.utils.load_img(str(file)))


@pytest.mark.parametrize("shape, scale, data_format", [
    ((4, 5, 3), True, None), ((4, 5, 1), True, None), ((4, 5, 4), False, None), ((3, 4, 5), True, "channels_first"),
    ((4, 5, 1), False, "channels_last"),
])
def test_array_to_img_and_save_img(shape, scale, data_format, rng, tmp_path):
    random = rng.uniform(0, 255, shape)
    for x in (random, random * 9 if shape[-1] == 1 else random, np.full(shape, 7.0)):
        images = [k.utils.array_to_img(x, data_format=data_format, scale=scale) for k in (keras, real())]
        assert images[0].mode == images[1].mode and np.array_equal(*images)
        if images[0].mode == "I":  # which PNG can't hold
            continue
        for k, name in ((keras, "ours.png"), (real(), "theirs.png")):
            k.utils.save_img(tmp_path / name, x, data_format=data_format, scale=scale)
        assert np.array_equal(*(keras.utils.load_img(tmp_path / f"{n}.png", "rgba") for n in ("ours", "theirs")))


def test_jpeg_without_transparency(rng, tmp_path):
    with pytest.warns(UserWarning, match="transparency") as caught:
        keras.utils.save_img(tmp_path / "x.jpg", rng.uniform(size=(8, 8, 4)))
    assert caught[0].filename == __file__ and keras.utils.load_img(tmp_path / "x.jpg").mode == "RGB"


@pytest.mark.parametrize("call, match", [
    (lambda u: u.array_to_img(np.ones((3, 3))), "channels"),
    (lambda u: u.array_to_img(np.ones((3, 3, 2))), "1, 3 or 4"),
    (lambda u: u.load_img("x.png", color_mode="greyscale"), "Did you mean 'gra"),
    (lambda u: u.array_to_img(np.ones((3, 3, 3)), data_format="last"), "channels_last"),
])
def test_refused(call, match):
    with pytest.raises(ValueError, match=match):
        call(keras.utils)


@pytest.mark.parametrize("size", [(4, 4), (20, 5), (5, 40)])
@pytest.mark.parametrize("shape, data_format", [
    ((13, 20, 3), "channels_last"), ((2, 13, 20, 1), "channels_last"), ((3, 13, 20), "channels_first"),
])
def test_smart_resize(size, shape, data_format, rng):
    x = rng.uniform(size=shape).astype("float32")
    ours, theirs = (
        k.preprocessing.image.smart_resize(x, size, data_format=data_format) for k in (keras, real())
    )
    assert isinstance(ours, np.ndarray) and ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
