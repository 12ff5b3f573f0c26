"""The stepping window: every stop's sum, by hand in NumPy, is what keras.ops and real Keras give."""

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from kerastutor.keras import ops
from kerastutor.widgets.walk import KERNELS, MODES, Walk
from tests.keras.oracle import real

sizes = st.integers(1, 5)


@st.composite
def walks(draw):
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    mode, padding = draw(st.sampled_from(MODES)), draw(st.sampled_from(["valid", "same"]))
    stride, dilation = draw(st.sampled_from([(1, 1), (2, 1), (3, 1), (1, 2), (1, 3)]))
    dilation = dilation if mode == "convolution" else 1
    kernel = rng.normal(size=(draw(sizes), draw(sizes)))
    image = rng.normal(size=[(k - 1) * dilation + draw(sizes) for k in kernel.shape])
    return Walk(image, kernel, draw(st.sampled_from([0.0, 0.5])), mode, padding, stride, dilation)


@hypothesis.given(walk=walks())
def test_every_stop_by_hand_gives_the_output(walk):
    assert len(walk) == walk.output.size > 0
    for position in range(len(walk)):
        row, column = walk.stop(position)
        seen = walk.window(row, column)
        assert seen.shape == walk.kernel.shape
        by_hand = {
            "convolution": lambda seen: (np.nan_to_num(seen) * walk.kernel).sum() + walk.bias,
            "max pooling": np.nanmax,
            "average pooling": np.nanmean,
        }[walk.mode]
        assert walk.output[row, column] == pytest.approx(by_hand(seen), abs=1e-5)


@pytest.mark.slow
@hypothesis.settings(max_examples=12)
@hypothesis.given(walk=walks())
def test_real_keras_gives_the_same(walk):
    keras, x = real(), walk.image[None, :, :, None]
    options = dict(strides=walk.stride, padding=walk.padding)
    if walk.mode == "convolution":
        y = keras.ops.conv(x, walk.kernel[..., None, None], dilation_rate=walk.dilation, **options) + walk.bias
    else:
        pool = keras.ops.max_pool if walk.mode == "max pooling" else keras.ops.average_pool
        y = pool(x, walk.kernel.shape, **options)
    np.testing.assert_allclose(walk.output, np.asarray(y)[0, :, :, 0], atol=1e-5)


def test_the_sentence_is_the_sum():
    walk = Walk([[1, 2, -3], [4, 5, 6]], [[0.5, -1]], bias=2, padding="same")
    assert walk.sentence(0, 0) == "1 × 0.5 + 2 × (−1) + 2 = 0.5"
    assert walk.sentence(0, 2) == "−3 × 0.5 + 0 × (−1) + 2 = 0.5"
    for row in range(2):
        for column in range(3):
            left, right = walk.sentence(row, column).replace("×", "*").replace("−", "-").split(" = ")
            assert eval(left) == pytest.approx(float(right)) == pytest.approx(float(walk.output[row, column]))


def test_pooling_sentences_leave_the_padding_out():
    walk = Walk([[1, 2], [3, 6]], np.ones((2, 2)), mode="average pooling", padding="same")
    assert walk.sentence(0, 0) == "(1 + 2 + 3 + 6) / 4 = 3" and walk.sentence(1, 1) == "(6) / 1 = 6"
    walk = Walk([[1, 2], [3, 6]], np.ones((2, 2)), mode="max pooling")
    assert walk.sentence(0, 0) == "max(1, 2, 3, 6) = 6"


@pytest.mark.parametrize("name", KERNELS)
def test_presets_do_what_they_are_called(name):
    flat = Walk(np.full((5, 5), 3.0), name).output
    assert flat == pytest.approx(np.full((3, 3), 0.0 if "edge" in name else 3.0), abs=1e-5)


def test_a_filter_and_an_image_may_come_as_keras_has_them():
    layer_kernel = ops.convert_to_tensor(np.ones((3, 3, 1, 1), "float32"))
    assert Walk(np.ones((6, 6, 1)), layer_kernel).output == pytest.approx(np.full((4, 4), 9))


@pytest.mark.parametrize(
    "arguments, says",
    [
        (dict(image=np.ones((2, 2))), "3 x 3 does not fit into an image of 2 x 2"),
        (dict(image=np.ones((1, 5, 5, 3))), r"x\[0, :, :, 0\]"),
        (dict(image=np.ones((40, 40))), "32 rows and columns at most"),
        (dict(image=[["a"]]), "must be numbers"),
        (dict(image=np.full((5, 5), np.nan)), "NaN"),
        (dict(kernel="sharpn"), "Did you mean 'sharpen'"),
        (dict(kernel=np.ones((3, 3, 2, 8))), r"layer.kernel\[:, :, 0, 0\]"),
        (dict(kernel=np.ones((7, 7))), "5 x 5 at most"),
        (dict(mode="max poling"), "Did you mean 'max pooling'"),
        (dict(padding="full"), "There are: same, valid"),
        (dict(stride=0), "stride must be a whole number from 1 to 5; got 0"),
        (dict(stride=2, dilation=2), "only one above 1"),
        (dict(mode="max pooling", dilation=2), "no dilation"),
        (dict(bias=np.inf), "bias"),
    ],
)
def test_what_cannot_be_walked_says_why(arguments, says):
    with pytest.raises(ValueError, match=says):
        Walk(**{"image": np.ones((7, 7)), "kernel": "blur", **arguments})
