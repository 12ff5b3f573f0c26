"""The race: every workload, several rounds, the peers in turn (A B C A B C …), each in its own new worker."""

import math
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from .peers import blas
from .worker import SETTLE, Worker

SHORTEST = 0.4  # seconds: quicker work is repeated within one timing up to this
PATIENCE = 60  # seconds: a peer that was timed for so long sits out the rounds that are left


@contextmanager
def on_disk(workload):
    """The workload's data as two .npy files that every worker loads: the folder, and what describes the work."""
    with tempfile.TemporaryDirectory() as folder:
        x, y, source = workload.data(workload.samples)
        np.save(Path(folder, "x.npy"), x)
        np.save(Path(folder, "y.npy"), y)
        about = {
            "name": workload.name,
            "title": workload.title,
            "data": source,
            "data_bytes": x.nbytes + y.nbytes,
            "samples": workload.samples,
            "scale": workload.scale,
            "arithmetic": blas.arithmetic(workload, x.shape),
        }
        del x, y
        yield folder, about


@contextmanager
def hired(peers, **options):
    """A new worker for each peer."""
    with ExitStack() as stack:
        workers = [Worker(peer, **options) for peer in peers]
        for worker in workers:
            stack.callback(worker.close)
        yield workers


def race(peers, workloads, rounds, say=print):
    """Time every workload on every peer; one that fails is reported with its reason and sits that workload out."""
    results = []
    for workload in workloads:
        with hired(peers) as workers:
            results.append(run(workload, workers, rounds, say))
    return results


def run(workload, workers, rounds, say):
    entries = {}
    with on_disk(workload) as (folder, about):
        for worker in workers:
            say(f"{workload.name}: {worker.name} gets ready")
            entries[worker.name] = attempt(ready, worker, workload, folder)
        for number in range(rounds):
            say(f"{workload.name}: round {number + 1} of {rounds}")
            for worker in workers:
                entry = entries[worker.name]
                if "error" not in entry and entry["repeats"] * sum(entry["seconds"]) < PATIENCE:
                    entries[worker.name] = attempt(one_round, worker, entry)
    return {**about, "peers": entries}


def attempt(action, worker, *arguments):
    try:
        return action(worker, *arguments)
    except RuntimeError as error:
        return {"error": str(error)}


def ready(worker, workload, folder):
    told = worker.ask("prepare", workload=workload.name, samples=workload.samples, folder=folder)
    warm = worker.ask("time")["seconds"]
    repeats = max(1, math.ceil(SHORTEST / warm))
    return {"import": told["import"], "first": told["first"], "repeats": repeats, "seconds": [], "others": []}


def one_round(worker, entry):
    time.sleep(SETTLE)
    told = worker.ask("time", repeats=entry["repeats"])
    entry["seconds"].append(told["seconds"])
    entry["others"].append(told["others"])
    if "device" in told:
        entry.setdefault("device", []).append(told["device"])
    peak = worker.ask("usage")["peak"]
    return {**entry, "loss": told["loss"], "accuracy": told["accuracy"], "peak": peak}
