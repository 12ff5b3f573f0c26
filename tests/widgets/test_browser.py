"""LiveLoss in a real JupyterLab in headless Chromium: it moves while the kernel is busy, and leaves a picture."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CANVAS = "canvas.kerastutor-live-loss"
PIXELS = f"() => document.querySelector('{CANVAS}')?.toDataURL() ?? ''"
COLOUR = "() => document.querySelector('.kerastutor-legend span span')?.style.color ?? ''"

TRAIN = """\
import time
import numpy as np
from kerastutor import keras
from kerastutor.widgets import LiveLoss
x, y = np.ones((640, 4), "float32"), np.ones((640, 1), "float32")
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None): time.sleep(0.02)
def train(epochs):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x, y, epochs=epochs, validation_split=0.2, verbose=0, callbacks=[LiveLoss(), Slow()])
"""


def test_it_moves_while_the_kernel_is_busy_and_leaves_a_picture(lab):
    page = lab.open([TRAIN, "train(12)"])
    page.run(0)
    page.run(1, wait_idle=False)
    page.wait_for_selector(CANVAS, timeout=60_000)
    seen, said = set(), set()
    while "*" in page.prompt(1):
        seen.add(page.evaluate(PIXELS))
        said.add(page.locator(CANVAS).get_attribute("aria-label"))
        page.wait_for_timeout(200)
    assert len(seen) >= 5, "the canvas does not change while fit runs"
    assert any("loss" in text and "val_loss" in text for text in said)

    (output,) = page.wait(lambda: kept(page, 1), "the notebook keeps no picture")
    assert output.data["text/plain"] == "LossCurve"
    assert page.locator(CANVAS).is_visible(), "the live curve has gone when training ended"

    zoom(page)
    page.reopen()
    page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []


def kept(page, cell):
    """The outputs that the saved notebook has, once one is a picture and none a widget."""
    outputs = page.save().cells[cell].outputs
    data = [key for output in outputs for key in output.get("data", {})]
    return "image/png" in data and "application/vnd.jupyter.widget-view+json" not in data and outputs


def zoom(page):
    """Drag, and have the whole curve back: by the button, by a double click, and by key."""
    canvas, whole = page.locator(CANVAS), page.get_by_role("button", name="Whole curve")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert not whole.is_visible()
    for back in (whole.click, canvas.dblclick, lambda: page.keyboard.press("0")):
        before = page.evaluate(PIXELS)
        page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 90)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 95, steps=4)
        page.mouse.up()
        page.wait(whole.is_visible, "dragging does not zoom", 5)
        assert page.evaluate(PIXELS) != before
        back()
        page.wait(lambda: not whole.is_visible(), "the whole curve does not come back", 5)
    page.keyboard.press("+")
    page.wait(whole.is_visible, "the plus key does not zoom", 5)


def test_it_follows_the_theme_and_shows_the_earlier_run(lab):
    page = lab.open([TRAIN + "train(1)", "train(2)"])
    page.run()
    page.wait(lambda: kept(page, 1), "the notebook keeps no picture")
    assert not page.output(0).get_by_text("earlier runs").is_visible()
    assert page.output(1).get_by_text("earlier runs").is_visible()
    light = page.evaluate(COLOUR)
    assert light
    page.theme(dark=True)
    page.wait(lambda: page.evaluate(COLOUR) not in (light, ""), "the curve keeps its light colours", 5)
    assert page.complaints == []
