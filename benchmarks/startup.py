"""What a student waits for: import, a fresh process up to its first epoch, and its peak memory."""

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from .peers import LIMIT, OURS
from .quiet import machine_busy
from .race import on_disk
from .worker import SETTLE, Worker
from .workloads import REAL_MNIST, WORKLOADS

TIMED = "import time; {before}; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
MLP = WORKLOADS[0]


def import_seconds(statement, times, before="pass", environment=None):
    """Median seconds of an import statement in fresh processes, after one that is not counted."""
    code = TIMED.format(before=before, statement=statement)
    told = []
    for _ in range(times + 1):
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, **(environment or {})},
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{statement}: {done.stderr.strip().splitlines()[-1]}")
        told.append(float(done.stdout.split()[-1]))
    return median(told[1:])


def fresh(peer, folder, **environment):
    """One new process up to the end of its first epoch, then a second epoch to subtract."""
    time.sleep(SETTLE)
    busy, worker = machine_busy(), Worker(peer, **environment)
    try:
        parts = worker.ask("prepare", workload=MLP.name, folder=folder)
        total = time.perf_counter() - worker.born
        epoch = worker.ask("time")["seconds"]
        used, life = worker.ask("usage"), time.perf_counter() - worker.born
        others = None if busy is None else (machine_busy() - busy - used.pop("cpu")) / life
        return {**parts, **used, "total": total, "epoch": epoch, "beyond": total - epoch, "others": others}
    finally:
        worker.close()


def medians(runs):
    return {key: None if runs[0][key] is None else median(run[key] for run in runs) for key in runs[0]}


def startup(peers, times, say=print):
    """One entry a peer: seconds and bytes, medians over ``times`` fresh processes."""
    entries = []
    with on_disk(MLP) as (folder, source, nbytes):
        for peer in (p for p in peers if p.name != LIMIT):
            say(f"start-up: {peer.name}")
            entry = {"peer": peer.name, "data_bytes": nbytes}
            try:
                entry["import"] = import_seconds(peer.imports, times, "import numpy", peer.environment)
                if peer.name == OURS:
                    entry["package"] = import_seconds("import kerastutor", times)
                    entries += ours(peer, None if source == REAL_MNIST else folder, times, entry)
                else:
                    entries.append({**entry, **medians([fresh(peer, folder) for _ in range(times)])})
            except RuntimeError as error:
                entries.append({**entry, "error": str(error)})
    return entries


def ours(peer, folder, times, entry):
    """kerastutor twice: with an empty kernel cache, then with the cache which that run has filled.

    With real digits it loads them itself, as a student's first lines do; the peers read ready arrays.
    """
    cold, warm = [], []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as cache:
            cold.append(fresh(peer, folder, NUMBA_CACHE_DIR=cache))
            warm.append(fresh(peer, folder, NUMBA_CACHE_DIR=cache))
    return [{**entry, "cache": "warm", **medians(warm)}, {**entry, "cache": "cold", **medians(cold)}]
