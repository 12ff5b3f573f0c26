"""``benchmarks`` is not installed: it is imported from the repository root. And a made-up run of it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

ENTRY = {"first": 2.0, "repeats": 1, "others": [0.05, 0.5, 0.05], "loss": 0.25, "accuracy": 0.5, "peak": 300e6}
START = {"data": 0.1, "first": 2.0, "epoch": 1.0, "total": 3.0, "import": 0.4, "others": 0.05}
WORK = {"title": "T", "data": "D", "data_bytes": 100e6, "samples": 100, "scale": 1.0, "arithmetic": 20e9}


@pytest.fixture
def results():
    """What a run with one workload, one start-up and one growth of two steps might give."""
    peers = {
        "kerastutor": {**ENTRY, "seconds": [0.5, 9.0, 0.3]},
        "keras-jax": {**ENTRY, "seconds": [1.0, 1.0, 1.0]},
        "keras-torch": {"error": "ImportError: no | torch\nhere"},
        "jax": {**ENTRY, "seconds": [0.8, 0.8, 0.8]},
        "blas": {**ENTRY, "seconds": [0.38, 0.38, 0.38], "loss": None, "accuracy": None},
    }
    ours = {**START, "peer": "kerastutor", "package": 0.35, "peak": 360e6}
    starts = [{**ours, "cache": "warm", "beyond": 1.4}, {**ours, "cache": "cold", "beyond": 6.5}]
    machine = {"processor": "P", "cores": 2, "blas": "B", "sgemm": 99.4, "system": "S", "threads": {},
               "date": "2030-01-01", "versions": {"python": "3.11"}}  # fmt: skip
    cores = {"kerastutor, 1 core": {**ENTRY, "seconds": [0.2] * 3}, "kerastutor, 2 cores": {"error": "broken"}}
    steps = [{**WORK, "number": number, "samples": 10 * number, "peers": cores} for number in (1, 2)]
    return {
        "machine": machine,
        "rounds": 3,
        "trial": None,
        "missing": ["pytorch (needs torch)"],
        "workloads": [{**WORK, "name": "mlp", "peers": peers}],
        "startup": [{**WORK, "name": "startup-mlp", "entries": starts}],
        "growth": [{"name": "growth-batch-mlp", "title": "batch size", "steps": steps}],
    }
