"""What every test stands on: fixed seeds, the backends to run on, and real Keras on JAX as the judge.

Real Keras is imported by the tests that need it, through `tests/keras/oracle.py`; the settings that it reads when it is
imported are made here, before anything can import it.
"""

import collections
import gc
import itertools
import os
import random
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background: but tests press Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = "--xla_backend_optimization_level=0"  # tests compile much and run it once

import hypothesis  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402

from kerastutor import backends  # noqa: E402

if os.environ.get("NUMBA_ENABLE_CUDASIM") == "1":
    from tests.backends import simulator

    simulator.hasten()

USABLE = [name for name, why_not in backends.available().items() if not why_not]

hypothesis.settings.register_profile(
    "repeatable",
    derandomize=True,  # the same examples on every run
    database=None,
    deadline=None,  # the first example may compile a kernel
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def seeds():
    random.seed(1)
    np.random.seed(1)


_tests = itertools.count(1)


@pytest.fixture(autouse=True)
def memory():
    """What JAX has compiled is not kept for ever: it would grow to gigabytes."""
    yield
    if "jax" in sys.modules and next(_tests) % 300 == 0:
        sys.modules["jax"].clear_caches()


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture(params=USABLE)
def backend(request):
    """The test runs once on each backend that can run here."""
    before = backends.current()
    backends.use(request.param)
    yield request.param
    backends.use(before)


@pytest.fixture
def float64():
    """Keras's floatx is float64 during the test: finite differences need the digits."""
    from kerastutor.keras import config

    config.set_floatx("float64")
    yield
    config.set_floatx("float32")


gc.disable()  # until all tests are collected: there are tens of thousands, and none of them is garbage


def pytest_collection_finish():
    gc.collect()
    gc.freeze()  # what is there now is not looked at again
    gc.enable()


QUICK = 3


def pytest_collection_modifyitems(items):
    """Of each test, the quick loop (`-m "not slow"`) takes three cases, spread over its table, on one backend."""
    cases = collections.defaultdict(list)
    for item in items:
        backend = getattr(getattr(item, "callspec", None), "params", {}).get("backend", "cpu")
        if backend == "cuda":
            item.add_marker(pytest.mark.cuda)
        if backend != "cpu":
            item.add_marker(pytest.mark.slow)
        elif item.get_closest_marker("slow") is None:
            cases[item.location[0], getattr(item, "originalname", item.name)].append(item)
    for table in cases.values():
        quick = {round(i * (len(table) - 1) / (QUICK - 1)) for i in range(QUICK)}
        for i, item in enumerate(table):
            if i not in quick:
                item.add_marker(pytest.mark.slow)
