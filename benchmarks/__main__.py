"""``python -m benchmarks``, from the repository root."""

import argparse
import sys
from pathlib import Path

from . import machine, peers, report, workloads
from .race import race
from .startup import startup


def words(text):
    return [word for word in text.split(",") if word]


def options(arguments=None):
    parser = argparse.ArgumentParser("python -m benchmarks", description="kerastutor beside its peers")
    add = parser.add_argument
    add("--only", type=words, default=[], metavar="NAMES", help="workloads, and startup: mlp,tiny,startup")
    add("--peers", type=words, default=[], metavar="NAMES", help="kerastutor,keras-jax,…")
    add("--rounds", type=int, metavar="N", help="rounds of the race (5; quick 2)")
    add("--quick", action="store_true", help="few rounds, only kerastutor and keras-jax")
    add("--json", type=Path, metavar="FILE", help="write all measurements here")
    add("--markdown", type=Path, metavar="FILE", help="write the tables here")
    chosen = parser.parse_args(arguments)
    chosen.rounds = (2 if chosen.quick else 5) if chosen.rounds is None else chosen.rounds
    if chosen.rounds < 1:
        parser.error(f"--rounds: {chosen.rounds}; at least one round is needed")
    try:
        chosen.peers = peers.select(chosen.peers or (["kerastutor", "keras-jax"] if chosen.quick else []))
        racing = [word for word in chosen.only if word != "startup"]
        chosen.workloads = workloads.select(racing) if racing or not chosen.only else []
    except ValueError as error:
        parser.error(str(error))
    chosen.startup = not chosen.only or "startup" in chosen.only
    return chosen


def say(line):
    print(line, file=sys.stderr, flush=True)


def main():
    chosen = options()
    missing = {peer.name: peer.missing() for peer in chosen.peers}
    present = [peer for peer in chosen.peers if not missing[peer.name]]
    results = {
        "machine": machine.describe(),
        "rounds": chosen.rounds,
        "missing": [f"{name} (needs {', '.join(needs)})" for name, needs in missing.items() if needs],
        "workloads": race(present, chosen.workloads, chosen.rounds, say),
        "startup": startup(present, 1 if chosen.quick else 3, say) if chosen.startup else [],
    }
    text = report.markdown(results)
    print(text)
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8")
    if chosen.json:
        chosen.json.write_text(report.to_json(results), encoding="utf-8")


if __name__ == "__main__":
    main()
