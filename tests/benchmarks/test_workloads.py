"""The descriptions: data, samples, growth, and what the command line chooses from them."""

import numpy as np
import pytest

from benchmarks import data, workloads
from benchmarks.__main__ import options
from benchmarks.peers import PEERS
from benchmarks.workloads import GPU_WORKLOADS, GROWTHS, KNOWN, STARTS, WORKLOADS


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)
def test_data_are_numbers_of_the_right_kind(workload):
    x, y, source = workload.data(70)
    assert len(x) == len(y) == 70 and source and y.dtype == np.float32
    tokens = workload.layers[0][0] == "Embedding"
    assert x.dtype == (np.int32 if tokens else np.float32)
    assert not tokens or (0 <= x.min() and x.max() < workload.layers[0][1]["input_dim"])
    units = workload.layers[-1][1]["units"]
    assert y.shape == (70, units) and (units == 1 or (y.sum(1) == 1).all())


def test_synthetic_digits_are_as_sparse_as_mnist():
    x, y = data.like_digits(2000)
    assert x.shape == (2000, 784) and y.shape == (2000, 10)
    assert (x != 0).mean() == pytest.approx(0.191, abs=0.02)  # of the real training digits 19.1 % is not zero
    assert 0 <= x.min() and x.max() < 1


def test_images_are_the_digits():
    x, y, _ = data.images(5)
    assert x.shape == (5, 28, 28, 1) and (x.reshape(5, 784) == data.digits(5)[0]).all() and y.shape == (5, 10)


def test_texts_and_characters_can_be_learnt():
    x, y, _ = data.reviews(50, 80)(200)
    assert ((x == 2).sum(1) > (x == 1).sum(1))[y[:, 0] == 1].mean() > 0.9
    assert ((x == 2).sum(1) > (x == 1).sum(1))[y[:, 0] == 0].mean() < 0.2
    x, y, _ = data.characters(3000)
    assert (x.sum(2) == 1).all()
    last, after = x[:, -1].argmax(1), y.argmax(1)
    assert len(set(zip(last, after, strict=True))) == 60  # each letter is followed by one and the same


def test_seconds_of_a_sample_are_told_for_the_whole():
    cnn = KNOWN["cnn-128"]
    assert (cnn.samples, cnn.whole, cnn.scale) == (6000, 60_000, 10)
    assert cnn.only(8000) is cnn
    assert (cnn.only(600).samples, cnn.only(600).scale) == (600, 100)
    assert KNOWN["mlp"].scale == 1 and KNOWN["mlp"].only(6000).scale == 10


def test_growth_changes_one_number():
    for growth in GROWTHS:
        for number, step in growth.steps.items():
            assert step.whole is None and KNOWN[step.name] is step and step.samples >= step.batch
            changed = {"batch": step.batch, "channels": step.layers[0][1].get("filters")}
            kind = growth.name.split("-")[1]
            assert (step.data(2)[0].shape[1] if kind == "sequence" else changed[kind]) == number
        assert [*growth.only(3).steps] == [*growth.steps]
        assert {step.samples for step in growth.only(3).steps.values()} == {3}


def test_every_name_begins_like_the_words_that_choose_it():
    assert len(KNOWN) == len(WORKLOADS) + len(STARTS) + sum(len(g.steps) for g in GROWTHS) + len(GPU_WORKLOADS)
    assert [w.name for w in workloads.select(["lstm"], WORKLOADS)] == ["lstm-a", "lstm-b", "lstm-char"]


def test_command_line():
    chosen = options(["--quick", "--only", "tiny,startup"])
    assert chosen.rounds == 2 and [w.name[:4] for w in chosen.workloads] == ["tiny"] * 4
    assert chosen.startup == list(STARTS) and chosen.growth == []
    assert [peer.name for peer in chosen.peers] == ["kerastutor", "keras-jax", "blas"]
    assert options(["--only", "startup-cnn"]).workloads == []
    assert options(["--only", "mlp"]).startup == []
    whole = options([])
    assert len(whole.peers) == len(PEERS) and whole.workloads == list(WORKLOADS) and whole.startup == list(STARTS)
    assert whole.growth == []


def test_command_line_for_growth():
    chosen = options(["--growth"])
    assert chosen.growth == list(GROWTHS) and chosen.workloads == chosen.startup == []
    assert [peer.name for peer in chosen.growing] == ["kerastutor", "blas"]
    assert [peer.name for peer in options(["--growth", "--peers", "jax"]).growing] == ["jax", "blas"]
    assert [g.name for g in options(["--only", "growth-seq"]).growth] == ["growth-sequence"]


def test_samples_are_cut_everywhere():
    chosen = options(["--samples", "5", "--only", "cnn,startup-lstm,growth-batch-mlp"])
    steps = [step for growth in chosen.growth for step in growth.steps.values()]
    assert {w.samples for w in (*chosen.workloads, *chosen.startup, *steps)} == {5} and len(steps) == 6


@pytest.mark.parametrize(
    "arguments", [["--only", "cmn"], ["--peers", "keras-jaxx"], ["--rounds", "0"], ["--samples", "0"]]
)
def test_unknown_names_are_refused_with_the_known_ones(arguments, capsys):
    with pytest.raises(SystemExit):
        options(arguments)
    assert arguments[1] in capsys.readouterr().err
