"""Your kernel, step by step faster: what each idea buys, and how far the limit is.

`python -m benchmarks.ideas` trains some nets of the benchmarks once with no idea at all, then with one more idea from
rung to rung, and writes a page with a table and a picture of each. The rungs take turns in every round.
"""

import argparse
import contextlib
import io
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

from threadpoolctl import threadpool_limits

import kerastutor
from kerastutor import keras
from kerastutor.backends.cpu import compiler, crew

from . import machine, workloads
from .peers import blas, keras_fit

HERE = Path(__file__).parent
SAMPLES = {"tiny-boards": 958, "mlp": 6400, "cnn-128": 1280, "lstm-a": 512}
CPU = "kerastutor.backends.cpu"


def compiled(calls, stream=None, results=None):
    """A recorded step as it was written down, but compiled."""
    compiler.compile_all(calls, stream)
    return calls


def unchanged(calls, *results):
    return calls


# what an idea is, and what is put in its place while it is not yet there
IDEAS = [
    ("NumPy: the specification", "Recorded once, replayed from Python; NumPy's own loops, BLAS on all cores.", {}),
    ("compiled loops", "Numba's kernels in NumPy's place, called one by one from Python, on one core.", {}),
    ("no Python between calls", "The calls as a table that machine code walks through; products and convolutions by "
     "the register tile.", {f"{CPU}.prepare": compiled}),
    ("both cores", "Cores take rows of the batch through all calls that allow it, and meet where they must.",
     {f"{CPU}.crew.CORES": 1}),
    ("many steps in one go", "The next batches' rows lie ready; Python comes back every few milliseconds.",
     {"kerastutor.keras.models.runner.STRETCH": 0.0}),
    ("less arithmetic", "An embedding's rows are multiplied once for each word; relu looks at what came out of a "
     "pooling.", {f"{CPU}._simplified": unchanged}),
    ("less memory", "Results over arrays that nobody needs any more.", {f"{CPU}._overwriting": unchanged}),
    ("fewer passes", "A convolution's bias and relu while its results are in registers.", {f"{CPU}._fused": unchanged}),
]


@contextlib.contextmanager
def only_the_first(n):
    """With the first n of the ideas."""
    with contextlib.ExitStack() as stack:
        for _, _, instead in IDEAS[n:]:
            for name, value in instead.items():
                stack.enter_context(patch(name, value))
        if crew.CORES == 1:
            stack.enter_context(threadpool_limits(1, "blas"))
        before = kerastutor.current_backend()
        kerastutor.use_backend("numpy" if n == 1 else "cpu")
        try:
            yield
        finally:
            kerastutor.use_backend(before)


def seconds_of(workload, rounds):
    """Seconds of a training for each number of ideas, and those of its matrix products alone."""
    x, y = workload.data(workload.samples)[:2]
    times = {n: [] for n in range(1, len(IDEAS) + 1)}
    models = {n: keras_fit.build(keras, workload, x) for n in times}
    for number in range(rounds + 1):  # the first round compiles
        for n, model in models.items():
            if n == 1 and number > 1:
                continue  # it takes as long as all others together
            with only_the_first(n), contextlib.redirect_stderr(io.StringIO()):
                start = time.perf_counter()
                model.fit(x, y, batch_size=workload.batch, epochs=workload.epochs, verbose=0)
            if number:
                times[n].append(time.perf_counter() - start)
    limit = blas.Trainer(workload, x, y)
    limit.fit()
    products = []
    for _ in range(rounds):
        start = time.perf_counter()
        limit.fit()
        products.append(time.perf_counter() - start)
    return [median(found) for found in times.values()], median(products)


def table(workload, seconds, products):
    """The rungs of one net as lines of Markdown."""
    lines = [f"## {workload.name}", "", f"{workload.title.rpartition(', ')[0]}; here {workload.samples} samples.", "",
             "| with this idea, too | seconds | times as fast as the rung above | of the limit |", "|---|---|---|---|"]
    before = seconds[0]
    for (name, _, _), found in zip(IDEAS, seconds, strict=True):
        lines.append(f"| {name} | {found:.3g} | {before / found:.2f} | {products / found:.0%} |")
        before = found
    lines += [f"| *the matrix products alone, by BLAS* | {products:.3g} | | 100% |", "",
              f"![Seconds of a training of {workload.name}, rung by rung](ideas-{workload.name}.svg)", ""]
    return lines


def picture(workload, seconds, products, path):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 2.6), layout="constrained")
    axes = figure.subplots()
    names = [name for name, _, _ in IDEAS]
    axes.barh(names, seconds, color="#0072b2")
    axes.axvline(products, color="#d55e00", linestyle="--", label="products alone")
    axes.set(xscale="log", xlabel="seconds of a training")
    axes.invert_yaxis()
    axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None})


def _where(found):
    return (f"{found['date']}, {found['processor']}, {found['cores']} cores; BLAS of NumPy: {found['blas']}, "
            f"{found['sgemm']:.0f} GF/s on square matrices; {found['system']}.")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(SAMPLES), help=f"some of {','.join(SAMPLES)}")
    parser.add_argument("--folder", type=Path, default=HERE, help="where IDEAS.md and its pictures go")
    chosen = parser.parse_args(arguments)
    lines = ["# What each idea buys", "",
             "Written by `python -m benchmarks.ideas`: one net after another, first by the plainest way there is, then "
             "with one more idea from rung to rung. Ratios count, not seconds: the rungs took turns in one process.",
             "",
             _where(machine.describe()), "", *[f"- **{name}**: {what}" for name, what, _ in IDEAS], ""]
    for name in chosen.only.split(","):
        workload = next(w for w in workloads.WORKLOADS if w.name == name).only(SAMPLES[name])
        seconds, products = seconds_of(workload, chosen.rounds)
        lines += table(workload, seconds, products)
        picture(workload, seconds, products, chosen.folder / f"ideas-{name}.svg")
        print("\n".join(lines[-len(IDEAS) - 6:-2]), flush=True)
    (chosen.folder / "IDEAS.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
