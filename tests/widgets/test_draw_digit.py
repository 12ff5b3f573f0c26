"""The pad: what the model sees and answers, and a digit drawn in a real JupyterLab with the mouse and with keys."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.widgets import DrawDigit
from kerastutor.widgets.centring import centre
from kerastutor.widgets.draw_digit import MOST_LAYERS, shown

layers = keras.layers


def dense(shape):
    keras.utils.set_random_seed(1)
    head = [] if len(shape) == 1 else [layers.Flatten()]
    return keras.Sequential([keras.Input(shape), *head, layers.Dense(20, "relu"), layers.Dense(10, "softmax")])


def stroke():
    drawing = np.zeros((28, 28))
    drawing[2:12, 3:5] = 1
    return drawing


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (1, 28, 28), (784,)])
def test_it_asks_any_model_of_digits(shape):
    model = dense(shape)
    pad = DrawDigit(model)
    pad.draw(stroke())
    np.testing.assert_array_equal(pad.image, centre(stroke()))
    expected = model.predict(centre(stroke()).reshape(1, *shape), verbose=0)[0]
    np.testing.assert_allclose(pad.outputs, expected, atol=1e-6)
    assert f"says {expected.argmax()} ({expected.max():.3g})" in repr(pad)


def test_every_layer_answers():
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(20, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10),
    ])
    pad = DrawDigit(model, centred=False, scale=255)
    pad.draw(stroke())
    x = stroke().reshape(1, 28, 28, 1).astype("float32") * 255
    for layer, (name, kind), answer in zip(model.layers, pad.layers, pad.answers, strict=True):
        x = layer(x)
        assert (name, kind) == (layer.name, type(layer).__name__)
        np.testing.assert_allclose(answer, np.asarray(x)[0], rtol=1e-4, atol=1e-3)


def test_the_page_gets_the_numbers(monkeypatch):
    pad, messages = DrawDigit(dense((28, 28))), []
    monkeypatch.setattr(pad, "tell", lambda content, buffers: messages.append((content, buffers)))
    pad._hear(pad, {"do": "draw", "values": {"pixels": (stroke() * 255).ravel().tolist()}}, [])
    assert pad.problem == ""
    content, buffers = messages[-1]
    assert content["outputs"] == pytest.approx(pad.outputs.tolist()) and "new" not in content
    assert len(buffers) == 1 + len(content["layers"]) == 4
    np.testing.assert_allclose(np.frombuffer(buffers[0], "uint8") / 255, pad.image.ravel(), atol=0.01)
    about = content["layers"][1]
    values = about["low"] + np.frombuffer(buffers[2], "uint8") / 255 * (about["high"] - about["low"])
    np.testing.assert_allclose(values[:20], pad.answers[1], atol=about["high"] / 250)


def test_maps_are_the_strongest_and_keep_their_values(rng):
    values = rng.normal(size=(60, 56, 40)).astype("float32") * np.arange(40)
    about, pixels = shown("conv", "Conv2D", values)
    assert about["channels"] == list(range(24, 40)) and (about["rows"], about["columns"]) == (20, 19)
    maps = about["low"] + np.frombuffer(pixels, "uint8").reshape(16, 20, 19) / 255 * (about["high"] - about["low"])
    np.testing.assert_allclose(maps, np.moveaxis(values[::3, ::3, 24:], -1, 0), atol=about["high"] / 120)


def test_a_digit_of_mnist_is_not_changed():
    pad = DrawDigit(dense((28, 28)))
    pad.sample(5)
    _, (x, y) = keras.datasets.mnist.load_data()
    np.testing.assert_allclose(pad.image, x[5] / 255, atol=1e-6)
    assert pad.label == y[5] and f"a {y[5]} of MNIST" in repr(pad)
    pad.clear()
    assert not pad.drawing.any() and pad.label is None and "an empty sheet" in repr(pad)


def test_the_page_can_leave_centring_out():
    pad = DrawDigit(dense((28, 28)))
    pad.draw(stroke())
    pad.do_centred(False)
    np.testing.assert_array_equal(pad.image, stroke())
    pad.do_centred(True)
    np.testing.assert_array_equal(pad.image, centre(stroke()))


def test_a_deep_model_is_shown_in_part():
    deep = keras.Sequential([keras.Input((784,)), *(layers.Dense(4) for _ in range(100)), layers.Dense(10)])
    pad = DrawDigit(deep)
    assert len(pad.layers) == MOST_LAYERS and pad._left_out == 101 - MOST_LAYERS
    assert pad.outputs.shape == (10,)


def test_the_twin():
    pad = DrawDigit(dense((28, 28)))
    pad.draw(stroke())
    figure = pad.figure()
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), pad.image)
    widths = [bar.get_width() for bar in figure.axes[-1].patches]
    np.testing.assert_allclose(widths, pad.outputs)


@pytest.mark.parametrize(
    "call, error, says",
    [
        (lambda: DrawDigit("model"), TypeError, "must be a keras.Model; got str"),
        (lambda: DrawDigit(keras.Sequential([layers.Dense(2)])), ValueError, "has no inputs yet"),
        (lambda: DrawDigit(dense((32, 32))), ValueError, r"takes \(32, 32\)"),
        (lambda: DrawDigit(dense((784,)), classes="ab"), ValueError, "10 outputs; got 2 classes"),
        (lambda: DrawDigit(dense((784,))).draw(np.ones((3, 3))), ValueError, r"got \(3, 3\)"),
        (lambda: DrawDigit(dense((784,))).draw(np.full((28, 28), 255)), ValueError, "got .*255 to 255"),
        (lambda: DrawDigit(dense((784,))).sample(-1), ValueError, "from 0 to 9999; got -1"),
    ],
)
def test_what_does_not_fit_says_so(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.slow
@pytest.mark.browser
def test_in_jupyterlab(lab):
    page = lab.open([
        "import numpy as np\nfrom kerastutor import keras\nfrom kerastutor.widgets import DrawDigit\n"
        "(x, y), _ = keras.datasets.mnist.load_data()\n"
        "model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, 'softmax')])\n"
        "model.compile('adam', 'sparse_categorical_crossentropy')\n"
        "model.fit(x[:5000] / 255, y[:5000], epochs=3, verbose=0)\n"
        "pad = DrawDigit(model)",
        "pad",
        "p = model.predict(pad.image[None], verbose=0)[0]\n"
        "print(pad.drawing.sum(), pad.label, p.argmax(), *p)",
    ])
    page.run(0)
    page.run(1)
    pad, bars = page.locator("canvas.kt-digit-pad"), page.locator("canvas.kt-digit-bars")
    page.wait(lambda: "Outputs: 0 " in (bars.get_attribute("aria-label") or ""), "no first answer")

    def check():
        page.wait_for_timeout(800)
        page.run(2)
        ink, label, best, *outputs = page.output(2).inner_text().split()
        shown = bars.get_attribute("aria-label").replace("Outputs: ", "").split(", ")
        assert [float(one.split()[1]) for one in shown] == pytest.approx(list(map(float, outputs)), rel=0.01)
        return float(ink), label, best

    def draw(*points):
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        for i, (x, y) in enumerate(points):
            page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
            if i == 0:
                page.mouse.down()
        page.mouse.up()

    assert check()[0] == 0
    draw((145, 50), (140, 140), (135, 230))  # one stroke downwards
    ink, label, best = check()
    assert 30 < ink < 120 and label == "None" and best == "1"

    page.get_by_role("button", name="Clear").click()  # a slope, by finger
    page.wait(lambda: "an empty sheet" in pad.get_attribute("aria-label"), "it is not cleared")
    pad.scroll_into_view_if_needed()
    finger, box = page.context.new_cdp_session(page.page), pad.bounding_box()
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for kind, at in [("touchStart", 50), *(("touchMove", at) for at in range(50, 211, 8)), ("touchEnd", None)]:
        points = [] if at is None else [{"x": box["x"] + at, "y": box["y"] + at}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(10)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    assert 30 < check()[0] < 120

    page.get_by_role("button", name="Clear").click()  # a 7 by keyboard
    pad.focus()
    for key, times in ((" ", 1), ("ArrowRight", 8), ("ArrowDown", 12)):
        for _ in range(times):
            page.keyboard.press(key)
    ink, label, best = check()
    assert 30 < ink and "it is at column 23, row 27" in pad.get_attribute("aria-label")

    page.get_by_role("button", name="A digit of MNIST").click()
    page.wait(lambda: "of MNIST" in pad.get_attribute("aria-label"), "no digit comes")
    ink, label, _ = check()
    assert label.isdigit()
    page.get_by_role("button", name="Rubber").click()
    draw((100, 140), (180, 140))
    assert check()[0] < ink
    assert check()[1] == "None"  # it is not MNIST's any more

    page.wait_for_timeout(1500)
    saved = page.reopen()
    assert "image/png" in saved.cells[1].outputs[0].data
    assert "says" in saved.cells[1].outputs[0].metadata["image/png"]["alt"]
    page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []
