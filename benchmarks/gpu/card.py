"""The card: its name and driver, and its limits, measured: products of large matrices, copies of large arrays."""

import shutil
import subprocess

SIDE, BYTES, TIMES = 8192, 2**29, 10
PACKAGES = (
    "numpy numba numba-cuda nvmath-python nvidia-cublas-cu12 keras jax jax-cuda12-plugin jax-cuda13-plugin tensorflow "
    "torch"
).split()


def why_not():
    """"" if a GPU can be measured here, else one sentence."""
    from kerastutor import backends
    from kerastutor.backends.probe import simulated

    if simulated():
        return "this is a simulation, which proves results, not speed: unset NUMBA_ENABLE_CUDASIM where there is one."
    return backends.why_not("cuda")


def describe():
    from numba import cuda

    from kerastutor import backends

    device = cuda.get_current_device()
    return {
        "name": device.name.decode() if isinstance(device.name, bytes) else device.name,
        "capability": ".".join(map(str, device.compute_capability)),
        "driver": driver(),
        "slower": backends.slower("cuda"),
        "sgemm": sgemm_rate(),
        "copy": copy_rate(),
    }


def driver():
    """The driver's version; None where nvidia-smi does not tell."""
    if shutil.which("nvidia-smi") is None:
        return None
    ask = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    lines = subprocess.run(ask, capture_output=True, text=True).stdout.split()
    return lines[0] if lines else None


def sgemm_rate(side=SIDE):
    """Additions and multiplications a second in the product of two large square matrices; None without cuBLAS."""
    import numpy as np
    from numba import cuda

    from kerastutor.backends.cuda import blas, products

    if blas.missing():
        return None
    numbers = np.random.default_rng(0).standard_normal((side, side), dtype="float32")
    a, b, out = cuda.to_device(numbers), cuda.to_device(numbers), cuda.device_array_like(numbers)
    matrices = [[products.Matrices(each, 0)] for each in (a, b, out)]
    return 2 * side**3 / best(lambda: products.multiply(*matrices))


def copy_rate(size=BYTES):
    """Bytes read and written a second in a copy from the card's memory to the card's memory."""
    from numba import cuda

    from kerastutor.backends.cuda import memory

    a, b = (cuda.device_array(size, "uint8") for _ in range(2))
    return 2 * size / best(lambda: b.copy_to_device(a, stream=memory.stream))


def best(work, times=TIMES):
    """The device's seconds of the quickest of some times, after two that are not counted."""
    from ..peers import clocks

    clock, seconds = clocks.of_numba(), []
    for _ in range(times + 2):
        clock.begin()
        work()
        seconds.append(clock.end())
    return min(seconds[2:])
