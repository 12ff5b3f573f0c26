"""One set of results of the files that several runs have written with --json."""

import json

from .workloads import RUNS

PARTS = ("workloads", "startup", "growth")


def joined(paths):
    """All that was measured; of what was measured twice, the later file's. Only runs on one machine belong together.

    Beside them, the last run on a GPU, whole.
    """
    runs = {path: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    gpu = [run["gpu"] for run in runs.values() if "gpu" in run][-1:]
    found = {"gpu": gpu[0]} if gpu else {}
    runs = {path: run for path, run in runs.items() if "machine" in run}  # those on a GPU may be another machine's
    return {**of_processor(runs), **found} if runs else found


def of_processor(runs):
    paths, (first, *others) = list(runs), runs.values()
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
