"""Every example in a docstring runs and gives what it says."""

import doctest
import importlib
import pkgutil

import pytest

import kerastutor

ELSEWHERE = "__main__", "kerastutor.backends.cuda"  # the latter loads where there is a GPU, or the simulator, only
MODULES = sorted(m.name for m in pkgutil.walk_packages(kerastutor.__path__, "kerastutor.", onerror=lambda name: None)
                 if not any(name in m.name for name in ELSEWHERE))


@pytest.mark.parametrize("name", ["kerastutor", *MODULES])
def test_examples_run(name):
    module = importlib.import_module(name)
    kerastutor.keras.utils.clear_session()  # so that a layer's name does not depend on the examples before
    found = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert found.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    examples = sum(len(t.examples) for name in MODULES for t in finder.find(importlib.import_module(name)))
    assert examples > 50
