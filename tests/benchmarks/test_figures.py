"""What is made of measured seconds: medians, ratios, verdicts. On made-up numbers."""

import pytest

from benchmarks import figures


def test_ratios_are_of_medians_and_to_the_right_peer(results):
    rows = {row["peer"]: row for row in figures.summary(results["workloads"][0])}
    ours = rows["kerastutor"]
    assert (ours["median"], ours["low"], ours["high"]) == (0.4, 0.3, 9.0)  # the noisy round left out
    assert ours["to_peer"] == pytest.approx(0.4 / 0.8)
    assert ours["to_keras"] == pytest.approx(0.4 / 1.0)
    assert ours["of_blas"] == pytest.approx(0.38 / 0.4)
    assert ours["rate"] == pytest.approx(20e9 / 0.4)
    assert rows["blas"]["of_blas"] == 1 and rows["keras-jax"]["to_peer"] == pytest.approx(1 / 0.8)
    assert (ours["noisy"], ours["rounds"], ours["reliable"]) == (1, 3, True)


def test_seconds_are_of_the_whole_work_and_nothing_else_is_scaled(results):
    before = figures.summary(results["workloads"][0])
    results["workloads"][0]["scale"] = 10
    for part, whole in zip(before, figures.summary(results["workloads"][0]), strict=True):
        times = {"median", "low", "high"} & part.keys()
        assert all(whole[key] == pytest.approx(10 * part[key]) for key in times)
        assert {key: part[key] for key in part if key not in times} == {k: whole[k] for k in whole if k not in times}


def test_ratios_are_empty_without_the_peer_they_need(results):
    alone = results["workloads"][0]
    alone["arithmetic"] = None
    alone["peers"] = {"kerastutor": {**alone["peers"]["kerastutor"], "others": [None] * 3}}
    (row,) = figures.summary(alone)
    assert row["to_peer"] is row["to_keras"] is row["of_blas"] is row["rate"] is None and row["noisy"] == 0


def test_targets_are_reached_missed_or_not_measured(results):
    told = figures.verdicts(results)
    assert "".join(word["verdict"][0] for word in told) == "rrrmrrmmm"
    assert told[3]["figure"] == "import kerastutor"
    results["workloads"][0]["peers"]["kerastutor"] = {"error": "it broke"}
    assert {word["verdict"] for word in figures.verdicts(results)[:3]} == {"not measured"}
    assert figures.verdict("f", 1, 1)["verdict"] == figures.verdict("f", 1, 1, at_least=True)["verdict"] == "reached"


@pytest.mark.parametrize(
    "peer, seconds, letters",
    [
        ("blas", 0.29, "rrm"),  # of kerastutor's 0.4 s that is 0.725
        ("jax", 0.64, "rmr"),  # 0.4 s are 0.625 of that, and 0.4 of Keras's second
        ("keras-jax", 0.61, "mmr"),  # 0.4 s are 0.656 of that; it is the fastest of any kind too
    ],
)
def test_each_target_looks_at_its_own_figure(peer, seconds, letters, results):
    results["workloads"][0]["peers"][peer]["seconds"] = [seconds] * 3
    assert "".join(word["verdict"][0] for word in figures.verdicts(results)[:3]) == letters


@pytest.mark.parametrize(
    "peer, unsaid", [("kerastutor", [0, 1, 2]), ("keras-jax", [0, 1]), ("blas", [2]), ("jax", [1])]
)
def test_nothing_is_said_on_noisy_rounds(peer, unsaid, results):
    results["workloads"][0]["peers"][peer]["others"] = [0.5, 0.05, 0.5]
    told = [told["verdict"] for told in figures.verdicts(results)]
    assert [i for i, word in enumerate(told) if word == "too noisy to say"] == unsaid
    row = next(row for row in figures.summary(results["workloads"][0]) if row["peer"] == peer)
    assert row["median"] == sorted(results["workloads"][0]["peers"][peer]["seconds"])[1]


def test_a_noisy_start_is_not_judged_but_its_memory_is(results):
    results["startup"][0]["entries"][0]["others"] = 0.5
    assert "".join(told["verdict"][0] for told in figures.verdicts(results)[3:]) == "mrtmmm"


def test_only_the_start_of_the_mlp_has_targets(results):
    results["startup"][0]["name"] = "startup-cnn"
    assert len(figures.verdicts(results)) == 3
