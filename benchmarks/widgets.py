"""What LiveLoss, TrainingPanel and LayerInspector cost a training, from end to end: in a real JupyterLab page.

    python -m benchmarks.widgets              # needs Chromium and playwright, as the browser's tests do

One cell trains the same net again and again, in turn: by `fit` alone, with a LiveLoss that no page shows, with one in a
hidden tab (where the browser grants no frames), with one in the page, in a TrainingPanel, and in one with a
LayerInspector beside it. Told is the whole time of `fit` and the kernel's processor time, as medians of the rounds'
ratios to `fit` alone, with what 95 of 100 drawings of rounds give in brackets; the seconds that browser and Jupyter's
server took of a core beside them. The picture for the notebook is drawn after the cell; what it takes is told apart.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.widgets.lab import CHROMIUM, Lab, Server, wait

SETUP = """
import json, os, time
from time import perf_counter, process_time
import numpy as np, psutil
from IPython.display import Javascript, clear_output, display
from kerastutor import keras
from kerastutor.widgets import LayerInspector, LiveLoss, TrainingPanel, style
from kerastutor.widgets.live_loss import LossCurve

class Unseen(LiveLoss):
    def _open(self):  # all that is done for a page, and nobody looks
        self._widget = LossCurve(total=self.curves.total, earlier=self._earlier)
        self._widget.curves = self.curves

def fit(*live):
    model.fit(x, y, **options, callbacks=list(live))

def panel(*inspectors):
    for each in inspectors:
        display(each)
    panel = TrainingPanel(model, x, y, **options, callbacks=[each.watch() for each in inspectors])
    display(panel)
    panel.play()
    assert panel.wait(100) and panel.state == "done"

KINDS = {{
    "fit alone": fit,
    "LiveLoss, in no page": lambda: fit(Unseen()),
    "LiveLoss, in a hidden tab": lambda: fit(LiveLoss()),
    "LiveLoss": lambda: fit(LiveLoss()),
    "TrainingPanel": panel,
    "TrainingPanel, LayerInspector": lambda: panel(LayerInspector(model, x, y)),
}}
FRAMES = "window.theirs ??= requestAnimationFrame; window.requestAnimationFrame = "

x = np.random.default_rng(0).normal(size=({rows}, {width})).astype("float32")
y = np.random.default_rng(1).integers(0, 10, {rows})
layers = [keras.layers.Dense({units}, "relu"), keras.layers.Dense(10, "softmax")]
model = keras.Sequential([keras.Input(({width},)), *layers])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
options = dict(batch_size={batch}, epochs={epochs}, verbose=0)
browser = [p for p in psutil.process_iter() if p.name().startswith("chrom")]
server = psutil.Process(os.getppid())

def spent():
    seconds = lambda process: sum(process.cpu_times()[:2]) if process.is_running() else 0
    return perf_counter(), process_time(), sum(map(seconds, browser)), seconds(server)

def turn(kind):
    clear_output()
    display(Javascript(FRAMES + ("() => 0" if "hidden" in kind else "window.theirs")))
    time.sleep(0.3)
    before = spent()
    KINDS[kind]()
    return [after - b for after, b in zip(spent(), before)]

def rounds(kinds, seconds):
    end, found = perf_counter() + seconds, []
    for kind in kinds:
        turn(kind)  # compiles
    while perf_counter() < end or not found:
        order = kinds if len(found) % 2 else kinds[::-1]
        found.append({{kind: turn(kind) for kind in order}})
    live = LiveLoss()
    fit(live)
    begin = perf_counter()
    style.png(live.figure())
    with open("found.part", "w") as file:
        json.dump({{"rounds": found, "picture": perf_counter() - begin}}, file)
    os.rename("found.part", "found.json")
"""

KINDS = ["fit alone", "LiveLoss, in no page", "LiveLoss, in a hidden tab", "LiveLoss", "TrainingPanel",
         "TrainingPanel, LayerInspector"]

WORK = {
    "mnist": dict(rows=60_000, width=784, units=512, batch=128, epochs=5),
    "tiny": dict(rows=32_000, width=4, units=8, batch=32, epochs=400),
}


def measure(page, kinds, seconds):
    """What `rounds` found. Nobody asks the page anything meanwhile."""
    file = page.path.parent / "found.json"
    file.unlink(missing_ok=True)
    page.run(0)
    page.run(1, wait_idle=False)
    end = time.monotonic() + seconds + 300
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.5)
    wait(file.exists, f"the trainings do not end: {page.output(0).inner_text()} {page.output(1).inner_text()}", 1)
    return json.loads(file.read_text())


def middle(values):
    """The median, and where it lies in 95 of 100 drawings of as many rounds."""
    values = np.array(values)
    drawn = np.random.default_rng(0).integers(0, len(values), (2000, len(values)))
    low, high = np.percentile(np.median(values[drawn], axis=1), [2.5, 97.5])
    return f"{np.median(values):+6.2f} % [{low:+.2f}, {high:+.2f}]"


def tell(name, found):
    rounds = found["rounds"]
    column = lambda kind, i: np.array([one[kind][i] for one in rounds])
    wall, cpu = column("fit alone", 0), column("fit alone", 1)
    print(f"{name}, {len(rounds)} rounds: fit alone {np.median(wall):.3f} s, {np.median(cpu):.3f} s of processor, "
          f"browser {np.median(column('fit alone', 2)):.2f} s; the picture {found['picture']:.2f} s once")
    for kind in list(rounds[0]):
        if kind != "fit alone":
            print(f"  {kind:30} time {middle(100 * (column(kind, 0) / wall - 1))}, "
                  f"kernel's processor {middle(100 * (column(kind, 1) / cpu - 1))}, "
                  f"{np.median(column(kind, 1) - cpu):+.3f} s; browser {np.median(column(kind, 2)):.2f} s, "
                  f"server {np.median(column(kind, 3)):.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300, help="for each net")
    parser.add_argument("--only", choices=WORK, action="append")
    parser.add_argument("--kinds", default="", help="numbers from 1 on, as 1,3; all if not given")
    options = parser.parse_args()
    kinds = [KINDS[0]] + [KINDS[int(n)] for n in options.kinds.split(",") if n] if options.kinds else KINDS
    print("load:", ", ".join(f"{load:.1f}" for load in os.getloadavg()), "on", os.cpu_count(), "cores")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as browsers:
        server = Server(Path(folder))
        try:
            arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            lab = Lab(server, browsers.chromium.launch(executable_path=CHROMIUM, args=arguments))
            for name in options.only or WORK:
                page = lab.open([SETUP.format(**WORK[name]), f"rounds({kinds}, {options.seconds})", "# the end"])
                tell(name, measure(page, kinds, options.seconds))
                lab.close_pages()
            lab.browser.close()
        finally:
            server.close()


if __name__ == "__main__":
    main()
