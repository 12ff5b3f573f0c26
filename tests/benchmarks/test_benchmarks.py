"""The benchmarks' own arithmetic, on made-up numbers, and every workload for a few samples. No timing."""

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import report, workloads
from benchmarks.__main__ import options
from benchmarks.peers import PEERS, blas

ENTRY = {"first": 2.0, "repeats": 1, "others": [0.05, 0.5, 0.05], "loss": 0.25, "accuracy": 0.5}
START = {"data_bytes": 100e6, "data": 0.1, "first": 2.0, "epoch": 1.0, "total": 3.0}


def results():
    peers = {
        "kerastutor": {**ENTRY, "seconds": [0.5, 9.0, 0.3]},
        "keras-jax": {**ENTRY, "seconds": [1.0, 1.0, 1.0]},
        "keras-torch": {"error": "ImportError: no | torch\nhere"},
        "jax": {**ENTRY, "seconds": [0.8, 0.8, 0.8]},
        "blas": {**ENTRY, "seconds": [0.38, 0.38, 0.38], "loss": None, "accuracy": None},
    }
    ours = {**START, "peer": "kerastutor", "others": 0.05, "import": 0.4, "package": 0.35, "peak": 360e6}
    return {
        "machine": {"processor": "P", "cores": 2, "blas": "B", "system": "S", "threads": {}, "date": "2030-01-01",
                    "versions": {"python": "3.11"}},
        "rounds": 3,
        "missing": ["pytorch (needs torch)"],
        "workloads": [{"name": "mlp", "title": "T", "data": "D", "peers": peers}],
        "startup": [{**ours, "cache": "warm", "beyond": 1.4}, {**ours, "cache": "cold", "beyond": 6.5}],
    }  # fmt: skip


def test_ratios_are_of_medians_and_to_the_right_peer():
    rows = {row["peer"]: row for row in report.summary(results()["workloads"][0])}
    ours = rows["kerastutor"]
    assert (ours["median"], ours["low"], ours["high"]) == (0.4, 0.3, 9.0)  # the noisy round left out
    assert ours["to_peer"] == pytest.approx(0.4 / 0.8)
    assert ours["to_keras"] == pytest.approx(0.4 / 1.0)
    assert ours["of_blas"] == pytest.approx(0.38 / 0.4)
    assert rows["blas"]["of_blas"] == 1 and rows["keras-jax"]["to_peer"] == pytest.approx(1 / 0.8)
    assert (ours["noisy"], ours["rounds"], ours["reliable"]) == (1, 3, True)


def test_ratios_are_empty_without_the_peer_they_need():
    alone = results()["workloads"][0]
    alone["peers"] = {"kerastutor": {**alone["peers"]["kerastutor"], "others": [None] * 3}}
    (row,) = report.summary(alone)
    assert row["to_peer"] is row["to_keras"] is row["of_blas"] is None and row["noisy"] == 0


def test_targets_are_reached_missed_or_not_measured():
    told = {told["figure"]: told["verdict"] for told in report.verdicts(results())}
    assert [word[0] for word in told.values()] == list("rrmrrmmm")
    assert told["import kerastutor"] == "missed"
    assert report.verdict("f", None, 1)["verdict"] == "not measured"
    assert report.verdict("f", 1, 1)["verdict"] == report.verdict("f", 1, 1, at_least=True)["verdict"] == "reached"


@pytest.mark.parametrize("peer, unsaid", [("kerastutor", [0, 1]), ("keras-jax", [0]), ("blas", [1]), ("jax", [])])
def test_nothing_is_said_on_noisy_rounds(peer, unsaid):
    noisy = results()
    noisy["workloads"][0]["peers"][peer]["others"] = [0.5, 0.05, 0.5]
    told = [told["verdict"] for told in report.verdicts(noisy)]
    assert [i for i, word in enumerate(told) if word == "too noisy to say"] == unsaid
    row = next(row for row in report.summary(noisy["workloads"][0]) if row["peer"] == peer)
    assert row["median"] == sorted(noisy["workloads"][0]["peers"][peer]["seconds"])[1]


def test_a_noisy_start_is_not_judged_but_its_memory_is():
    noisy = results()
    noisy["startup"][0]["others"] = 0.5
    assert [told["verdict"][0] for told in report.verdicts(noisy)] == list("rrmrtmmm")


def test_markdown_tables_are_whole():
    text = report.markdown(results())
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 3
    for lines in tables:
        assert len({line.count("|") for line in lines}) == 1
    race = [line.split(" | ")[0].strip("| ") for line in tables[0][2:]]
    assert race == ["*the products alone (limit)*", "kerastutor", "jax", "keras-jax", "keras-torch"]
    assert "failed: ImportError: no / torch here" in text and "pytorch (needs torch)" in text
    assert "**missed**" in text and "P, 2 cores" in text


def test_json_keeps_the_measurements_and_adds_what_follows():
    told = json.loads(report.to_json(results()))
    assert told["workloads"][0]["peers"]["kerastutor"]["seconds"] == [0.5, 9.0, 0.3]
    assert told["workloads"][0]["summary"][0]["to_keras"] == 0.4
    assert len(told["verdicts"]) == 8


@pytest.mark.parametrize(
    "value, text", [(None, "–"), (0.12345, "0.123"), (1234.5, "1234"), (0.0, "0"), (3.21e-6, "3.21e-06"), (7, "7")]
)
def test_numbers_read_plainly(value, text):
    assert report.number(value) == text


def test_products_of_the_mlp_are_its_five_and_multiply_as_they_say():
    mlp = workloads.select(["mlp"])[0]
    shapes = blas.products(mlp.layers, 128, 784)
    assert [s[1:] for s in shapes] == [
        (128, 784, 512), (784, 128, 512), (128, 512, 10), (512, 128, 10), (128, 10, 512)
    ]  # fmt: skip
    for what, m, k, n in shapes:
        a, b, out = blas.operands(what, m, k, n)
        assert a.shape == (m, k) and b.shape == (k, n) and out.shape == (m, n)
        assert a.flags.c_contiguous != what.startswith("x.T") and b.flags.c_contiguous != what.endswith("kernel.T")


@pytest.mark.parametrize("workload", workloads.WORKLOADS, ids=lambda w: w.name)
def test_every_workload_trains_on_a_few_samples(workload):
    from benchmarks.peers import keras_fit

    x, y, source = workload.data(70)  # two batches of 32 and a rest
    assert x.dtype == y.dtype == np.float32 and len(x) == len(y) == 70 and source
    loss, accuracy = keras_fit.Trainer(replace(workload, epochs=1), x, y).fit()
    assert np.isfinite(loss) and 0 <= accuracy <= 1
    assert blas.Trainer(replace(workload, epochs=1), x, y).fit() == (None, None)


def test_synthetic_digits_are_as_sparse_as_mnist():
    x, y = workloads.like_digits(2000)
    assert x.shape == (2000, 784) and y.shape == (2000, 10)
    assert (x != 0).mean() == pytest.approx(0.191, abs=0.02)  # of the real training digits 19.1 % is not zero
    assert 0 <= x.min() and x.max() < 1


def test_command_line():
    chosen = options(["--quick", "--only", "tiny,startup"])
    assert chosen.rounds == 2 and chosen.startup and [w.name[:4] for w in chosen.workloads] == ["tiny"] * 4
    assert [peer.name for peer in chosen.peers] == ["kerastutor", "keras-jax", "blas"]
    assert options(["--only", "startup"]).workloads == []
    assert not options(["--only", "mlp"]).startup
    assert len(options([]).peers) == len(PEERS) and len(options([]).workloads) == len(workloads.WORKLOADS)


@pytest.mark.parametrize("arguments", [["--only", "cnn"], ["--peers", "keras-jaxx"], ["--rounds", "0"]])
def test_unknown_names_are_refused_with_the_known_ones(arguments, capsys):
    with pytest.raises(SystemExit):
        options(arguments)
    assert arguments[1] in capsys.readouterr().err
