"""From measured seconds to ratios and verdicts. No measuring and no tables here."""

from statistics import median

from .peers import LIMIT, OURS, is_keras, is_peer
from .quiet import is_noisy
from .workloads import KNOWN

MB = 1e6


def summary(result):
    """One row a peer: median, extremes, ratios to the fastest peer and to the fastest Keras backend.

    Seconds and the rate of arithmetic are of the whole job, where only a part of it was done.
    """
    timed = {name: typical(entry) for name, entry in result["peers"].items() if entry.get("seconds")}
    peer, keras = fastest(timed, is_peer), fastest(timed, is_keras)
    rows = []
    for name, entry in result["peers"].items():
        if name not in timed:
            rows.append({"peer": name, "error": entry.get("error", "not timed")})
            continue
        rows.append({
            "peer": name,
            "median": timed[name] * result["scale"],
            "low": min(entry["seconds"]) * result["scale"],
            "high": max(entry["seconds"]) * result["scale"],
            "to_peer": ratio(timed[name], timed.get(peer)),
            "to_keras": ratio(timed[name], timed.get(keras)),
            "of_blas": ratio(timed.get(LIMIT), timed[name]),
            "rate": ratio(result["arithmetic"], timed[name]),
            "first": entry["first"],
            "peak": entry["peak"],
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


# A column that has a target: what it says, and whose timings it rests on beside kerastutor's.
RESTS_ON = {
    "to_keras": ("time, of the fastest Keras backend's", is_keras),
    "to_peer": ("time, of the fastest peer's", is_peer),
    "of_blas": ("share of the BLAS rate on its own products", lambda name: name == LIMIT),
}


def verdicts(results):
    """Every target that this run can speak about."""
    told = []
    for result in results["workloads"]:
        rows = {row["peer"]: row for row in summary(result)}
        noisy = [name for name, row in rows.items() if not row.get("reliable", True)]
        for target in KNOWN[result["name"]].targets:
            words, concerns = RESTS_ON[target.column]
            quiet = not any(name == OURS or concerns(name) for name in noisy)
            value = rows.get(OURS, {}).get(target.column)
            told.append(
                verdict(f"{result['name']}: {words}", value, target.limit, "", target.at_least, reliable=quiet)
            )
    for result in results["startup"]:
        for entry in result["entries"]:
            if result["name"] == "startup-mlp" and entry["peer"] == OURS and "error" not in entry:
                told += startup_verdicts(entry, result["data_bytes"])
    return told


def startup_verdicts(entry, data_bytes):
    cache, peak = f"{entry['cache']} kernel cache", entry["peak"]
    imports = [
        verdict("import kerastutor", entry["package"], 0.3, " s"),
        verdict("from kerastutor import keras, beyond NumPy", entry["import"], 0.5, " s"),
    ]
    wait = f"fresh process to the end of the first mlp epoch, less the epoch, {cache}"
    memory, quiet = 1.5 * data_bytes / MB + 200, not is_noisy(entry["others"])
    return (imports if entry["cache"] == "warm" else []) + [
        verdict(wait, entry["beyond"], 1.5 if entry["cache"] == "warm" else 6, " s", reliable=quiet),
        verdict(f"peak memory of the mlp, {cache}", peak and peak / MB, memory, " MB"),
    ]
