"""The tables and the JSON, of made-up measurements, and one report of several runs."""

import json

import pytest

from benchmarks import report
from benchmarks.results import joined


def tables(text):
    return [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]


def test_markdown_tables_are_whole(results):
    text = report.markdown(results)
    race, starts, growth, targets = found = tables(text)
    for lines in found:
        assert len({line.count("|") for line in lines}) == 1
    names = [line.split(" | ")[0].strip("| ") for line in race[2:]]
    assert names == ["*the products alone (limit)*", "kerastutor", "jax", "keras-jax", "keras-torch"]
    assert [line.split(" | ")[0].strip("| ") for line in growth[2:]] == ["1", "2"]
    assert len(starts) == 4 and len(targets) == 2 + 9
    assert "failed: ImportError: no / torch here" in text and "pytorch (needs torch)" in text
    assert "**missed**" in text and "P, 2 cores" in text


def test_a_peer_that_does_no_such_work_has_not_failed(results):
    results["workloads"][0]["peers"]["jax"] = {"error": "NotImplementedError: no Conv9D"}
    assert "| jax | no Conv9D |" in report.markdown(results)


def test_the_page_says_that_no_gpu_was_measured(results):
    section = report.markdown(results).split("## On a GPU\n\n")[1].split("\n\n")[0]
    assert "GPU speed is not measured" in section and "the simulator proves results, not speed" in section


def test_growth_is_told_in_microseconds_a_sample(results):
    growth = tables(report.markdown(results))[2]
    assert growth[0] == "| batch size | kerastutor, 1 core | kerastutor, 2 cores |"
    assert growth[2:] == ["| 1 | 20000 | failed: broken |", "| 2 | 10000 | failed: broken |"]  # 0.2 s of 10 and of 20
    results["growth"][0]["steps"][0]["peers"]["kerastutor, 1 core"]["others"] = [0.5] * 3
    assert "| 1 | 20000 (noisy) |" in report.markdown(results)


def test_what_was_scaled_says_so(results):
    assert "Timed on" not in report.markdown(results)
    results["workloads"][0]["scale"] = 2.5
    text = report.markdown(results)
    assert "T. Data: D. Timed on 100 samples. Seconds are those × 2.5.\n" in text
    assert "| kerastutor | 1 | 0.75–22.5 | 0.5 | 0.4 |" in text


def test_a_trial_says_so_and_judges_nothing(results):
    text = report.markdown({**results, "trial": 64})
    assert "Only a trial" in text and "64" in text and "## Targets" not in text
    assert json.loads(report.to_json({**results, "trial": 64}))["verdicts"] == []


def test_json_keeps_the_measurements_and_adds_what_follows(results):
    told = json.loads(report.to_json(results))
    assert told["workloads"][0]["peers"]["kerastutor"]["seconds"] == [0.5, 9.0, 0.3]
    assert told["workloads"][0]["summary"][0]["to_keras"] == 0.4
    assert len(told["verdicts"]) == 9


def files(folder, *runs):
    paths = [folder / f"{number}.json" for number in range(len(runs))]
    for path, run in zip(paths, runs, strict=True):
        path.write_text(report.to_json(run), encoding="utf-8")
    return paths


def test_several_runs_make_one_report(results, tmp_path):
    assert report.markdown(joined(files(tmp_path, results))) == report.markdown(results)
    again = {**results["workloads"][0], "title": "again"}
    other = {**again, "name": "cnn-32", "peers": {}}
    later = {**results, "workloads": [other, again], "startup": [], "growth": [], "missing": ["jax (needs jax)"]}
    both = joined(files(tmp_path, results, {**later, "trial": 8}))
    assert joined(files(tmp_path, later, results))["workloads"][0]["name"] == "mlp"  # whatever the files' order
    assert [result["title"] for result in both["workloads"]] == ["again", "again"]  # the later run's
    assert [result["name"] for result in both["workloads"]] == ["mlp", "cnn-32"]
    assert len(both["startup"]) == len(both["growth"]) == 1
    assert len(both["missing"]) == 2 and both["trial"] == 8


def test_runs_of_two_machines_are_not_joined(results, tmp_path):
    elsewhere = {**results, "machine": {**results["machine"], "processor": "Q"}}
    with pytest.raises(SystemExit, match="1.json has another processor than .*0.json: Q, not P"):
        joined(files(tmp_path, results, elsewhere))


@pytest.mark.parametrize(
    "value, text", [(None, "–"), (0.12345, "0.123"), (1234.5, "1234"), (0.0, "0"), (3.21e-6, "3.21e-06"), (7, "7")]
)
def test_numbers_read_plainly(value, text):
    assert report.number(value) == text
