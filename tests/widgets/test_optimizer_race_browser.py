"""OptimizerRace in a real JupyterLab: drag the start, choose a surface, turn a rate, step, a net, what is saved."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MAKE = """\
import numpy as np
from kerastutor import keras
from kerastutor.widgets import OptimizerRace
x = np.random.default_rng(0).normal(size=(200, 3)).astype("float32")
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(loss="mse")
race = OptimizerRace(["sgd", "adam"], "bowl", start=(2, 1), steps=60, model=model, x=x, y=x[:, :1], epochs=4)
race
"""
LOOK = "print(race.track, *race.start, race.field[0]['rate'], len(race.losses['sgd']), race.problem)"


def look(page):
    page.run(1)
    return page.output(1).inner_text().split()


def test_it_races(lab):
    page = lab.open([MAKE, LOOK])
    page.run(0)
    page.wait(lambda: look(page)[-1] == "5", "the race on the net does not end")  # before, and 4 epochs
    heights, field = page.locator("canvas.kt-race-heights"), page.locator(".kt-racers")
    page.wait(lambda: "Race on your net: " in heights.get_attribute("aria-label"), "the net's race is not told")
    assert not page.locator("canvas.kt-race-map").is_visible()

    page.get_by_label("race on", exact=True).select_option("bowl")
    the_map = page.locator("canvas.kt-race-map")
    page.wait(the_map.is_visible, "the surface is not shown")
    page.wait(lambda: look(page)[:3] == ["bowl", "-2.5", "1.5"], "the surface's own start is not taken")
    page.wait(lambda: page.get_by_label("step", exact=True).input_value() == "60", "the race is not played to its end")

    the_map.scroll_into_view_if_needed()
    box = the_map.bounding_box()  # the frame's insides: 52 and 16 pixels beside it, 30 and 40 above and below
    at = lambda x, y: (
        box["x"] + 52 + (x + 3) / 6 * (box["width"] - 68), box["y"] + 30 + (2 - y) / 4 * (box["height"] - 70),
    )
    page.mouse.move(*at(-2.5, 1.5))
    page.mouse.down()
    page.mouse.move(*at(0, 0), steps=5)
    page.mouse.move(*at(2, -1), steps=5)
    page.mouse.up()
    dropped = lambda: [float(v) for v in look(page)[1:3]] == pytest.approx([2, -1], abs=0.03)
    page.wait(dropped, "dragging does not move the start")

    rate = page.get_by_label("learning rate of sgd")
    rate.focus()
    before = float(look(page)[3])
    rate.focus()
    page.keyboard.press("ArrowLeft")
    page.wait(lambda: float(look(page)[3]) == pytest.approx(before * 10**-0.01, rel=0.01), "the slider does not turn")

    page.get_by_label("start x").fill("1")
    page.keyboard.press("Enter")
    page.wait(lambda: look(page)[1] == "1.0", "the number does not move the start")
    page.get_by_role("checkbox", name="adam").uncheck()
    page.wait(lambda: field.locator(".kt-value").nth(3).inner_text() == "", "adam does not leave the race")

    step = page.get_by_label("step", exact=True)
    page.wait(lambda: step.input_value() == "60", "the race is not played to its end")
    step.focus()
    page.keyboard.press("Home")
    values = field.locator(".kt-value")
    page.wait(lambda: step.input_value() == "0", "the step slider does not go back")
    height = 1 + float(look(page)[2]) ** 2
    page.wait(lambda: float(values.nth(1).inner_text()) == pytest.approx(height, rel=0.01), "not the start's height")

    page.wait(lambda: kept(page), "the notebook keeps no picture")
    page.theme(dark=True)
    page.reopen()
    page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []


def kept(page):
    (output,) = page.save().cells[0].outputs
    return set(output.data) == {"image/png", "text/plain"} and output.data["text/plain"] == "OptimizerRace"
