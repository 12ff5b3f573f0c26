"""What it costs to read while training: epochs of the MNIST net from memory, a PyDataset, HDF5, a memmap.

`python -m benchmarks.sources`: the kinds in turn, in one process; seconds of an epoch,
the best and the median of several rounds.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median

import h5py
import numpy as np

from kerastutor import keras

ROWS, BATCH, EPOCHS = 60_000, 128, 3


class Slices(keras.utils.PyDataset):
    def __init__(self, x, y, **options):
        super().__init__(**options)
        self.x, self.y = x, y

    def __len__(self):
        return -(-len(self.x) // BATCH)

    def __getitem__(self, index):
        rows = slice(index * BATCH, (index + 1) * BATCH)
        return self.x[rows], self.y[rows]


def net():
    model = keras.Sequential([
        keras.Input((784,)), keras.layers.Dense(512, activation="relu"), keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def kinds(folder):
    """The same numbers in each form: name -> arguments of fit."""
    rng = np.random.default_rng(0)
    x, y = rng.random((ROWS, 784), "float32"), rng.integers(0, 10, ROWS)
    with h5py.File(folder / "data.h5", "w") as file:
        file["whole"] = x
        file.create_dataset("chunks", data=x, chunks=(256, 784))
    x.tofile(folder / "x.bin")
    file, arrays = h5py.File(folder / "data.h5"), dict(y=y, batch_size=BATCH)
    return {
        "memory": dict(x=x, **arrays),
        "PyDataset": dict(x=Slices(x, y)),
        "PyDataset, 2 workers": dict(x=Slices(x, y, workers=2)),
        "HDF5": dict(x=file["whole"], **arrays),
        "HDF5 in chunks": dict(x=file["chunks"], **arrays),
        "memmap": dict(x=np.memmap(folder / "x.bin", "float32", "r", shape=x.shape), **arrays),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    model = net()
    with tempfile.TemporaryDirectory() as folder:
        given = kinds(Path(folder))
        seconds = {name: [] for name in given}
        for number in range(rounds + 1):  # the first round is not counted
            for name, arguments in given.items():
                start = time.perf_counter()
                model.fit(**arguments, epochs=EPOCHS, verbose=0)
                if number:
                    seconds[name].append((time.perf_counter() - start) / EPOCHS)
    least, middle = min(seconds["memory"]), median(seconds["memory"])
    for name, found in seconds.items():
        print(f"{name:22} best {min(found):6.3f} s, {min(found) / least:5.2f} of memory;  "
              f"median {median(found):6.3f} s, {median(found) / middle:5.2f}")
    print("load of the machine:", ", ".join(f"{load:.1f}" for load in os.getloadavg()))


if __name__ == "__main__":
    main()
