"""Whether a GPU can be used here, found by trying; else why not, and what to do."""

import functools
import importlib
import importlib.util
import os
import platform

INSTALL = "`pip install 'kerastutor[cuda]'`"
OLDEST = (7, 0)  # Volta, 2017: what CUDA 12 and 13 both know
OR_ELSE = "or use 'cpu'."


@functools.cache
def why_not_cuda():
    """"" if the CUDA backend can run here, else one sentence."""
    if importlib.util.find_spec("numba") is None:
        return f"Numba is not installed: run {INSTALL}, {OR_ELSE}"
    if not simulated():
        reason = _no_device()
        if reason:
            return reason
    try:
        importlib.import_module("kerastutor.backends.cuda")
    except Exception as error:  # a driver, a compiler or a library that does not fit; each is the reason to report
        return f"its kernels do not load ({type(error).__name__}: {error}): run {INSTALL}, {OR_ELSE}"
    return "" if simulated() else _no_kernel_runs()


def simulated():
    """Whether Numba simulates a GPU: slow, but every kernel can be tried without one."""
    return os.environ.get("NUMBA_ENABLE_CUDASIM", "0") not in ("", "0")


def _no_device():
    """Why there is no GPU that Numba can use, or ""."""
    if platform.system() == "Darwin":
        return "a Mac has no NVIDIA GPU: use 'cpu'."
    if importlib.util.find_spec("numba_cuda") is None:
        return f"the package numba-cuda is not installed: on a machine with an NVIDIA GPU run {INSTALL}, {OR_ELSE}"
    from numba import cuda

    try:
        devices = list(cuda.gpus)
    except Exception as error:
        return (f"there is no NVIDIA driver that works ({_first_line(error)}): does `nvidia-smi` list a GPU? "
                f"Install or update NVIDIA's driver, {OR_ELSE}")
    if not devices:
        return f"the NVIDIA driver finds no GPU: see `nvidia-smi` and CUDA_VISIBLE_DEVICES, {OR_ELSE}"
    found, name = tuple(devices[0].compute_capability), devices[0].name
    name = name.decode() if isinstance(name, bytes) else name
    if found < OLDEST:
        return (f"the GPU ({name}) is too old: it has compute capability {found[0]}.{found[1]}, and "
                f"{OLDEST[0]}.{OLDEST[1]} is needed. Use 'cpu'.")
    return ""


def _no_kernel_runs():
    """Why not even a small kernel can be compiled and run, or ""."""
    import numpy as np

    from . import cuda

    x = np.array([-1.0, 2.0], np.float32)
    y = np.empty_like(x)
    try:
        cuda.relu(x, y)
        right = cuda.fetch(y).tolist() == [0.0, 2.0]
    except Exception as error:
        return (f"no kernel could be compiled and run ({_first_line(error)}): does the driver fit CUDA's packages? "
                f"Update it, or run {INSTALL} again, {OR_ELSE}")
    return "" if right else f"the GPU computes wrongly: relu([-1, 2]) gave {y.tolist()}. Use 'cpu'."


def _first_line(error):
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200]
