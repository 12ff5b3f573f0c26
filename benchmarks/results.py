"""One set of results of the files that several runs have written with --json."""

import json

from .workloads import RUNS

PARTS = ("workloads", "startup", "growth")


def joined(paths):
    """All that was measured; of what was measured twice, the later file's. Only runs on one machine belong together."""
    first, *others = (json.loads(path.read_text(encoding="utf-8")) for path in paths)
    for path, other in zip(paths[1:], others, strict=True):
        for key in ("processor", "cores", "threads", "versions"):
            here, there = first["machine"][key], other["machine"][key]
            if here != there:
                raise SystemExit(f"{path} has another {key} than {paths[0]}: {there}, not {here}")
    return {**first, **{part: last_of_each(part, [first, *others]) for part in PARTS}, **worst_of([first, *others])}


def last_of_each(part, runs):
    found = {result["name"]: result for run in runs for result in run[part]}
    return [found[run.name] for run in RUNS if run.name in found]


def worst_of(runs):
    """What is said of the whole report where one of the runs says so."""
    trials = [run["trial"] for run in runs if run["trial"]]
    missing = sorted({peer for run in runs for peer in run["missing"]})
    return {"trial": min(trials, default=None), "missing": missing}
