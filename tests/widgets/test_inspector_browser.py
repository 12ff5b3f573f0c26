"""The layer inspector in a real JupyterLab: layers opened, numbers taken apart, history, code, a picture that stays."""

import re
import time

import numpy as np
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SETUP = """\
import numpy as np
from kerastutor import keras
from kerastutor.widgets import LayerInspector
L = keras.layers
keras.utils.set_random_seed(0)
layers = [L.Conv2D(2, 3, activation="relu", name="conv"), L.Flatten(name="flat"), L.Dense(3, "relu", name="hidden"),
          L.Dense(2, "softmax", name="out")]
model = keras.Sequential([keras.Input((6, 6, 1)), *layers], name="net")
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
rng = np.random.default_rng(0)
x, y = rng.random((50, 6, 6, 1)).astype("float32"), rng.integers(0, 2, 50)
inspector = LayerInspector(model, x, y)
history = model.fit(x, y, epochs=3, verbose=0, callbacks=[inspector.watch()])
inspector"""

CHECK = """\
def numbers(*layers):  # NumPy's own, for the test
    (k, b), (w, c), (v, d) = [model.get_layer(n).get_weights() for n in ("conv", "hidden", "out")]
    a = np.zeros((4, 4, 2))
    for i in range(4):
        for j in range(4):
            a[i, j] = np.maximum((x[0, i:i + 3, j:j + 3, :, None] * k).sum((0, 1, 2)) + b, 0)
    h = np.maximum(a.ravel() @ w + c, 0)
    z = h @ v + d
    p = np.exp(z) / np.exp(z).sum()
    return a, a.ravel() @ w + c, p, (p - np.eye(2)[y[0]]) @ v.T
a, z, p, dh = numbers()
print("NUMBERS", *(f"{n:.6g}" for n in (a[1, 2, 1], *z, *p, *dh)))"""


def value(text):
    return float(text.replace("−", "-").replace("+", ""))


def show(page):
    page.run()
    page.wait_for_selector(".ki-box", timeout=60_000)
    page.wait(lambda: page.locator(".ki-box").count() > 1, "no graph is drawn")


def layer(page, name):
    page.locator(f'.ki-box[title^="{name}:"]').click()
    page.wait(lambda: page.locator("section .ki-name").inner_text() == name, f"{name} does not open")


def tab(page, name):
    page.get_by_role("tab", name=name).click()
    page.wait(lambda: page.get_by_role("tab", name=name).get_attribute("aria-selected") == "true", "the tab stays")


def total(page):
    return value(page.locator(".ki-total td:visible").nth(3).inner_text())


def visible_title(page):
    return page.locator(".ki-two:visible > div:last-child > .ki-title").inner_text()


def test_a_layer_is_opened_and_a_number_taken_apart_forward_and_backward(lab):
    page = lab.open([SETUP, CHECK])
    show(page)
    found = re.search(r"NUMBERS (.*)", page.output(1).inner_text()).group(1).split()
    pixel, *z, p0, p1, d0, d1, d2 = map(float, found)

    layer(page, "conv")
    formula = page.locator("section .ki-formula").first.inner_text()
    assert "relu(Σ x[i + a, j + b, c] · kernel[a, b, c, f] + bias[f])" in formula
    assert "3·3·1·2 + bias 2 = 20 parameters" in page.locator("section").inner_text()
    # the picture holds two maps beside one another; the pixel at row 1, column 2 of the second
    picture = page.locator(".ki-picture:visible").nth(1)
    box = picture.bounding_box()
    across = page.evaluate("() => getComputedStyle(document.querySelector('.ki-two > div')).width")
    width = float(across.removesuffix("px"))
    scale = min((width - 6) / 2 / 4, 30)
    picture.click(position={"x": 4 * scale + 6 + 2.5 * scale, "y": 1.5 * scale})
    page.wait(lambda: visible_title(page).startswith("conv[1, 2, 1]"), f"the pixel is not chosen: {box}")
    assert value(visible_title(page).split("= ")[1]) == pytest.approx(pixel, rel=1e-4, abs=1e-6)
    rows = page.locator(".ki-sum:visible tbody tr")
    assert rows.count() == 9 + 2  # the taps, the bias, the sum

    layer(page, "hidden")
    j = int(re.search(r"hidden\[(\d)\]", visible_title(page)).group(1))
    assert total(page) == pytest.approx(z[j], rel=1e-4)
    summands = page.locator(".ki-sum:visible tbody tr:not(.ki-total) td:nth-child(4)")
    products = [value(t) for t in summands.all_inner_texts()]
    assert sum(products) == pytest.approx(z[j], rel=1e-2)
    assert [abs(v) for v in products[:5]] == sorted((abs(v) for v in products[:5]), reverse=True)

    tab(page, "Backward")
    page.wait(lambda: "dL/da" in visible_title(page), "no gradient is shown")
    assert value(visible_title(page).split("= ")[1]) == pytest.approx([d0, d1, d2][j], rel=1e-3)
    flows = [value(t) for t in page.locator(".ki-sum:visible").first.locator("tbody td:nth-child(4)").all_inner_texts()]
    assert sum(flows[:-1]) == pytest.approx(flows[-1], rel=1e-2)

    layer(page, "out")
    tab(page, "Forward")
    page.wait(lambda: visible_title(page).startswith("out["), "the number is not shown")
    assert value(visible_title(page).split("= ")[1]) == pytest.approx(max(p0, p1), rel=1e-4)
    assert page.complaints == []


def test_keys_history_code_and_both_themes(lab):
    page = lab.open([SETUP])
    show(page)
    layer(page, "conv")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait(lambda: page.locator("section .ki-name").inner_text() == "hidden", "the arrow keys do not move")
    assert page.evaluate("() => document.activeElement.title").startswith("hidden:")

    now = page.locator(".kt-status").inner_text()
    slider = page.get_by_label("Training history")
    slider.focus()
    page.keyboard.press("Home")
    page.wait(lambda: "before training" in page.locator(".ki-history output").inner_text(), "the slider does not move")
    page.wait(lambda: page.locator(".kt-status").inner_text() != now, "the loss stays that of now")
    page.keyboard.press("End")
    page.wait(lambda: page.locator(".kt-status").inner_text() == now, "now does not come back")

    sample, status = page.get_by_label("Sample", exact=True), page.locator(".kt-status")
    page.get_by_role("button", name="Next sample").click()
    page.wait(lambda: status.inner_text() != now and sample.input_value() == "1", "the sample stays")
    page.get_by_role("button", name="Whole batch").click()
    page.wait(lambda: "mean over the batch" in page.locator(".ki-title:visible").first.inner_text(), "no batch")
    page.get_by_role("button", name="Whole batch").click()

    tab(page, "Forward")
    picture = page.locator(".ki-picture[tabindex='0']:visible")
    picture.focus()
    for keys, chosen in ((["ArrowLeft"] * 3, 0), (["ArrowRight"] * 2, 2), (["ArrowLeft"], 1)):
        for key in keys:
            page.keyboard.press(key)
        page.wait(lambda: visible_title(page).startswith(f"hidden[{chosen}]"), f"no move to {chosen}")  # noqa: B023
    assert "chosen: number" in picture.get_attribute("aria-label")

    tab(page, "Code")
    page.wait_for_selector("pre:visible")
    assert "def relu(x, y):\n    y[:] = np.maximum(x, 0)" in page.locator("pre:visible").nth(2).inner_text()
    page.get_by_role("button", name="cpu", exact=True).click()
    assert "@kernel" in page.locator("pre:visible").nth(2).inner_text()
    page.get_by_role("button", name="cuda").click()
    assert "i = cuda.grid(1)" in page.locator("pre:visible").nth(2).inner_text()
    assert "class Dense(Layer)" in page.locator(".ki-scroll:visible").inner_text()

    tab(page, "Weights")
    page.wait(lambda: page.locator(".ki-picture:visible").count() >= 4, "no weights are drawn")
    pixels = "() => [...document.querySelectorAll('.ki-scroll canvas')].at(1).toDataURL()"
    light = page.evaluate(pixels)
    page.theme(dark=True)
    page.wait(lambda: page.evaluate(pixels) != light, "the histogram keeps its light colours")
    assert page.complaints == []


def test_a_saved_notebook_holds_a_picture(lab):
    page = lab.open([SETUP])
    show(page)
    page.wait(lambda: page.locator(".kt-live").count() == 1, "no picture is kept")
    layer(page, "hidden")
    alt = lambda: page.save().cells[0].outputs[0].metadata["image/png"]["alt"]
    page.wait(lambda: "; hidden: y[j] = relu(" in alt(), "the picture stays that of the first layer")
    saved = page.reopen()
    (output,) = saved.cells[0].outputs
    assert output.data["text/plain"] == "LayerInspector" and "image/png" in output.data
    page.wait_for_selector(".jp-OutputArea-output img")
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []


TOGETHER = """\
from kerastutor.widgets import TrainingPanel
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        import time; time.sleep(0.02)
panel = TrainingPanel(model, x, y, epochs=1000, batch_size=10, callbacks=[inspector.watch(), Slow()])
panel"""


def test_it_follows_a_training_panel_and_answers_meanwhile(lab):
    page = lab.open([SETUP, TOGETHER])
    show(page)
    said = lambda: page.locator(".ki-main").locator("..").locator(".kt-status").first.inner_text()
    page.get_by_role("button", name="Play").click()
    before = said()
    page.wait(lambda: said() != before, "the loss stands still while the model learns")
    layer(page, "out")
    layer(page, "hidden")
    before = said()
    page.wait(lambda: said() != before, "it no longer follows")
    page.get_by_role("button", name="Stop").click()
    page.wait(lambda: "stopped" in page.output(1).inner_text().lower(), "the training does not stop")
    page.wait_for_timeout(1000)
    before = said()
    page.wait_for_timeout(1500)
    assert said() == before
    assert page.complaints == []


LARGE = """\
import numpy as np
from kerastutor import keras
from kerastutor.widgets import LayerInspector
z = x = keras.Input((16,))
for i in range(100):
    z = keras.layers.Dense(16, "relu", name=f"layer{i}")(z)
model = keras.Model(x, z)
model.compile(loss="mse")
data = np.random.default_rng(0).normal(size=(10_000, 16)).astype("float32")
inspector = LayerInspector(model, data, data)
inspector"""

LONGEST = """() => new Promise((done) => {
    let longest = 0, last = performance.now(), frames = 0;
    const tick = (now) => {
        longest = Math.max(longest, now - last);
        last = now;
        ++frames < 60 ? requestAnimationFrame(tick) : done(longest);
    };
    requestAnimationFrame(tick);
})"""


def in_sight(page):
    box, frame = page.locator(".ki-box[aria-current=true]").bounding_box(), page.locator(".ki-graph").bounding_box()
    return frame["y"] <= box["y"] < frame["y"] + frame["height"]


def test_a_hundred_layers_and_ten_thousand_samples_leave_the_page_alive(lab):
    page = lab.open([LARGE], width=600)
    show(page)
    assert page.locator(".ki-box").count() == 101
    assert "256 of 10,000 samples" in page.locator(".kerastutor").inner_text()
    assert page.evaluate("() => document.querySelector('.kerastutor').scrollWidth") <= 600
    layer(page, "layer0")
    begin = time.monotonic()
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    page.wait(lambda: page.locator("section .ki-name").inner_text() == "layer20", "the keys are lost", 20)
    assert time.monotonic() - begin < 20
    page.keyboard.press("End")
    page.wait(lambda: page.locator("section .ki-name").inner_text() == "layer99", "the last layer does not open")
    page.wait(lambda: in_sight(page), "the last layer is out of sight", 5)
    kept = lambda: page.save().cells[0].outputs[0].metadata.get("image/png", {}).get("alt", "")
    page.wait(lambda: "; layer99: " in kept(), "no picture of the last layer is kept")
    page.wait_for_timeout(300)
    assert in_sight(page), "the list is at its top again once a picture has been kept"
    assert page.evaluate(LONGEST) < 1000  # milliseconds between two frames: a frozen page would show none
    assert page.complaints == []
    assert np.isfinite(total(page))
