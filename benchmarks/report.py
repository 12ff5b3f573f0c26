"""From measured seconds to ratios, verdicts and tables. No measuring here."""

import json
from statistics import median

from .peers import LIMIT, OURS, is_keras
from .quiet import is_noisy
from .workloads import WORKLOADS

MB = 1e6


def summary(result):
    """One row a peer: median, extremes, ratios to the fastest peer and to the fastest Keras backend."""
    timed = {name: typical(entry) for name, entry in result["peers"].items() if entry.get("seconds")}
    peer = fastest(timed, lambda name: name not in (OURS, LIMIT))
    keras = fastest(timed, is_keras)
    rows = []
    for name, entry in result["peers"].items():
        if name not in timed:
            rows.append({"peer": name, "error": entry.get("error", "not timed")})
            continue
        rows.append({
            "peer": name,
            "median": timed[name],
            "low": min(entry["seconds"]),
            "high": max(entry["seconds"]),
            "to_peer": ratio(timed[name], timed.get(peer)),
            "to_keras": ratio(timed[name], timed.get(keras)),
            "of_blas": ratio(timed.get(LIMIT), timed[name]),
            "first": entry["first"],
            "noisy": sum(map(is_noisy, entry["others"])),
            "rounds": len(entry["seconds"]),
            "reliable": reliable(entry),
            "loss": entry["loss"],
            "accuracy": entry["accuracy"],
        })  # fmt: skip
    return rows


def reliable(entry):
    """Whether at least half of the rounds were quiet."""
    return 2 * sum(map(is_noisy, entry["others"])) <= len(entry["seconds"])


def typical(entry):
    """Median of the quiet rounds; of all rounds where most were noisy."""
    pairs = zip(entry["seconds"], entry["others"], strict=True)
    return median(seconds for seconds, others in pairs if not (reliable(entry) and is_noisy(others)))


def fastest(timed, wanted):
    return min(filter(wanted, timed), key=timed.get, default=None)


def ratio(above, below):
    return None if above is None or below is None else above / below


def verdict(figure, value, limit, unit="", at_least=False, reliable=True):
    """A measured figure beside its target: reached, missed, or why that cannot be said."""
    if value is None or not reliable:
        word = "not measured" if value is None else "too noisy to say"
    else:
        word = "reached" if (value >= limit if at_least else value <= limit) else "missed"
    target = f"{'at least' if at_least else 'at most'} {limit:.3g}{unit}"
    return {"figure": figure, "value": value, "unit": unit, "target": target, "verdict": word}


def verdicts(results):
    """Every target that this run can speak about."""
    told = []
    for result in results["workloads"]:
        target = next(w for w in WORKLOADS if w.name == result["name"])
        rows = {row["peer"]: row for row in summary(result)}
        row = rows.get(OURS, {})
        noisy = {name for name in rows if not rows[name].get("reliable", True)}
        name = f"{target.name}: time, of the fastest Keras backend's"
        quiet = not any(name == OURS or is_keras(name) for name in noisy)
        told.append(verdict(name, row.get("to_keras"), target.most_of_keras, reliable=quiet))
        if target.least_of_blas:
            name = f"{target.name}: share of the BLAS rate on its own products"
            quiet = not noisy & {OURS, LIMIT}
            told.append(verdict(name, row.get("of_blas"), target.least_of_blas, at_least=True, reliable=quiet))
    for entry in results["startup"]:
        if entry["peer"] == OURS and "error" not in entry:
            told += startup_verdicts(entry)
    return told


def startup_verdicts(entry):
    cache, peak = f"{entry['cache']} kernel cache", entry["peak"]
    imports = [
        verdict("import kerastutor", entry["package"], 0.3, " s"),
        verdict("from kerastutor import keras, beyond NumPy", entry["import"], 0.5, " s"),
    ]
    wait = f"fresh process to the end of the first mlp epoch, less the epoch, {cache}"
    memory, quiet = 1.5 * entry["data_bytes"] / MB + 200, not is_noisy(entry["others"])
    return (imports if entry["cache"] == "warm" else []) + [
        verdict(wait, entry["beyond"], 1.5 if entry["cache"] == "warm" else 6, " s", reliable=quiet),
        verdict(f"peak memory of the mlp, {cache}", peak and peak / MB, memory, " MB"),
    ]


def to_json(results):
    workloads = [{**result, "summary": summary(result)} for result in results["workloads"]]
    told = {**results, "workloads": workloads, "verdicts": verdicts(results)}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def markdown(results):
    machine = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    threads = "".join(f", {name}={value}" for name, value in machine["threads"].items())
    parts = [
        "# Benchmark results",
        f"Written by `python -m benchmarks` on {machine['date']}; what each column means is in "
        "[README.md](README.md). Compare ratios within one run, not seconds between runs.",
        f"{machine['processor']}, {machine['cores']} cores{threads}; BLAS of NumPy: {machine['blas']}; "
        f"{machine['system']}.\n{versions}.",
    ]
    if missing := results["missing"]:
        parts.append("Not installed, so not measured: " + ", ".join(missing) + ".")
    for result in results["workloads"]:
        parts += [f"## {result['name']}", f"{result['title']}. Data: {result['data']}.", race_table(result)]
    if results["startup"]:
        parts += ["## Start-up and memory", startup_table(results["startup"])]
    if targets := verdicts(results):
        parts += ["## Targets", target_table(targets)]
    return "\n\n".join(parts) + "\n"


def race_table(result):
    rows = []
    for row in sorted(summary(result), key=lambda row: row.get("median", float("inf"))):
        name = "*the products alone (limit)*" if row["peer"] == LIMIT else row["peer"]
        if "error" in row:
            rows.append([name, failed(row)])
            continue
        rows.append([
            name, number(row["median"]), f"{number(row['low'])}–{number(row['high'])}",
            number(row["to_peer"]), number(row["to_keras"]), percent(row["of_blas"]), number(row["first"]),
            f"{row['noisy']} of {row['rounds']}", number(row["loss"]), percent(row["accuracy"]),
        ])  # fmt: skip
    heads = "peer|seconds|low–high|to fastest peer|to fastest Keras|of BLAS rate|first, s|noisy|loss|accuracy"
    return grid(heads, rows)


def startup_table(entries):
    rows = []
    for entry in entries:
        name = entry["peer"] + (f", {entry['cache']} kernel cache" if "cache" in entry else "")
        if "error" in entry:
            rows.append([name, failed(entry)])
            continue
        keys = ("import", "data", "first", "epoch", "total", "beyond")
        peak = entry["peak"] and entry["peak"] / MB
        noisy = "yes" if is_noisy(entry["others"]) else ""
        rows.append([name, *(number(entry[key]) for key in keys), noisy, number(peak)])
    return grid("peer|import, s|data, s|first fit, s|epoch, s|process, s|beyond the epoch, s|noisy|peak, MB", rows)


def target_table(targets):
    rows = []
    for told in targets:
        measured = number(told["value"]) + ("" if told["value"] is None else told["unit"])
        rows.append([told["figure"], measured, told["target"], told["verdict"].replace("missed", "**missed**")])
    return grid("figure|measured|target|", rows)


def grid(heads, rows):
    heads = heads.split("|")
    rows = [heads, ["---"] * len(heads), *(row + [""] * (len(heads) - len(row)) for row in rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def failed(row):
    return "failed: " + " ".join(row["error"].replace("|", "/").split())


def number(value):
    """Three significant digits; a dash for nothing."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percent(value):
    return "–" if value is None else f"{100 * value:.1f} %"
