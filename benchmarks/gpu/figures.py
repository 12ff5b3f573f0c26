"""From seconds on a GPU to microseconds a step, ratios and verdicts. No measuring and no tables here."""

from ..figures import fastest, ratio, reliable, typical, verdict
from ..peers import GPU_PEERS, OURS, is_peer
from ..quiet import is_noisy
from ..workloads import KNOWN

FUSED = {peer.name for peer in GPU_PEERS if peer.fused}

# A ratio that has a target: what it says, and which peers it looks at.
RATIOS = {
    "to_pytorch": ("time, of PyTorch's without torch.compile", lambda name: name == "pytorch"),
    "to_keras_jax": ("time, of Keras's on JAX", lambda name: name == "keras-jax"),
    "to_unfused": ("time, of the fastest peer's that does not call cuDNN's fused LSTM",
                   lambda name: is_peer(name) and name not in FUSED),
    "to_fused": ("time, of the fastest peer's that calls cuDNN's fused LSTM", lambda name: name in FUSED),
}  # fmt: skip


def wall(entry):
    return typical(entry)


def device(entry):
    """Seconds by the device's events; None for a peer that has none."""
    return typical({**entry, "seconds": entry["device"]}) if entry.get("device") else None


def seconds(entry):
    return device(entry) or wall(entry)


def compare(entry, other):
    """One time over another: by events if both have them, else both as wall time."""
    events = device(entry), device(other)
    return ratio(*events) if all(events) else ratio(wall(entry), wall(other))


def to_fastest(entry, timed, wanted):
    """Its time over that of the fastest of those wanted; None if there is none."""
    other = fastest({name: wall(other) for name, other in timed.items()}, wanted)
    return None if other is None else compare(entry, timed[other])


def least(result, card):
    """The seconds that the work takes at the card's own rates, and which of them binds: "arithmetic" or "bandwidth"."""
    bounds = {"bandwidth": ratio(result["bytes"], card["copy"])}
    if card["sgemm"] and result["arithmetic"]:
        bounds["arithmetic"] = result["arithmetic"] / card["sgemm"]
    name = max(bounds, key=bounds.get)
    return bounds[name], name


def summary(result, card):
    """One row a peer; times are microseconds a step."""
    timed = {name: entry for name, entry in result["peers"].items() if entry.get("seconds")}
    limit, _ = least(result, card)
    a_step = lambda value: None if value is None else 1e6 * value / result["steps"]
    rows = []
    for name, entry in result["peers"].items():
        if name not in timed:
            rows.append({"peer": name, "error": entry.get("error", "not timed")})
            continue
        told = entry.get("device") or entry["seconds"]
        rows.append({
            "peer": name,
            "clock": "events" if entry.get("device") else "wall",
            "median": a_step(seconds(entry)),
            "low": a_step(min(told)),
            "high": a_step(max(told)),
            "wall": a_step(wall(entry)),
            "to_peer": to_fastest(entry, timed, is_peer),
            "of_limit": ratio(limit, seconds(entry)),
            "launches": entry.get("launches"),
            "first": entry["first"],
            "noisy": sum(map(is_noisy, entry["others"])),
            "rounds": len(entry["seconds"]),
            "reliable": reliable(entry),
            "loss": entry["loss"],
            "accuracy": entry["accuracy"],
            **{column: to_fastest(entry, timed, wanted) for column, (_, wanted) in RATIOS.items() if name == OURS},
        })  # fmt: skip
    return rows


def verdicts(gpu):
    """Every target of the workloads that were measured."""
    told = []
    for result in gpu["workloads"]:
        rows = {row["peer"]: row for row in summary(result, gpu["card"])}
        noisy = [name for name, row in rows.items() if not row.get("reliable", True)]
        for target in KNOWN[result["name"]].targets:
            words, concerns = RATIOS[target.column]
            quiet = not any(name == OURS or concerns(name) for name in noisy)
            value = rows.get(OURS, {}).get(target.column)
            told.append(verdict(f"{result['name']}: {words}", value, target.limit, reliable=quiet))
    return told
