"""What LiveLoss, TrainingPanel and LayerInspector cost a training, from end to end: in a real JupyterLab page.

    python -m benchmarks.widgets              # needs Chromium and playwright, as the browser's tests do

One kernel trains the same net again and again: by `fit` alone, with a LiveLoss that no page shows, with one in the
page, in a TrainingPanel, and in one with a LayerInspector beside it; in turn, several rounds. A time is that from the
end of the first epoch to the end of the last; what comes once a run (the empty curve, the picture at the end) is told
apart. A cost is the median of the rounds' ratios to `fit` alone (of the inspector: to the panel alone). What the
browser's processes took of a core is told beside it.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import sync_playwright

from tests.widgets.lab import CHROMIUM, Lab, Server, wait

SETUP = """
import json
from time import perf_counter
import numpy as np
from IPython.display import display
from kerastutor import keras
from kerastutor.widgets import LayerInspector, LiveLoss, TrainingPanel
from kerastutor.widgets.live_loss import LossCurve

class Unseen(LiveLoss):
    def _open(self):  # all that is done for a page, and nobody looks
        self._widget = LossCurve(total=self.curves.total, earlier=self._earlier)
        self._widget.curves = self.curves

class Times(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.start, self.ends = perf_counter(), []
    def on_epoch_end(self, epoch, logs=None):
        self.ends.append(perf_counter())

def done(times):
    whole = perf_counter() - times.start
    with open("times.jsonl", "a") as file:
        print(json.dumps([times.ends[-1] - times.ends[0], whole]), file=file)

class Told(Times):
    def on_train_end(self, logs=None):
        done(self)

def fit(*live):
    times = Times()
    model.fit(x, y, **options, callbacks=[times, *live])
    done(times)

def panel(*inspectors):
    for each in inspectors:
        display(each)
    panel = TrainingPanel(model, x, y, **options, callbacks=[each.watch() for each in inspectors] + [Told()])
    display(panel)
    panel.play()

x = np.random.default_rng(0).normal(size=({rows}, {width})).astype("float32")
y = np.random.default_rng(1).integers(0, 10, {rows})
layers = [keras.layers.Dense({units}, "relu"), keras.layers.Dense(10, "softmax")]
model = keras.Sequential([keras.Input(({width},)), *layers])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
options = dict(batch_size={batch}, epochs={epochs}, verbose=0)
number = 0

def turn():
    global number
    number += 1
    [fit, lambda: fit(Unseen()), lambda: fit(LiveLoss()), panel, lambda: panel(LayerInspector(model, x, y))][
        (number - 1) % 5]()
"""

KINDS = ["fit alone", "LiveLoss, in no page", "LiveLoss", "TrainingPanel", "TrainingPanel, LayerInspector"]

WORK = {
    "MNIST-sized, 128 a batch": dict(rows=60_000, width=784, units=128, batch=128, epochs=20),
    "tiny, 32 a batch": dict(rows=32_000, width=4, units=8, batch=32, epochs=200),
}


def browser_seconds():
    """Processor time of the browser's processes so far."""
    times = []
    for process in psutil.Process().children(recursive=True):
        try:
            if process.name().startswith("chrom"):
                times.append(sum(process.cpu_times()[:2]))
        except psutil.NoSuchProcess:
            pass
    return sum(times)


def measure(page, rounds):
    """For each kind: seconds between epochs, seconds of the whole `fit`, cores of the browser; a list with a round."""
    found, file = {kind: [] for kind in KINDS}, page.path.parent / "times.jsonl"
    file.unlink(missing_ok=True)
    page.run(0)
    for number in range(rounds + 1):  # the first compiles
        for kind in KINDS:
            before, start, browser = len(_lines(file)), time.perf_counter(), browser_seconds()
            page.run(1, wait_idle=False)
            try:
                wait(lambda before=before: len(_lines(file)) > before, f"{kind}: no training ends", 300)
            except AssertionError as error:
                raise AssertionError(f"{error}: {page.output(0).inner_text()} {page.output(1).inner_text()}") from None
            share = (browser_seconds() - browser) / (time.perf_counter() - start)
            page.wait(lambda: "*" not in page.prompt(1), "the cell does not end")
            page.wait_for_timeout(2000)  # pictures are drawn, threads fall asleep
            if number:
                found[kind].append((*_lines(file)[-1], share))
    return found


def _lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def tell(name, found):
    alone = found["fit alone"]
    print(f"{name}: fit alone {median(t for t, _, _ in alone):.3f} s")
    for kind, rounds in list(found.items())[1:]:
        base = found["TrainingPanel"] if "Inspector" in kind else alone
        costs = sorted(100 * (t / b - 1) for (t, _, _), (b, _, _) in zip(rounds, base, strict=True))
        once = median((whole - t) for t, whole, _ in rounds) - median((whole - t) for t, whole, _ in alone)
        print(f"  {kind:30} {median(costs):+6.2f} % ({costs[0]:+.2f} to {costs[-1]:+.2f}), {once:.2f} s once; "
              f"browser {median(s for _, _, s in rounds):.2f} cores")
    print(f"  {'fit alone':30} browser {median(s for _, _, s in alone):.2f} cores")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print("load:", ", ".join(f"{load:.1f}" for load in os.getloadavg()), "on", os.cpu_count(), "cores")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as browsers:
        server = Server(Path(folder))
        try:
            arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            lab = Lab(server, browsers.chromium.launch(executable_path=CHROMIUM, args=arguments))
            for name, settings in WORK.items():
                tell(name, measure(lab.open([SETUP.format(**settings), "turn()", "# the end"]), rounds))
                lab.close_pages()
            lab.browser.close()
        finally:
            server.close()


if __name__ == "__main__":
    main()
