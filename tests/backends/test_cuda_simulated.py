"""The CUDA backend without a GPU: its tests, and the kernels', in child processes that simulate one.

The simulator is chosen before Numba is imported, hence the children.
"""

import importlib.util
import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
PARTS = {
    "kernels": [HERE / "test_kernels.py", HERE / "test_interface.py", "-k", "cuda"],
    "random": [HERE / "test_random_kernels.py", "-k", "cuda and (counter or rate)"],
    "memory and training": [HERE / "test_cuda.py"],
    "programs": [HERE / "test_cuda_programs.py"],
}


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_in_the_simulator(part):
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "cuda"]
    command += map(str, PARTS[part])
    child = subprocess.run(command, env=os.environ | {"NUMBA_ENABLE_CUDASIM": "1"}, capture_output=True, text=True,
                           cwd=HERE.parents[1])
    assert child.returncode == 0, child.stdout[-5000:] + child.stderr[-2000:]
    assert " passed" in child.stdout and "skipped" not in child.stdout.replace("1 skipped", "")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("numba_cuda") is None, reason="numba-cuda is not installed")
def test_every_kernel_compiles_for_a_gpu():
    """The simulator takes any Python; NVIDIA's compiler does not."""
    command = [sys.executable, "-m", "tests.backends.compile_cuda"]
    child = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parents[1])
    assert child.returncode == 0, child.stdout[-2000:] + child.stderr[-5000:]
    assert int(child.stdout.split()[0]) > 200
