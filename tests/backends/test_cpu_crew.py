"""The cores share a large kernel's work; how many there are changes no result."""

import os
import threading
import time

import numpy as np
import pytest

from tests.backends.cases import CASES, InOut

crew = pytest.importorskip("kerastutor.backends.cpu.crew")
cpu = pytest.importorskip("kerastutor.backends.cpu")

SHARED = [name for name in CASES if hasattr(getattr(cpu, name), "needs")]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Arrays from 64 numbers on are shared, and products of little more."""
    monkeypatch.setattr(crew, "LARGE", 64)
    monkeypatch.setattr(crew, "LARGE_PRODUCT", 1000)


def run(name, shape, cores, monkeypatch, seed=3):
    """The arrays of a kernel's case after a call on so many cores."""
    monkeypatch.setattr(crew, "CORES", cores)
    arguments = CASES[name].make(np.random.default_rng(seed), shape, "float32")
    arguments = [a.array if isinstance(a, InOut) else a for a in arguments]
    with crew.session():
        getattr(cpu, name)(*arguments)
    return [a for a in arguments if isinstance(a, np.ndarray)]


def test_some_kernels_are_shared():
    assert {"sgd", "momentum", "rmsprop", "adam"} <= set(SHARED)


@pytest.mark.parametrize("name", SHARED)
@pytest.mark.parametrize("n", [63, 64, 65, 1003, 5000])
def test_the_number_of_cores_changes_nothing(name, n, monkeypatch):
    results = [run(name, n, cores, monkeypatch) for cores in (1, 2, 3, 7)]
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("turned", ["", "a", "b"])
@pytest.mark.parametrize("shape", [(1, 300, 40), (40, 300, 1), (3, 500, 7), (129, 33, 65), (2, 1000, 2)])
def test_a_product_may_be_shared(shape, turned, monkeypatch, rng):
    """Each core computes some rows; BLAS may take another path for other sizes, so the last digits are free."""
    n, k, m = shape
    a = rng.normal(size=(k, n)).T if turned == "a" else rng.normal(size=(n, k))
    b = rng.normal(size=(m, k)).T if turned == "b" else rng.normal(size=(k, m))
    for cores in (1, 2, 3, 7):
        monkeypatch.setattr(crew, "CORES", cores)
        out = np.full((n, m), np.nan, "float32")
        with crew.session():
            cpu.matmul(a.astype("float32"), b.astype("float32"), out)
        np.testing.assert_allclose(out, a @ b, rtol=1e-4, atol=1e-4)


def test_parts_cover_everything_once(monkeypatch):
    for cores in (1, 2, 3, 7):
        monkeypatch.setattr(crew, "CORES", cores)
        for n in (1, 2, 5, 64, 1003):
            assert np.concatenate([np.arange(n)[p] for p in crew.parts(n)]).tolist() == list(range(n))


def test_several_threads_may_work_at_once(monkeypatch):
    """One has the crew, the others work alone; none sees another's numbers."""
    wanted, found = [run("adam", 5000, 3, monkeypatch, seed) for seed in range(4)], {}

    def work(seed):
        for _ in range(20):
            found.setdefault(seed, []).append(run("adam", 5000, 3, monkeypatch, seed))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    for seed in range(4):
        assert len(found[seed]) == 20
        for result in found[seed]:
            for a, b in zip(wanted[seed], result, strict=True):
                np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("guilty", [0, 1, 2])
def test_after_an_error_all_have_stopped_and_the_crew_works_on(guilty):
    """No helper may still be writing into arrays that the caller believes finished."""
    done = set()

    def job(i):
        if i == guilty:
            raise ZeroDivisionError
        time.sleep(0.05)
        done.add(i)

    for _ in range(2):
        done.clear()
        with pytest.raises(ZeroDivisionError):
            crew.share([lambda i=i: job(i) for i in range(3)])
        assert done == {0, 1, 2} - {guilty}
    found = []
    crew.share([lambda i=i: found.append(i) for i in range(3)])
    assert sorted(found) == [0, 1, 2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*")
def test_a_forked_child_makes_its_own_crew(monkeypatch):
    """Threads do not live on after a fork: a child that waited for its parent's would wait for ever."""
    wanted = run("sgd", 1000, 2, monkeypatch)[0]
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if np.array_equal(run("sgd", 1000, 2, monkeypatch)[0], wanted) else 1)
        finally:
            os._exit(2)
    for _ in range(600):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        time.sleep(0.05)
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
        pytest.fail("the child waits for ever")
    assert os.waitstatus_to_exitcode(status) == 0
