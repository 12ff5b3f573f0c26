"""What LiveLoss costs: the share of a training thread's processor time that it takes, in a notebook's kernel.

    python -m benchmarks.live_loss

A batch without an update costs a look at the clock; an update comes five times a second. Both are medians of one
thread's processor time, less what taking the time costs: the share is that of a machine with nothing else to do,
whatever this one does beside. The start of the curve and the picture at the end come once a run.
"""

import os

import nbformat
from nbclient import NotebookClient

CODE = """
from statistics import median
from time import thread_time
import numpy as np
from kerastutor import keras
from kerastutor.widgets import LiveLoss
from kerastutor.widgets.live_loss import INTERVAL

class Timed(LiveLoss):
    def __init__(self):
        super().__init__()
        self.quiet, self.updates, self.once = [], [], 0.0

    def on_train_batch_end(self, batch, logs=None):
        due, start = self._due, thread_time()
        super().on_train_batch_end(batch, logs)
        (self.quiet if due == self._due else self.updates).append(thread_time() - start - clock)

    def on_train_begin(self, logs=None):
        start = thread_time()
        super().on_train_begin(logs)
        self.once += thread_time() - start

    def on_train_end(self, logs=None):
        start = thread_time()
        super().on_train_end(logs)
        self.once += thread_time() - start

clock = median(b - a for a, b in ((thread_time(), thread_time()) for _ in range(10_000)))
x = np.random.default_rng(0).normal(size=({rows}, {width})).astype("float32")
y = np.random.default_rng(1).integers(0, 10, {rows})
layers = [keras.layers.Dense({units}, "relu"), keras.layers.Dense(10, "softmax")]
model = keras.Sequential([keras.Input(({width},)), *layers])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, batch_size={batch}, epochs=1, verbose=0, callbacks=[Timed()])
live, start = Timed(), thread_time()
model.fit(x, y, batch_size={batch}, epochs={epochs}, verbose=0, callbacks=[live])
batch = (thread_time() - start - live.once) / len(live.quiet)
quiet, update = median(live.quiet), median(live.updates)
print(f"\\n{{100 * (quiet / batch + update / INTERVAL):.2f}} % ({{1e6 * quiet:.1f}} of {{1e6 * batch:.0f}} us a batch, "
      f"{{1e3 * update:.2f}} ms an update), and {{live.once:.2f}} s once a run")
"""

WORK = {
    "MNIST-sized, 128 a batch": dict(rows=60_000, width=784, units=128, batch=128, epochs=8),
    "tiny, 32 a batch": dict(rows=32_000, width=4, units=8, batch=32, epochs=60),
}


def main():
    print("load:", ", ".join(f"{load:.1f}" for load in os.getloadavg()), "on", os.cpu_count(), "cores")
    for name, settings in WORK.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE.format(**settings))])
        NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
        said = [o.text for o in notebook.cells[0].outputs if o.output_type == "stream"]
        print(f"{name}: {said[-1].strip().splitlines()[-1]}")


if __name__ == "__main__":
    main()
