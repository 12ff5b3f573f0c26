"""The processes: who may use how many cores, what a failing peer does to the others, a whole small run. No figures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import race
from benchmarks.worker import only_on
from benchmarks.workloads import MLP

COUNT = "import os; print(len(os.sched_getaffinity(0)))"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processes can't be kept to some cores here")
def test_a_process_may_use_the_cores_it_is_given():
    before = os.sched_getaffinity(0)
    with only_on(1):
        assert subprocess.check_output([sys.executable, "-c", COUNT]).strip() == b"1"
    assert os.sched_getaffinity(0) == before
    with only_on(None):
        assert os.sched_getaffinity(0) == before


class Pretender:
    """A worker without a process, whose every timing takes so many seconds."""

    def __init__(self, name, seconds):
        self.name, self.seconds, self.timed = name, seconds, 0

    def ask(self, do, **arguments):
        if self.seconds is None:
            raise RuntimeError("no such layer")
        self.timed += do == "time"
        return {"import": 0, "first": 0, "seconds": self.seconds, "others": 0, "loss": 1, "accuracy": 1, "peak": 1}


def test_a_slow_peer_sits_out_and_a_failing_one_tells_why(monkeypatch):
    monkeypatch.setattr(race, "SETTLE", 0)
    workers = [Pretender("quick", 0.1), Pretender("slow", 45), Pretender("broken", None)]
    peers = race.run(MLP.only(4), workers, 5, lambda line: None)["peers"]
    assert len(peers["quick"]["seconds"]) == 5 and peers["quick"]["repeats"] == 4
    assert len(peers["slow"]["seconds"]) == 2 and workers[1].timed == 3  # one before, unseen
    assert peers["broken"] == {"error": "no such layer"}


@pytest.mark.slow
def test_a_small_run_measures_all_kinds(tmp_path):
    told = tmp_path / "told.json"
    only = "tiny-table,predict-mlp,startup-mlp,growth-channels"
    subprocess.run(
        [sys.executable, "-m", "benchmarks", "--peers", "kerastutor", "--only", only, "--samples", "8", "--quick",
         "--json", told], cwd=Path(race.__file__).parents[1], check=True, capture_output=True,
    )  # fmt: skip
    results = json.loads(told.read_text(encoding="utf-8"))
    assert [w["name"] for w in results["workloads"]] == ["tiny-table", "predict-mlp"]
    for workload in results["workloads"]:
        for entry in workload["peers"].values():
            assert len(entry["seconds"]) == 2 and min(entry["seconds"]) > 0
    assert [entry["cache"] for entry in results["startup"][0]["entries"]] == ["warm", "cold"]
    assert [step["number"] for step in results["growth"][0]["steps"]] == [8, 16, 32, 64, 128]
    assert all("error" not in entry for step in results["growth"][0]["steps"] for entry in step["peers"].values())
