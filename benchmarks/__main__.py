"""``python -m benchmarks``, from the repository root."""

import argparse
import sys
from pathlib import Path

from . import gpu, machine, peers, report, results, workloads
from .growth import growth
from .race import race
from .startup import startup


def words(text):
    return [word for word in text.split(",") if word]


def options(arguments=None):
    parser = argparse.ArgumentParser("python -m benchmarks", description="kerastutor beside its peers")
    add = parser.add_argument
    add("--only", type=words, default=[], metavar="NAMES", help="what begins with one of these: mlp,tiny,startup-cnn")
    add("--peers", type=words, default=[], metavar="NAMES", help="kerastutor,keras-jax,… (all; for growth kerastutor)")
    add("--rounds", type=int, metavar="N", help="rounds of the race (5; quick 2)")
    add("--quick", action="store_true", help="few rounds, only kerastutor and keras-jax")
    add("--growth", action="store_true", help="how the time of a sample grows; the same as --only growth")
    add("--gpu", action="store_true", help="kerastutor's backend cuda and its peers on an NVIDIA GPU, nothing else")
    add("--samples", type=int, metavar="N", help="at most so many samples, to see that all works")
    add("--join", type=Path, nargs="+", default=[], metavar="FILE", help="measure nothing; one report of --json files")
    add("--json", type=Path, metavar="FILE", help="write all measurements here")
    add("--markdown", type=Path, metavar="FILE", help="write the tables here")
    chosen = parser.parse_args(arguments)
    chosen.rounds = (2 if chosen.quick else 5) if chosen.rounds is None else chosen.rounds
    for name in ("rounds", "samples"):
        if (number := getattr(chosen, name)) is not None and number < 1:
            parser.error(f"--{name}: {number}; at least 1 is needed")
    try:
        choose(chosen)
    except ValueError as error:
        parser.error(str(error))
    return chosen


def choose(chosen):
    """From names to what they stand for. Without names all is run but growth, which takes a command of its own."""
    if chosen.gpu:
        return choose_on_gpu(chosen)
    names = chosen.only + ["growth"] * chosen.growth
    runs = workloads.WORKLOADS, workloads.STARTS, workloads.GROWTHS if names else ()
    chosen.workloads, chosen.startup, chosen.growth = (workloads.select(names, among) for among in runs)
    if chosen.samples:
        for runs in (chosen.workloads, chosen.startup, chosen.growth):
            runs[:] = [run.only(chosen.samples) for run in runs]
    chosen.growing = peers.select(chosen.peers or [peers.OURS])
    chosen.peers = peers.select(chosen.peers or (["kerastutor", "keras-jax"] if chosen.quick else []))


def choose_on_gpu(chosen):
    """The same, of what runs on a GPU."""
    if chosen.growth:
        raise ValueError("--growth is not measured on a GPU: leave out --gpu, or --growth")
    names = [f"gpu-{name.removeprefix('gpu-')}" for name in chosen.only]
    chosen.workloads = workloads.select(names, workloads.GPU_WORKLOADS, workloads.GPU_WORKLOADS)
    if chosen.samples:
        chosen.workloads = [workload.only(chosen.samples) for workload in chosen.workloads]
    quick = ["kerastutor", "pytorch", "keras-jax"] if chosen.quick else []
    chosen.peers = peers.select(chosen.peers or quick, peers.GPU_PEERS)


def say(line):
    print(line, file=sys.stderr, flush=True)


def measure(chosen):
    if chosen.gpu:
        return {"gpu": gpu.measure(chosen, say)}
    missing = {peer.name: peer.missing() for peer in chosen.peers}
    present, growing = ([p for p in some if not p.missing()] for some in (chosen.peers, chosen.growing))
    return {
        "machine": machine.describe(),
        "rounds": chosen.rounds,
        "trial": chosen.samples,
        "missing": [f"{name} (needs {', '.join(needs)})" for name, needs in missing.items() if needs],
        "workloads": race(present, chosen.workloads, chosen.rounds, say),
        "startup": startup(present, chosen.startup, 1 if chosen.quick else 3, say),
        "growth": growth(growing, chosen.growth, chosen.rounds, say),
    }


def main():
    chosen = options()
    measured = results.joined(chosen.join) if chosen.join else measure(chosen)
    text = report.markdown(measured)
    print(text)
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8")
    if chosen.json:
        chosen.json.write_text(report.to_json(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
