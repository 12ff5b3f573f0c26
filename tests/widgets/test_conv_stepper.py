"""The stepping window: as a widget in Python, and stepped through in a real JupyterLab."""

import re

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.widgets import ConvStepper
from kerastutor.widgets.conv_stepper import resized

STATUS = ".kt-status"


def test_the_page_gets_what_keras_computes():
    stepper = ConvStepper("digit", "sharpen", bias=0.5, padding="same", stride=2)
    (_, _), (x, _) = keras.datasets.mnist.load_data()
    kernel = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "float32")[:, :, None, None]
    y = keras.ops.conv((x[:1] / 255).astype("float32")[..., None], kernel, 2, "same")[0, :, :, 0]
    np.testing.assert_allclose(stepper.scene["output"], np.asarray(y) + 0.5, atol=1e-5)
    np.testing.assert_allclose(stepper.scene["image"], x[0] / 255, atol=1e-4)


def test_a_layers_own_filter():
    layer = keras.layers.Conv2D(2, 3)
    x = np.random.default_rng(0).normal(size=(1, 9, 9, 1)).astype("float32")
    y = np.asarray(layer(x))
    stepper = ConvStepper(x[0, :, :, 0], layer.kernel[:, :, 0, 1], bias=float(np.asarray(layer.bias)[1]))
    np.testing.assert_allclose(stepper.output, y[0, :, :, 1], atol=1e-5)


def test_changes_start_the_walk_again_or_change_nothing():
    stepper = ConvStepper(position=4)
    stepper.change(stride=2, kernel="blur")
    assert stepper.position == 0 and stepper.scene["stride"] == 2 and stepper.output.shape == (3, 3)
    before = stepper.scene
    for wrong in (dict(dilation=2), dict(image=np.ones((2, 2))), dict(kernel="blurr"), dict(strides=1)):
        with pytest.raises(ValueError):
            stepper.change(**wrong)
        assert stepper.scene is before
    stepper.change(image=np.ones((4, 4)))
    assert stepper.scene["name"] == "yours" and stepper.scene["image"] == np.ones((4, 4)).tolist()


def test_pooling_from_the_page_leaves_dilation():
    stepper = ConvStepper(dilation=2)
    stepper.do_change(mode="max pooling", size=2)
    assert stepper.scene["dilation"] == 1 and np.shape(stepper.scene["kernel"]) == (2, 2)
    assert stepper.output[0].tolist() == [9, 9, 9, 9, 9, 9]


def test_a_position_outside_is_refused():
    stepper = ConvStepper()
    stepper._hear(stepper, {"do": "go", "values": {"position": 25}}, [])
    assert "from 0 to 24; got 25" in stepper.problem and stepper.position == 0
    with pytest.raises(ValueError, match="from 0 to 24"):
        ConvStepper(position=-1)


def test_another_size_keeps_the_middle():
    kernel = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(resized(kernel, 5)[1:4, 1:4], kernel)
    assert resized(kernel, 5).sum() == kernel.sum()
    np.testing.assert_array_equal(resized(resized(kernel, 5), 3), kernel)
    assert resized(kernel, 1) == 4
    with pytest.raises(ValueError, match="from 1 to 5"):
        resized(kernel, 6)


def test_repr_and_twin():
    stepper = ConvStepper([[1, 2], [3, 4]], [[1]], position=2)
    assert repr(stepper) == "ConvStepper: convolution of 2 x 2 by 1 x 1 gives 2 x 2; stop 3 of 4: 3 × 1 = 3"
    figure = stepper.figure()
    output = next(ax for ax in figure.axes if "output" in ax.get_title("left"))
    np.testing.assert_array_equal(output.images[0].get_array().filled(np.nan), [[1, 2], [3, np.nan]])
    assert "3 × 1 = 3" in [text.get_text() for text in figure.texts]


@pytest.mark.slow
@pytest.mark.browser
def test_in_jupyterlab(lab):
    page = lab.open([
        "from kerastutor.widgets import ConvStepper\nstepper = ConvStepper(padding='same')",
        "stepper",
        "print(stepper.position, *stepper.output.ravel())",
    ])
    page.run(0)
    page.run(1)
    status, sum_ = page.locator(STATUS), page.locator(".kt-conv-sum")

    def on_the_page():
        """The sum that is written there, its result, and its place."""
        left, result = sum_.inner_text().replace("−", "-").replace("×", "*").replace("\n", " ").split("=")
        return eval(left), float(result), int(re.search(r"stop (\d+)", status.inner_text())[1]) - 1

    def check():
        page.wait_for_timeout(300)
        added, result, at = on_the_page()
        page.run(2)
        position, *output = map(float, page.output(2).inner_text().split())
        assert at == position
        assert added == pytest.approx(result, rel=1e-3) == pytest.approx(output[at], rel=1e-3)
        return at

    page.wait(lambda: "stop 1 of 49" in status.inner_text(), "no first stop")
    assert check() == 0
    for _ in range(9):
        page.get_by_role("button", name="Step").click()
    assert check() == 9
    page.get_by_role("button", name="Back").click()
    page.locator("canvas.kt-conv-input").focus()
    page.keyboard.press("ArrowDown")
    assert check() == 15
    page.locator("canvas.kt-conv-output").click(position={"x": 60, "y": 110})
    assert check() == 15  # the second cell of the third row

    page.get_by_label("Pace", exact=True).select_option("fast")
    page.get_by_role("button", name="Play").click()
    page.wait(lambda: on_the_page()[2] > 20, "it does not walk")
    page.get_by_role("button", name="Pause").click()
    stopped = status.inner_text()
    page.wait_for_timeout(500)
    assert status.inner_text() == stopped
    check()

    for label, option, stops in (("Stride", "2", 16), ("Mode", "average pooling", 16), ("Mode", "convolution", 16)):
        page.get_by_label(label, exact=True).select_option(option)
        page.wait(lambda n=stops: f"stop 1 of {n}" in status.inner_text(), f"{label} does not change the walk")
    page.get_by_role("button", name="To the last stop").click()
    assert check() == 15
    page.get_by_label("Kernel row 1, column 1", exact=True).fill("2.5")
    page.keyboard.press("Enter")
    page.wait(lambda: "2.5" in sum_.inner_text(), "the kernel does not change")
    check()
    page.get_by_label("Dilation", exact=True).select_option("2")
    page.wait(lambda: "only one above 1" in page.locator(".kt-problem").inner_text(), "no word about Keras's rule")
    assert page.get_by_label("Dilation", exact=True).input_value() == "1"

    page.wait_for_timeout(2000)
    saved = page.reopen()
    assert "stop 1 of 16" in saved.cells[1].outputs[0].metadata["image/png"]["alt"]
    page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []
