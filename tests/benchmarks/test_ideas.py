"""The ladder of ideas: each rung trains to the same numbers, and leaves everything as it was."""

import numpy as np
import pytest

import kerastutor
from kerastutor import keras
from kerastutor.backends import cpu
from kerastutor.backends.cpu import crew
from kerastutor.keras.models import runner

pytest.importorskip("threadpoolctl")

from benchmarks import ideas, workloads  # noqa: E402
from benchmarks.peers import keras_fit  # noqa: E402


def loss_after(n, workload):
    x, y = workload.data(workload.samples)[:2]
    keras.utils.set_random_seed(0)
    model = keras_fit.build(keras, workload, x)
    with ideas.only_the_first(n):
        return model.fit(x, y, batch_size=workload.batch, verbose=0).history["loss"][0]


@pytest.mark.slow
@pytest.mark.parametrize("name", list(ideas.SAMPLES))
def test_every_rung_learns_the_same(name):
    workload = next(w for w in workloads.WORKLOADS if w.name == name).only(40)
    if "dropout" in str(workload.layers).lower():
        pytest.skip("masks are drawn for each core's rows alike, but this net is slow in NumPy")
    losses = [loss_after(n, workload) for n in range(1, len(ideas.IDEAS) + 1)]
    np.testing.assert_allclose(losses, losses[0], rtol=1e-4)


def test_a_rung_leaves_everything_as_it_was():
    before = crew.CORES, runner.STRETCH, cpu.prepare, cpu._fused, kerastutor.current_backend()
    with pytest.raises(ZeroDivisionError), ideas.only_the_first(1):
        assert crew.CORES == 1 and runner.STRETCH == 0 and kerastutor.current_backend() == "numpy"
        raise ZeroDivisionError
    assert (crew.CORES, runner.STRETCH, cpu.prepare, cpu._fused, kerastutor.current_backend()) == before


def test_the_page_has_a_table_and_a_picture(tmp_path, monkeypatch):
    monkeypatch.setattr(ideas, "SAMPLES", {"tiny-boards": 64})
    monkeypatch.setattr(ideas, "seconds_of", lambda workload, rounds: ([8.0, 4, 2, 2, 1, 1, 1, 1], 0.5))
    ideas.main(["--folder", str(tmp_path), "--only", "tiny-boards"])
    page = (tmp_path / "IDEAS.md").read_text()
    assert "| compiled loops | 4 | 2.00 | 12% |" in page and "| many steps in one go | 1 | 2.00 | 50% |" in page
    assert (tmp_path / "ideas-tiny-boards.svg").stat().st_size > 1000
