"""The playground: in Python, and played with in a real JupyterLab."""

import json
import threading
import time

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.widgets import Playground
from kerastutor.widgets.playground import picture_bytes

CANVAS = "canvas.kt-playground-network"
PIXELS = f"() => document.querySelector('{CANVAS}').toDataURL()"
STATUS = ".kt-playground-status"


@pytest.fixture
def playground():
    one = Playground("blobs", layers=(2,))
    yield one
    one.pause()


def told(widget, monkeypatch):
    """Collect what the page is told."""
    messages = []
    monkeypatch.setattr(widget, "tell", lambda content, buffers=None: messages.append((content, buffers)))
    return messages


def test_it_plays_in_the_background_and_pauses_at_once(playground):
    playground.play()
    thread = playground._worker._thread
    playground.play()  # a second press is harmless
    assert playground._worker._thread is thread is not threading.current_thread()
    end = time.monotonic() + 60
    while playground.trial.epoch < 3:
        assert time.monotonic() < end
        time.sleep(0.01)
    playground.pause()
    epoch, weights = playground.trial.epoch, playground.model.get_weights()
    time.sleep(0.3)
    assert playground.trial.epoch == epoch and not playground.playing
    np.testing.assert_array_equal(playground.model.get_weights()[0], weights[0])


def test_the_model_is_a_keras_model_to_go_on_with(playground):
    playground.step(5)
    assert isinstance(playground.model, keras.Sequential)
    loss, accuracy = playground.model.evaluate(playground.x_test, playground.y_test, verbose=0)
    assert playground.history["val_loss"][-1] == pytest.approx(loss)
    assert f"test loss {loss:.3g}; " in repr(playground) and "blobs, network 2-2-1, 5 epochs" in repr(playground)


def test_a_reset_begins_with_the_same_weights(playground):
    first = playground.model.get_weights()
    playground.step(2)
    assert not np.array_equal(playground.model.get_weights()[0], first[0])
    playground.reset()
    assert playground.trial.epoch == 0 and playground.history["epoch"] == [0]
    for a, b in zip(playground.model.get_weights(), first, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_page_is_told_new_points_of_the_curves_only(playground, monkeypatch):
    messages = told(playground, monkeypatch)
    playground.greet()
    playground.step(2)
    playground.step(1)
    assert [[epoch for epoch, *_ in content["curve"]] for content, _ in messages] == [[0], [1, 2], [3]]
    assert ["points" in content for content, _ in messages] == [True, False, False]
    json.dumps([content for content, _ in messages], allow_nan=False)
    content, buffers = messages[-1]
    assert [len(b) for b in buffers] == [2 * 1600, 1600]
    pictures = playground.trial.pictures()
    seen = np.frombuffer(buffers[0], "uint8").reshape(2, 40, 40) / 127.5 - 1
    np.testing.assert_allclose(seen, pictures[0], atol=1 / 127)
    np.testing.assert_allclose(content["weights"][0][0], playground.model.get_weights()[0], atol=1e-5)


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_pictures_without_a_bound_are_scaled(activation, rng):
    values = rng.normal(size=(3, 4, 4)) * 50
    pixels, scales = picture_bytes(values, activation)
    back = (np.frombuffer(pixels, "uint8").reshape(3, 4, 4) / 127.5 - 1) * np.array(scales)[:, None, None]
    np.testing.assert_allclose(back, values, atol=np.abs(values).max() / 127)


def test_weights_without_bound_stop_it_and_say_so(monkeypatch):
    playground = Playground(activation="linear", optimizer="sgd", learning_rate=0.1)
    messages = told(playground, monkeypatch)
    playground.model.layers[0].kernel.assign(np.full((2, 4), np.inf, "float32"))
    playground._play()
    assert playground.trial.epoch <= 2
    assert "The loss is not finite" in playground.problem and "smaller" in playground.problem
    json.dumps([content for content, _ in messages], allow_nan=False)


def test_settings_from_the_page(playground):
    playground.do_change(learning_rate=0.5)
    assert playground.settings["learning_rate"] == 0.5
    playground.do_change(layers=[3, 1])
    assert playground.settings["layers"] == [3, 1] and len(playground.model.layers) == 3
    playground._hear(playground, {"do": "change", "values": {"layers": [9]}}, [])
    assert "from 1 to 8" in playground.problem and playground.settings["layers"] == [3, 1]


@pytest.mark.parametrize("call", [lambda p: p.step(0), lambda p: p.step(2.0), lambda p: p.do_speed(1000)])
def test_wrong_arguments(playground, call):
    with pytest.raises(ValueError, match="must be a whole number"):
        call(playground)


def test_the_twin_shows_the_same(playground):
    playground.step(3)
    figure = playground.figure()
    losses = next(ax for ax in figure.axes if ax.get_title("left") == "loss")
    drawn = [line.get_ydata().tolist() for line in losses.lines]
    assert drawn == [playground.history["loss"], playground.history["val_loss"]]
    plane = next(ax for ax in figure.axes if "probability" in ax.get_title("left"))
    np.testing.assert_allclose(plane.images[0].get_array(), 2 * playground.trial.pictures()[-1][0] - 1)


@pytest.mark.slow
@pytest.mark.browser
def test_in_jupyterlab(lab):
    page = lab.open([
        "from kerastutor.widgets import Playground\nplayground = Playground('xor', speed=20)",
        "playground",
        "print(playground.trial.epoch, *playground.model.evaluate(playground.x_test, playground.y_test, verbose=0))\n"
        "print(*playground.model.layers[-1].kernel.numpy().ravel())",
        "import time; t0 = playground.trial.epoch; time.sleep(1); print(playground.trial.epoch - t0)",
    ])
    page.run(0)
    page.run(1)
    status = page.locator(STATUS)
    page.wait(lambda: "epoch 0 · loss 0." in status.inner_text(), "no first state")

    page.get_by_role("button", name="Play").click()  # it moves
    page.wait(lambda: "epoch 0" not in status.inner_text(), "it does not train", 60)
    seen = set()
    for _ in range(10):
        seen.add(page.evaluate(PIXELS))
        page.wait_for_timeout(150)
    assert len(seen) >= 5, "the pictures do not move"

    page.get_by_role("button", name="Pause").click()  # it stops within half a second
    page.wait_for_timeout(500)
    stopped = status.inner_text()
    page.wait_for_timeout(700)
    assert status.inner_text() == stopped and page.get_by_role("button", name="Play").count() == 1
    page.run(3)
    assert page.output(3).inner_text().strip() == "0"

    page.run(2)  # the numbers on the page are the model's
    numbers, weights = page.output(2).inner_text().strip().split("\n")
    epoch, loss, accuracy = map(float, numbers.split())
    shown = stopped.replace("epoch ", "").split(" · ")
    assert int(shown[0]) == epoch
    assert float(shown[2].split()[1]) == pytest.approx(loss, rel=1e-2)
    assert float(shown[4].split()[1]) == pytest.approx(accuracy, rel=1e-2)
    formula = page.locator(".kt-playground-formula").inner_text().replace("−", "-").replace("- ", "-").replace("+ ", "")
    terms = formula.split("(")[1].split(")")[0].split()
    assert [float(t.split("·")[0]) for t in terms[:-1]] == pytest.approx([float(w) for w in weights.split()], rel=1e-2)

    page.locator(CANVAS).focus()  # by keyboard to a neuron
    page.keyboard.press("ArrowLeft")
    page.wait(lambda: "layer 2, neuron 1 = tanh" in page.locator(".kt-playground-formula").inner_text(), "no choice")

    page.get_by_role("button", name="One epoch").click()
    page.wait(lambda: f"epoch {int(epoch) + 1} " in status.inner_text(), "no step")
    page.get_by_label("Noise").fill("0.5")
    page.wait(lambda: "epoch 0 " in status.inner_text(), "new noise, old network")
    page.get_by_role("button", name="One hidden layer less").click()
    page.wait(lambda: page.get_by_label("Neurons in hidden layer 2").count() == 0, "the layer stays")

    page.wait_for_timeout(2000)
    saved = page.reopen()
    assert "image/png" in saved.cells[1].outputs[0].data
    assert "network 2-4-1" in saved.cells[1].outputs[0].metadata["image/png"]["alt"]
    page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []
