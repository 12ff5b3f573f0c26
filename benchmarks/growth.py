"""How the time of a sample grows with the batch, the sequence and the channels, on one core and on all."""

import os
from contextlib import ExitStack

from .peers import LIMIT
from .race import hired, run


def growth(peers, growths, rounds, say=print):
    """For each step of each growth a race of the peers, every peer once for each number of cores."""
    peers = [peer for peer in peers if peer.name != LIMIT]
    return [{"name": g.name, "title": g.title, "steps": steps(g, peers, rounds, say)} for g in growths]


def steps(growth, peers, rounds, say):
    workers = []
    with ExitStack() as stack:
        for cores in counts():
            for worker in stack.enter_context(hired(peers, cores=cores)):
                worker.name += f", {cores or 'all'} core{'' if cores == 1 else 's'}"
                workers.append(worker)
        return [{"number": n, **run(workload, workers, rounds, say)} for n, workload in growth.steps.items()]


def counts():
    """One core and all of them; only the latter where a process can't be kept to some cores."""
    return sorted({1, len(os.sched_getaffinity(0))}) if hasattr(os, "sched_setaffinity") else [None]
