"""The CUDA backend as it is on a GPU, compiler and calls of the driver and all, but on a driver without a device.

The simulator takes the place of all that Numba does between a kernel and the device. Here Numba does it, and what it
asks of the driver is answered by `no_device.c`, which has memory but runs no kernel: so a step's numbers mean nothing,
but each launch was compiled for a GPU, got its arguments, and became part of a graph.
"""

import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
needed = [shutil.which("cc"), importlib.util.find_spec("numba_cuda"), sys.platform == "linux"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not all(needed), reason="needs a C compiler, numba-cuda and Linux"),
]

TRAINING = """
import ctypes, json
import numpy as np
from kerastutor.backends import probe
probe._no_kernel_runs = lambda: ""  # its kernel would have to run
import kerastutor
from kerastutor import keras
from kerastutor.backends.cuda import blas
blas.library = lambda: None  # cuBLAS would want a device
from kerastutor.backends.cuda.program import Program, on_host

def counted():
    six = (ctypes.c_long * 6)()
    ctypes.CDLL("libcuda.so.1").told(six)
    return dict(zip("launches nodes graphs graph_launches copies forbidden".split(), six))

made, original = [], Program.__init__
def spied(self, *arguments):
    original(self, *arguments)
    made.append(len([call for call in self.calls if call[0] is not on_host]))
Program.__init__ = spied
kerastutor.use_backend("cuda")
layers = keras.layers
model = keras.Sequential([keras.Input((2,), dtype="int32"), layers.Embedding(4, 3), layers.Flatten(),
                          layers.Dropout(0.5), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
before = counted()
model.fit(np.ones((12, 2), "int32"), np.zeros(12), batch_size=2, epochs=2, verbose=0)
after = counted()
print(json.dumps({"why": probe.why_not_cuda(), "programs": made, **{k: after[k] - before[k] for k in before}}))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("driver")
    command = ["cc", "-w", "-shared", "-fPIC", "-o", folder / "libcuda.so.1", HERE / "no_device.c", "-ldl"]
    subprocess.run(command, check=True)
    return folder


@pytest.mark.parametrize("graphs", ["1", "0"])
def test_a_training_asks_the_driver_for_what_it_should(library, graphs):
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library), "KERASTUTOR_CUDA_GRAPHS": graphs}
    environment.pop("NUMBA_ENABLE_CUDASIM", None)
    child = subprocess.run([sys.executable, "-W", "error:::kerastutor", "-c", TRAINING], env=environment,
                           capture_output=True, text=True, cwd=HERE.parents[1])
    assert child.returncode == 0, child.stderr[-4000:]
    told = json.loads(child.stdout.splitlines()[-1])
    steps, (a_step,) = 12, told["programs"]
    assert told["why"] == "" and told["forbidden"] == 0
    if graphs == "1":
        assert told["graphs"] == 1 and told["nodes"] == a_step and told["graph_launches"] == steps - 1
        assert told["launches"] < 2 * a_step  # the first step, and what is asked between the epochs
    else:
        assert told["graphs"] == told["graph_launches"] == 0 and told["launches"] >= steps * a_step
