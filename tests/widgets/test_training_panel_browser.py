"""TrainingPanel in a real JupyterLab: buttons, slider, an interrupt, a busy and an idle kernel, what is saved."""

import nbformat
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MAKE = """\
import numpy as np
from kerastutor import keras
from kerastutor.widgets import TrainingPanel
x = np.random.default_rng(0).normal(size=(4000, 20)).astype("float32")
y = x[:, :1] * x[:, 1:2]
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse", metrics=["mae"])
panel = TrainingPanel(model, x, y, epochs=100_000, validation_split=0.2)
panel
"""
LOOK = "print(panel.state, float(panel.learning_rate), int(model.optimizer.iterations.numpy()), panel.problem)"
STOP = """async () => {
  const state = document.querySelector('.kerastutor [role=status].kt-status');
  const stop = [...document.querySelectorAll('.kerastutor button')].find((b) => b.textContent.includes('Stop'));
  const began = performance.now();
  stop.click();
  while (!state.textContent.startsWith('stopped') && performance.now() - began < 10000)
    await new Promise((next) => setTimeout(next, 5));
  return performance.now() - began;
}"""


def outputs_saved(page):
    """The first cell's outputs as the file has them; nothing while it is being written."""
    try:
        return str(nbformat.read(page.path, 4).cells[0].outputs)
    except nbformat.reader.NotJSONError:
        return ""


def look(page):
    """What the kernel says: state, learning rate, steps, problem."""
    page.run(1)
    state, rate, steps, *problem = page.output(1).inner_text().split()
    return state, float(rate), int(steps), " ".join(problem)


def test_buttons_slider_interrupt_and_what_is_saved(lab):
    page = lab.open([MAKE, LOOK])
    page.run(0)
    state = page.locator(".kerastutor .kt-status[role=status]")
    press = lambda name: page.get_by_role("button", name=name, exact=False).click()
    says = lambda text: page.wait(lambda: state.inner_text().startswith(text), f"the state is not {text!r}")
    says("ready · cpu backend")

    press("One batch")
    says("paused")
    page.get_by_role("button", name="One batch").focus()
    page.keyboard.press("Enter")
    page.wait(lambda: look(page)[2] == 2, "a batch is not one step")
    press("One epoch")
    page.wait(lambda: look(page)[2] == 100, "an epoch is not 100 steps")
    says("paused")

    press("Play")
    says("training")
    first = look(page)
    assert first[0] == "training", "another cell does not run while it trains"
    page.get_by_role("button", name="Play").dispatch_event("click")  # a second Play
    page.command("kernelmenu:interrupt")
    later = look(page)
    assert later[0] == "training"
    assert later[2] > first[2]

    slider = page.get_by_label("learning rate")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    page.wait(lambda: look(page)[1] == pytest.approx(10 ** (-2 - 0.2), rel=0.02), "the slider does not set the rate")

    slider.focus()
    page.keyboard.press("Control+s")  # saving is JupyterLab's, also from within the widget
    page.wait(lambda: "TrainingPanel" in outputs_saved(page), "Ctrl+S does not save")
    times = [page.evaluate(STOP)]
    for _ in range(2):
        press("Play")
        says("training")
        times.append(page.evaluate(STOP))
    assert min(times) < 500, f"Stop took {times} ms"
    steps = look(page)[2]
    page.wait_for_timeout(300)
    assert look(page)[2] == steps, "it trains on after Stop"

    press("Reset")
    says("ready")
    assert look(page)[1:] == (pytest.approx(0.01), 0, "")
    press("One epoch")
    says("paused")
    page.wait(lambda: kept(page), "the notebook keeps no picture")
    page.reopen()
    page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []


def kept(page):
    (output,) = page.save().cells[0].outputs
    return set(output.data) == {"image/png", "text/plain"} and output.data["text/plain"] == "TrainingPanel"


def test_a_closed_tab_does_not_stop_it_and_errors_are_shown(lab):
    page = lab.open([MAKE, LOOK, "panel", "TrainingPanel(model, x, y[:9])"])
    page.run(0)
    page.get_by_role("button", name="Play").click()
    page.wait(lambda: look(page)[0] == "training", "it does not train")
    page.wait(lambda: kept(page), "the notebook keeps no picture")
    page.reload()
    page.wait_for_selector("text=/\\| Idle/", timeout=60_000)
    state, _, steps, _ = look(page)
    assert state == "training"
    page.run(2)  # a new page: the panel shows all it has drawn so far
    canvas = page.output(2).locator("canvas")
    page.wait(lambda: "val_loss" in (canvas.get_attribute("aria-label") or ""), "the curve is not shown again")
    page.evaluate(STOP)
    assert look(page)[0] == "stopped"

    page.run(3)
    page.output(3).get_by_role("button", name="Play").click()
    alert = page.output(3).get_by_role("alert")
    page.wait(lambda: "ValueError" in alert.inner_text(), "the error is not shown")
    assert page.complaints == []
