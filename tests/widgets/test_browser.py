"""LiveLoss in a real JupyterLab in headless Chromium: it moves while the kernel is busy, and leaves a picture."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
READY = 120_000  # milliseconds: a cold JupyterLab on a busy machine
CANVAS = "canvas.kerastutor-live-loss"
PIXELS = f"() => document.querySelector('{CANVAS}')?.toDataURL() ?? ''"
COLOUR = "() => document.querySelector('.kerastutor-legend span span')?.style.color ?? ''"

TRAIN = """\
import time
import numpy as np
from kerastutor import keras
from kerastutor.widgets import LiveLoss
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
x, y = np.ones((640, 4), "float32"), np.ones((640, 1), "float32")
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None): time.sleep(0.02)
history = model.fit(x, y, epochs=20, validation_split=0.2, verbose=0, callbacks=[LiveLoss(), Slow()])
"""


@pytest.fixture
def page(tmp_path):
    """A page of JupyterLab with the notebook open and its kernel idle; `page.complaints` is the console's errors."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TRAIN)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "train.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.token": "",
        "ServerApp.password": "",
        "ServerApp.root_dir": tmp_path,
        "LabApp.news_url": "",
        "LabApp.expose_app_in_browser": True,
    }
    ours = {  # neither the settings of who runs the tests, nor a theme left by another test
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "JUPYTER_CONFIG_DIR": str(tmp_path / ".jupyter"),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        + [f"--{name}={value}" for name, value in options.items()],
        env=os.environ | ours,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=2), "JupyterLab does not start", 60)
        with playwright.sync_playwright() as browsers:
            arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            browser = browsers.chromium.launch(executable_path=CHROMIUM, args=arguments)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.complaints = []
            page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.goto(f"http://127.0.0.1:{port}/lab/tree/train.ipynb?reset", timeout=READY)
            page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=READY)
            page.wait_for_selector("text=/\\| Idle/", timeout=READY)
            yield page
            browser.close()
    finally:
        server.terminate()
        server.wait(30)


def wait(for_, complaint, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if for_():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(complaint)


def start(page):
    page.click(".cm-content")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(CANVAS, timeout=60_000)


def test_it_moves_while_the_kernel_is_busy_and_leaves_a_picture(page, tmp_path):
    start(page)
    seen, said = set(), set()
    for _ in range(20):
        busy = page.locator('.jp-InputPrompt:has-text("[*]")').count()
        if not (busy and page.locator(CANVAS).count()):
            break
        seen.add(page.evaluate(PIXELS))
        said.add(page.locator(CANVAS).get_attribute("aria-label"))
        page.wait_for_timeout(200)
    assert len(seen) >= 5, "the canvas does not change while fit runs"
    assert any("loss" in text and "val_loss" in text for text in said)

    page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
    assert page.locator(CANVAS).count() == 0
    page.keyboard.press("Control+s")
    path = tmp_path / "train.ipynb"
    wait(lambda: "image/png" in path.read_text(), "the saved notebook has no picture", 20)
    (output,) = json.loads(path.read_text())["cells"][0]["outputs"]
    assert output["data"]["text/plain"] in ("LossCurve", ["LossCurve"])
    assert "application/vnd.jupyter.widget-view+json" not in output["data"]

    page.reload()
    page.wait_for_selector(".jp-OutputArea-output img", timeout=READY)
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []


def test_it_follows_the_theme(page):
    change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
    start(page)
    page.wait_for_timeout(500)
    light = page.evaluate(COLOUR)
    assert light
    page.evaluate(change, "JupyterLab Dark")
    wait(lambda: page.evaluate(COLOUR) not in (light, ""), "the curve keeps its light colours", 5)
    assert page.complaints == []
