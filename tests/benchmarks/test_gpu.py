"""The run on a GPU, as far as it can be tested without one: options, figures, tables, launches. No timing."""

import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import report
from benchmarks.__main__ import options
from benchmarks.gpu import card, figures, measure, steps, traffic
from benchmarks.peers import GPU_PEERS, clocks
from benchmarks.results import joined
from benchmarks.workloads import GPU_WORKLOADS, KNOWN

ROOT = Path(__file__).parents[2]
ENTRY = {"first": 2.0, "repeats": 1, "others": [0.05] * 3, "loss": 0.25, "accuracy": 0.5, "peak": 3e8}


@pytest.fixture
def gpu():
    """What a run on a made-up card might give: 100 steps of the MLP, 50 of the LSTM."""
    mlp = {
        "kerastutor": {**ENTRY, "seconds": [0.02] * 3, "device": [0.01, 0.012, 0.011], "launches": 17.0},
        "pytorch": {**ENTRY, "seconds": [0.03] * 3, "device": [0.022] * 3},
        "keras-jax": {**ENTRY, "seconds": [0.016] * 3},
        "keras-torch": {"error": "RuntimeError: this PyTorch finds no GPU"},
    }
    lstm = {
        "kerastutor": {**ENTRY, "seconds": [0.3] * 3},
        "jax": {**ENTRY, "seconds": [0.5] * 3},
        "pytorch-without-cudnn": {**ENTRY, "seconds": [0.4] * 3},
        "pytorch": {**ENTRY, "seconds": [0.1] * 3},
    }
    about = {"title": "T", "data": "D", "samples": 12_800, "scale": 1.0}
    return {
        "card": {"name": "NVIDIA X", "capability": "9.0", "driver": "1.2", "slower": "", "sgemm": 50e12, "copy": 4e12},
        "processor": "P", "date": "2030-01-01", "versions": {"python": "3.11"}, "rounds": 3, "trial": None,
        "missing": ["jax (needs jax)"],
        "workloads": [
            {**about, "name": "gpu-mlp-128", "arithmetic": 50e9, "bytes": 2e9, "steps": 100, "peers": mlp},
            {**about, "name": "gpu-lstm-a-128", "arithmetic": 10e9, "bytes": 4e9, "steps": 50, "peers": lstm},
        ],
    }  # fmt: skip


def rows_of(gpu, place):
    return {row["peer"]: row for row in figures.summary(gpu["workloads"][place], gpu["card"])}


def test_a_step_is_told_in_microseconds_by_the_devices_clock(gpu):
    rows = rows_of(gpu, 0)
    ours, keras = rows["kerastutor"], rows["keras-jax"]
    assert ours["clock"] == "events" and keras["clock"] == "wall"
    assert [ours[key] for key in ("median", "low", "high", "wall")] == pytest.approx([110, 100, 120, 200])
    assert keras["median"] == keras["wall"] == pytest.approx(160)


def test_ratios_compare_like_with_like(gpu):
    ours = rows_of(gpu, 0)["kerastutor"]
    assert ours["to_pytorch"] == pytest.approx(0.011 / 0.022)  # both by events
    assert ours["to_keras_jax"] == ours["to_peer"] == pytest.approx(0.02 / 0.016)  # both as wall time
    assert ours["to_unfused"] is None
    assert rows_of(gpu, 1)["kerastutor"]["to_unfused"] == pytest.approx(0.3 / 0.4)
    assert rows_of(gpu, 1)["kerastutor"]["to_fused"] == pytest.approx(3)


def test_the_limit_is_what_binds(gpu):
    mlp, lstm = gpu["workloads"]
    assert figures.least(mlp, gpu["card"]) == (pytest.approx(1e-3), "arithmetic")
    assert figures.least(lstm, gpu["card"]) == (pytest.approx(1e-3), "bandwidth")
    assert rows_of(gpu, 0)["kerastutor"]["of_limit"] == pytest.approx(1 / 11)
    gpu["card"]["sgemm"] = None
    assert figures.least(mlp, gpu["card"]) == (pytest.approx(5e-4), "bandwidth")


def test_targets_stand_beside_the_figures(gpu):
    told = [(word["figure"].split(":")[0], word["target"], word["verdict"]) for word in figures.verdicts(gpu)]
    assert told == [
        ("gpu-mlp-128", "at most 1", "reached"),
        ("gpu-mlp-128", "at most 1", "missed"),
        ("gpu-lstm-a-128", "at most 1", "reached"),
        ("gpu-lstm-a-128", "at most 2", "missed"),
    ]
    gpu["workloads"][0]["peers"]["keras-jax"]["others"] = [0.5] * 3
    assert [word["verdict"] for word in figures.verdicts(gpu)][:2] == ["reached", "too noisy to say"]


def test_every_workload_has_both_batches_and_no_rest():
    nets = {}
    for workload in GPU_WORKLOADS:
        assert set(steps(workload)) == {workload.batch} and workload.scale == 1
        assert f"batch {workload.batch}, {workload.samples:,} samples" in workload.title
        x, y, source = workload.data(3)
        assert x.shape[0] == y.shape[0] == 3 and source != "MNIST, the real digits"
        nets.setdefault(workload.name.rpartition("-")[0], set()).add(workload.batch)
    assert len(nets) == 6 and all(batches == {128, 1024} for batches in nets.values())
    assert {target.column for w in GPU_WORKLOADS for target in w.targets} == set(figures.RATIOS)
    assert steps(KNOWN["gpu-mlp-128"].only(300)) == [128, 128, 44]


@pytest.mark.parametrize(
    "name, shape, weights, kept, outputs",
    [
        ("gpu-mlp-128", (784,), 784 * 512 + 512 + 512 * 10 + 10, 1, 512 + 10),
        ("gpu-cnn-128", (28, 28, 1), 9 * 32 + 32 + 9 * 32 * 32 + 32 + 12 * 12 * 32 * 128 + 128 + 128 * 10 + 10, 2,
         26 * 26 * 32 + 24 * 24 * 32 + 12 * 12 * 32 + 128 + 10),
        ("gpu-lstm-a-128", (400,), 5000 * 50 + 4 * 32 * (50 + 32 + 1) + 32 + 1, 2, 400 * 50 + 400 * 32 + 1),
        ("gpu-tiny-softmax-128", (93,), 93 * 9 + 9, 0, 9),
    ],
)  # fmt: skip
def test_bytes_are_those_counted_by_hand(name, shape, weights, kept, outputs):
    workload = KNOWN[name]
    batch = math.prod(shape) + workload.layers[-1][1]["units"]
    for rows in (1, 128):
        numbers = rows * batch + 2 * weights * (1 + kept) + 4 * rows * outputs
        assert traffic.of_step(workload, shape, rows) == 4 * numbers


def test_the_page_has_the_card_and_whole_tables(gpu):
    text = report.markdown({"gpu": gpu})
    assert "NVIDIA X (compute capability 9.0), driver 1.2, P; 2030-01-01" in text and "python 3.11" in text
    assert "float32 products 50 TF/s, copies 4000 GB/s" in text
    assert "not measured: the backend" not in text and "jax (needs jax)" in text
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 3
    for lines in tables:
        assert len({line.count("|") for line in lines}) == 1
    assert tables[0][2].startswith("| *the limit: arithmetic* | 10 |")
    ours = next(line for line in tables[0] if line.startswith("| kerastutor"))
    assert "| 110 | 100–120 | events | 200 |" in ours and "| 17 |" in ours
    assert "| keras-torch | failed: RuntimeError: this PyTorch finds no GPU |" in text
    assert len(tables[2]) == 2 + 4 and "one H200" in text


def test_a_trial_and_a_missing_library_are_told(gpu):
    gpu["card"] |= {"slower": "no cuBLAS.", "sgemm": None}
    text = report.markdown({"gpu": {**gpu, "trial": 64}})
    assert "Only a trial" in text and "Targets" not in text
    assert "slower than it might be**: no cuBLAS." in text and "want of cuBLAS" in text


def test_runs_on_both_make_one_page(results, gpu, tmp_path):
    paths = [tmp_path / "cpu.json", tmp_path / "gpu.json"]
    for path, run in zip(paths, (results, {"gpu": gpu}), strict=True):
        path.write_text(report.to_json(run), encoding="utf-8")
    both = report.markdown(joined(paths))
    assert both == report.markdown({**results, "gpu": gpu}) and "P, 2 cores" in both and "NVIDIA X" in both
    assert report.markdown(joined(paths[1:])) == report.markdown({"gpu": gpu})
    assert "GPU speed is not measured" in report.markdown(joined(paths[:1]))


def test_command_line():
    chosen = options(["--gpu", "--only", "mlp,gpu-tiny", "--samples", "64", "--quick"])
    assert [w.name for w in chosen.workloads] == [
        "gpu-mlp-128", "gpu-mlp-1024", *(f"gpu-tiny-{net}-{n}" for net in ("boards", "table", "softmax")
                                         for n in (128, 1024))]  # fmt: skip
    assert {w.samples for w in chosen.workloads} == {64}
    assert [peer.name for peer in chosen.peers] == ["kerastutor", "keras-jax", "pytorch"]
    assert options(["--gpu"]).workloads == list(GPU_WORKLOADS) and options(["--gpu"]).peers == list(GPU_PEERS)
    assert not any(w.name.startswith("gpu") for w in options([]).workloads)


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--gpu", "--only", "cmn"], "gpu-cmn"),
        (["--gpu", "--peers", "scikit-learn"], "scikit-learn"),
        (["--gpu", "--growth"], "--growth is not measured on a GPU"),
        (["--only", "gpu-mlp"], "gpu-mlp"),
    ],
)
def test_what_is_not_there_is_refused(arguments, told, capsys):
    with pytest.raises(SystemExit):
        options(arguments)
    assert told in capsys.readouterr().err


def test_without_a_gpu_one_sentence_says_what_is_missing(monkeypatch):
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM", raising=False)
    monkeypatch.setattr("kerastutor.backends.why_not", lambda name: f"no {name} here: do this.")
    with pytest.raises(SystemExit) as refused:
        measure(options(["--gpu"]), print)
    assert refused.value.code == "No GPU to measure: no cuda here: do this."  # a text: status 1
    monkeypatch.setenv("NUMBA_ENABLE_CUDASIM", "1")
    assert "proves results, not speed" in card.why_not()


@pytest.mark.slow
def test_launches_of_a_step_are_those_that_the_simulator_starts():
    command = [sys.executable, "-m", "tests.benchmarks.in_simulator"]
    child = subprocess.run(command, env=os.environ | {"NUMBA_ENABLE_CUDASIM": "1"}, capture_output=True, text=True,
                           cwd=ROOT)  # fmt: skip
    assert child.returncode == 0, child.stderr[-3000:]
    told = json.loads(child.stdout.splitlines()[-1])
    (few, launches), (many, same) = told["few"], told["many"]
    assert launches == same == (many - few) / 4 > 0  # of two steps and of six, from one epoch
    assert told["launches"] > launches  # two layers and adam, not one and sgd
    assert math.isfinite(told["time"]["loss"]) and told["time"]["device"] <= 0  # the simulator's clock stands still


def twins(monkeypatch, name, by_hand, on_gpu, seed=lambda number: None):
    """What the loop for a GPU, here on the processor, and the loop by hand tell of two epochs of the same work."""
    monkeypatch.setattr(clocks, "DEVICE", "cpu")
    workload = replace(KNOWN[name], batch=16, samples=40)  # two batches and a rest
    told = []
    for module in (by_hand, on_gpu):
        seed(1)
        trainer = module.Trainer(workload, *workload.data(40)[:2])
        seed(2)
        told.append([trainer.fit(), trainer.fit()])
    trainer.clock.begin()
    assert trainer.clock.end() is None  # only waits
    return told


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gpu-tiny-boards-128", "gpu-tiny-table-128"])
def test_jax_on_a_gpu_does_what_jax_by_hand_does(name, monkeypatch):
    pytest.importorskip("jax")
    from benchmarks.peers import jax_gpu, jax_jit

    wanted, found = twins(monkeypatch, name, jax_jit, jax_gpu)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gpu-tiny-boards-128", "gpu-tiny-table-128"])
def test_pytorch_on_a_gpu_does_what_pytorch_by_hand_does(name, monkeypatch):
    torch = pytest.importorskip("torch")
    from benchmarks.peers import pytorch, pytorch_gpu

    wanted, found = twins(monkeypatch, name, pytorch, pytorch_gpu, torch.manual_seed)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


@pytest.mark.slow
def test_a_peer_that_finds_no_gpu_says_so(monkeypatch):
    jax = pytest.importorskip("jax")
    if jax.default_backend() != "cpu":
        pytest.skip("there is a GPU")
    from benchmarks.peers import jax_gpu

    with pytest.raises(RuntimeError, match="cuda"):
        jax_gpu.Trainer(KNOWN["gpu-tiny-table-128"], *KNOWN["gpu-tiny-table-128"].data(4)[:2])
