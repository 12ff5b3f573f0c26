"""The run on a GPU: ``python -m benchmarks --gpu``. It builds nothing and needs no network: all data are made here."""

from datetime import date

from ..peers import OURS
from ..race import attempt, hired, run


def measure(chosen, say):
    """All that the run finds out; SystemExit with one sentence where there is no GPU to measure."""
    from .. import machine
    from . import card

    if reason := card.why_not():
        raise SystemExit(f"No GPU to measure: {reason}")
    say("the card's limits: large products, large copies")
    missing = {peer.name: peer.missing() for peer in chosen.peers}
    return {
        "card": card.describe(),
        "processor": machine.processor(),
        "date": date.today().isoformat(),
        "versions": machine.versions(card.PACKAGES),
        "rounds": chosen.rounds,
        "trial": chosen.samples,
        "missing": [f"{name} (needs {', '.join(needs)})" for name, needs in missing.items() if needs],
        "workloads": race([p for p in chosen.peers if not missing[p.name]], chosen.workloads, chosen.rounds, say),
    }


def race(peers, workloads, rounds, say):
    """The same race as on the processor, and beside it the launches of kerastutor's step and the bytes it must move."""
    return [one(peers, workload, rounds, say) for workload in workloads]


def one(peers, workload, rounds, say):
    from . import traffic

    with hired(peers) as workers:
        result = run(workload, workers, rounds, say)
        for worker in workers:
            entry = result["peers"][worker.name]
            if worker.name == OURS and "error" not in entry:
                entry |= attempt(lambda worker: worker.ask("launches"), worker)
    shape = workload.data(1)[0].shape[1:]
    sizes = steps(workload)
    moved = sum(traffic.of_step(workload, shape, rows) for rows in sizes) * workload.epochs
    return {**result, "steps": len(sizes) * workload.epochs, "bytes": moved}


def steps(workload):
    """The batches of an epoch: the rows of each."""
    whole, rest = divmod(workload.samples, workload.batch)
    return [workload.batch] * whole + [rest] * bool(rest)
