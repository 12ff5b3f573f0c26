"""Tables of what was measured, and the measurements themselves as JSON."""

import json

from .figures import MB, ratio, reliable, summary, typical, verdicts
from .gpu import report as gpu
from .peers import LIMIT
from .quiet import is_noisy
from .tables import failed, grid, number, percent, target_table

RACE = "peer|seconds|low–high|to fastest peer|to fastest Keras|of BLAS rate|GF/s|first, s|peak, MB|noisy|loss|accuracy"
STARTUP = "peer|import, s|data, s|first fit, s|epoch, s|process, s|beyond the epoch, s|noisy|peak, MB"


def to_json(results):
    told = dict(results)
    if "machine" in results:
        workloads = [{**result, "summary": summary(result)} for result in results["workloads"]]
        told |= {"workloads": workloads, "verdicts": judged(results)}
    if "gpu" in results:
        told["gpu"] = gpu.told(results["gpu"])
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def judged(results):
    """The verdicts; none where the samples were cut to try things out."""
    return [] if results["trial"] else verdicts(results)


def markdown(results):
    parts = of_processor(results) if "machine" in results else ["# Benchmark results"]
    return "\n\n".join(parts + gpu.parts(results.get("gpu"))) + "\n"


def of_processor(results):
    machine = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    threads = "".join(f", {name}={value}" for name, value in machine["threads"].items())
    parts = [
        "# Benchmark results",
        f"Written by `python -m benchmarks` on {machine['date']}; what each column means is in "
        "[README.md](README.md). Compare ratios within one run, not seconds between runs.",
        f"{machine['processor']}, {machine['cores']} cores{threads}; BLAS of NumPy: {machine['blas']}, "
        f"{number(machine['sgemm'])} GF/s on square matrices; {machine['system']}.\n{versions}.",
    ]
    if results["trial"]:
        parts.append(f"**Only a trial**, of at most {results['trial']} samples: the figures mean nothing.")
    if missing := results["missing"]:
        parts.append("Not installed, so not measured: " + ", ".join(missing) + ".")
    for result in results["workloads"]:
        parts += [f"## {result['name']}", described(result), race_table(result)]
    if results["startup"]:
        parts.append("## Start-up and memory")
    for result in results["startup"]:
        parts += [f"### {result['name']}", described(result), startup_table(result["entries"])]
    for result in results["growth"]:
        parts += [f"## {result['name']}", f"Microseconds a sample. {result['title']}.", growth_table(result)]
    if targets := judged(results):
        parts += ["## Targets", target_table(targets)]
    return parts


def described(result):
    part = f" Timed on {result['samples']:,} samples." if result["scale"] != 1 else ""
    scaled = f" Seconds are those × {result['scale']:.4g}." if part and "peers" in result else ""
    return f"{result['title']}. Data: {result['data']}.{part}{scaled}"


def race_table(result):
    rows = []
    for row in sorted(summary(result), key=lambda row: row.get("median", float("inf"))):
        name = "*the products alone (limit)*" if row["peer"] == LIMIT else row["peer"]
        if "error" in row:
            rows.append([name, failed(row)])
            continue
        rows.append([
            name, number(row["median"]), f"{number(row['low'])}–{number(row['high'])}",
            number(row["to_peer"]), number(row["to_keras"]), percent(row["of_blas"]), number(ratio(row["rate"], 1e9)),
            number(row["first"]), number(ratio(row["peak"], MB)), f"{row['noisy']} of {row['rounds']}",
            number(row["loss"]), percent(row["accuracy"]),
        ])  # fmt: skip
    return grid(RACE, rows)


def startup_table(entries):
    rows = []
    for entry in entries:
        name = entry["peer"] + (f", {entry['cache']} kernel cache" if "cache" in entry else "")
        if "error" in entry:
            rows.append([name, failed(entry)])
            continue
        keys = ("import", "data", "first", "epoch", "total", "beyond")
        noisy = "yes" if is_noisy(entry["others"]) else ""
        rows.append([name, *(number(entry[key]) for key in keys), noisy, number(ratio(entry["peak"], MB))])
    return grid(STARTUP, rows)


def growth_table(result):
    """Microseconds a sample: a line a step, a column a peer and number of cores."""
    names = list(dict.fromkeys(name for step in result["steps"] for name in step["peers"]))
    rows = []
    for step in result["steps"]:
        rows.append([str(step["number"]), *(each_sample(step["peers"][name], step["samples"]) for name in names)])
    return grid("|".join([result["title"], *names]), rows)


def each_sample(entry, samples):
    if "error" in entry:
        return failed(entry)
    return number(1e6 * typical(entry) / samples) + ("" if reliable(entry) else " (noisy)")
