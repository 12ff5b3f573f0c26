"""What a student waits for: import, a fresh process up to its first epoch, and its peak memory."""

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from .data import REAL_MNIST
from .peers import LIMIT, OURS
from .quiet import machine_busy
from .race import on_disk
from .worker import SETTLE, Worker

TIMED = "import time; {before}; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"


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


def imports(peer, times):
    """Seconds of the peer's import statement after NumPy's; of kerastutor's front door too."""
    told = {"import": import_seconds(peer.imports, times, "import numpy", peer.environment)}
    return {**told, "package": import_seconds("import kerastutor", times)} if peer.name == OURS else told


def fresh(peer, workload, folder, **environment):
    """One new process up to the end of its first epoch, then a second epoch to subtract."""
    time.sleep(SETTLE)
    busy, worker = machine_busy(), Worker(peer, **environment)
    try:
        parts = worker.ask("prepare", workload=workload.name, samples=workload.samples, folder=folder)
        total = time.perf_counter() - worker.born
        epoch = worker.ask("time")["seconds"]
        used, life = worker.ask("usage"), time.perf_counter() - worker.born
        others = None if busy is None else (machine_busy() - busy - used.pop("cpu")) / life
        return {**parts, **used, "total": total, "epoch": epoch, "beyond": total - epoch, "others": others}
    finally:
        worker.close()


def medians(runs):
    return {key: None if runs[0][key] is None else median(run[key] for run in runs) for key in runs[0]}


def startup(peers, workloads, times, say=print):
    """For each workload one entry a peer: seconds and bytes, medians over ``times`` fresh processes."""
    peers = [peer for peer in peers if peer.name != LIMIT]
    imported, results = {}, []
    for workload in workloads:
        with on_disk(workload) as (folder, about):
            entries = []
            for peer in peers:
                say(f"{workload.name}: {peer.name}")
                try:
                    imported[peer.name] = imported.get(peer.name) or imports(peer, times)
                    told = processes(peer, workload, folder, about, times)
                    entries += [{"peer": peer.name, **entry, **imported[peer.name]} for entry in told]
                except RuntimeError as error:
                    entries.append({"peer": peer.name, "error": str(error)})
        results.append({**about, "entries": entries})
    return results


def processes(peer, workload, folder, about, times):
    """The medians of a peer's fresh processes; kerastutor's with an empty kernel cache, and with a filled one.

    With real digits kerastutor loads them itself, as a student's first lines do; the peers read ready arrays.
    """
    if peer.name != OURS:
        return [medians([fresh(peer, workload, folder) for _ in range(times)])]
    folder = None if about["data"] == REAL_MNIST else folder
    cold, warm = [], []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as cache:
            cold.append(fresh(peer, workload, folder, NUMBA_CACHE_DIR=cache))
            warm.append(fresh(peer, workload, folder, NUMBA_CACHE_DIR=cache))
    return [{"cache": "warm", **medians(warm)}, {"cache": "cold", **medians(cold)}]
