"""The race: every workload, several rounds, the peers in turn (A B C A B C …), each in its own worker."""

import math
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from .worker import SETTLE, Worker

SHORTEST = 0.4  # seconds: quicker fits are repeated within one timing up to this


@contextmanager
def on_disk(workload):
    """The workload's data as two .npy files that every worker loads: (folder, where the data come from)."""
    with tempfile.TemporaryDirectory() as folder:
        x, y, source = workload.data()
        np.save(Path(folder, "x.npy"), x)
        np.save(Path(folder, "y.npy"), y)
        nbytes = x.nbytes + y.nbytes
        del x, y
        yield folder, source, nbytes


def race(peers, workloads, rounds, say=print):
    """Time every workload on every peer; one that fails is reported with its reason and sits that workload out."""
    with ExitStack() as stack:
        workers = [Worker(peer) for peer in peers]
        for worker in workers:
            stack.callback(worker.close)
        return [run(workload, workers, rounds, say) for workload in workloads]


def run(workload, workers, rounds, say):
    entries = {}
    with on_disk(workload) as (folder, source, _):
        for worker in workers:
            say(f"{workload.name}: {worker.name} gets ready")
            entries[worker.name] = attempt(ready, worker, workload, folder)
        for number in range(rounds):
            say(f"{workload.name}: round {number + 1} of {rounds}")
            for worker in workers:
                entry = entries[worker.name]
                if "error" not in entry:
                    entries[worker.name] = attempt(one_round, worker, entry)
    return {"name": workload.name, "title": workload.title, "data": source, "peers": entries}


def attempt(action, worker, *arguments):
    try:
        return action(worker, *arguments)
    except RuntimeError as error:
        return {"error": str(error)}


def ready(worker, workload, folder):
    told = worker.ask("prepare", workload=workload.name, folder=folder)
    warm = worker.ask("time")["seconds"]
    repeats = max(1, math.ceil(SHORTEST / warm))
    return {"import": told["import"], "first": told["first"], "repeats": repeats, "seconds": [], "others": []}


def one_round(worker, entry):
    time.sleep(SETTLE)
    told = worker.ask("time", repeats=entry["repeats"])
    entry["seconds"].append(told["seconds"])
    entry["others"].append(told["others"])
    return {**entry, "loss": told["loss"], "accuracy": told["accuracy"]}
