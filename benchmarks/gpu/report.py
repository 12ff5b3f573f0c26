"""What was measured on a GPU, as tables; where nothing was, one sentence that says so."""

from ..tables import failed, grid, number, percent, target_table
from .figures import least, summary, verdicts

NOT_MEASURED = (
    "GPU speed is not measured: the backend `cuda` has run in Numba's simulator of a GPU alone, and the simulator "
    "proves results, not speed. `python -m benchmarks --gpu` measures it where there is an NVIDIA GPU."
)
CLOCKS = (
    "Microseconds of a training step: by the device's events on the stream that the work goes to, or, for a peer that "
    "shows none (JAX, TensorFlow, Keras on them), wall time up to the end of the device's work. Two times are compared "
    "by events if both have them, else both as wall time."
)
RACE = "peer|µs a step|low–high|clock|wall, µs|to fastest peer|of limit|launches a step|first, s|noisy|loss|accuracy"


def parts(gpu):
    """The section of the page on GPUs, block by block."""
    if gpu is None:
        return ["## On a GPU", NOT_MEASURED]
    card = gpu["card"]
    driver = f"driver {card['driver']}" if card["driver"] else "driver's version not told by nvidia-smi"
    versions = ", ".join(f"{name} {version}" for name, version in gpu["versions"].items())
    found = [
        "## On a GPU",
        f"{card['name']} (compute capability {card['capability']}), {driver}, {gpu['processor']}; {gpu['date']}.\n"
        f"{limits(card)}\n{versions}.",
        CLOCKS,
    ]
    if card["slower"]:
        found.append(f"**kerastutor was slower than it might be**: {card['slower']}")
    if gpu["trial"]:
        found.append(f"**Only a trial**, of at most {gpu['trial']} samples: the figures mean nothing.")
    if gpu["missing"]:
        found.append("Not installed, so not measured: " + ", ".join(gpu["missing"]) + ".")
    for result in gpu["workloads"]:
        found += [f"### {result['name']}", f"{result['title']}. Data: {result['data']}.", race_table(result, card)]
    if targets := judged(gpu):
        found += ["### Targets on a GPU", "Set for one H200.", target_table(targets)]
    return found


def limits(card):
    """The card's rates, as this run measured them."""
    products = "not measured, for want of cuBLAS" if card["sgemm"] is None else f"{number(card['sgemm'] / 1e12)} TF/s"
    return f"Its limits in this run: float32 products {products}, copies {number(card['copy'] / 1e9)} GB/s."


def judged(gpu):
    return [] if gpu["trial"] else verdicts(gpu)


def told(gpu):
    """For the JSON: the measurements and what follows from them."""
    workloads = [{**result, "summary": summary(result, gpu["card"])} for result in gpu["workloads"]]
    return {**gpu, "workloads": workloads, "verdicts": judged(gpu)}


def race_table(result, card):
    seconds, bound = least(result, card)
    rows = [[f"*the limit: {bound}*", number(1e6 * seconds / result["steps"])]]
    for row in sorted(summary(result, card), key=lambda row: row.get("median", float("inf"))):
        if "error" in row:
            rows.append([row["peer"], failed(row)])
            continue
        rows.append([
            row["peer"], number(row["median"]), f"{number(row['low'])}–{number(row['high'])}", row["clock"],
            number(row["wall"]), number(row["to_peer"]), percent(row["of_limit"]), number(row["launches"]),
            number(row["first"]), f"{row['noisy']} of {row['rounds']}", number(row["loss"]), percent(row["accuracy"]),
        ])  # fmt: skip
    return grid(RACE, rows)
