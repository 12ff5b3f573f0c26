"""In a real kernel: what a notebook keeps when training ends well, is interrupted, or fails."""

import base64
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

TRAIN = """
import numpy as np
from {library_from}import keras
from kerastutor.widgets import LiveLoss
class Break:
    def __init__(self, what, at): self.what, self.at, self.seen = what, at, 0
    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.what and self.seen == self.at: raise self.what
    def __getattr__(self, name):
        if name.startswith("on_") or name.startswith("set_"): return lambda *a, **k: None
        raise AttributeError(name)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
x, y = np.ones((640, 4), "float32"), np.ones((640, 1), "float32")
live = LiveLoss()
model.fit(x, y, epochs=3, verbose=0, callbacks=[live, Break({what}, 25)])
None
"""


def run(library, what, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    if library == "keras":
        pytest.importorskip("keras")
    code = TRAIN.format(library_from="" if library == "keras" else "kerastutor ", what=what)
    code = code.replace("from import", "import")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code), nbformat.v4.new_code_cell("live")])
    NotebookClient(notebook, timeout=120, allow_errors=True, kernel_name="python3").execute()
    return notebook.cells


@pytest.mark.parametrize("library", ["kerastutor", "keras"])
@pytest.mark.parametrize("what", [None, "KeyboardInterrupt()", "RuntimeError('a callback failed')"])
def test_a_picture_is_kept(library, what, monkeypatch):
    training, afterwards = run(library, what, monkeypatch)
    pictures = [output for output in training.outputs if output.output_type == "display_data"]
    assert len(pictures) == 1
    assert pictures[0].data["text/plain"] == "LossCurve"
    assert base64.b64decode(pictures[0].data["image/png"]).startswith(b"\x89PNG")
    assert pictures[0].metadata["image/png"]["alt"].startswith("Loss curve.")
    assert "application/vnd.jupyter.widget-view+json" not in pictures[0].data
    said = afterwards.outputs[0].data["text/plain"]
    where = r"1\.2" if library == "keras" else r"1\.[12]"  # kerastutor's fit calls ten times a second at most
    assert re.match("LiveLoss: 3 epochs in" if what is None else f"LiveLoss: {where} of 3 epochs in", said), said
