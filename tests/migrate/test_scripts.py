"""Programs in the manner of 2015 to 2020: migrated, they train here and on real Keras, with the same numbers."""

import builtins
import contextlib
import importlib.util
import json
import os
import random
from pathlib import Path

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.migrate import migrate
from kerastutor.migrate.notebook import migrate_notebook
from tests.keras.oracle import real

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*"))
ids = [path.name for path in SCRIPTS]

NEAR = {
    "vae.py": "draws random numbers while it trains",
    "stateful_lstm.py": "in fit, real Keras on JAX does not hand the states on from batch to batch",
}
"""Scripts whose losses differ a little, and why: compared within 5 %."""

NEEDS_TENSORFLOW = {"tokenizer.py"}
"""Real Keras's TextVectorization does; without it these train here only."""

LACKS = {
    "imdb_lstm.py": ("utils", "pad_sequences"), "tokenizer.py": ("utils", "pad_sequences"),
    "sklearn_wrapper.py": ("", "wrappers"), "fit_generator.py": ("utils", "PyDataset"),
}
"""Names of Keras that kerastutor may still lack: there the script trains on real Keras only."""


def migrated(path, target="keras"):
    text = path.read_text(encoding="utf-8")
    return (migrate_notebook if path.suffix == ".ipynb" else migrate)(text, target)


def program(path, target):
    """The migrated script's Python; of a notebook, its code cells without magics."""
    source = migrated(path, target).source
    if path.suffix == ".ipynb":
        cells = ["".join(c["source"]) for c in json.loads(source)["cells"] if c["cell_type"] == "code"]
        lines = [line for cell in cells if not cell.startswith("%%") for line in cell.splitlines()]
        source = "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))
    return source


@contextlib.contextmanager
def comparable(library, monkeypatch):
    """Inside, models of ``library`` begin with weights that don't depend on it, and batches are not shuffled."""
    fit, compile_ = library.Model.fit, library.Model.compile
    started = set()

    def fit_from_same_weights(model, *args, **options):
        data = args[0] if args else options["x"]
        if id(model) not in started:
            started.add(id(model))
            if not model.built:
                model.build(np.shape(data))
            draw = np.random.default_rng(3)
            for v in model.trainable_variables:
                if len(v.shape) > 1:
                    v.assign(draw.normal(0, 0.2, v.shape).astype("float32"))
        return fit(model, *args, **{**options, "shuffle": False})

    def compile_eagerly(model, *args, **options):
        return compile_(model, *args, **{**options, "run_eagerly": library is not keras})

    with monkeypatch.context() as patch:
        patch.setattr(library.Model, "fit", fit_from_same_weights)
        patch.setattr(library.Model, "compile", compile_eagerly)
        patch.setattr(library.datasets.mnist, "load_data", few_digits)
        patch.setattr(builtins, "print", lambda *args, **options: None)
        yield


def few_digits(load=keras.datasets.mnist.load_data):
    return tuple((x[:128], y[:128]) for x, y in load())


def history(path, target, library, monkeypatch):
    """The losses and metrics of the script's last training."""
    np.random.seed(1)
    random.seed(1)
    folder = os.getcwd()
    with comparable(library, monkeypatch):
        scope = {"__name__": "__main__"}
        try:
            exec(compile(program(path, target), str(path), "exec"), scope)
        finally:
            os.chdir(folder)
    found = scope["history"]
    return getattr(found, "history", found)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", SCRIPTS, ids=ids)
def test_a_migrated_script_trains_alike_on_both(path, monkeypatch):
    if path.name in NEEDS_TENSORFLOW and importlib.util.find_spec("tensorflow") is None:
        wanted = history(path, "kerastutor", keras, monkeypatch)
    else:
        wanted = history(path, "keras", real(), monkeypatch)
    assert "loss" in wanted and all(np.isfinite(values).all() for values in wanted.values())
    namespace, name = LACKS.get(path.name, ("", "layers"))
    if not hasattr(getattr(keras, namespace) if namespace else keras, name):
        pytest.skip(f"trained on real Keras; kerastutor has no keras.{namespace}.{name} yet")
    found = history(path, "kerastutor", keras, monkeypatch)
    assert list(found) == list(wanted)
    for key, values in wanted.items():
        tolerance = 0.05 if path.name in NEAR else 1e-3
        np.testing.assert_allclose(found[key], values, rtol=tolerance, atol=tolerance, err_msg=key)


@pytest.mark.parametrize("path", SCRIPTS, ids=ids)
def test_migrating_twice_changes_nothing(path):
    for target in ("keras", "kerastutor"):
        once = migrated(path, target)
        again = (migrate_notebook if path.suffix == ".ipynb" else migrate)(once.source, target)
        assert again.source == once.source
        assert once.source != path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SCRIPTS, ids=ids)
def test_nothing_old_is_imported_any_more(path):
    """Every name imported from Keras is there, in real Keras's own list."""
    import ast

    from kerastutor.migrate import names

    source = program(path, "keras")
    assert "tensorflow" not in source
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("keras"):
            assert all(f"{node.module}.{alias.name}" in names.known() for alias in node.names)
