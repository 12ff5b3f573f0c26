"""Why there is no CUDA here, told in one sentence that says what to do."""

import importlib.util
import os
import subprocess
import sys
import types

import pytest

from kerastutor import backends
from kerastutor.backends import BackendError, probe


@pytest.fixture
def machine(monkeypatch):
    """A machine with a GPU, as far as the probe can see; a test takes something away."""
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM", raising=False)
    monkeypatch.setattr(probe.platform, "system", lambda: "Linux")
    found = {"numba": True, "numba_cuda": True}
    monkeypatch.setattr(probe.importlib.util, "find_spec", lambda name: found.get(name) or None)
    device = types.SimpleNamespace(compute_capability=(9, 0), name=b"NVIDIA H200")
    cuda = types.SimpleNamespace(gpus=[device])  # Numba's can be entered too, which gives nothing
    monkeypatch.setitem(sys.modules, "numba.cuda", cuda)
    monkeypatch.setattr("numba.cuda", cuda, raising=False)
    return types.SimpleNamespace(found=found, device=device, cuda=cuda)


def test_nothing_is_wrong_with_that_machine(machine):
    assert probe._no_device() == ""


def test_a_missing_package(machine):
    machine.found["numba_cuda"] = False
    assert "numba-cuda is not installed" in probe._no_device()
    assert "pip install 'kerastutor[cuda]'" in probe._no_device()
    machine.found["numba"] = False
    assert "Numba is not installed" in probe.why_not_cuda.__wrapped__()


def test_a_missing_driver(machine):
    class Gpus:
        def __iter__(self):
            raise RuntimeError("Error at driver init:\n\nCUDA driver library cannot be found.")

    machine.cuda.gpus = Gpus()
    reason = probe._no_device()
    assert "no NVIDIA driver that works (Error at driver init:)" in reason and "nvidia-smi" in reason


def test_no_gpu(machine):
    machine.cuda.gpus = []
    assert "finds no GPU" in probe._no_device() and "CUDA_VISIBLE_DEVICES" in probe._no_device()


def test_an_old_gpu(machine):
    machine.device.compute_capability, machine.device.name = (5, 2), b"GeForce GTX 970"
    assert "GeForce GTX 970) is too old: it has compute capability 5.2, and 7.0 is needed" in probe._no_device()


def test_a_mac(machine, monkeypatch):
    monkeypatch.setattr(probe.platform, "system", lambda: "Darwin")
    assert "Mac" in probe._no_device() and "'cpu'" in probe._no_device()


def test_choosing_it_says_why_not(monkeypatch):
    monkeypatch.setattr(probe, "why_not_cuda", lambda: "the reason.")
    before = backends.current()
    with pytest.raises(BackendError, match="'cuda' can't be used: the reason"):
        backends.use("cuda")
    assert backends.current() == before
    assert backends.available()["cuda"] == "the reason."


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("numba_cuda") is not None, reason="it might be usable here")
def test_the_environment_asks_for_it_in_vain():
    """No silent fallback: the first kernel says what is missing."""
    code = "from kerastutor import keras; keras.ops.add(1, 2)"
    environment = {k: v for k, v in os.environ.items() if k != "NUMBA_ENABLE_CUDASIM"} | {"KERASTUTOR_BACKEND": "cuda"}
    child = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert child.returncode == 1
    assert "numba-cuda is not installed" in child.stderr.splitlines()[-1]
