"""What the figures were measured on."""

import os
import platform
import time
from datetime import date
from importlib import metadata
from pathlib import Path

import numpy as np

PACKAGES = "numpy numba llvmlite keras jax tensorflow tensorflow-cpu torch scikit-learn".split()
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def processor():
    try:
        info = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    lines = (line.partition(":") for line in info.splitlines())
    fields = {key.strip(): value.strip() for key, _, value in lines}
    flags = fields.get("flags", "").split()
    vectors = " AVX-512" if "avx512f" in flags else " AVX2" if "avx2" in flags else ""
    return fields.get("model name", platform.machine()) + vectors


def version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def versions(packages=PACKAGES):
    """Of kerastutor, Python and those of the packages that are installed."""
    import kerastutor

    found = {package: version(package) for package in packages}
    return {
        "kerastutor": kerastutor.__version__,
        "python": platform.python_version(),
        **{package: number for package, number in found.items() if number},
    }


def sgemm_rate(size=2048, times=5):
    """10⁹ additions and multiplications a second in the product of two large square matrices: the best of some."""
    a = np.full((size, size), 0.5, "float32")
    out, seconds = np.empty_like(a), []
    for _ in range(times + 1):
        start = time.perf_counter()
        np.matmul(a, a, out=out)
        seconds.append(time.perf_counter() - start)
    return 2e-9 * size**3 / min(seconds[1:])


def describe():
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": processor(),
        "cores": cores,
        "blas": f"{blas['name']} {blas['version']}",
        "sgemm": sgemm_rate(),
        "system": f"{platform.system()} {platform.machine()}",
        "threads": {name: os.environ[name] for name in THREADS if name in os.environ},
        "date": date.today().isoformat(),
        "versions": versions(),
    }
